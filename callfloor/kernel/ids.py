"""
Ids that sort by time: UUIDs of version 7 (RFC 9562 section 5.7).

Refuses: to read a clock or draw lots. `now` and the random bytes come in; what belongs to an item
derives its id from the item's, so that a projection that runs twice makes the same one.
"""

import hashlib
import uuid

CHANCE_BYTES = 10  # 74 bits are used; whole bytes are given.


def make(*, now: float, chance: bytes) -> str:
    """Make an id from UTC seconds and ten random bytes."""
    assert len(chance) >= CHANCE_BYTES, "an id needs ten random bytes"
    number = int.from_bytes(chance[:CHANCE_BYTES], "big")
    value = (int(now * 1000) & (2**48 - 1)) << 80 | 0x7 << 76 | 0b10 << 62
    value |= (number >> 62 & 0xFFF) << 64 | number & (2**62 - 1)
    return str(uuid.UUID(int=value))


def derive(*, kind: str, source: str, at: float) -> str:
    """Make the id that something of this kind gets from its source, the same each time."""
    digest = hashlib.sha256(f"{kind}:{source}".encode()).digest()
    return make(now=at, chance=digest)
