"""
Whose fault it is: the exceptions of the whole room.

    WireError
    ├── LocalError      we asked for something that cannot be said on the wire
    └── PeerError       the other side sent something that cannot be understood
        └── NothingInCommon     understood, but neither side speaks what the other does (SIP 488)

A PeerError never ends more than the message it was found in: the driver counts it, answers what is
owed and reads on. Refuses: any other exception leaving a parser of this room.
"""

from __future__ import annotations


class WireError(Exception):
    """The root: something could not be said or understood."""


class LocalError(WireError):
    """Our own request cannot be put on the wire."""


class PeerError(WireError):
    """What the peer sent cannot be understood."""


class NothingInCommon(PeerError):
    """What the peer offers is well said, but nothing of it is spoken here."""
