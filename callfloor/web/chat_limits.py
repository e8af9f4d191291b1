"""
How much one visitor, one address and all together may ask of the chat; each with its reason.

Pure. Refuses: to read a clock, and to remember more addresses than fit.
"""

from callfloor.floor.buckets import Bucket, Pace

TEXT_CHARS_MAX = 4_000  # Two printed pages; what is longer is a letter and goes as a file.
NAME_CHARS_MAX = 100  # The longest full names that registries know have some 80.
KNOWN_CHARS_MAX = 254  # The longest address of mail (RFC 5321 4.5.3.1.3); numbers are shorter.
KEY_CHARS_MAX = 40  # A UUID has 36; the records keep 64 with our prefix.
SOCKETS_MAX = 2_000  # Twice the thousand open chats that are promised on two cores.
SOCKETS_PER_ADDRESS_MAX = 40  # An office behind one address; one host alone cannot fill the house.
HELLO_SECONDS = 15.0  # The page opens the line when it has something to say.
ADDRESSES_MAX = 10_000  # 2 MB; an address whose pace is full again is forgotten first.

STARTS = Pace(burst=10, per_second=1 / 30)
"""Chats begun from one address: a class that is told to try it out, then two a minute."""
WRITES = Pace(burst=10, per_second=1.0)
"""Messages of one visitor: what was typed while the line was gone, then as fast as people type."""
TYPINGS = Pace(burst=2, per_second=0.5)
"""How often a visitor may say that he types; more is not passed on."""


class Starts:
    """How fast each address begins chats."""

    def __init__(self) -> None:
        self._buckets: dict[str, Bucket] = {}

    def take(self, address: str, *, now: float) -> bool:
        """Say whether this address may begin one more."""
        if len(self._buckets) >= ADDRESSES_MAX:
            self._forget(now)
        bucket = self._buckets.setdefault(address, Bucket(STARTS, at=now))
        return bucket.take(now)

    def _forget(self, now: float) -> None:
        full = STARTS.burst
        kept = {
            address: bucket
            for address, bucket in self._buckets.items()
            if bucket.has(now) and bucket.tokens < full
        }
        # A flood of addresses is not remembered: each of its own is at its burst anyway.
        self._buckets = kept if len(kept) < ADDRESSES_MAX else {}
