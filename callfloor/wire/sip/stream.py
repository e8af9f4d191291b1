"""
Where one message ends and the next begins on a connection (RFC 3261 section 18.3, RFC 5626).

A connection has no datagrams: only Content-Length says how long a message is, so one without it,
with two that differ or with a bad one cannot be followed any further. Then PeerError is raised and
the connection must be closed. However the bytes are split, the frames are the same.

Refuses: to read a message; a clock (whoever holds the connection closes one that `is_waiting` for
the rest of a message for too long).
"""

from __future__ import annotations

import re

from callfloor.wire.errors import PeerError
from callfloor.wire.sip import message as messages

HEAD_BYTES_MAX = 16_384  # Start line and headers; a call through ten proxies has about 4,000.
BODY_BYTES_MAX = messages.MESSAGE_BYTES_MAX - HEAD_BYTES_MAX  # As much as a datagram could hold.

PONG = b"\r\n"
"""A frame: the far side is there (RFC 5626 section 3.5.1); also the first half of a ping."""
PING = b"\r\n\r\n"
"""A frame: the far side asks whether anybody is here, and is owed a PONG at once."""

_END = b"\r\n\r\n"
_TOKEN_START = re.compile(rb"[A-Za-z0-9\-.!%*_+`'~]")
_START_LINE = re.compile(rb"[Ss][Ii][Pp]/|[^\r\n]* [Ss][Ii][Pp]/[^ \r\n]*[ \t]*\r\n")
_LENGTH = re.compile(
    rb"\r\n(?:content-length|l)[ \t]*:[ \t]*(?:\r\n[ \t]+)?([^\r\n]*?)[ \t]*(?=\r\n)", re.I
)


class Stream:
    """What has come over one connection and is not yet a whole message."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._held = bytearray()
        self._searched = 0
        self._needed = 0  # Bytes of the message whose head is known; 0 before that.
        self._after_pong = False

    @property
    def is_waiting(self) -> bool:
        """Say whether the rest of a message is still to come."""
        return bool(self._held)

    def receive(self, data: bytes) -> list[bytes]:
        """
        Take what came; give every whole frame: a message, PONG or PING.

        Two line ends between messages give PONG and then PING, however they were split. Raises
        PeerError if nobody can say where the next message begins.
        """
        self._held += data
        frames: list[bytes] = []
        while (frame := self._next()) is not None:
            frames.append(frame)
        return frames

    def _next(self) -> bytes | None:
        if not self._held or self._held == b"\r":
            return None
        if self._held[:1] == b"\r":
            return self._keep_alive()
        self._after_pong = False
        if not self._needed and not self._find_head():
            return None
        if len(self._held) < self._needed:
            return None
        return self._cut(self._needed)

    def _keep_alive(self) -> bytes:
        if self._held[:2] != PONG:
            raise PeerError("a line end that is none")
        self._cut(2)
        self._after_pong = not self._after_pong
        return PONG if self._after_pong else PING

    def _find_head(self) -> bool:
        if _TOKEN_START.match(self._held) is None:
            raise PeerError("no message begins like this")
        end = self._held.find(_END, max(0, self._searched - len(_END) + 1))
        self._searched = len(self._held)
        if (end if end >= 0 else len(self._held)) + len(_END) > HEAD_BYTES_MAX:
            raise PeerError("the headers are too long")
        if end < 0:
            return False
        head = bytes(self._held[: end + len(_END)])
        self._needed = len(head) + _body_length(head)
        return True

    def _cut(self, count: int) -> bytes:
        frame = bytes(self._held[:count])
        del self._held[:count]
        self._searched = self._needed = 0
        return frame


def _body_length(head: bytes) -> int:
    if _START_LINE.match(head) is None:
        raise PeerError("this is no SIP")
    lengths = set(_LENGTH.findall(head))
    if len(lengths) != 1:
        raise PeerError("Content-Length is missing or comes twice")
    digits = lengths.pop()
    if not digits.isdigit() or len(digits) > 10 or int(digits) > BODY_BYTES_MAX:
        raise PeerError("Content-Length is malformed or too large")
    return int(digits)
