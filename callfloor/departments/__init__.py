"""
One folder per department: a manifest with duties, and what only that department does.

Refuses: imports of one department by another.
"""
