"""Whole journeys of callers and agents, through real processes."""
