"""Telephone sales."""
