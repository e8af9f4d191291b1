"""
What is kept: people, customers, routing, interactions. One Django app per noun.

Refuses: decisions in time, and imports of the floor or the media.
"""
