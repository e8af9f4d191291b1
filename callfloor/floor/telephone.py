"""
The telephone: who may call by SIP, and which line a message belongs to (RFC 3261).

Everything about messages, repetitions and dialogs is done by `wire.sip` and driven by `signals`;
here is decided only who may call, which line a message belongs to, and what a line says.

Refuses: to decide about a call; to look up a name (a hang of a resolver would stall every call).
"""

from collections.abc import Callable, Mapping
from typing import Protocol

from callfloor.core import plan
from callfloor.floor import gate, numbers
from callfloor.floor.hands import Hands
from callfloor.floor.line_table import LineTable
from callfloor.floor.passwords import Password
from callfloor.floor.phone_door import PhoneDoor
from callfloor.floor.phone_line import Board
from callfloor.floor.signals import Signals
from callfloor.floor.sip_line import SipLine
from callfloor.floor.sip_talk import Talk, describes_speech
from callfloor.floor.trunks import Trunks
from callfloor.wire.sip import dialog as dialogs
from callfloor.wire.sip import machines
from callfloor.wire.sip import message as messages
from callfloor.wire.sip.dialog import DialogId
from callfloor.wire.sip.machines import Remote
from callfloor.wire.sip.message import Header, Request

RETRY_AFTER: Header = ("Retry-After", "10")  # A journal that is stuck is tried again each second.


class Doors(Protocol):
    """What the telephone needs to know of the rest of the floor."""

    def is_stuck(self) -> bool:
        """Say whether the journal takes nothing, so that no new call may be accepted."""


class Telephone:
    """Every call that goes by SIP."""

    def __init__(
        self,
        *,
        hands: Hands,
        trunks: Trunks,
        doors: Doors,
        signals: Signals,
        region: str | None,
        note: Callable[[str, str], None],
    ) -> None:
        self.hands = hands
        self.trunks = trunks
        self.signals = signals
        self._doors = doors
        self._region = region
        self._lines: LineTable[Talk, SipLine] = LineTable()
        self._gate = gate.Gate(lines=trunks, knows_call=self._lines.knows_call, note=note)
        self.counts = self._gate.counts
        self._numbers: frozenset[str] = frozenset()
        self._take: dict[str, Callable[[Request, machines.Up, float], None]] = {
            "INVITE": self._invited,
            "ACK": self._acknowledged,
            "BYE": self._said_goodbye,
            "OPTIONS": self._asked_options,
            "INFO": self._informed,
            "UPDATE": self._updated,
            "REFER": self._referred,
        }
        self._phones = PhoneDoor(
            phones=hands.phones,
            passwords=trunks.passwords,
            board=Board(self, hands.phones),
            turn_away=self._turn_away,
            say=self._say,
        )
        self._take["REGISTER"] = self._phones.registered
        signals.listener = self

    def use(self, floor_plan: plan.FloorPlan) -> None:
        """Let the numbers and trunks of a plan hold."""
        dialed = (number.number for number in floor_plan.numbers)
        self._numbers = frozenset(each for each in dialed if plan.channel_of(each) == plan.CALL)
        self._gate.use(self._numbers)
        self._lines.shares.use(floor_plan)
        self.trunks.use(floor_plan)
        self._phones.use(floor_plan)

    def keep(self, known: Mapping[str, Password], *, changed: frozenset[str]) -> None:
        """
        Let other passwords hold from now on, by user name; `changed` names whose are others.

        A telephone that registered with an old one rings no more until it has proven the new one.
        """
        self.trunks.keep(known)
        self.trunks.passwords.forgive(changed)
        self._phones.forget(changed)

    # --- driven from outside ----------------------------------------------------------------------

    def receive(self, data: bytes, remote: Remote) -> None:
        """Take one message."""
        now = self.signals.now()
        if self._gate.admits(data, remote.host, now):
            self.signals.receive(data, remote)

    def may_connect(self, host: str) -> bool:
        """Say whether a connection from an address is taken."""
        return self._gate.may_connect(host, self.signals.now())

    # --- for the lines (sip_talk.Switchboard) -----------------------------------------------------

    def enter(self, line: Talk) -> None:
        """Know a line by its dialog."""
        if isinstance(line, SipLine):
            self._lines.answered(line.key)
        self._lines.enter(line)

    def forget(self, line: Talk) -> None:
        """Let go of a call that is over."""
        if isinstance(line, SipLine):
            self._lines.ended(line.key)
        if self._lines.forget(line):
            self.signals.forget(line.dialog.id)

    # --- what comes in (signals.Listener) ---------------------------------------------------------

    def requested(self, request: Request, up: machines.Up, now: float) -> None:
        """Take a request, or the ACK of a 2xx."""
        self._take[request.method](request, up, now)

    def cancelled(self, output: machines.Cancelled, now: float) -> None:
        """Take an INVITE back that has no final response."""
        line = self._lines.fresh(output.key)
        if line is not None:
            line.cancelled()
        else:
            self._say(output.request, 487)

    def unacknowledged(self, dialog_id: DialogId) -> None:
        """Hear that nobody acknowledged a 2xx."""
        line = self._lines.of_dialog(dialog_id)
        if line is not None:
            line.unacknowledged()

    def dropped(self, reason: str, remote: Remote, now: float) -> None:
        """Count what came and got no further."""
        self._gate.refused(remote.host, now)
        self._gate.dropped(reason, now)

    # --- calls that come in -----------------------------------------------------------------------

    def _invited(self, invite: Request, up: machines.Up, now: float) -> None:
        if invite.to.tag is not None:
            self._in_dialog(invite, up.remote, now, Talk.invited_again)
            return
        trunk = self._trunk_of(invite, up, now)
        if trunk is None:
            return
        called = self._called(invite, trunk)
        refusal = self._refusal(invite, called)
        if refusal is None and self._lines.shares.is_over(trunk, now):
            self._gate.full(up.remote.host, now)
            refusal = 503
        if refusal is not None:
            self._turn_away(invite, refusal, up.remote, now)
            return
        self._gate.dialed(invite.target.user or "")
        line = SipLine(self, invite, key=up.key, source=up.remote)
        self._lines.arrived(line, trunk=trunk)
        number, name = numbers.caller_of(invite, self._region)
        self.hands.arrive(line, called=called, number=number, name=name, trunk=trunk)

    def _trunk_of(self, invite: Request, up: machines.Up, now: float) -> str | None:
        """Name the trunk that a call comes by; None if it was refused, or is a telephone's."""
        remote = up.remote
        trunk = self.trunks.by_address(remote.host)
        if trunk is not None and not self._phones.speaks_from(remote):
            return trunk
        proof = self.trunks.passwords.prove(invite, remote.host, now)
        if not isinstance(proof, str):
            self._turn_away(invite, 401, remote, now, proof)
            return None
        trunk = self.trunks.by_user(proof)
        if trunk is None:
            self._called_from_inside(invite, up, proof, now)
        return trunk

    def _called_from_inside(self, invite: Request, up: machines.Up, user: str, now: float) -> None:
        # A telephone always offers; a provider may want ours (RFC 3261 section 13.2.1).
        refusal = self._cannot_take(invite) if invite.body else 488
        if refusal is not None:
            self._turn_away(invite, refusal, up.remote, now)
            return
        line = self._phones.line_of(invite, up, user, now)
        if line is not None:
            self._lines.arrived(line, trunk="")
            self._phones.called(line, user)

    def _called(self, invite: Request, trunk: str) -> str:
        dialed = invite.target.user or ""
        if dialed not in self._numbers and dialed == self.trunks.account_of(trunk):
            # Sent to our registration: only To says which of our numbers was meant.
            dialed = invite.to.uri.user or ""
        return dialed if dialed in self._numbers else numbers.normal(dialed, self._region)

    def _refusal(self, invite: Request, called: str) -> int | None:
        if called not in self._numbers:
            return 404
        return self._cannot_take(invite)

    def _cannot_take(self, invite: Request) -> int | None:
        if invite.body and not describes_speech(invite):
            return 488
        return 503 if self._lines.is_full() or self._doors.is_stuck() else None

    # --- requests inside a call -------------------------------------------------------------------

    def _acknowledged(self, ack: Request, _up: machines.Up, _now: float) -> None:
        dialog_id = dialogs.id_of_request(ack)
        line = self._lines.of_dialog(dialog_id)
        if dialog_id is None or line is None:
            return
        if self.signals.acknowledged(dialog_id, ack.cseq.number):
            line.acknowledged(ack)

    def _said_goodbye(self, bye: Request, up: machines.Up, now: float) -> None:
        self._in_dialog(bye, up.remote, now, Talk.said_goodbye)

    def _informed(self, info: Request, up: machines.Up, now: float) -> None:
        self._in_dialog(info, up.remote, now, Talk.informed)

    def _updated(self, update: Request, up: machines.Up, now: float) -> None:
        self._in_dialog(update, up.remote, now, Talk.updated)

    def _referred(self, refer: Request, up: machines.Up, now: float) -> None:
        self._in_dialog(refer, up.remote, now, lambda line, request: line.referred(request))

    def _asked_options(self, request: Request, up: machines.Up, now: float) -> None:
        if request.to.tag is not None:
            self._in_dialog(request, up.remote, now, Talk.was_asked)
        elif self.trunks.by_address(up.remote.host) is None:
            self._turn_away(request, 403, up.remote, now)
        else:
            self._gate.refused(up.remote.host, now)  # Pings in a flood are held to its pace too.
            self._answer_once(request, 200, (*self.signals.allow(), ("Accept", "application/sdp")))

    def _in_dialog(
        self,
        request: Request,
        remote: Remote,
        now: float,
        take: Callable[[Talk, Request], None],
    ) -> None:
        dialog_id = dialogs.id_of_request(request)
        line = self._lines.of_dialog(dialog_id)
        if line is None:
            self._turn_away(request, 481, remote, now)
        elif request.method != "BYE" and not self._lines.may_ask(line.dialog.id, now):
            self._gate.dropped("flood_of_call", now)
            self._turn_away(request, 500, remote, now, (("Retry-After", "1"),))
        elif line.is_over and request.method == "BYE":
            self._say(request, 200)  # It crossed ours: both ends agree.
        elif (status := line.dialog.request_received(request)) is None:
            take(line, request)
        else:
            # RFC 3261 section 14.2: some seconds at random, so that the two do not meet again.
            chance = int(self.signals.token(), 16) % 10
            self._say(request, status, (("Retry-After", str(chance)),) if status == 500 else ())

    # --- refusals ---------------------------------------------------------------------------------

    def _turn_away(
        self,
        request: Request,
        status: int,
        remote: Remote,
        now: float,
        headers: tuple[Header, ...] = (),
    ) -> None:
        """Refuse what belongs to no call, and keep nothing of it."""
        if status == 503:
            headers = (*headers, RETRY_AFTER)
        self._gate.refused(remote.host, now, challenged=status == 401)
        self._answer_once(request, status, headers)

    def _answer_once(self, request: Request, status: int, headers: tuple[Header, ...] = ()) -> None:
        tag = self.signals.tag_for(request)
        self.signals.answer_once(messages.respond(request, status, tag=tag, headers=headers))

    def _say(self, request: Request, status: int, headers: tuple[Header, ...] = ()) -> None:
        tag = self.signals.tag_for(request)
        self.signals.respond(messages.respond(request, status, tag=tag, headers=headers))
