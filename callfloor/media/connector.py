"""
From a far side's offer to our answer, or from our offer to its answer, and a leg that is connected.

Plain RTP may begin on either side; a browser always offers.

Refuses: to keep legs; an offer that cannot be answered leaves a leg as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from time import monotonic

from callfloor.media import dtls, relay, webrtc
from callfloor.media.control import Refused
from callfloor.media.leg import Leg
from callfloor.wire import sdp
from callfloor.wire.errors import WireError

EVENT_PAYLOAD = 101  # What most telephones use themselves; any of 96 to 127 would do.


class Connector:
    """See the module."""

    def __init__(
        self,
        *,
        address: str,
        ice_addresses: Sequence[str],
        ports: tuple[int, int],
        advertised: str | None = None,
    ) -> None:
        self._address = address
        self._advertised = advertised
        self.ice_addresses = tuple(ice_addresses)
        self._ports = relay.Ports(first=ports[0], last=ports[1])
        self._identity = dtls.Identity()

    def connect(
        self, leg: Leg, offered: sdp.Session, *, received_from: str | None = None
    ) -> sdp.Session:
        """
        Connect or renew a leg and give our answer.

        Raises WireError or Refused if the offer cannot be answered.
        """
        if leg.kind == "rtp":
            return self._connect_rtp(leg, offered, received_from)
        return self._connect_browser(leg, offered)

    def offer(self, leg: Leg) -> sdp.Session:
        """
        Give our offer for an RTP leg: for a new one on a socket of its own.

        What is agreed already holds until the answer. Raises Refused if there is no port.
        """
        transport = leg.transport or self._open_rtp(leg)
        assert isinstance(transport, relay.RtpTransport), "a browser's leg is refused before"
        leg.version += 1  # RFC 3264, section 8.
        return sdp.offer(
            host=self._advertised or self._address,
            port=transport.port,
            origin_id=leg.origin,
            version=leg.version,
            event_payload=EVENT_PAYLOAD if leg.events is None else leg.events,
        )

    def settle(
        self,
        leg: Leg,
        offered: sdp.Session,
        answered: sdp.Session,
        *,
        received_from: str | None = None,
    ) -> None:
        """
        Take the far side's answer to our offer; the last one holds.

        Raises WireError if it agrees to nothing.
        """
        agreed = sdp.settle(offered, answered)
        assert isinstance(leg.transport, relay.RtpTransport), "who offered has a socket"
        ours = offered.media[0].codec(sdp.EVENT)
        leg.negotiate(agreed, events=ours.payload if ours else None, now=monotonic())
        leg.transport.expect(
            host=agreed.host,
            port=agreed.port,
            rtcp_mux=agreed.rtcp_mux,
            received_from=received_from,
        )

    def _connect_rtp(
        self, leg: Leg, offered: sdp.Session, received_from: str | None
    ) -> sdp.Session:
        transport = leg.transport or self._open_rtp(leg)
        assert isinstance(transport, relay.RtpTransport)
        address = self._advertised or self._address
        answer = self._agree(leg, offered, host=address, port=transport.port, security=None)
        theirs = _line_answered(offered, answer)
        transport.expect(
            host=theirs.host,
            port=theirs.port,
            rtcp_mux=theirs.rtcp_mux,
            received_from=received_from,
        )
        return answer

    def _open_rtp(self, leg: Leg) -> relay.RtpTransport:
        try:
            sock = self._ports.open(self._address)
        except relay.OutOfPorts as error:
            raise Refused(str(error)) from error
        transport = leg.transport = relay.RtpTransport(leg=leg, sock=sock)
        leg.renew(monotonic())
        return transport

    def _connect_browser(self, leg: Leg, offered: sdp.Session) -> sdp.Session:
        theirs = offered.audio
        if theirs is None or not webrtc.is_complete(theirs):
            raise Refused("the offer is not one of a browser")
        before, transport = leg.transport, leg.transport
        undo: Callable[[], None] | None = None
        if isinstance(before, webrtc.BrowserTransport) and before.is_restart(
            theirs, offered.origin_id
        ):
            undo = before.restart(theirs)
        elif not isinstance(before, webrtc.BrowserTransport) or not before.is_for(theirs):
            transport = self._open_browser(leg, theirs, offered.origin_id)
            undo = transport.close
        assert isinstance(transport, webrtc.BrowserTransport)
        security, address = transport.security(), self._advertised or self.ice_addresses[0]
        try:
            answer = self._agree(leg, offered, host=address, port=transport.port, security=security)
        except WireError:
            if undo is not None:
                undo()
            raise
        if transport is not before:
            leg.close()
            leg.transport = transport
            leg.renew(monotonic())
        return replace(answer, ice_lite=True)

    def _open_browser(self, leg: Leg, theirs: sdp.Media, session: str) -> webrtc.BrowserTransport:
        try:
            return webrtc.BrowserTransport(
                leg=leg,
                identity=self._identity,
                sockets=self._ports.open_all(self.ice_addresses),
                advertised=self._advertised,
                remote=theirs,
                session=session,
            )
        except relay.OutOfPorts as error:
            raise Refused(str(error)) from error

    def _agree(
        self,
        leg: Leg,
        offered: sdp.Session,
        *,
        host: str,
        port: int,
        security: sdp.Security | None,
    ) -> sdp.Session:
        leg.version += 1  # RFC 3264, section 8.
        answer = sdp.answer(
            offered,
            host=host,
            port=port,
            origin_id=leg.origin,
            version=leg.version,
            security=security,
        )
        assert answer.audio is not None, "an answer without audio is refused before"
        events = answer.audio.codec(sdp.EVENT)
        leg.negotiate(answer.audio, events=events.payload if events else None, now=monotonic())
        return answer


def _line_answered(offered: sdp.Session, answer: sdp.Session) -> sdp.Media:
    """Give the line of an offer that our answer took."""
    taken = next(index for index, line in enumerate(answer.media) if line.port)
    return offered.media[taken]
