"""
Changing a call that stands by an INVITE of ours inside it (RFC 3261 section 14.1).

Two ends that change a call at once both get 491 and try again at different times; a far side that
is busy with another change says 500 and when to come back. One change at a time: a second one that
is asked for meanwhile takes the place of the first.

Refuses: a transaction, a socket, chance (`draw` comes in).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from callfloor.wire.errors import PeerError
from callfloor.wire.sip import headers as heads
from callfloor.wire.sip.asking import Ask
from callfloor.wire.sip.credentials import Prover
from callfloor.wire.sip.dialog import Dialog
from callfloor.wire.sip.headers import Via
from callfloor.wire.sip.message import Header, Request, Response

SDP = "application/sdp"
TRIES_MAX = 6  # Glare ends at the second or third; more is a far side that never wants.
RETRY_SECONDS_MAX = 10  # RFC 3261 section 14.2 asks for no more.


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """The far side agreed; it has been acknowledged."""

    response: Response
    """The 2xx, with the far side's SDP."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The call goes on as it was; or it is over, if the dialog's state says so."""

    status: int | None
    """The final status; None if nothing came."""


Output = Ask | Changed | Refused
Wish = tuple[bytes, tuple[Header, ...]]
"""Our SDP and more headers."""


class Reoffer:
    """The changes that we ask for in one dialog."""

    def __init__(
        self,
        dialog: Dialog,
        *,
        via: Callable[[], Via],
        draw: Callable[[], float],
        prover: Prover,
    ) -> None:
        """Begin with nothing asked; `draw` gives numbers in [0, 1)."""
        self._dialog = dialog
        self._via = via
        self._draw = draw
        self._prover = prover
        self._wanted: Wish | None = None
        self._asked: Wish | None = None
        self._invite: Request | None = None
        self._ack: Ask | None = None
        self._tries = 0
        self._due: float | None = None

    @property
    def is_open(self) -> bool:
        """Say whether a change has no outcome yet."""
        return self._wanted is not None

    def begin(self, offer: bytes, now: float, *, headers: tuple[Header, ...] = ()) -> list[Output]:
        """Ask for a change: our SDP, and more headers (a session timer)."""
        self._wanted = (offer, headers)
        self._tries = 0
        self._prover.begin()
        return [] if self._due is not None else self._try(now)

    def response_received(self, response: Response, now: float) -> list[Output]:
        """Take a response to an INVITE inside the dialog; the dialog is told of it here."""
        self._dialog.response_received(response)
        cseq = response.cseq
        if cseq.method != "INVITE" or response.status < 200:
            return []
        if self._ack is not None and cseq.number == self._ack.request.cseq.number:
            return [self._ack] if response.status < 300 else []
        if self._invite is None or cseq.number != self._invite.cseq.number:
            return []
        if response.status < 300:
            return self._changed(response, now)
        return self._refused(self._invite, response, now)

    def timed_out(self, request: Request, now: float) -> list[Output]:
        """Take an INVITE that nothing answered."""
        if self._invite is None or request.cseq != self._invite.cseq:
            return []
        return self._end(Refused(status=None), now)

    def timer(self) -> float | None:
        """Say when `fire` must be called, None if there is nothing to wait for."""
        return self._due

    def fire(self, now: float) -> list[Output]:
        """Try again."""
        if self._due is None or now < self._due:
            return []
        self._due = None
        return self._try(now)

    def _try(self, now: float) -> list[Output]:
        if self._wanted is None or self._invite is not None or self._dialog.state == "ended":
            return []
        if self._tries >= TRIES_MAX:
            return self._end(Refused(status=491), now)
        self._tries += 1
        if self._dialog.invite_is_pending:  # The far side was first; it is answered at once.
            self._due = now + self._dialog.glare_pause(self._draw())
            return []
        offer, headers = self._asked = self._wanted
        kind = SDP if offer else ""
        invite = self._dialog.request(
            "INVITE", via=self._via(), headers=headers, body=offer, content_type=kind
        )
        return [self._sent(invite)]

    def _sent(self, invite: Request) -> Ask:
        self._invite = invite
        return Ask(request=invite, hop=self._dialog.next_hop)

    def _changed(self, response: Response, now: float) -> list[Output]:
        ack = self._dialog.ack(response, via=self._via())
        self._ack = Ask(request=ack, hop=self._dialog.next_hop)
        return [self._ack, *self._end(Changed(response=response), now)]

    def _refused(self, invite: Request, response: Response, now: float) -> list[Output]:
        if response.status in (401, 407):
            proven = self._prover.prove(invite, response)
            if proven is not None:
                return [self._sent(self._dialog.again(proven, via=self._via()))]
        pause = self._pause(response)
        if pause is None or self._dialog.state == "ended":
            return self._end(Refused(status=response.status), now)
        self._invite = None
        self._due = now + pause
        return []

    def _pause(self, response: Response) -> float | None:
        if response.status == 491:
            return self._dialog.glare_pause(self._draw())
        if response.status == 500 and (after := response.get("Retry-After")) is not None:
            try:
                seconds = heads.parse_number(after.partition(";")[0].partition("(")[0].strip())
            except PeerError:
                return None
            return float(min(seconds, RETRY_SECONDS_MAX))
        return None

    def _end(self, outcome: Changed | Refused, now: float) -> list[Output]:
        self._invite = None
        if self._wanted is not self._asked and self._dialog.state != "ended":
            self._tries = 0  # Something else was asked for meanwhile.
            return [outcome, *self._try(now)]
        self._wanted = None
        return [outcome]
