"""
Dialogs: what two ends of a call remember of one another (RFC 3261 sections 12, 13 and 14).

A dialog builds every request inside itself and judges every request that comes in. Its owner tells
it of each message that passes: `request_received`, `response_sent`, `response_received`.

Refuses: a transaction, a timer (see `acceptance` and `session_timer`), a decision about a call.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from callfloor.wire.errors import LocalError, PeerError
from callfloor.wire.sip import headers as heads
from callfloor.wire.sip import message as messages
from callfloor.wire.sip.headers import Address, Via
from callfloor.wire.sip.message import Header, Request, Response
from callfloor.wire.sip.uri import Uri

_REFRESHES_TARGET = frozenset({"INVITE", "UPDATE"})
# RFC 3261 section 14.1: who owns the Call-ID waits longer, so that one of the two goes first.
GLARE_OWNER_SECONDS = (2.1, 4.0)
GLARE_OTHER_SECONDS = (0.0, 2.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogId:
    """Names a dialog at this end."""

    call_id: str
    """The Call-ID."""
    local_tag: str
    """Our tag."""
    remote_tag: str
    """The peer's tag; empty if it is older than RFC 3261."""


def id_of_request(request: Request) -> DialogId | None:
    """Name the dialog of a request that came in; None if it is outside any dialog."""
    local = request.to.tag
    if local is None:
        return None
    remote = request.from_.tag or ""
    return DialogId(call_id=request.call_id, local_tag=local, remote_tag=remote)


def id_of_response(response: Response) -> DialogId | None:
    """Name the dialog of a response that came in; None if it makes none."""
    remote = response.to.tag
    if remote is None:
        return None
    local = response.from_.tag or ""
    return DialogId(call_id=response.call_id, local_tag=local, remote_tag=remote)


class Dialog:
    """One end of a dialog."""

    __slots__ = (
        "_local_invite",
        "_pending_target",
        "_remote_invite",
        "call_id",
        "contact",
        "is_caller",
        "local",
        "local_seq",
        "remote",
        "remote_seq",
        "remote_target",
        "routes",
        "state",
    )

    def __init__(
        self,
        *,
        call_id: str,
        local: Address,
        remote: Address,
        contact: Address,
        remote_target: Uri,
        routes: tuple[str, ...],
        local_seq: int,
        remote_seq: int,
        is_caller: bool,
    ) -> None:
        self.call_id = call_id
        self.local = local
        self.remote = remote
        self.contact = contact
        self.remote_target = remote_target
        self.routes = routes
        self.local_seq = local_seq
        self.remote_seq = remote_seq
        self.is_caller = is_caller
        self.state = "early"  # early, confirmed, ended
        # CSeq numbers of INVITEs without a final response, and the target that one may set.
        self._local_invite: int | None = None
        self._remote_invite: int | None = None if is_caller else remote_seq
        self._pending_target: Uri | None = None

    @classmethod
    def of_callee(cls, invite: Request, *, tag: str, contact: Address) -> Dialog:
        """Make the dialog of an INVITE that came in (RFC 3261 section 12.1.1)."""
        return cls(
            call_id=invite.call_id,
            local=invite.to.with_tag(tag),
            remote=invite.from_,
            contact=contact,
            remote_target=_target(invite, invite.from_),
            routes=tuple(invite.values("Record-Route")),
            local_seq=0,
            remote_seq=invite.cseq.number,
            is_caller=False,
        )

    @classmethod
    def of_caller(cls, invite: Request, response: Response) -> Dialog:
        """
        Make the dialog of an INVITE that was sent out of a 1xx or 2xx (RFC 3261 section 12.1.2).

        Raises PeerError if the response has no To tag; a 1xx without one makes no dialog.
        """
        if response.to.tag is None:
            raise PeerError("response without a To tag")
        contact = invite.contact
        if contact is None:
            raise LocalError("an INVITE needs a Contact")
        dialog = cls(
            call_id=invite.call_id,
            local=invite.from_,
            remote=response.to,
            contact=contact,
            remote_target=_target(response, Address(uri=invite.target)),
            routes=tuple(reversed(response.values("Record-Route"))),
            local_seq=invite.cseq.number,
            remote_seq=-1,
            is_caller=True,
        )
        dialog._local_invite = invite.cseq.number
        dialog.response_received(response)
        return dialog

    @property
    def id(self) -> DialogId:
        """Name this dialog."""
        return DialogId(
            call_id=self.call_id,
            local_tag=self.local.tag or "",
            remote_tag=self.remote.tag or "",
        )

    @property
    def next_hop(self) -> Uri:
        """Say where requests of this dialog are sent: the first route or the target."""
        return heads.parse_address(self.routes[0]).uri if self.routes else self.remote_target

    def request(
        self,
        method: str,
        *,
        via: Via,
        headers: Iterable[Header] = (),
        body: bytes = b"",
        content_type: str = "",
    ) -> Request:
        """Build the next request of this dialog; not ACK (see `ack`) and not CANCEL."""
        assert method not in ("ACK", "CANCEL"), "these have builders of their own"
        if method == "INVITE" and self.invite_is_pending:
            raise LocalError("an INVITE is pending already")
        self.local_seq += 1
        if method == "INVITE":
            self._local_invite = self.local_seq
        elif method == "BYE":
            self.state = "ended"
        return self._build(method, self.local_seq, via, headers, body, content_type)

    def again(self, request: Request, *, via: Via) -> Request:
        """Number a request anew that was refused and is sent again otherwise (RFC 3261 8.1.3.5)."""
        self.local_seq += 1
        if request.method == "INVITE":
            self._local_invite = self.local_seq
        return messages.renumbered(request, via=via, cseq=self.local_seq)

    def ack(
        self, response: Response, *, via: Via, body: bytes = b"", content_type: str = ""
    ) -> Request:
        """
        Build the ACK of a 2xx (RFC 3261 section 13.2.2.4).

        Send it again whenever the same 2xx comes again.
        """
        return self._build("ACK", response.cseq.number, via, (), body, content_type)

    @property
    def invite_is_pending(self) -> bool:
        """Say whether an INVITE of either side has no final response yet."""
        return self._local_invite is not None or self._remote_invite is not None

    def request_received(self, request: Request) -> int | None:
        """
        Judge a request of this dialog; the status owed, None if it is in order.

        481 after the end, 500 out of order (RFC 3261 section 12.2.2) or while another INVITE of the
        peer is open (section 14.2, with Retry-After), 491 while one of ours is. An ACK is never
        owed a status.
        """
        if request.method == "ACK":
            return None
        if self.state == "ended":
            return 481
        number = request.cseq.number
        if number <= self.remote_seq:
            return 500
        if request.method == "INVITE" and self.invite_is_pending:
            return 491 if self._local_invite is not None else 500
        self._note_request(request, number)
        return None

    def response_sent(self, response: Response) -> None:
        """Note a response to a request of the peer."""
        number, method = response.cseq.number, response.cseq.method
        if response.status < 200:
            return
        if method == "INVITE" and number == self._remote_invite:
            self._remote_invite = None
            self._note_first(response.status)
        if method in _REFRESHES_TARGET and response.status < 300 and self._pending_target:
            self.remote_target = self._pending_target
        self._pending_target = None

    def response_received(self, response: Response) -> None:
        """Note a response to a request of ours."""
        number, method = response.cseq.number, response.cseq.method
        if method == "INVITE" and number == self._local_invite and response.status >= 200:
            self._local_invite = None
            if self.state == "early" and response.status < 300:
                # RFC 3261 section 13.2.2.4: the 2xx replaces the route set of a 1xx.
                self.routes = tuple(reversed(response.values("Record-Route")))
            self._note_first(response.status)
        if method in _REFRESHES_TARGET and response.status < 300 and response.contact:
            self.remote_target = response.contact.uri
        if response.status in (408, 481) and self.state == "confirmed":
            self.state = "ended"  # RFC 3261 section 12.2.1.2.

    def glare_pause(self, draw: float) -> float:
        """Give the seconds to wait after a 491; `draw` is in [0, 1) (RFC 3261 section 14.1)."""
        low, high = GLARE_OWNER_SECONDS if self.is_caller else GLARE_OTHER_SECONDS
        return round(low + (high - low) * draw, 2)

    def _note_first(self, status: int) -> None:
        if self.state == "early":
            self.state = "confirmed" if status < 300 else "ended"

    def _note_request(self, request: Request, number: int) -> None:
        self.remote_seq = number
        if request.method == "INVITE":
            self._remote_invite = number
        if request.method == "BYE":
            self.state = "ended"
        if request.method in _REFRESHES_TARGET and request.contact is not None:
            self._pending_target = request.contact.uri

    def _build(
        self,
        method: str,
        number: int,
        via: Via,
        headers: Iterable[Header],
        body: bytes,
        content_type: str,
    ) -> Request:
        uri, routes = self._routed()
        return messages.request(
            method=method,
            uri=uri,
            via=via,
            from_=self.local,
            to=self.remote,
            call_id=self.call_id,
            cseq=number,
            contact=self.contact if method in _REFRESHES_TARGET else None,
            routes=routes,
            headers=headers,
            body=body,
            content_type=content_type,
        )

    def _routed(self) -> tuple[Uri, tuple[str, ...]]:
        # RFC 3261 section 12.2.1.1: a strict router, known by the missing lr, wants to stand in the
        # Request-URI and the target behind the other routes.
        if not self.routes or "lr" in self.next_hop.params:
            return self.remote_target, self.routes
        return self.next_hop, (*self.routes[1:], str(Address(uri=self.remote_target)))


def _target(message: Request | Response, fallback: Address) -> Uri:
    contact = message.contact
    if contact is None or contact.is_star:
        return fallback.uri
    return contact.uri
