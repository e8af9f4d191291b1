"""
Ids of what begins on the floor: items, legs, plays, recordings.

An item's id is a UUID of version 7 (RFC 9562 section 5.7): the milliseconds of its birth in front,
so that ids sort by time in every database, and 74 bits of chance behind.

Refuses: to read a clock or to draw by itself; both come in.
"""

import os
import uuid
from collections.abc import Callable

CHANCE_BYTES = 10  # 74 bits are used; whole bytes are drawn.


class Ids:
    """Makes ids; the source of chance is given in, so that a test's ids are known."""

    def __init__(self, *, draw: Callable[[int], bytes] = os.urandom) -> None:
        self._draw = draw

    def item(self, now: float) -> str:
        """Make an id that sorts by time."""
        chance = int.from_bytes(self._draw(CHANCE_BYTES), "big")
        number = (int(now * 1000) & (2**48 - 1)) << 80 | 0x7 << 76 | 0b10 << 62
        number |= (chance >> 62 & 0xFFF) << 64 | chance & (2**62 - 1)
        return str(uuid.UUID(int=number))

    def token(self) -> str:
        """Make a short token without meaning, for tags, branches and cookies."""
        return self._draw(8).hex()


def born_at(item: str) -> float:
    """Give the instant that an item's id was made at, UTC seconds in thousandths."""
    return (uuid.UUID(item).int >> 80) / 1000


def customer_leg(item: str) -> str:
    """Name the customer's leg of an item."""
    return f"c:{item}"


def outside_leg(item: str, token: str) -> str:
    """Name the leg of somebody outside who is brought into an item."""
    return f"x:{item}:{token}"


def agent_leg(agent: str, token: str) -> str:
    """Name one device connection of an agent."""
    return f"a:{agent}:{token}"


def agent_call(agent: str) -> str:
    """Name the media call that an agent's leg belongs to (ng.md)."""
    return f"agent:{agent}"
