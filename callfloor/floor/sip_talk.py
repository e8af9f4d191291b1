"""
One SIP dialog from its 2xx to its last BYE, whoever had called: what both ends may do in a talk.

A line is in exactly one of these states:

    new       no 2xx yet: `sip_line` (they call) and `calling_line` (we call) tell what happens then
    answered  our 2xx is out, and repeated until its ACK comes
    talking   the ACK has come, or has gone out
    over      nothing more will be said; a BYE that crosses ours is still answered

A BYE of ours waits for the ACK (RFC 3261 section 15). What the far side ends is told to the hands
once; what the hands end is told to the far side once.

Refuses: to know other lines; to decide anything about the call.
"""

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from callfloor.floor.signals import Signals
from callfloor.wire import sdp as descriptions
from callfloor.wire.errors import PeerError
from callfloor.wire.sip import headers as heads
from callfloor.wire.sip import message as messages
from callfloor.wire.sip import reoffer, session_timer
from callfloor.wire.sip.asking import Ask
from callfloor.wire.sip.credentials import Prover
from callfloor.wire.sip.dialog import Dialog
from callfloor.wire.sip.machines import Remote
from callfloor.wire.sip.message import Header, Request, Response
from callfloor.wire.sip.reoffer import Reoffer

SDP = "application/sdp"
PROBE_SECONDS = 8.0  # R13: with the 20 s after which media is silent, an agent is free within 30 s.
GONE = frozenset({408, 481})  # RFC 3261 section 12.2.1.2: these end a dialog.
_SIGNAL = re.compile(rb"\s*(?:signal[ \t]*=[ \t]*)?([0-9*#])\s*(?:\n.*)?", re.I | re.DOTALL)


class Ends(Protocol):
    """Who is told what the far side does (`hands.Hands`)."""

    def left(self, leg: str, reason: str) -> None:
        """The far side has ended the call."""

    def on_key(self, leg: str, key: str) -> None:
        """One key was pressed."""

    def renew(self, leg: str, sdp: str, then: Callable[[str | None], None]) -> None:
        """The far side offers something else."""

    def propose(self, leg: str, then: Callable[[str | None], None]) -> None:
        """The far side wants our offer; its answer comes with the ACK."""

    def settle(self, leg: str, sdp: str) -> None:
        """Its answer to our offer."""


class Switchboard(Protocol):
    """What a line needs of the telephone that it hangs on (`telephone.Telephone`)."""

    @property
    def hands(self) -> Ends:
        """Give whoever is told what the far side does."""

    @property
    def signals(self) -> Signals:
        """Give what sends and asks."""

    def enter(self, line: "Talk") -> None:
        """Know a line by its dialog."""

    def forget(self, line: "Talk") -> None:
        """Let go of a call that is over."""


class Talk:
    """The floor's end of one SIP dialog; the better half of a `customers.Line`."""

    kind = "rtp"

    def __init__(self, telephone: Switchboard, *, source: Remote) -> None:
        self.source = source
        self.offer = ""
        """The far side's description."""
        self.dialog: Dialog
        """Set before the line is answered."""
        self._telephone = telephone
        self._signals = telephone.signals
        self._leg = ""
        self._state = "new"
        self._sdp = b""
        self._wants_bye = False
        self._awaits_answer = False
        """Whether our 2xx had the offer, so that the ACK has the answer."""
        self._knows_update = False
        self._probe: object | None = None
        # the session timer (RFC 4028)
        self._agreement: session_timer.Agreement | None = None
        self._session_at: float | None = None
        self._changes: Reoffer | None = None

    @property
    def is_over(self) -> bool:
        """Say whether the call has ended."""
        return self._state == "over"

    @property
    def is_answered(self) -> bool:
        """Say whether there is a 2xx."""
        return self._state in ("answered", "talking")

    # --- the hands' side (customers.Line) ---------------------------------------------------------

    def named(self, item: str, leg: str) -> None:
        """Learn under which leg the call goes."""
        self._leg = leg

    def hang_up(self, reason: str) -> None:
        """End the call, whatever state it is in."""
        if self._state == "new":
            self.refuse(reason)
        elif self._state == "answered":
            self._wants_bye = True
        elif self._state == "talking":
            self._say_goodbye()

    def refuse(self, reason: str) -> None:
        """End a call that has no 2xx."""
        raise NotImplementedError

    def probe(self, then: Callable[[bool], None]) -> None:
        """Ask the far side whether it is still there; one question at a time."""
        if self._state != "talking" or self._probe is not None:
            return
        mark = self._probe = object()

        def answered(is_there: bool) -> None:
            if self._probe is mark:
                self._probe = None
                then(is_there)

        request = self.dialog.request("OPTIONS", via=self._via())
        self._ask(request, lambda response: answered(_is_there(response)))
        self._signals.at(self._signals.now() + PROBE_SECONDS, lambda: answered(False))

    # --- the far side -----------------------------------------------------------------------------

    def acknowledged(self, ack: Request) -> None:
        """The ACK of our 2xx has come, with an answer if the 2xx had the offer."""
        is_first = self._state == "answered"
        if is_first:
            self._state = "talking"
        if self._wants_bye:
            if is_first:
                self._say_goodbye()
        elif self._awaits_answer:
            self._awaits_answer = False
            self._settle(ack, is_first=is_first)

    def _settle(self, ack: Request, *, is_first: bool) -> None:
        """Take an answer; in a talk that has sound already, one that is none changes nothing."""
        if describes_speech(ack):
            self._telephone.hands.settle(self._leg, ack.body.decode("utf-8", "replace"))
        elif is_first:  # RFC 3261 section 14.2: owed, and without it nobody is heard.
            self._say_goodbye()
            self._telephone.hands.left(self._leg, "lost")

    def unacknowledged(self) -> None:
        """No ACK came in 32 s: whoever called is not there any more."""
        if self.is_answered:
            self._say_goodbye()
            self._telephone.hands.left(self._leg, "timed_out")

    def said_goodbye(self, bye: Request) -> None:
        """The far side hung up."""
        self._signals.respond(messages.respond(bye, 200))
        self._over()
        self._telephone.hands.left(self._leg, "hung_up")

    def invited_again(self, invite: Request) -> None:
        """The far side holds, resumes, or only shows that it is alive (RFC 3261 section 14)."""
        if self._state != "talking":
            self._answer_again(invite, self._sdp.decode())
        elif invite.body:
            offer = invite.body.decode("utf-8", "replace")
            self._telephone.hands.renew(
                self._leg, offer, lambda sdp: self._answer_again(invite, sdp)
            )
        else:
            self._telephone.hands.propose(
                self._leg, lambda sdp: self._answer_again(invite, sdp, is_offer=True)
            )

    def updated(self, update: Request) -> None:
        """The far side refreshes the session (RFC 3311), without a change of media."""
        if update.body:
            self._respond_in_dialog(messages.respond(update, 488))
            return
        timer = self._timer_of(update)
        if timer is not None:
            headers = (*self._signals.allow(), *timer.headers)
            contact = self.dialog.contact
            self._respond_in_dialog(messages.respond(update, 200, contact=contact, headers=headers))
            self._agree(timer.agreement)

    def informed(self, info: Request) -> None:
        """Take a key that comes by INFO instead of RFC 4733."""
        if not info.content_type.startswith("application/dtmf"):
            self._respond_in_dialog(messages.respond(info, 415))
            return
        self._respond_in_dialog(messages.respond(info, 200))
        signal = _SIGNAL.fullmatch(info.body)
        if signal is not None:
            self._telephone.hands.on_key(self._leg, signal[1].decode())

    def was_asked(self, options: Request) -> None:
        """Say that we are still there (RFC 3261 section 11)."""
        self._respond_in_dialog(messages.respond(options, 200, headers=self._signals.allow()))

    def referred(self, refer: Request) -> None:
        """Move nothing: nobody outside sends our calls elsewhere (toll fraud)."""
        self._respond_in_dialog(messages.respond(refer, 403))

    # --- the session ------------------------------------------------------------------------------

    def _agree(self, agreement: session_timer.Agreement | None) -> None:
        self._agreement = agreement
        if agreement is not None:
            self._watch(agreement)

    def _watch(self, agreement: session_timer.Agreement) -> None:
        now = self._signals.now()
        at = agreement.refresh_at(now) if agreement.we_refresh else agreement.ends_at(now)
        self._session_at = at
        self._signals.at(at, lambda: self._session_due(at))

    def _session_due(self, at: float) -> None:
        """Refresh the session if that is on us, or end one that nobody refreshed."""
        if at != self._session_at or not self.is_answered or self._agreement is None:
            return
        if not self._agreement.we_refresh:
            self._say_goodbye()
            self._telephone.hands.left(self._leg, "timed_out")
        elif not self.dialog.invite_is_pending:
            self._refresh(self._agreement)
            self._watch(self._agreement)

    def _refresh(self, agreement: session_timer.Agreement) -> None:
        headers = session_timer.offer(seconds=agreement.interval_seconds)
        if self._knows_update:
            request = self.dialog.request("UPDATE", via=self._via(), headers=headers)
            self._ask(request, self._answered_in_talk)
            return
        if self._changes is None:
            prover = Prover(credentials=None, token=self._signals.token)
            self._changes = Reoffer(self.dialog, via=self._via, draw=self._draw, prover=prover)
        begun = self._changes.begin(self._sdp, self._signals.now(), headers=headers)
        self._change(self._changes, begun)

    def _change(self, changes: Reoffer, outputs: Sequence[reoffer.Output]) -> None:
        """Ask for a change of the call by re-INVITE, again if both ends asked at once."""
        for output in outputs:
            if isinstance(output, Ask):
                self._ask(output.request, partial(self._change_answered, changes, output.request))
        at = changes.timer()
        if at is not None:
            self._signals.at(at, lambda: self._change(changes, changes.fire(self._signals.now())))

    def _change_answered(
        self, changes: Reoffer, request: Request, response: Response | None
    ) -> None:
        now = self._signals.now()
        if response is None:
            self._change(changes, changes.timed_out(request, now))
        else:
            self._change(changes, changes.response_received(response, now))
        self._look_whether_over(response)

    def _draw(self) -> float:
        return int(self._signals.token(), 16) % 1_000 / 1_000

    def _answered_in_talk(self, response: Response | None) -> None:
        """Take the answer to a request of ours; None if there was none at all."""
        if response is not None:
            self.dialog.response_received(response)
        self._look_whether_over(response)

    def _look_whether_over(self, response: Response | None) -> None:
        if response is not None and response.status < 200:
            return
        if self._state == "over":
            self._telephone.forget(self)
        elif self.is_answered and (response is None or self.dialog.state == "ended"):
            self._over()
            self._telephone.hands.left(self._leg, "lost")

    # --- inside -----------------------------------------------------------------------------------

    def _via(self) -> heads.Via:
        return self._signals.via(self._way())

    def _way(self) -> Remote:
        return self._signals.way_to(self.dialog.next_hop, self.source)

    def _ask(self, request: Request, then: Callable[[Response | None], None]) -> None:
        self._signals.ask(request, self._way(), then)

    def _accepting(self, invite: Request, timer: session_timer.Answer) -> Response:
        self._agree(timer.agreement)
        return messages.respond(
            invite,
            200,
            tag=self.dialog.local.tag or "",
            contact=self.dialog.contact,
            headers=(*self._signals.allow(), *timer.headers),
            body=self._sdp,
            content_type=SDP,
        )

    def _answer_again(self, invite: Request, sdp: str | None, *, is_offer: bool = False) -> None:
        if not self.is_answered:
            return
        if sdp is None:
            self._respond_in_dialog(messages.respond(invite, 488))
            return
        self._sdp = sdp.encode()
        timer = self._timer_of(invite)
        if timer is not None:
            self._awaits_answer = is_offer
            response = self._accepting(invite, timer)
            self.dialog.response_sent(response)
            self._signals.accept(self.dialog.id, response)

    def _timer_of(self, request: Request) -> session_timer.Answer | None:
        try:
            timer = session_timer.answer(request)
        except PeerError:
            self._respond_in_dialog(messages.respond(request, 400))
            return None
        if timer.status is None:
            return timer
        self._respond_in_dialog(messages.respond(request, timer.status, headers=timer.headers))
        return None

    def _respond_in_dialog(self, response: Response) -> None:
        self.dialog.response_sent(response)
        self._signals.respond(response)

    def _say_goodbye(self, headers: tuple[Header, ...] = ()) -> None:
        bye = self.dialog.request("BYE", via=self._via(), headers=headers)
        self._ask(bye, self._answered_in_talk)
        self._signals.forget(self.dialog.id)  # Known until its BYE is answered.
        self._end()

    def _over(self) -> None:
        self._telephone.forget(self)
        self._end()

    def _end(self) -> None:
        self._state = "over"
        self._agreement = None


def describes_speech(request: Request) -> bool:
    """Say whether a request describes audio that the media can take."""
    try:
        audio = descriptions.parse(request.body).audio if request.body else None
    except PeerError:
        return False
    return audio is not None and any(audio.codec(name) for name in descriptions.PREFERRED)


def _is_there(response: Response | None) -> bool:
    return response is not None and response.status not in GONE
