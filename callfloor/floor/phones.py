"""
The telephones of agents as their audio: they ring, are taken, hold, and hang up.

An agent whose telephone is registered, and who has no browser that is heard, has it as his device:
one leg for the exchange, however many telephones there are. In the media the leg exists only while
a telephone rings or is in a call. What he does on it becomes the events that his desk would send,
and what the exchange does to him is done to the telephone: a call that he takes or makes on his
desk rings it, the end of his last call hangs it up.

Refuses: to decide; to know a customer's line; to tell anybody which of his telephones he took.
"""

from collections.abc import Callable, Collection

from callfloor.core import actions, events, facts, plan, state
from callfloor.floor import ids
from callfloor.floor.callees import Callees
from callfloor.floor.devices import Devices
from callfloor.floor.floor import Floor
from callfloor.floor.media_client import Media
from callfloor.floor.phone_calls import PhoneCalls
from callfloor.floor.phone_line import Board, PhoneCall, PhoneTalk, RungLine
from callfloor.floor.phone_seat import Seat
from callfloor.floor.registrar import Registrar
from callfloor.floor.ringing import Ringing
from callfloor.floor.seals import Seals
from callfloor.wire import sdp as descriptions
from callfloor.wire.errors import PeerError
from callfloor.wire.sip.calling import Answered
from callfloor.wire.sip.headers import Address
from callfloor.wire.sip.message import Header, Request
from callfloor.wire.sip.registrar import Binding
from callfloor.wire.sip.uri import Uri

# Who puts the handset down within this has let it slip: his telephones ring again, once (R9).
SLIP_SECONDS = 1.0
# A browser whose line is bad comes back within it (R41); its customer is kept for ten seconds.
PATIENCE_SECONDS = 5.0
PICK_UP_BY_ITSELF: Header = ("Call-Info", "<sip:callfloor>;answer-after=0")
"""For a call that was begun on the desk: telephones that know it need not be lifted."""
SOME_WORK = (
    facts.AgentChanged, facts.TalkEnded, facts.ConsultAnswered, facts.ConsultOver,
    facts.SuperviseOver, facts.DialEnded,
)  # fmt: skip


class Phones:
    """Every agent's telephones."""

    def __init__(
        self,
        *,
        media: Media,
        names: ids.Ids,
        devices: Devices,
        callees: Callees,
        seals: Seals,
        now: Callable[[], float],
        happen: Callable[..., None],
        remix: Callable[[actions.Mix], None],
        note: Callable[[str, str], None],
    ) -> None:
        self.registrar = Registrar(changed=self._registered)
        self._calls = PhoneCalls(
            keeper=self,
            media=media,
            devices=devices,
            callees=callees,
            seals=seals,
            happen=happen,
        )
        self._media = media
        self._seals = seals
        self._ids = names
        self._devices = devices
        self._now = now
        self._happen = happen
        self._remix = remix
        self._note = note
        self._floor: Floor
        self._board: Board
        self._plan: plan.FloorPlan
        self._seats: dict[str, Seat] = {}
        self._lines: dict[str, tuple[Seat, PhoneTalk]] = {}

    def bind(self, floor: Floor) -> None:
        """Say on whose floor they are."""
        self._floor = floor
        self._plan = floor.plan
        self._calls.bind(floor)

    def attach(self, board: Board) -> None:
        """Say how they are reached."""
        self._board = board

    def use(self, floor_plan: plan.FloorPlan) -> None:
        """Let the telephones of a plan hold."""
        self._plan = floor_plan
        self.registrar.use(floor_plan)

    def __len__(self) -> int:
        """Count the dialogs with telephones."""
        return len(self._lines)

    # --- whose device a telephone is --------------------------------------------------------------

    def _registered(self, agent: str) -> None:
        """Act on telephones that came or went."""
        seat = self._seats.get(agent)
        if seat is not None:
            seat.is_deaf = False
        self._refresh(agent)

    def _refresh(self, agent: str) -> None:
        seat = self._seats.get(agent)
        is_there = bool(self.registrar.telephones(agent, self._now()))
        if seat is None:
            if not is_there:
                return
            seat = self._seats[agent] = Seat(agent, self._new_leg(agent))
        if self._is_device(seat):
            if not is_there and not seat.lines and seat.ringing is None:
                self._devices.lose(agent, seat.leg)
        elif is_there and not seat.is_deaf and self._may_take(seat):
            self._offer_itself(seat)

    def _offer_itself(self, seat: Seat) -> None:
        """Let the telephone be the device; in a call only once it is lifted."""
        item = self._item_of(seat.agent)
        if item is None:
            seat.leg = self._new_leg(seat.agent)
            self._devices.take(seat.agent, seat.leg)
        elif seat.ringing is None:
            # A telephone that nobody lifts must not end the time that his customer is kept for.
            seat.leg = self._new_leg(seat.agent)
            self._begin(seat, self._customer_of(item), headers=(PICK_UP_BY_ITSELF,))

    def _may_take(self, seat: Seat) -> bool:
        known = self._floor.exchange.house.agents.get(seat.agent)
        is_seated = known is not None and known.state != "signed_out"
        is_patient = self._now() < seat.patient_until
        return is_seated and not is_patient and not self._devices.is_heard(seat.agent)

    def _is_device(self, seat: Seat) -> bool:
        return self._devices.current(seat.agent) == seat.leg

    def _new_leg(self, agent: str) -> str:
        return ids.agent_leg(agent, self._ids.token())

    # --- what the exchange wants ------------------------------------------------------------------

    def ring(self, action: actions.Ring) -> None:
        """Let an agent's telephones ring, unless he is in a call on one of them."""
        seat = self._seats.get(action.agent)
        if seat is None or action.channel != "call":
            return
        if not self._is_device(seat) or self._needs_audio(seat.agent):
            return
        self._release(seat)
        seat.offer = action.offer
        seat.has_slipped = False
        self._begin(seat, self._shown_for(action))

    def stop_ring(self, action: actions.StopRing) -> None:
        """Let them ring no more; what the desk took rings on until it is lifted."""
        seat = self._seats.get(action.agent)
        if seat is None or seat.offer != action.offer:
            return
        seat.offer = None
        if action.reason != "answered":
            self._release(seat)

    def mixed(self, action: actions.Mix) -> None:
        """Keep who hears whom for a telephone that is not in its call yet."""
        for leg in action.legs:
            seat = self._seat_of(leg)
            if seat is not None:
                seat.mix = action
                self.needed(leg, action.item)

    def needed(self, leg: str, item: str) -> None:
        """Let an agent's telephone ring that has to be in a call and is not."""
        seat = self._seat_of(leg)
        if seat is None or seat.lines or seat.ringing is not None:
            return
        if self._needs_audio(seat.agent):
            self._begin(seat, self._customer_of(item), headers=(PICK_UP_BY_ITSELF,))

    def _customer_of(self, item: str) -> Address:
        return self._address(self._seals.caller_of(item), self._plan.centre)

    def _seat_of(self, leg: str) -> Seat | None:
        agent = self._devices.agent_of(leg)
        seat = self._seats.get(agent) if agent is not None else None
        return seat if seat is not None and seat.leg == leg else None

    def settled(self, fact: facts.Fact) -> None:
        """Follow what an agent does: his seat, his device, the end of his calls."""
        if isinstance(fact, facts.DeviceChanged):
            self._device_changed(fact)
        elif isinstance(fact, SOME_WORK):
            seat = self._seats.get(fact.agent)
            if seat is not None:
                self._calls.settled(seat, fact)
                if not self._needs_audio(fact.agent) and seat.offer is None:
                    self._release(seat)
            if isinstance(fact, facts.AgentChanged):
                self._refresh(fact.agent)
                if seat is not None and fact.item is not None:
                    self.needed(seat.leg, fact.item)

    def _device_changed(self, fact: facts.DeviceChanged) -> None:
        agent = fact.agent
        seat = self._seats.get(agent)
        if seat is not None and not self._is_device(seat):
            self._release(seat)  # A browser took its place.
            if not fact.up and self._devices.current(agent) is not None:
                seat.patient_until = self._now() + PATIENCE_SECONDS
                self._board.signals.at(seat.patient_until, lambda: self._refresh(agent))
        self._refresh(agent)

    def _needs_audio(self, agent: str) -> bool:
        return self._item_of(agent) is not None

    def _item_of(self, agent: str) -> str | None:
        """Name the call that an agent is in or hears into."""
        known = self._floor.exchange.house.agents.get(agent)
        if known is None:
            return None
        for work in known.works:
            if work.phase in state.LIVE and work.item.channel == "call":
                return work.item.id
        return known.watch.item.id if known.watch is not None else None

    # --- ringing ----------------------------------------------------------------------------------

    def _begin(self, seat: Seat, shown: Address, *, headers: tuple[Header, ...] = ()) -> None:
        ringing = Ringing(
            self._board.signals,
            won=lambda answered, binding: self._won(seat, answered, binding),
            lost=lambda reasons: self._lost(seat, reasons),
        )
        seat.ringing = ringing

        def created(sdp: str | None) -> None:
            if seat.ringing is ringing:
                self._created(seat, ringing, sdp, shown, headers)

        self._media.create(call=ids.agent_call(seat.agent), leg=seat.leg, then=created)

    def _created(
        self,
        seat: Seat,
        ringing: Ringing,
        sdp: str | None,
        shown: Address,
        headers: tuple[Header, ...],
    ) -> None:
        bindings = self.registrar.telephones(seat.agent, self._now())
        if sdp is None or not bindings:
            self._note("no_media_for_phone" if sdp is None else "no_phone", seat.agent)
            self._lost(seat, [])
            return
        seat.sdp = sdp
        if seat.mix is not None and self._needs_audio(seat.agent):
            self._remix(seat.mix)  # It named a leg that was not there yet.
        ringing.start(bindings, offer=sdp, caller=shown, headers=headers)

    def _won(self, seat: Seat, answered: Answered, binding: Binding) -> None:
        sdp = answered.sdp.decode("utf-8", "replace")
        line = RungLine(
            self._board, answered, name=self._ids.token(), source=binding.source, sdp=seat.sdp
        )
        seat.ringing = None
        seat.won_at = self._now()
        self.know(seat, line)
        self._media.answer(call=ids.agent_call(seat.agent), leg=seat.leg, sdp=sdp)
        if not self._is_device(seat):
            self._devices.take(seat.agent, seat.leg)
        offer, seat.offer = seat.offer, None
        if offer is not None:
            self._taken(seat, events.OfferAnswered(agent=seat.agent, offer=offer))

    def _taken(self, seat: Seat, event: events.OfferAnswered) -> None:
        if self._floor.refusal(event) is None:
            self._happen(event)
        else:  # It ended in the same moment.
            self._release(seat)

    def _lost(self, seat: Seat, reasons: list[str]) -> None:
        """Nobody lifts: a telephone that said no declines, one that said nothing is no device."""
        offer, seat.offer = seat.offer, None
        self._release(seat)
        if offer is not None and any(reason != "trunk_down" for reason in reasons):
            self._happen(events.OfferDeclined(agent=seat.agent, offer=offer))
            return
        seat.is_deaf = True
        self._devices.lose(seat.agent, seat.leg)

    def _shown_for(self, action: actions.Ring) -> Address:
        """Say what the telephone shows: the colleague who calls, or the customer's number."""
        if action.by is not None:
            return self._address(self._extension_of(action.by), action.by)
        return self._address(self._seals.caller_of(action.item), action.queue)

    def _extension_of(self, key: str) -> str | None:
        return next((agent.extension for agent in self._plan.agents if agent.key == key), None)

    def _address(self, user: str | None, display: str) -> Address:
        host = self._board.signals.place.host
        return Address(uri=Uri(user=user or "callfloor", host=host), display=display)

    # --- lines ------------------------------------------------------------------------------------

    def called(self, line: PhoneCall, agent: str) -> None:
        """Take a call that an agent makes on his telephone."""
        seat = self._seats.get(agent)
        if seat is None:
            seat = self._seats[agent] = Seat(agent, self._new_leg(agent))
        self._calls.called(seat, line, self._plan)

    def know(self, seat: Seat, line: PhoneTalk) -> None:
        """Keep a line that is up."""
        seat.lines.append(line)
        self._lines[line.name] = (seat, line)

    def let_go(self, seat: Seat, line: PhoneTalk) -> None:
        """Hang a line up."""
        if self._lines.pop(line.name, None) is not None:
            seat.lines.remove(line)
            line.hang_up("over")

    def _release(self, seat: Seat) -> None:
        """End whatever rings and whatever is up, and give the leg in the media back."""
        if seat.ringing is None and not seat.lines:
            return
        ringing, seat.ringing = seat.ringing, None
        if ringing is not None:
            ringing.stop()
        lines, seat.lines = seat.lines, []
        for line in lines:
            del self._lines[line.name]
            line.hang_up("over")
        seat.mix = seat.asking = seat.move = None
        self._media.delete(call=ids.agent_call(seat.agent), leg=seat.leg)

    # --- what a telephone does (phone_line.Wishes) ------------------------------------------------

    def left(self, leg: str, reason: str) -> None:
        """Take note that a telephone hung up, or is gone."""
        found = self._lines.pop(leg, None)
        if found is None:
            return
        seat, line = found
        seat.lines.remove(line)
        if line is seat.asking:
            seat.asking = None
            self._end_question(seat.agent)
        if seat.lines:
            return
        self._media.delete(call=ids.agent_call(seat.agent), leg=seat.leg)
        slips = not seat.has_slipped and self._now() - seat.won_at < SLIP_SECONDS
        if reason != "hung_up" or slips:
            seat.has_slipped = True
            is_only_one = len(self.registrar.telephones(seat.agent, self._now())) < 2
            seat.is_deaf = reason != "hung_up" and is_only_one
            self._again(seat)
        else:
            self._hung_up(seat)

    def _again(self, seat: Seat) -> None:
        """Keep the customer for an agent whose telephone is gone, and ring what is left of it."""
        self._devices.lose(seat.agent, seat.leg)
        self._refresh(seat.agent)

    def _end_question(self, agent: str) -> None:
        work = self._calls.serving(agent)
        if work is not None:
            ended = events.ConsultEnded(agent=agent, item=work.item.id)
            self._first_that_means_something([ended])

    def _hung_up(self, seat: Seat) -> None:
        """
        End what the agent was in.

        Who puts the handset down while his customer waits beside a question hands him over, if
        whoever was asked has answered; else his telephone rings again, so that nobody is cut.
        """
        agent = seat.agent
        known = self._floor.exchange.house.agents.get(agent)
        work = self._calls.serving(agent)
        if known is None:
            return
        if work is not None and work.item.consult is not None:
            item = work.item.id
            done = events.TransferCompleted(agent=agent, item=item)
            if not self._first_that_means_something([done]):
                self._end_question(agent)
                self._again(seat)
            return
        wishes: list[events.Event] = []
        if known.watch is not None:
            wishes.append(events.SuperviseEnded(agent=agent, item=known.watch.item.id))
        for work in known.works:
            item = work.item.id
            wishes.append(events.ConferenceLeft(agent=agent, item=item))
            wishes.append(events.HangUpAsked(agent=agent, item=item))
        self._first_that_means_something(wishes)

    def _first_that_means_something(self, wishes: list[events.Event]) -> bool:
        for wish in wishes:
            if self._floor.refusal(wish) is None:
                self._happen(wish)
                return True
        return False

    def on_key(self, leg: str, key: str) -> None:
        """Pass a key on that came by INFO; those of RFC 4733 go through the media by themselves."""
        found = self._lines.get(leg)
        work = self._calls.serving(found[0].agent) if found is not None else None
        if work is not None:
            item = work.item.id
            sealed = self._seals.digits(item, key)
            pressed = events.KeysAsked(agent=work.agent.key, item=item, count=1, sealed=sealed)
            self._first_that_means_something([pressed])

    def renew(self, leg: str, sdp: str, then: Callable[[str | None], None]) -> None:
        """Bring a changed description to the media, and read a hold out of it."""
        found = self._lines.get(leg)
        if found is None:
            then(None)
            return
        seat, _ = found
        self._media.offer(
            call=ids.agent_call(seat.agent), leg=seat.leg, kind="rtp", sdp=sdp, then=then
        )
        self._hold(seat.agent, is_held=_is_held(sdp))

    def propose(self, leg: str, then: Callable[[str | None], None]) -> None:
        """Let our media offer, because the telephone wants that."""
        if (found := self._lines.get(leg)) is None:
            then(None)
            return
        seat, _ = found
        self._media.create(call=ids.agent_call(seat.agent), leg=seat.leg, then=then)

    def settle(self, leg: str, sdp: str) -> None:
        """Bring its answer to the media, and read a hold out of it."""
        if (found := self._lines.get(leg)) is not None:
            seat, _ = found
            self._media.answer(call=ids.agent_call(seat.agent), leg=seat.leg, sdp=sdp)
            self._hold(seat.agent, is_held=_is_held(sdp))

    def _hold(self, agent: str, *, is_held: bool) -> None:
        known = self._floor.exchange.house.agents.get(agent)
        kind = events.HoldAsked if is_held else events.ResumeAsked
        works = known.works if known is not None else []
        self._first_that_means_something([kind(agent=agent, item=w.item.id) for w in works])

    def referred(self, leg: str, request: Request) -> None:
        """Move a call as its agent wants."""
        found = self._lines.get(leg)
        if found is not None:
            self._calls.referred(*found, request, self._plan)

    # --- what the media notices -------------------------------------------------------------------

    def silent(self, leg: str) -> None:
        """Ask a telephone that sends nothing whether it is still there; it may only be muted."""
        seat = self._seat_of(leg)
        if seat is None or not seat.lines:
            return
        line = seat.lines[-1]

        def probed(is_there: bool) -> None:
            if not is_there and line in seat.lines:
                line.hang_up("lost")
                self.left(line.name, "lost")

        line.probe(probed)

    def lost_media(self, legs: Collection[str]) -> None:
        """Hang up what the media worker took with it; what is left rings again."""
        for seat in self._seats.values():
            if seat.leg in legs and not self._is_device(seat):
                self._release(seat)
                self._refresh(seat.agent)

    def hang_up_all(self) -> None:
        """End every dialog: the floor is about to stop."""
        for seat in self._seats.values():
            self._release(seat)


def _is_held(sdp: str) -> bool:
    try:
        audio = descriptions.parse(sdp.encode()).audio
    except PeerError:
        return False
    return audio is not None and audio.is_held
