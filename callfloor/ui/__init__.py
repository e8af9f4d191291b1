"""
The look and the pieces of every page: components, charts, live updates, errors.

Refuses: knowledge of what a page is about.
"""
