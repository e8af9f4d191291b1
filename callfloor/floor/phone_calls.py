"""
What an agent begins on his telephone: a call, a question to somebody, the transfer of his customer.

He dials a colleague's or a queue's short number, or a number; with a customer on the line it is a
question, else a call. REFER moves his customer: to a colleague or a queue at once, to a number by
asking it first and handing him over when it answers, to the dialog of his question by completing
that. All of it passes the same gates as what he does on his desk.

Refuses: to decide whether he may: the exchange says so, and its word becomes a status here.
"""

from collections.abc import Callable
from typing import Protocol

from callfloor.core import events, facts, plan, state
from callfloor.floor import extensions, ids
from callfloor.floor.callees import Asked, BadNumber, Callees
from callfloor.floor.devices import Devices
from callfloor.floor.extensions import Target
from callfloor.floor.floor import Floor
from callfloor.floor.media_client import Media
from callfloor.floor.phone_line import PhoneCall, PhoneTalk
from callfloor.floor.phone_seat import Move, Seat
from callfloor.floor.seals import Seals
from callfloor.wire.errors import PeerError
from callfloor.wire.sip import refer
from callfloor.wire.sip.dialog import DialogId
from callfloor.wire.sip.message import Header, Request
from callfloor.wire.sip.refer import Progress

NO_NUMBER = 484  # Address Incomplete.
STATUSES = {
    "busy": 486, "agent_busy": 486, "to_yourself": 486, "consulting": 486, "item_exists": 486,
    "agent_not_there": 480, "not_signed_in": 480, "no_device": 480, "queue_full": 480,
    "unknown_queue": 404,
    "no_trunk": 503,
}  # fmt: skip
"""A refusal of the exchange to the status that the telephone shows; any other is 403."""
NO_PROGRESS: Header = ("Refer-Sub", "false")  # RFC 4488 section 4.


class Keeper(Protocol):
    """Who keeps the seats and their lines (`phones.Phones`)."""

    def know(self, seat: Seat, line: PhoneTalk) -> None:
        """Keep a line that is up."""

    def let_go(self, seat: Seat, line: PhoneTalk) -> None:
        """Hang a line up."""


class PhoneCalls:
    """What agents' telephones begin."""

    def __init__(
        self,
        *,
        keeper: Keeper,
        media: Media,
        devices: Devices,
        callees: Callees,
        seals: Seals,
        happen: Callable[..., None],
    ) -> None:
        self._keeper = keeper
        self._media = media
        self._devices = devices
        self._callees = callees
        self._seals = seals
        self._happen = happen
        self._floor: Floor

    def bind(self, floor: Floor) -> None:
        """Say on whose floor they are."""
        self._floor = floor

    # --- calling ----------------------------------------------------------------------------------

    def called(self, seat: Seat, line: PhoneCall, floor_plan: plan.FloorPlan) -> None:
        """Take a call of an agent's telephone, or refuse it."""
        target = extensions.find(line.invite.target.user or "", floor_plan)
        work = self.serving(seat.agent)
        if target.number in floor_plan.emergency:
            self._seat(seat.agent)
        if not self._is_device(seat, work, is_emergency=target.number in floor_plan.emergency):
            line.end_with(403)
            return
        try:
            asked = self._asked(seat.agent, work, target, floor_plan)
        except BadNumber:
            line.end_with(NO_NUMBER)
            return
        refusal = self._floor.refusal(asked.event)
        if refusal is not None:
            self._refuse(line, asked, refusal)
            return
        line.accepted()
        self._media.offer(
            call=ids.agent_call(seat.agent),
            leg=seat.leg,
            kind="rtp",
            sdp=line.offer,
            then=lambda sdp: self._offered(seat, line, asked, sdp),
        )

    def _seat(self, agent: str) -> None:
        """Sign an agent in who has an emergency: nobody is asked to do that first."""
        sits = events.AgentSignedIn(agent=agent, ready=False)
        if self._floor.refusal(sits) is None:
            self._happen(sits)

    def _is_device(self, seat: Seat, work: state.Work | None, *, is_emergency: bool) -> bool:
        """Let the telephone be the device of an agent who lifts it; a browser comes first."""
        if self._devices.current(seat.agent) != seat.leg:
            if not is_emergency and (work is not None or self._devices.is_heard(seat.agent)):
                return False
            self._devices.take(seat.agent, seat.leg)
        return True

    def _asked(
        self, agent: str, work: state.Work | None, target: Target, floor_plan: plan.FloorPlan
    ) -> Asked:
        if work is not None:
            question = events.ConsultAsked(
                agent=agent, item=work.item.id, to_agent=target.agent, queue=target.queue
            )
            return self._callees.consult(question, target.number, floor_plan)
        if target.queue is not None:
            raise BadNumber  # Nobody waits in a queue of his own house.
        client = _client_of(agent, floor_plan)
        call = events.CallAsked(agent=agent, item="", leg="", client=client, to_agent=target.agent)
        return self._callees.call(call, target.number, floor_plan)

    def _refuse(self, line: PhoneCall, asked: Asked, refusal: str) -> None:
        self._close(asked)
        line.end_with(STATUSES.get(refusal, 403))

    def _close(self, asked: Asked) -> None:
        if isinstance(asked.event, events.CallAsked):
            self._seals.close_item(asked.event.item)

    def _offered(self, seat: Seat, line: PhoneCall, asked: Asked, sdp: str | None) -> None:
        refusal = "no_trunk" if sdp is None else self._floor.refusal(asked.event)
        if line.is_over or sdp is None or refusal is not None:
            self._refuse(line, asked, refusal or "")
            if not seat.lines:
                self._media.delete(call=ids.agent_call(seat.agent), leg=seat.leg)
            return
        line.answer(sdp)
        if not line.is_answered:  # Its session timer was refused.
            self._close(asked)
            return
        if isinstance(asked.event, events.ConsultAsked):
            seat.asking = line
        self._keeper.know(seat, line)
        self._floor.happen(asked.event, changes=asked.changes)

    # --- moving -----------------------------------------------------------------------------------

    def referred(
        self, seat: Seat, line: PhoneTalk, request: Request, floor_plan: plan.FloorPlan
    ) -> None:
        """Move a customer as his agent wants, or refuse it."""
        try:
            wanted = refer.read(request)
        except PeerError:
            line.respond_to(request, 400)
            return
        work = self.serving(seat.agent)
        if work is None:
            line.respond_to(request, 403)
            return
        progress = None
        if wanted.wants_progress:
            progress = Progress(line.dialog, request, via=line.via)
        move = Move(item=work.item.id, line=line, progress=progress)
        if wanted.replaces is not None:
            wish: events.Event | None = self._completion(seat, work, wanted.replaces.dialog)
        else:
            wish = self._wish(seat.agent, work, wanted.target.user or "", floor_plan)
        self._move(seat, move, request, wish)

    def _completion(
        self, seat: Seat, work: state.Work, replaced: DialogId
    ) -> events.TransferCompleted | None:
        """Read an attended transfer: it names one of the two dialogs of this telephone."""
        other = DialogId(
            call_id=replaced.call_id,
            local_tag=replaced.remote_tag,
            remote_tag=replaced.local_tag,
        )
        known = {line.dialog.id for line in seat.lines}
        if known.isdisjoint({replaced, other}):
            return None
        return events.TransferCompleted(agent=seat.agent, item=work.item.id)

    def _wish(
        self, agent: str, work: state.Work, dialed: str, floor_plan: plan.FloorPlan
    ) -> events.Event | None:
        target = extensions.find(dialed, floor_plan)
        item = work.item.id
        if target.number is None:
            return events.TransferAsked(
                agent=agent, item=item, to_agent=target.agent, queue=target.queue
            )
        try:
            question = events.ConsultAsked(agent=agent, item=item)
            return self._callees.consult(question, target.number, floor_plan).event
        except BadNumber:
            return None

    def _move(self, seat: Seat, move: Move, request: Request, wish: events.Event | None) -> None:
        refusal = "no_target" if wish is None else self._floor.refusal(wish)
        if wish is None or refusal is not None:
            move.line.respond_to(request, STATUSES.get(refusal or "", 403))
            return
        headers = () if move.progress is not None else (NO_PROGRESS,)
        move.line.respond_to(request, 202, headers=headers)
        move.tell(100)
        if isinstance(wish, events.ConsultAsked):
            seat.move = move
            self._happen(wish)
        else:
            self._happen(wish, then=lambda: move.tell(200))

    # --- what becomes of it -----------------------------------------------------------------------

    def settled(self, seat: Seat, fact: facts.Fact) -> None:
        """Go on with what waits for an answer."""
        if isinstance(fact, facts.ConsultAnswered):
            self._answered(seat)
        elif isinstance(fact, facts.ConsultOver):
            self._over(seat, fact.outcome)

    def _answered(self, seat: Seat) -> None:
        move = seat.move
        if move is not None:
            seat.move = None
            done = events.TransferCompleted(agent=seat.agent, item=move.item)
            self._happen(done, then=lambda: move.tell(200))

    def _over(self, seat: Seat, outcome: str) -> None:
        move, seat.move = seat.move, None
        if move is not None:
            move.tell(486 if outcome == "busy" else 480)
        asking, seat.asking = seat.asking, None
        # Who confers talks on in the dialog in which he asked.
        if asking is not None and outcome not in ("conference", "completed"):
            self._keeper.let_go(seat, asking)

    def serving(self, agent: str) -> state.Work | None:
        """Give the call in which an agent serves a customer now."""
        known = self._floor.exchange.house.agents.get(agent)
        for work in known.works if known is not None else ():
            if work.part == "serves" and work.phase == "talking" and work.item.channel == "call":
                return work
        return None


def _client_of(agent: str, floor_plan: plan.FloorPlan) -> str:
    """Name the client for whom an agent calls who cannot say: his first, else the centre's."""
    for each in floor_plan.agents:
        if each.key == agent and each.clients:
            return each.clients[0]
    return floor_plan.clients[0].key
