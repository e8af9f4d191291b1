"""
The exchange on a virtual clock: simulated days, replay, comparison of changes.

Refuses: Django, and a second implementation of anything the floor decides.
"""
