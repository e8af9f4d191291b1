"""
One call that came by SIP: from the INVITE to the last BYE.

A line is in exactly one of these states:

    new       the INVITE is here; nothing but a 100 has been said
    answered  our 2xx is out, and repeated until its ACK comes
    talking   the ACK has come
    over      nothing more will be said; a BYE that crosses ours is still answered

A BYE of ours waits for the ACK (RFC 3261 section 15). What the far side ends is told to the hands
once; what the hands end is told to the far side once.

Refuses: to know other lines; to decide anything about the call.
"""

import re
from collections.abc import Callable
from typing import Protocol

from callfloor.wire.errors import PeerError
from callfloor.wire.sip import headers as heads
from callfloor.wire.sip import machines, session_timer
from callfloor.wire.sip import message as messages
from callfloor.wire.sip.dialog import Dialog
from callfloor.wire.sip.message import Header, Request, Response

SDP = "application/sdp"
STATUSES = {"no_such_number": 404, "no_capacity": 503, "lost": 503, "busy": 486}
"""A reason of the exchange to the status of a call that was not answered; anything else is 480."""
_SIGNAL = re.compile(rb"\s*(?:signal[ \t]*=[ \t]*)?([0-9*#])\s*(?:\n.*)?", re.I | re.DOTALL)


class Ends(Protocol):
    """Who is told what the far side does (`hands.Hands`)."""

    def left(self, leg: str, reason: str) -> None:
        """The customer has ended his side."""

    def on_key(self, leg: str, key: str) -> None:
        """One key was pressed."""

    def renew(self, leg: str, sdp: str, then: Callable[[str | None], None]) -> None:
        """The far side offers something else."""


class Switchboard(Protocol):
    """What a line needs of the telephone that it hangs on (`telephone.Telephone`)."""

    now: Callable[[], float]

    @property
    def hands(self) -> Ends:
        """Give whoever is told what the far side does."""

    def respond(self, response: Response) -> None:
        """Send a response."""

    def request(self, request: Request, line: "SipLine") -> None:
        """Send a request inside a dialog."""

    def accept(self, line: "SipLine", response: Response) -> None:
        """Send a 2xx until it is acknowledged."""

    def watch_session(self, line: "SipLine", at: float) -> None:
        """Call `session_due` at an instant."""

    def closing(self, line: "SipLine") -> None:
        """Send nothing more of a call, but know it until its BYE is answered."""

    def forget(self, line: "SipLine") -> None:
        """Let go of a call that is over."""

    def tag_for(self, request: Request) -> str:
        """Give our tag for a request."""

    def via(self) -> heads.Via:
        """Make the Via of a request of ours."""

    def contact(self) -> heads.Address:
        """Give the address at which the floor is reached."""

    def allow(self) -> tuple[Header, ...]:
        """Write what is understood here."""


class SipLine:
    """The floor's end of one SIP dialog; a `hands.Line`."""

    kind = "rtp"

    def __init__(
        self, telephone: Switchboard, invite: Request, *, key: machines.Key, source: machines.Remote
    ) -> None:
        self.key = key
        self.source = source
        self.offer = invite.body.decode("utf-8", "replace")
        self._telephone = telephone
        self._invite = invite
        self._leg = ""
        self._state = "new"
        self.dialog: Dialog = Dialog.of_callee(
            invite, tag=telephone.tag_for(invite), contact=telephone.contact()
        )
        self._sdp = b""
        self._wants_bye = False
        # the session timer (RFC 4028)
        self._agreement: session_timer.Agreement | None = None
        self._session_at: float | None = None

    @property
    def is_over(self) -> bool:
        """Say whether the call has ended."""
        return self._state == "over"

    @property
    def is_answered(self) -> bool:
        """Say whether our 2xx has gone out."""
        return self._state in ("answered", "talking")

    # --- the hands' side (hands.Line) -------------------------------------------------------------

    def named(self, item: str, leg: str) -> None:
        """Learn under which leg the call goes."""
        self._leg = leg

    def accepted(self) -> None:
        """The call is in the journal: the caller may know that it was heard."""
        if self._state == "new":
            self._telephone.respond(messages.respond(self._invite, 100))

    def answer(self, sdp: str) -> None:
        """Take the call with this SDP of ours."""
        if self._state != "new":
            return
        self._sdp = sdp.encode()
        try:
            timer = session_timer.answer(self._invite)
        except PeerError:
            self._refuse_with(400)
            return
        if timer.status is not None:
            self._refuse_with(timer.status, timer.headers)
            return
        response = self._accepting(self._invite, timer)
        self.dialog.response_sent(response)
        self._state = "answered"
        self._telephone.accept(self, response)

    def refuse(self, reason: str) -> None:
        """Do not take the call."""
        if self._state == "new":
            self._end_unanswered(STATUSES.get(reason, 480))

    def hang_up(self, reason: str) -> None:
        """End the call, whatever state it is in."""
        if self._state == "new":
            self.refuse(reason)
        elif self._state == "answered":
            self._wants_bye = True
        elif self._state == "talking":
            self._say_goodbye()

    # --- the far side -----------------------------------------------------------------------------

    def acknowledged(self) -> None:
        """The ACK of our 2xx has come."""
        if self._state == "answered":
            self._state = "talking"
            if self._wants_bye:
                self._say_goodbye()

    def unacknowledged(self) -> None:
        """No ACK came in 32 s: whoever called is not there any more."""
        if self.is_answered:
            self._say_goodbye()
            self._telephone.hands.left(self._leg, "timed_out")

    def cancelled(self) -> None:
        """The caller gave up before our 2xx."""
        if self._state == "new":
            self._end_unanswered(487)
            self._telephone.hands.left(self._leg, "cancelled")

    def said_goodbye(self, bye: Request) -> None:
        """The caller hung up."""
        self._telephone.respond(messages.respond(bye, 200))
        self._over()
        self._telephone.hands.left(self._leg, "hung_up")

    def invited_again(self, invite: Request) -> None:
        """The far side holds, resumes, or only shows that it is alive (RFC 3261 section 14)."""
        if invite.body and self._state == "talking":
            offer = invite.body.decode("utf-8", "replace")
            self._telephone.hands.renew(
                self._leg, offer, lambda sdp: self._answer_again(invite, sdp)
            )
        else:
            self._answer_again(invite, self._sdp.decode())

    def updated(self, update: Request) -> None:
        """The far side refreshes the session (RFC 3311), without a change of media."""
        if update.body:
            self._respond_in_dialog(messages.respond(update, 488))
            return
        timer = self._timer_of(update)
        if timer is not None:
            headers = (*self._telephone.allow(), *timer.headers)
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

    def answered_by_peer(self, response: Response) -> None:
        """Take the answer to a request of ours."""
        self.dialog.response_received(response)
        if response.status < 200:
            return
        if response.cseq.method == "INVITE" and response.status < 300:
            self._telephone.request(self.dialog.ack(response, via=self._telephone.via()), self)
        if self._state == "over":
            self._telephone.forget(self)
        elif self.dialog.state == "ended" and self.is_answered:
            self._over()
            self._telephone.hands.left(self._leg, "lost")
        elif response.cseq.method != "BYE" and response.status < 300:
            self._agree(self._agreement)

    def unanswered(self) -> None:
        """A request of ours got no answer at all: the far side is gone."""
        if self._state == "over":
            self._telephone.forget(self)
        elif self.is_answered:
            self._over()
            self._telephone.hands.left(self._leg, "lost")

    def session_due(self, at: float, now: float) -> None:
        """Refresh the session if that is on us, or end one that nobody refreshed."""
        if at != self._session_at or not self.is_answered or self._agreement is None:
            return
        if not self._agreement.we_refresh:
            self._say_goodbye()
            self._telephone.hands.left(self._leg, "timed_out")
        elif not self.dialog.invite_is_pending:
            self._refresh(self._agreement)
            self._watch(now)

    # --- inside -----------------------------------------------------------------------------------

    def _accepting(self, invite: Request, timer: session_timer.Answer) -> Response:
        self._agree(timer.agreement)
        return messages.respond(
            invite,
            200,
            tag=self.dialog.local.tag or "",
            contact=self.dialog.contact,
            headers=(*self._telephone.allow(), *timer.headers),
            body=self._sdp,
            content_type=SDP,
        )

    def _answer_again(self, invite: Request, sdp: str | None) -> None:
        if not self.is_answered:
            return
        if sdp is None:
            self._respond_in_dialog(messages.respond(invite, 488))
            return
        self._sdp = sdp.encode()
        timer = self._timer_of(invite)
        if timer is not None:
            response = self._accepting(invite, timer)
            self.dialog.response_sent(response)
            self._telephone.accept(self, response)

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

    def _agree(self, agreement: session_timer.Agreement | None) -> None:
        self._agreement = agreement
        if agreement is not None:
            self._watch(self._telephone.now())

    def _watch(self, now: float) -> None:
        assert self._agreement is not None, "there is something to watch"
        if self._agreement.we_refresh:
            self._session_at = self._agreement.refresh_at(now)
        else:
            self._session_at = self._agreement.ends_at(now)
        self._telephone.watch_session(self, self._session_at)

    def _refresh(self, agreement: session_timer.Agreement) -> None:
        headers = session_timer.offer(seconds=agreement.interval_seconds)
        via = self._telephone.via()
        if "UPDATE" in self._invite.values("Allow"):
            request = self.dialog.request("UPDATE", via=via, headers=headers)
        else:
            request = self.dialog.request(
                "INVITE", via=via, headers=headers, body=self._sdp, content_type=SDP
            )
        self._telephone.request(request, self)

    def _respond_in_dialog(self, response: Response) -> None:
        self.dialog.response_sent(response)
        self._telephone.respond(response)

    def _refuse_with(self, status: int, headers: tuple[Header, ...] = ()) -> None:
        # Only now: until the exchange took the call nobody could know that it would be.
        self._end_unanswered(status, headers)
        self._telephone.hands.left(self._leg, "lost")

    def _end_unanswered(self, status: int, headers: tuple[Header, ...] = ()) -> None:
        tag = self.dialog.local.tag or ""
        self._telephone.respond(messages.respond(self._invite, status, tag=tag, headers=headers))
        self._over()

    def _say_goodbye(self) -> None:
        bye = self.dialog.request("BYE", via=self._telephone.via())
        self._telephone.request(bye, self)
        self._telephone.closing(self)
        self._end()

    def _over(self) -> None:
        self._telephone.forget(self)
        self._end()

    def _end(self) -> None:
        self._state = "over"
        self._agreement = None
