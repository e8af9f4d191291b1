"""
A call that comes in by SIP, from the INVITE to our 2xx; what follows is a `sip_talk.Talk`.

Refuses: to know other lines; to decide anything about the call.
"""

from callfloor.floor.sip_talk import Switchboard, Talk
from callfloor.wire.errors import PeerError
from callfloor.wire.sip import machines, session_timer
from callfloor.wire.sip import message as messages
from callfloor.wire.sip.dialog import Dialog
from callfloor.wire.sip.message import Header, Request

STATUSES = {"no_such_number": 404, "no_capacity": 503, "lost": 503, "busy": 486}
"""A reason of the exchange to the status of a call that was not answered; anything else is 480."""


class SipLine(Talk):
    """The floor's end of a call that came in; a `customers.Line`."""

    def __init__(
        self, telephone: Switchboard, invite: Request, *, key: machines.Key, source: machines.Remote
    ) -> None:
        super().__init__(telephone, source=source)
        self.key = key
        self.offer = invite.body.decode("utf-8", "replace")
        self._invite = invite
        self._knows_update = "UPDATE" in invite.values("Allow")
        self.dialog = Dialog.of_callee(
            invite,
            tag=self._signals.tag_for(invite),
            contact=self._signals.place.contact(source.transport),
        )

    # --- the hands' side (customers.Line) ---------------------------------------------------------

    def accepted(self) -> None:
        """The call is in the journal: the caller may know that it was heard."""
        if self._state == "new":
            self._signals.respond(messages.respond(self._invite, 100))

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
        self._awaits_answer = not self.offer
        self._telephone.enter(self)
        self._signals.accept(self.dialog.id, response)

    def refuse(self, reason: str) -> None:
        """Do not take the call."""
        if self._state == "new":
            self._end_unanswered(STATUSES.get(reason, 480))

    # --- the far side -----------------------------------------------------------------------------

    def cancelled(self) -> None:
        """The caller gave up before our 2xx."""
        if self._state == "new":
            self._end_unanswered(487)
            self._telephone.hands.left(self._leg, "cancelled")

    # --- inside -----------------------------------------------------------------------------------

    def _refuse_with(self, status: int, headers: tuple[Header, ...] = ()) -> None:
        # Only now: until the exchange took the call nobody could know that it would be.
        self._end_unanswered(status, headers)
        self._telephone.hands.left(self._leg, "lost")

    def _end_unanswered(self, status: int, headers: tuple[Header, ...] = ()) -> None:
        tag = self.dialog.local.tag or ""
        self._signals.respond(messages.respond(self._invite, status, tag=tag, headers=headers))
        self._over()
