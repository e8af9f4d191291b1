"""
Quality assurance: listening to what was said.

Refuses: scoring, until forms exist.
"""
