"""Fraud prevention."""
