"""
Reading what a command brings, beyond `wire/ng.py`: lists, rows of a mix, bytes.

Refuses: anything of another shape, as the floor's fault (PeerError).
"""

from __future__ import annotations

from callfloor.media import mixer
from callfloor.media.control import Body
from callfloor.wire import ng
from callfloor.wire.errors import PeerError


def texts(body: Body, key: str) -> list[str]:
    """Read a list of strings; an absent one is empty."""
    values = body.get(key, [])
    if not isinstance(values, list):
        raise PeerError(f"ng message without the list {key!r}")
    return [value for value in values if isinstance(value, str)]


def rows(body: Body) -> list[mixer.Row]:
    """Read who hears whom."""
    values = body.get("rows", [])
    if not isinstance(values, list):
        raise PeerError("ng message without the list 'rows'")
    return [_row(value) for value in values]


def _row(row: ng.Value) -> mixer.Row:
    if isinstance(row, list) and len(row) == 3:
        ear, mouth, gain = row
        if isinstance(ear, str) and isinstance(mouth, str) and isinstance(gain, int):
            return mixer.Row(ear, mouth, gain)
    raise PeerError("a row is [ear, mouth, gain]")


def raw(body: Body, key: str) -> bytes:
    """Read bytes; those that happen to be UTF-8 were decoded as text on their way."""
    value = body.get(key)
    if isinstance(value, str):
        return value.encode()
    if not isinstance(value, bytes):
        raise PeerError(f"ng message without the bytes {key!r}")
    return value
