"""
The synthetic caller: it dials the centre's own IVR every few minutes and says what was wrong.

It is a telephone like any other, on an address of this machine that no other trunk has; its calls
are marked as simulated. Refuses: to reach an agent, and to repair anything.
"""
