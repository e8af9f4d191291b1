"""
The framing of the link between our own processes: four bytes of length, then one JSON object.

The length is big-endian and counts the bytes of the object, which is UTF-8 without spaces.

Refuses: to know what a message says, and to hold any truth (that lies in journal and records).
"""

from __future__ import annotations

import json
from typing import Any

from callfloor.wire.errors import LocalError, PeerError

MESSAGE_BYTES_MAX = 16 * 1024 * 1024  # A whole floor plan of 10,000 agents travels as one message.
HEAD_BYTES = 4


def encode(message: dict[str, Any]) -> bytes:
    """
    Frame one message.

    Raises LocalError if it is longer than the limit or not expressible as strict JSON.
    """
    try:
        body = json.dumps(message, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        raw = body.encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise LocalError(f"link message is not JSON: {error}") from error
    if len(raw) > MESSAGE_BYTES_MAX:
        raise LocalError(f"link message of {len(raw)} bytes")
    return len(raw).to_bytes(HEAD_BYTES, "big") + raw


class Decoder:
    """
    Turns a stream of bytes back into messages.

    After a PeerError the stream has lost its place: the caller must close the connection.
    """

    __slots__ = ("_buffer",)

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[dict[str, Any]]:
        """Take what arrived and give back every message that is complete, in order."""
        self._buffer += data
        messages: list[dict[str, Any]] = []
        start = 0
        while (end := self._end_of_message(start)) is not None:
            messages.append(_parse(bytes(self._buffer[start + HEAD_BYTES : end])))
            start = end
        del self._buffer[:start]
        return messages

    def _end_of_message(self, start: int) -> int | None:
        if len(self._buffer) - start < HEAD_BYTES:
            return None
        size = int.from_bytes(self._buffer[start : start + HEAD_BYTES], "big")
        if size > MESSAGE_BYTES_MAX:
            raise PeerError(f"link message of {size} bytes")
        end = start + HEAD_BYTES + size
        return end if end <= len(self._buffer) else None


def _parse(raw: bytes) -> dict[str, Any]:
    try:
        message = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise PeerError("link message is not JSON") from error
    if not isinstance(message, dict):
        raise PeerError("link message is not an object")
    return message
