"""
The transport of a browser leg: ICE, DTLS and SRTP on one UDP socket per address.

We are the lite side of ICE (RFC 8445, section 2.5): the browser reached our page, so it can reach
our addresses; it checks and nominates, we answer. Its candidates are never used, so hidden names
(mDNS) and addresses that nobody told (peer-reflexive) need no care. Its checks are its consent
(RFC 7675). G.711 passes through as it is.

Behind a router the first socket is told by the address that the router has. A browser that needs a
TURN server comes from that server's address and is one more path.

Refuses: to listen on an address that was not given, to use TURN itself, video, data channels.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
import struct
from collections.abc import Callable, Sequence
from time import monotonic

import pylibsrtp
from aioice import stun

from callfloor.media import dtls
from callfloor.media.leg import Leg
from callfloor.media.relay import DATAGRAM_BYTES_MAX, Address
from callfloor.wire import sdp

log = logging.getLogger(__name__)

CONSENT_SECONDS = 30.0  # RFC 7675, section 5.1.
PATHS_MAX = 32  # A browser with four networks makes a dozen pairs.
HOST_PREFERENCE = 126  # RFC 8445, section 5.1.2.2.

Path = tuple[socket.socket, Address]


class BrowserTransport:
    """See the module."""

    def __init__(
        self,
        *,
        leg: Leg,
        identity: dtls.Identity,
        sockets: Sequence[socket.socket],
        remote: sdp.Media,
        session: str,
        advertised: str | None = None,
    ) -> None:
        assert is_complete(remote), "the description was checked before"
        assert remote.fingerprint is not None, "is_complete says so"
        self._leg = leg
        self._loop = asyncio.get_running_loop()
        self._remote = (remote.ice_ufrag, remote.ice_pwd, remote.fingerprint)
        self._session = session
        self._ufrag = secrets.token_hex(4)
        self._password = secrets.token_hex(16)
        self._identity = identity
        self._sockets = tuple(sockets)
        self._advertised = advertised
        self._paths: set[Path] = set()  # Those that proved to know our password.
        self._path: Path | None = None  # The one we send on.
        self._nominated = False
        self._checked_at = monotonic()
        self._keys: dtls.Srtp | None = None
        self._srtp: dtls.Srtp | None = None  # The keys, while the browser consents.
        self._is_closed = False
        self.refused = 0
        self.unsent = 0
        self._dtls = dtls.Dtls(
            identity=identity,
            remote_fingerprint=remote.fingerprint,
            send=self._send_raw,
            ready=self._secured,
            closed=self._ended,
        )
        for sock in self._sockets:
            self._loop.add_reader(sock.fileno(), self._readable, sock)

    def is_for(self, remote: sdp.Media) -> bool:
        """Say whether a new description is of the connection that stands already."""
        return self._remote == (remote.ice_ufrag, remote.ice_pwd, remote.fingerprint)

    def is_restart(self, remote: sdp.Media, session: str) -> bool:
        """
        Say whether a new description is of the same connection on another way (RFC 8842, 5.5).

        A page that is loaded anew may keep its certificate, but never its session's name.
        """
        names = (remote.ice_ufrag, remote.ice_pwd)
        same = session == self._session and remote.fingerprint == self._remote[2]
        return same and names != self._remote[:2] and self._keys is not None

    def restart(self, remote: sdp.Media) -> Callable[[], None]:
        """
        Take new names for ICE and keep the keys: after a restart DTLS is not done again.

        Sound goes the old way until a new one is nominated. Gives what takes it all back.
        """
        before = (self._remote, self._ufrag, self._password, self._nominated)

        def undo() -> None:
            self._remote, self._ufrag, self._password, self._nominated = before

        assert remote.fingerprint is not None, "is_restart says so"
        self._remote = (remote.ice_ufrag, remote.ice_pwd, remote.fingerprint)
        self._ufrag, self._password = secrets.token_hex(4), secrets.token_hex(16)
        self._nominated = False
        return undo

    @property
    def port(self) -> int:
        """The port of the first address."""
        port: int = self._sockets[0].getsockname()[1]
        return port

    def security(self) -> sdp.Security:
        """Give what our answer says about ICE and DTLS."""
        return sdp.Security(
            ice_ufrag=self._ufrag,
            ice_pwd=self._password,
            fingerprint=self._identity.fingerprint,
            setup="passive",
            candidates=tuple(
                _candidate(index, self._said(index)) for index in range(len(self._sockets))
            ),
        )

    def _said(self, index: int) -> Address:
        """Give where the browser should send for one of our sockets."""
        host, port = self._sockets[index].getsockname()[:2]
        return (self._advertised if self._advertised and index == 0 else host), port

    # --- From the browser -------------------------------------------------------------------------

    def _readable(self, sock: socket.socket) -> None:
        try:
            data, source = sock.recvfrom(DATAGRAM_BYTES_MAX)
        except OSError:  # Nothing there, or an ICMP error for what was sent.
            return
        first = data[0] if data else 255
        if 128 <= first <= 191:  # RFC 7983.
            self._take_srtp(data, (sock, source))
        elif first <= 3:
            self._take_stun(data, (sock, source))
        elif 20 <= first <= 63 and (sock, source) in self._paths:
            self._dtls.receive(data)
        else:
            self.refused += 1

    def _take_srtp(self, data: bytes, path: Path) -> None:
        if self._srtp is None or (path != self._path and path not in self._paths):
            self.refused += 1
            return
        try:
            if len(data) > 1 and 192 <= data[1] <= 223:  # RFC 5761, section 4.
                self._leg.receive_rtcp(self._srtp.unprotect_rtcp(data), monotonic())
            else:
                self._leg.receive(self._srtp.unprotect(data), monotonic())
        except pylibsrtp.Error:  # Changed, replayed, or of another key.
            self.refused += 1

    def _take_stun(self, data: bytes, path: Path) -> None:
        try:
            request = stun.parse_message(data)
        except (ValueError, struct.error):  # The latter of an attribute that is too short.
            self.refused += 1
            return
        if not self._is_ours(request):
            self.refused += 1
            return
        self._checked_at = monotonic()
        self._srtp = self._srtp or self._keys  # Who was silent for too long consents again.
        self._respond(request, path)
        if len(self._paths) < PATHS_MAX:
            self._paths.add(path)
        wanted = "USE-CANDIDATE" in request.attributes
        # Until one is nominated, the first that works will do (RFC 8445, section 8.1.1).
        if path in self._paths and (wanted or (not self._nominated and self._path is None)):
            self._path = path
            self._nominated = self._nominated or wanted

    def _is_ours(self, request: stun.Message) -> bool:
        if (request.message_method, request.message_class) != (
            stun.Method.BINDING,
            stun.Class.REQUEST,
        ):
            return False
        ours = f"{self._ufrag}:{self._remote[0]}"  # RFC 8445, section 7.2.2.
        known = request.attributes.get("USERNAME") == ours
        return known and request.check_message_integrity(self._password.encode())

    def _respond(self, request: stun.Message, path: Path) -> None:
        response = stun.Message(
            message_method=stun.Method.BINDING,
            message_class=stun.Class.RESPONSE,
            transaction_id=request.transaction_id,
        )
        sock, source = path
        response.attributes["XOR-MAPPED-ADDRESS"] = source[:2]
        response.add_message_integrity(self._password.encode())
        self._send_on(sock, bytes(response), source)

    # --- To the browser ---------------------------------------------------------------------------

    def send(self, packet: bytes) -> None:
        """Send RTP, once the keys are there."""
        if self._srtp is not None:
            try:
                data = self._srtp.protect(packet)
            except pylibsrtp.Error:  # A packet that the network doubled is not encrypted twice.
                self.unsent += 1
                return
            self._send_raw(data)

    def send_rtcp(self, packet: bytes) -> None:
        """Send RTCP, once the keys are there."""
        if self._srtp is not None:
            self._send_raw(self._srtp.protect_rtcp(packet))

    def _send_raw(self, data: bytes) -> None:
        if self._path is not None:
            self._send_on(self._path[0], data, self._path[1])

    def _send_on(self, sock: socket.socket, data: bytes, to: Address) -> None:
        try:
            sock.sendto(data, to)
        except OSError:  # A full buffer or an ICMP error costs one packet.
            self.unsent += 1

    # --- Life -------------------------------------------------------------------------------------

    def watch(self, now: float) -> None:
        """End the leg when the browser has withdrawn its consent by silence."""
        if self._srtp is not None and now - self._checked_at >= CONSENT_SECONDS:
            self._srtp = None
            self._leg.gone()

    def _secured(self, srtp: dtls.Srtp) -> None:
        self._srtp = self._keys = srtp
        self._leg.connected(monotonic())

    def _ended(self) -> None:
        self._srtp = self._keys = None
        if not self._is_closed:
            self._leg.gone()

    def close(self) -> None:
        """Say goodbye and give the sockets back."""
        self._is_closed = True
        self._dtls.close()
        for sock in self._sockets:
            self._loop.remove_reader(sock.fileno())
            sock.close()


def is_complete(media: sdp.Media) -> bool:
    """Say whether a description has all that ICE and DTLS need, and leaves us the passive part."""
    has_ice = bool(media.ice_ufrag and media.ice_pwd)
    return media.is_secure and has_ice and media.setup in ("actpass", "active")


def _candidate(index: int, address: Address) -> sdp.Candidate:
    return sdp.Candidate(
        foundation=str(index + 1),
        component=1,
        transport="udp",
        priority=HOST_PREFERENCE << 24 | (65_535 - index) << 8 | 255,
        host=address[0],
        port=address[1],
        kind="host",
    )
