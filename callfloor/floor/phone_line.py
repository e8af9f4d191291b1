"""
The floor's end of a dialog with an agent's telephone, whoever had called.

It differs from a customer's line in three things: requests go to where the telephone registered
from, its REFERs are obeyed, and what its far side does is an agent's wish and not a customer's.

Refuses: to know which agent; to decide what a wish means (`phones`).
"""

from collections.abc import Callable
from typing import Protocol

from callfloor.floor.signals import Signals
from callfloor.floor.sip_line import SipLine
from callfloor.floor.sip_talk import Switchboard, Talk
from callfloor.wire.sip import machines
from callfloor.wire.sip import message as messages
from callfloor.wire.sip.calling import Answered
from callfloor.wire.sip.headers import Via
from callfloor.wire.sip.machines import Remote
from callfloor.wire.sip.message import Header, Request


class Wishes(Protocol):
    """Who hears what a telephone does (`phones.Phones`)."""

    def left(self, leg: str, reason: str) -> None:
        """The telephone has ended a dialog, named as the line was."""

    def on_key(self, leg: str, key: str) -> None:
        """One key came by INFO."""

    def renew(self, leg: str, sdp: str, then: Callable[[str | None], None]) -> None:
        """The telephone holds, resumes or moved."""

    def propose(self, leg: str, then: Callable[[str | None], None]) -> None:
        """The telephone wants our offer."""

    def settle(self, leg: str, sdp: str) -> None:
        """Its answer to our offer."""

    def referred(self, leg: str, request: Request) -> None:
        """The telephone wants its call moved; it is owed an answer."""


class Board:
    """The switchboard of telephones' lines: that of the house, with other ears."""

    def __init__(self, telephone: Switchboard, wishes: Wishes) -> None:
        self.hands = wishes
        self.signals: Signals = telephone.signals
        self._telephone = telephone

    def enter(self, line: Talk) -> None:
        """Know a line by its dialog."""
        self._telephone.enter(line)

    def forget(self, line: Talk) -> None:
        """Let go of a line that is over."""
        self._telephone.forget(line)


class PhoneTalk(Talk):
    """What all lines of telephones have in common."""

    board: Board

    @property
    def name(self) -> str:
        """Give the name by which `Wishes` know this line."""
        return self._leg

    def referred(self, refer: Request) -> None:
        """Hand a REFER to whoever knows what is meant."""
        self.board.hands.referred(self._leg, refer)

    def respond_to(
        self, request: Request, status: int, *, headers: tuple[Header, ...] = ()
    ) -> None:
        """Answer a request inside the dialog."""
        contact = self.dialog.contact if status < 300 else None
        self._respond_in_dialog(messages.respond(request, status, contact=contact, headers=headers))

    def via(self) -> Via:
        """Make the Via of a request to the telephone."""
        return self._via()

    def tell(self, request: Request | None) -> None:
        """Send a NOTIFY of ours; None if there is nothing to tell."""
        if request is not None:
            self._ask(request, self._answered_in_talk)

    def _way(self) -> Remote:
        # Behind a translation of addresses nothing else is reached than where it speaks from.
        return self.source


class RungLine(PhoneTalk):
    """A dialog that began by our ringing a telephone."""

    def __init__(
        self, board: Board, answered: Answered, *, name: str, source: Remote, sdp: str
    ) -> None:
        super().__init__(board, source=source)
        self.board = board
        self.named("", name)
        self.dialog = answered.dialog
        self.offer = answered.sdp.decode("utf-8", "replace")
        self._sdp = sdp.encode()
        self._knows_update = "UPDATE" in answered.response.values("Allow")
        self._state = "talking"  # The ACK has gone out.
        board.enter(self)
        self._agree(answered.agreement)

    def refuse(self, reason: str) -> None:
        """Never: it has been answered."""
        raise AssertionError("a line that was rung has a 2xx")


class PhoneCall(SipLine, PhoneTalk):
    """A call that an agent's telephone makes."""

    def __init__(
        self,
        board: Board,
        invite: Request,
        *,
        key: machines.Key,
        source: Remote,
        name: str,
    ) -> None:
        super().__init__(board, invite, key=key, source=source)
        self.board = board
        self.named("", name)
        self.invite = invite

    def end_with(self, status: int) -> None:
        """Refuse the call with a status of its own."""
        if self._state == "new":
            self._end_unanswered(status)
