"""
One SIP connection over TCP or TLS: bytes in, whole messages out (RFC 3261 section 18.3).

A connection is counted from its first packet on, before any handshake, so that whoever only opens
and says nothing costs a socket for some seconds and no more.

Refuses: to know a message; to connect (see `transports`).
"""

import asyncio
import contextlib
import socket
import ssl
import time
from typing import Protocol, cast

from callfloor.wire.errors import PeerError
from callfloor.wire.sip import stream
from callfloor.wire.sip.machines import Remote

BACKLOG_BYTES_MAX = 1024 * 1024  # F12: a peer that does not read is cut off; about 1,000 messages.
HALF_OPEN_SECONDS = 10.0  # A handshake and a first message need three round trips.
REST_SECONDS = 10.0  # A message that has begun fits into one flight of packets.
IDLE_SECONDS = 900.0  # A telephone that says nothing for longer than two registrations is gone.
CLOSE_SECONDS = 2.0  # For the far side's half of a TLS farewell; after it the socket is closed.


class Owner(Protocol):
    """Who holds the connections (`transports.Transports`)."""

    def joined(self, connection: "Connection") -> bool:
        """Take a connection that was opened; False if there is no room or no welcome."""

    def left(self, connection: "Connection") -> None:
        """Forget a connection."""

    def heard(self, frame: bytes, connection: "Connection") -> None:
        """Take one whole message."""

    def faulty(self, connection: "Connection", why: str) -> None:
        """Hear why a connection was cut off."""


class Connection(asyncio.Protocol):
    """One connection, whoever opened it."""

    def __init__(self, owner: Owner, *, transport: str, to: Remote | None = None) -> None:
        """Begin; `to` is whom we call, None for a connection that comes in."""
        self.kind = transport
        self.remote = to or Remote(host="", port=1, transport=transport)
        self.is_ours = to is not None
        self.has_spoken = False
        """Whether a whole message has come."""
        self._owner = owner
        self._stream = stream.Stream()
        self._transport: asyncio.Transport | None = None
        self._handshake: asyncio.Task[None] | None = None
        self._opened_at = self._heard_at = time.monotonic()
        self._waits_since: float | None = None

    @property
    def is_open(self) -> bool:
        """Say whether something may be written."""
        return self._transport is not None and not self._transport.is_closing()

    def accept(self, accepted: socket.socket, peer: tuple[str, int], tls: ssl.SSLContext) -> None:
        """Join the others with a socket that somebody opened, and begin the handshake on it."""
        self.remote = Remote(host=peer[0], port=peer[1], transport=self.kind)
        if self._owner.joined(self):
            shaking = self._shake_hands(accepted, tls)
            self._handshake = asyncio.get_running_loop().create_task(shaking)
        else:
            accepted.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Join the others, unless it did so before its handshake."""
        self._transport = cast(asyncio.Transport, transport)
        if self._handshake is not None:
            return
        if not self.is_ours:
            host, port = self._transport.get_extra_info("peername")[:2]
            self.remote = Remote(host=host, port=port, transport=self.kind)
        if not self._owner.joined(self):
            self.cut()

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave the others."""
        self._transport = None
        self._owner.left(self)

    def data_received(self, data: bytes) -> None:
        """Hand on every message that is whole."""
        self._heard_at = time.monotonic()
        try:
            frames = self._stream.receive(data)
        except PeerError as error:
            self._fault(str(error))
            return
        for frame in frames:
            if frame == stream.PING:
                self.write(stream.PONG)
            elif frame != stream.PONG and self.is_open:
                self.has_spoken = True
                self._owner.heard(frame, self)
        self._waits_since = self._waits_since or self._heard_at
        if frames or not self._stream.is_waiting:
            self._waits_since = self._heard_at if self._stream.is_waiting else None

    def write(self, data: bytes) -> None:
        """Send; a peer that does not read is cut off."""
        if self._transport is None or self._transport.is_closing():
            return
        self._transport.write(data)
        if self._transport.get_write_buffer_size() > BACKLOG_BYTES_MAX:
            self._fault("does not read")

    def tire(self, now: float) -> None:
        """Cut off a connection that has been silent for too long; `now` is monotonic."""
        if not self.has_spoken and not self.is_ours and now - self._opened_at > HALF_OPEN_SECONDS:
            self._fault("says nothing")
        elif self._waits_since is not None and now - self._waits_since > REST_SECONDS:
            self._fault("never ends its message")
        elif now - self._heard_at > IDLE_SECONDS:
            self.cut()

    def cut(self) -> None:
        """End the connection at once."""
        if self._handshake is not None:
            self._handshake.cancel()
        if self._transport is not None:
            self._transport.abort()

    def _fault(self, why: str) -> None:
        self._owner.faulty(self, why)
        self.cut()

    async def _shake_hands(self, accepted: socket.socket, tls: ssl.SSLContext) -> None:
        with contextlib.ExitStack() as undoing:
            undoing.callback(self._owner.left, self)
            undoing.callback(accepted.close)
            try:
                await asyncio.get_running_loop().connect_accepted_socket(
                    lambda: self,
                    accepted,
                    ssl=tls,
                    ssl_handshake_timeout=HALF_OPEN_SECONDS,
                    ssl_shutdown_timeout=CLOSE_SECONDS,
                )
            except (OSError, TimeoutError) as error:  # ssl.SSLError is an OSError.
                self._owner.faulty(self, f"handshake: {type(error).__name__}")
            else:
                undoing.pop_all()
