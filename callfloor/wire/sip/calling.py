"""
One call that we make, from its INVITE to the dialog that stands (RFC 3261 section 13.2, RFC 3262).

The owner performs the outputs in order, hands in every response and time-out of what it asked here,
and calls `fire` when `timer` says so, until an output is `Over`. From the call's `Answered` on the
dialog is the owner's.

Laws of this file: one 2xx is taken, every other one is acknowledged and ended with BYE; whoever
answers after we gave up is ended likewise; a redirection is never followed (a far side that could
move our calls could move them to a number that costs).

Refuses: a transaction, a socket, a decision whom to call next.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from callfloor.wire.errors import PeerError
from callfloor.wire.sip import headers as heads
from callfloor.wire.sip import message as messages
from callfloor.wire.sip import session_timer
from callfloor.wire.sip.asking import Ask, TakeBack
from callfloor.wire.sip.credentials import Prover
from callfloor.wire.sip.dialog import Dialog
from callfloor.wire.sip.headers import Address, Via
from callfloor.wire.sip.message import Header, Request, Response
from callfloor.wire.sip.session_timer import Agreement
from callfloor.wire.sip.uri import Uri

SDP = "application/sdp"
FORKS_MAX = 16  # Early dialogs of one INVITE; a hunt group of more answers all the same.
LINGER_SECONDS = 32.0  # 64 T1: as long as another 2xx may still come (RFC 6026, timer M).
SILENCE_SECONDS = 3.0  # A far side that says nothing at all is given up (TRUST.md F16: 4 s).
ANSWERED_ELSEWHERE = 'SIP;cause=200;text="Call completed elsewhere"'
"""The Reason of a CANCEL after which a telephone shows no missed call (RFC 3326)."""

REASONS = {
    486: "busy", 600: "busy", 408: "no_answer", 480: "no_answer", 487: "no_answer",
    403: "declined", 603: "declined", 607: "declined", 608: "declined",
    404: "wrong_number", 410: "wrong_number", 414: "wrong_number", 416: "wrong_number",
    484: "wrong_number", 485: "wrong_number", 604: "wrong_number",
    406: "no_media", 415: "no_media", 488: "no_media", 606: "no_media",
}  # fmt: skip
"""What a final status says of the number that was called; of any other the line is at fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What an INVITE says."""

    target: Uri
    """The Request-URI."""
    from_: Address
    """Who calls, with a tag of ours."""
    to: Address
    """Who is called."""
    contact: Address
    """Where we are reached."""
    call_id: str
    """Never used before."""
    offer: bytes
    """Our SDP."""
    headers: tuple[Header, ...] = ()
    """More: Allow, P-Asserted-Identity, Privacy …"""
    routes: tuple[str, ...] = ()
    """Values of Route, if the call goes through a proxy of ours."""
    session_seconds: int = session_timer.USUAL_SECONDS
    """The session timer that is asked for (RFC 4028); 0 for none."""
    silence_seconds: float = SILENCE_SECONDS
    """How long the far side may say nothing at all; 0 for as long as the transaction waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rang:
    """The far side rings, or sends sound before it answers."""

    status: int
    """180 to 189, as it came."""
    sdp: bytes
    """Its SDP if there is early sound, else empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The far side took the call; it has been acknowledged."""

    dialog: Dialog
    """The dialog, now the owner's."""
    sdp: bytes
    """Its SDP."""
    agreement: Agreement | None
    """The session timer, None if none was asked for."""
    response: Response
    """The 2xx."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The call came to nothing; told once, and never after a `cancel`."""

    status: int | None
    """The final status; None if nothing came at all or the transport failed."""
    reason: str
    """busy, no_answer, declined, wrong_number, no_media, or trunk_down."""
    retry_after: int | None = None
    """Seconds that the far side asks us to wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """Nothing more comes: forget this call. Told once, after everything else."""


Output = Ask | TakeBack | Rang | Answered | Failed | Over


class Calling:
    """The calling side of one INVITE."""

    def __init__(self, setup: Setup, *, via: Callable[[], Via], prover: Prover) -> None:
        """Begin with nothing said; `via` makes a Via with a branch never used before."""
        assert setup.from_.tag, "From needs a tag of ours"
        self.state = "new"
        """new, calling, leaving (we gave up), answered, over."""
        self._setup = setup
        self._via = via
        self._prover = prover
        self._invite = self._first_invite()
        self._session_seconds = setup.session_seconds
        self._dialogs: dict[str, Dialog] = {}
        self._early: dict[str, bytes] = {}
        self._reliable: dict[str, int] = {}
        self._acks: dict[str, Ask] = {}
        self._shown: Rang | None = None
        self._due: float | None = None

    @property
    def call_id(self) -> str:
        """The Call-ID."""
        return self._setup.call_id

    # --- what the owner wants ---------------------------------------------------------------------

    def start(self, now: float) -> list[Output]:
        """Send the INVITE."""
        assert self.state == "new", "a call begins once"
        self.state = "calling"
        if self._setup.silence_seconds:
            self._due = now + self._setup.silence_seconds
        return [self._ask_invite()]

    def cancel(self, *, reason: str = "") -> list[Output]:
        """Give up. Nothing is told any more but `Over`; whoever answers all the same gets BYE."""
        if self.state != "calling":
            return []
        self.state = "leaving"
        self._due = None
        return [TakeBack(invite=self._invite, reason=reason)]

    # --- what comes -------------------------------------------------------------------------------

    def response_received(self, response: Response, now: float) -> list[Output]:
        """Take a response to the INVITE; any other is none of ours."""
        if response.cseq != self._invite.cseq or self.state in ("new", "over"):
            return []
        if response.status < 200:
            return self._progress(response)
        if response.status < 300:
            return self._accepted(response, now)
        return self._refused(response, now)

    def timed_out(self, request: Request) -> list[Output]:
        """Take a request that nothing answered, or whose transport failed."""
        if request.cseq != self._invite.cseq or self.state not in ("calling", "leaving"):
            return []
        return self._end(Failed(status=None, reason="trunk_down"))

    def timer(self) -> float | None:
        """Say when `fire` must be called, None if there is nothing to wait for."""
        return self._due

    def fire(self, now: float) -> list[Output]:
        """Give up a far side that is silent, or end the wait for a second 2xx."""
        if self._due is None or now < self._due:
            return []
        self._due = None
        if self.state == "answered":
            return self._end(None)
        # It may still answer: then CANCEL or BYE follow, so that nobody is called twice.
        return [*self.cancel(), Failed(status=None, reason="trunk_down")]

    # --- before the answer ------------------------------------------------------------------------

    def _progress(self, response: Response) -> list[Output]:
        self._due = None if self.state == "calling" else self._due
        if self.state != "calling" or response.status == 100:
            return []
        tag = response.to.tag
        if tag is None:
            return self._ring(Rang(status=response.status, sdp=b""))
        dialog = self._dialog(tag, response)
        if dialog is None:
            return []
        outputs: list[Output] = []
        if "100rel" in (option.lower() for option in response.values("Require")):
            prack = self._prack(tag, dialog, response)
            if prack is None:
                return []
            outputs.append(prack)
        sdp = _sdp_of(response)
        if sdp:
            self._early[tag] = sdp
        return outputs + self._ring(Rang(status=response.status, sdp=sdp))

    def _ring(self, rang: Rang) -> list[Output]:
        # Each ringing or sounding is told once; 183 without sound says nothing.
        shown = self._shown
        if rang.status == 183 and not rang.sdp:
            return []
        if shown is not None and (rang.sdp == shown.sdp or not rang.sdp):
            return []
        self._shown = rang
        return [rang]

    def _prack(self, tag: str, dialog: Dialog, response: Response) -> Ask | None:
        """Acknowledge a reliable 1xx once and in order (RFC 3262 section 4)."""
        number = _number_of(response, "RSeq")
        last = self._reliable.get(tag)
        if number is None or (last is not None and number != last + 1):
            return None  # A repetition, or one before it is still to come again.
        self._reliable[tag] = number
        rack = ("RAck", f"{number} {response.cseq}")
        prack = dialog.request("PRACK", via=self._via(), headers=(rack,))
        return Ask(request=prack, hop=dialog.next_hop)

    def _dialog(self, tag: str, response: Response) -> Dialog | None:
        dialog = self._dialogs.get(tag)
        if dialog is not None:
            dialog.response_received(response)
        elif len(self._dialogs) < FORKS_MAX:
            dialog = self._dialogs[tag] = Dialog.of_caller(self._invite, response)
        return dialog

    # --- the answer -------------------------------------------------------------------------------

    def _accepted(self, response: Response, now: float) -> list[Output]:
        tag = response.to.tag
        if tag is None:
            return []  # No dialog can be made of it, so it cannot even be ended.
        repeated = self._acks.get(tag)
        if repeated is not None:
            return [repeated]
        dialog = self._dialog(tag, response)
        if dialog is None:
            return []
        ack = Ask(request=dialog.ack(response, via=self._via()), hop=dialog.next_hop)
        self._acks[tag] = ack
        sdp = _sdp_of(response) or self._early.get(tag, b"")
        if self.state == "calling" and sdp:
            return [ack, self._take(dialog, response, sdp, now)]
        return [ack, self._bye(dialog), *self._unwanted(now)]

    def _take(self, dialog: Dialog, response: Response, sdp: bytes, now: float) -> Answered:
        self.state = "answered"
        self._due = now + LINGER_SECONDS
        agreement = self._agreement(response)
        return Answered(dialog=dialog, sdp=sdp, agreement=agreement, response=response)

    def _agreement(self, response: Response) -> Agreement | None:
        if not self._session_seconds:
            return None
        try:
            return session_timer.agreed(response, seconds=self._session_seconds)
        except PeerError:  # Then the timer is ours alone, as with a peer that knows none.
            return Agreement(interval_seconds=self._session_seconds, we_refresh=True)

    def _unwanted(self, now: float) -> list[Output]:
        if self.state == "answered":
            return []
        told = self.state == "leaving"
        self.state = "answered"  # Other forks may answer too, and get the same.
        self._due = now + LINGER_SECONDS
        return [] if told else [Failed(status=200, reason="no_media")]

    def _bye(self, dialog: Dialog) -> Ask:
        return Ask(request=dialog.request("BYE", via=self._via()), hop=dialog.next_hop)

    # --- the refusal ------------------------------------------------------------------------------

    def _refused(self, response: Response, now: float) -> list[Output]:
        if self.state == "calling":
            again = self._otherwise(response)
            if again is not None:
                return self._again(again, now)
        status = response.status
        return self._end(
            Failed(
                status=status,
                reason=REASONS.get(status, "trunk_down"),
                retry_after=_number_of(response, "Retry-After"),
            )
        )

    def _otherwise(self, response: Response) -> Request | None:
        if response.status in (401, 407):
            return self._prover.prove(self._invite, response)
        if response.status == 422:
            return self._slower(response)
        return None

    def _slower(self, response: Response) -> Request | None:
        """Ask for the longer session that a 422 wants, once (RFC 4028 section 7.3)."""
        wanted = _number_of(response, "Min-SE") or 0
        if not 0 < self._session_seconds < wanted:
            return None
        self._session_seconds = wanted
        timer = (("Session-Expires", f"{wanted};refresher=uac"), ("Min-SE", str(wanted)))
        return messages.with_headers(self._invite, drop=("Session-Expires", "Min-SE"), add=timer)

    def _again(self, invite: Request, now: float) -> list[Output]:
        self._invite = messages.renumbered(
            invite, via=self._via(), cseq=self._invite.cseq.number + 1
        )
        for forks in (self._dialogs, self._early, self._reliable):
            forks.clear()
        if self._setup.silence_seconds:
            self._due = now + self._setup.silence_seconds
        return [self._ask_invite()]

    def _end(self, failed: Failed | None) -> list[Output]:
        is_told = failed is not None and self.state == "calling"
        self.state = "over"
        self._due = None
        return [failed, Over()] if failed is not None and is_told else [Over()]

    # --- the INVITE -------------------------------------------------------------------------------

    def _first_invite(self) -> Request:
        setup = self._setup
        seconds = setup.session_seconds
        timer = session_timer.offer(seconds=seconds) if seconds else ()
        return messages.request(
            method="INVITE",
            uri=setup.target,
            via=self._via(),
            from_=setup.from_,
            to=setup.to,
            call_id=setup.call_id,
            cseq=1,
            contact=setup.contact,
            routes=setup.routes,
            headers=(*setup.headers, ("Supported", "100rel"), *timer),
            body=setup.offer,
            content_type=SDP,
        )

    def _ask_invite(self) -> Ask:
        routes = self._setup.routes
        hop = heads.parse_address(routes[0]).uri if routes else self._setup.target
        return Ask(request=self._invite, hop=hop)


def _sdp_of(response: Response) -> bytes:
    return response.body if response.content_type == SDP else b""


def _number_of(response: Response, name: str) -> int | None:
    value = response.get(name)
    if value is None:
        return None
    try:
        return heads.parse_number(value.partition(";")[0].partition("(")[0].strip())
    except PeerError:
        return None
