"""
One folder per outside system that Callfloor speaks to.

Refuses: imports of one connector by another.
"""
