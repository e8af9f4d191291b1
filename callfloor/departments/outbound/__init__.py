"""Outbound calls."""
