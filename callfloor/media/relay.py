"""
The transport of a plain RTP leg: one UDP socket, whose peer is latched once.

A plain `recvfrom` and `sendto` on a reader callback costs less than a DatagramProtocol. The peer
is where packets come from, not what its description says (symmetric RTP, RFC 4961): the first
source is kept and all others are refused, except one that fits better what is known: the very
address of the description before its host, and that before any other.

Refuses: to listen on RTCP's own port; reports go there and come on the RTP port or not at all.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import secrets
import socket
from collections.abc import Iterable, Iterator
from time import monotonic

from callfloor.media.leg import Leg
from callfloor.wire import rtp

DATAGRAM_BYTES_MAX = 2_048  # More than an Ethernet frame.
RECEIVE_BYTES = 262_144  # 200 ms of a loop that stands still, many times over.

Address = tuple[str, int]


class OutOfPorts(Exception):
    """Every port of the range is taken."""


class Ports:
    """Hands out even ports of a range, each once around, from a random start."""

    def __init__(self, *, first: int, last: int) -> None:
        even = range(first + first % 2, last, 2)
        self._count = len(even)
        start = secrets.randbelow(self._count)
        self._next: Iterator[int] = itertools.cycle((*even[start:], *even[:start]))

    def open(self, address: str) -> socket.socket:
        """
        Open a UDP socket on the next free port.

        The odd port above it stays unused, so no leg gets another's RTCP (RFC 3550, section 11).
        """
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_DGRAM)
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)
        for port in itertools.islice(self._next, self._count):
            with contextlib.suppress(OSError):
                sock.bind((address, port))
                return sock
        sock.close()
        raise OutOfPorts("no free port")

    def open_all(self, addresses: Iterable[str]) -> list[socket.socket]:
        """Open a socket on each address, or none."""
        opened: list[socket.socket] = []
        try:
            for address in addresses:
                opened.append(self.open(address))
        except OutOfPorts:
            for sock in opened:
                sock.close()
            raise
        return opened


class RtpTransport:
    """See the module."""

    def __init__(self, *, leg: Leg, sock: socket.socket) -> None:
        self._leg = leg
        self._sock = sock
        self._recvfrom = sock.recvfrom
        self._sendto = sock.sendto
        self._offered: Address | None = None
        self._received_from: str | None = None
        self._rtcp_mux = False
        self._peer: Address | None = None
        self._is_latched = False
        self._rank = 0
        self.refused = 0
        self.unsent = 0
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(sock.fileno(), self._readable)

    @property
    def port(self) -> int:
        """The port we receive on."""
        port: int = self._sock.getsockname()[1]
        return port

    def expect(
        self, *, host: str, port: int, rtcp_mux: bool, received_from: str | None = None
    ) -> None:
        """
        Take the address of a new description; a changed one opens the latch again.

        `received_from` is where its signaling came from: behind a router that is where sound
        comes from too, whatever the description says.
        """
        offered = (host, port)
        self._rtcp_mux = rtcp_mux
        self._received_from = received_from
        if offered == self._offered:
            return
        self._offered = offered
        self._is_latched = False
        self._rank = 0
        self._peer = offered if _is_reachable(host) and port else None

    def _readable(self) -> None:
        try:
            data, source = self._recvfrom(DATAGRAM_BYTES_MAX)
        except OSError:  # Nothing there, or an ICMP error for what was sent.
            return
        if (source != self._peer or not self._is_latched) and not self._latch(source, data):
            return
        if len(data) > 1 and 192 <= data[1] <= 223:  # RFC 5761, section 4.
            self._leg.receive_rtcp(data, monotonic())
        else:
            self._leg.receive(data, monotonic())

    def _latch(self, source: Address, data: bytes) -> bool:
        # Without a description nobody is expected: what rings on our offer is silent until then.
        if self._offered is None or rtp.kind(data) != "rtp":
            self.refused += 1
            return False
        rank = self._rank_of(source)
        if self._is_latched and rank <= self._rank:
            self.refused += 1
            return False
        self._peer, self._rank, self._is_latched = source, rank, True
        return True

    def _rank_of(self, source: Address) -> int:
        """Say how well a source fits what is known; only a better one takes the latch over."""
        if source[:2] == self._offered:
            return 3
        assert self._offered is not None, "asked with a description only"
        return 2 if source[0] in (self._offered[0], self._received_from) else 1

    def send(self, packet: bytes) -> None:
        """Send RTP to the peer, if it is known."""
        if self._peer is not None:
            try:
                self._sendto(packet, self._peer)
            except OSError:  # A full buffer or an ICMP error costs one packet.
                self.unsent += 1

    def send_rtcp(self, packet: bytes) -> None:
        """Send RTCP to the peer's RTP port if it said so, else to the one above."""
        if self._peer is not None:
            host, port = self._peer[:2]
            try:
                self._sendto(packet, (host, port if self._rtcp_mux else port + 1))
            except OSError:
                self.unsent += 1

    def watch(self, now: float) -> None:
        """Do nothing: a telephone's silence is the leg's affair."""

    def close(self) -> None:
        """Give the socket back."""
        self._loop.remove_reader(self._sock.fileno())
        self._sock.close()


def _is_reachable(host: str) -> bool:
    """Say whether this is an address: a name would need a look-up, 0.0.0.0 means on hold."""
    if host in ("0.0.0.0", "::"):
        return False
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.inet_pton(family, host)
    except OSError:
        return False
    return True
