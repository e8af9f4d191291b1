"""
The workplaces that all departments share: home, softphone, customer, interactions, wallboard.

Refuses: knowledge of whose panel it renders.
"""
