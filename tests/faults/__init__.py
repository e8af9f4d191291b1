"""Faults put into running processes, and what must hold all the same."""
