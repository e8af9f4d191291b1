"""
Who is outside: customers of one client each, with their identities and how each is known.

Refuses: to hold a number or a name in clear.
"""
