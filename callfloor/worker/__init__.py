"""
The process that turns the journal into records and the outbox into reactions.

Refuses: deciding again what the floor has decided.
"""
