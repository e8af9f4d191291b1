"""
Clients for whom the centre works, and the people who work in it: teams, skills, roles, sign-in.

Refuses: anything about a customer.
"""
