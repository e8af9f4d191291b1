"""Outsourced services."""
