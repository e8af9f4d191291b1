"""Data analysis."""
