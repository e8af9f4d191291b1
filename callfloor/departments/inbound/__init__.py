"""
Inbound: the people who take calls, and those who lead them.

Refuses: everything that is kept; calls are interactions and agents are people.
"""
