"""
Secrets of both ways as they lie in the records: under a key derived from the centre's.

Refuses: to draw one.
"""

from callfloor.kernel.keys import crypt, ring

PURPOSE = "webhook secrets"


def closed(secret: bytes, *, id_: str) -> bytes:
    """Close a secret, bound to what it belongs to."""
    return crypt.encrypt(secret, key=_key(), bound=id_)


def opened(value: bytes | memoryview, *, id_: str) -> bytes:
    """Open a secret."""
    return crypt.decrypt(bytes(value), key=_key(), bound=id_)


def _key() -> bytes:
    return crypt.derive(ring.centre().private, purpose=PURPOSE)
