"""
The Exchange: everything that is decided in time, as one deterministic machine.

Events in, actions and facts out, `now` as an argument. The floor drives it with sockets, the twin
with a virtual clock. Its laws:

- Every change of state goes through `receive`. It first fires every timer that is due up to `now`,
  at its due instant and in order, so that a late loop changes no decision.
- `now` never goes back. A jump of the wall clock is the event ClockSet and moves calendars only.
- A command that means nothing now is refused by `refusal` before it is journaled, and passes
  without effect if it comes all the same. A report that comes too late passes likewise.
- An assertion that fails is a fault of ours: call `park(in_hand, now)`, and go on.

After each `receive`, take `facts()` (or `timed_facts()`) for the journal and `actions()` for the
sockets, and ask `timer()` when to call again.
"""

from collections.abc import Callable
from typing import Any

from callfloor.core import (
    actions,
    audio,
    callbacks,
    callers,
    closing,
    commands,
    consults,
    dialing,
    dials,
    emergencies,
    events,
    facts,
    flow,
    holds,
    offers,
    outward,
    plan,
    planning,
    presence,
    proofs,
    recording,
    refusals,
    routing,
    seats,
    state,
    supervision,
    talks,
    waiting,
)
from callfloor.core.actions import Action
from callfloor.core.facts import Fact

Handler = Callable[[Any], None]


class Exchange:
    """A centre's whole floor in memory."""

    def __init__(self, plan: plan.FloorPlan) -> None:
        self._reset(plan)

    def _reset(self, floor_plan: plan.FloorPlan, now: float = 0.0) -> None:
        house = state.State(floor_plan, routing.Matcher(floor_plan.queues))
        house.move_to(now)
        self._house = house
        self._audio = audio.Audio(house)
        self._closing = closing.Closing(house, self._audio)
        self._offers = offers.Offers(house)
        self._flows = flow.Flows(house, self._audio, self._closing)
        self._waiting = waiting.Waiting(house, self._offers, self._audio, self._flows.leave_queue)
        self._flows.waiting = self._waiting
        self._proofs = proofs.Proofs(house, self._waiting)
        self._proofs.begin()
        self._callbacks = callbacks.Callbacks(house, self._waiting, self._closing)
        self._flows.callbacks = self._callbacks
        self._closing.gone = self._callbacks.customer_gone
        self._wire_talks(house)
        self._callers = callers.Callers(
            house,
            self._flows,
            self._waiting,
            self._talks,
            self._audio,
            self._closing,
            self._callbacks,
        )
        self._emergencies = emergencies.Emergencies(house)
        self._handlers = self._table()
        self._reached = True

    def _wire_talks(self, house: state.State) -> None:
        """Make all that comes after the queue, and tell each part of those that it leads into."""
        holds_ = holds.Holds(house, self._audio)
        recording_ = recording.Recording(house, self._closing)
        self._dials = dials.Dials(house, self._audio, self._closing)
        self._talks = talks.Talks(
            house,
            self._offers,
            self._waiting,
            self._audio,
            self._closing,
            holds_,
            recording_,
            self._callbacks,
        )
        self._seats = seats.Seats(house, self._offers, self._waiting, self._talks)
        self._consults = consults.Consults(
            house,
            offers_=self._offers,
            talks_=self._talks,
            holds_=holds_,
            audio_=self._audio,
            closing_=self._closing,
            dials_=self._dials,
        )
        leaders = supervision.Supervision(
            house,
            offers_=self._offers,
            talks_=self._talks,
            consults_=self._consults,
            audio_=self._audio,
        )
        self._outward = outward.Outward(
            house,
            offers_=self._offers,
            talks_=self._talks,
            waiting_=self._waiting,
            seats_=self._seats,
            audio_=self._audio,
            dials_=self._dials,
            callbacks_=self._callbacks,
        )
        self._planning = planning.Planning(house, self._waiting, self._seats)
        self._commands = commands.Commands(
            house,
            offers_=self._offers,
            talks_=self._talks,
            seats_=self._seats,
            consults_=self._consults,
            outward_=self._outward,
            recording_=recording_,
            leaders=leaders,
        )
        self._talks.beside = self._consults
        self._talks.watched = leaders
        self._seats.leaders = leaders
        self._offers.unanswered = self._nobody_took
        self._dials.answered = self._reached_far_side
        self._dials.over = self._reached_nobody

    # --- the five verbs ---------------------------------------------------------------------------

    def receive(self, event: events.Event, now: float) -> None:
        """
        Fire what is due up to `now`, then let the event happen.

        Afterwards `facts`, `actions` and `timer` have news.
        """
        house = self._house
        assert now >= house.now, "the clock never goes back"
        self._reached = False
        due = house.timers.pop_due(now)
        while due is not None:
            house.move_to(due[0])
            house.in_hand = _item_of(due[2])
            due[1](due[2])
            due = house.timers.pop_due(now)
        house.move_to(now)
        self._reached = True
        house.in_hand = getattr(event, "item", None)
        self._handlers[type(event)](event)

    def timer(self) -> float | None:
        """Say when to call `receive` with nothing but the time; None if never."""
        return self._house.timers.next_at()

    def actions(self) -> list[Action]:
        """Hand over what is to be done, in order, once."""
        return self._house.drain_actions()

    def facts(self) -> list[Fact]:
        """Hand over what was decided, in order, once."""
        return self._house.drain_untimed()

    def timed_facts(self) -> list[tuple[float, Fact]]:
        """Hand over the same as `facts`, each with the instant of its decision."""
        return self._house.drain_facts()

    # --- beside the way ---------------------------------------------------------------------------

    def refusal(self, event: events.Event) -> str | None:
        """Say why a command means nothing now (a stable code), or None if it does."""
        return refusals.refusal(self._house, event)

    @property
    def in_hand(self) -> str | None:
        """The item that was being handled last; after an assertion, the one to park."""
        return self._house.in_hand

    @property
    def reached(self) -> bool:
        """Whether the last event was reached: if not, a timer before it failed; receive it anew."""
        return self._reached

    @property
    def house(self) -> state.State:
        """All that is held in memory, to look at and never to change."""
        return self._house

    def park(self, item: str, now: float) -> None:
        """
        Take one item out of everything, after a fault of ours, and let the floor go on.

        It is interrupted and lost by the system, and a person is called.
        """
        house = self._house
        house.move_to(max(house.now, now))
        found = house.items.get(item)
        house.alarm("parked", item)
        if found is None:
            return
        try:
            self._callers.interrupt(found, "parked")
        except AssertionError:
            self._tear_out(found)

    def _tear_out(self, item: state.Item) -> None:
        """Remove an item whose own state contradicts itself, without asking it anything."""
        house = self._house
        house.leave(item)
        item.gen += 1
        house.promise_over(item)
        self._callbacks.customer_gone(item)
        for agent in house.agents.values():
            if agent.offer is not None and agent.offer.item is item:
                agent.offer.gen += 1
                agent.offer = None
            if agent.watch is not None and agent.watch.item is item:
                agent.watch = None
            works = len(agent.works)
            agent.works = [work for work in agent.works if work.item is not item]
            at_rest = not agent.works and agent.offer is None and agent.watch is None
            if agent.state in presence.BUSY and at_rest:
                presence.turn(house, agent, presence.RECOVER)
                house.matcher.place(agent, now=house.now)
            elif agent.works and agent.state == presence.RINGING and agent.offer is None:
                self._offers.release(agent, keep=True)
            elif len(agent.works) < works:
                self._talks.free(agent)
        for queue in house.matcher.queues.values():
            queue.order = [row for row in queue.order if _owner(item, row)]
        consult = item.consult
        for leased in (item.entry, item.leaving, item.dial, consult, item.pause, item.rest):
            if leased is not None:
                leased.gen += 1
        self._drop_lines(item)
        house.tell(facts.Closed(item=item.id, client=item.client, outcome="lost_by_system"))

    def _drop_lines(self, item: state.Item) -> None:
        consult = item.consult
        if consult is not None and consult.dial is not None:
            consult.dial.gen += 1
        legs = [item.leg, *(guest.leg for guest in item.guests)]
        if consult is not None and consult.leg is not None:
            legs.append(consult.leg)
        for leg in legs:
            if leg in self._house.ledger.running:
                self._house.act(actions.HangUp(item=item.id, leg=leg, reason="lost"))
                self._closing.line_gone(item, leg)

    # --- what may happen --------------------------------------------------------------------------

    def _table(self) -> dict[type[Any], Handler]:
        reports: dict[type[Any], Handler] = {
            events.TimePassed: _nothing_more,
            events.FloorStarted: self._floor_started,
            events.PlanChanged: self._plan_changed,
            events.ClockSet: self._clock_set,
            events.FaultNoticed: self._fault_noticed,
            events.LineMeasured: self._line_measured,
            events.EmergencySet: self._emergency_set,
            events.EmergencyRestored: self._emergencies.restore,
            events.ItemArrived: self._callers.arrive,
            events.ItemRestored: self._callers.restore,
            events.CallerRecognised: self._callers.recognize,
            events.ChoiceMade: self._choice_made,
            events.DigitsEntered: self._digits_entered,
            events.PromptEnded: self._prompt_ended,
            events.MessageEnded: self._message_ended,
            events.CustomerLeft: self._customer_left,
            events.MediaLost: self._media_lost,
            events.DeviceLost: self._device_lost,
            events.DialRang: self._dial_rang,
            events.DialAnswered: self._dial_answered,
            events.DialFailed: self._dial_failed,
            events.PartyLeft: self._party_left,
            events.LineRestored: self._line_restored,
        }
        return reports | self._commands.table()

    # the floor

    def _floor_started(self, event: events.FloorStarted) -> None:
        now = self._house.now
        earlier = (self._house.drain_facts(), self._house.drain_actions())
        assert earlier == ([], []), "a start comes first"
        self._reset(event.plan, now)
        self._house.tell(facts.PlanApplied(version=event.plan.version, epoch=event.epoch))

    def _plan_changed(self, event: events.PlanChanged) -> None:
        self._planning.apply(event.plan)
        self._proofs.watch()
        self._callbacks.keep_to_plan()
        self._emergencies.keep_to_plan()

    def _emergency_set(self, event: events.EmergencySet) -> None:
        if self.refusal(event) is None:
            self._emergencies.set(event)

    def _clock_set(self, event: events.ClockSet) -> None:
        self._house.clock_offset += event.jump_seconds
        self._proofs.look_again()

    def _fault_noticed(self, event: events.FaultNoticed) -> None:
        self._house.alarm(event.name, event.detail)

    def _line_measured(self, event: events.LineMeasured) -> None:
        # Also of an item that is gone: its last leg is measured when it has ended.
        self._house.tell(
            facts.LineHeard(
                item=event.item,
                client=event.client,
                leg=event.leg,
                agent=event.agent,
                trunk=event.trunk,
                packets=event.packets,
                lost=event.lost,
                jitter_ms=event.jitter_ms,
                mos=event.mos,
                mos_worst=event.mos_worst,
            )
        )

    # callers: what is reported about an item that is gone is no longer true

    def _choice_made(self, event: events.ChoiceMade) -> None:
        item = self._house.items.get(event.item)
        if item is not None:
            self._flows.choose(item, event.step, event.choice, event.sealed)

    def _digits_entered(self, event: events.DigitsEntered) -> None:
        item = self._house.items.get(event.item)
        if item is not None:
            self._flows.digits(item, event.step, event.count, event.sealed)

    def _prompt_ended(self, event: events.PromptEnded) -> None:
        item = self._house.items.get(event.item)
        if item is not None:
            self._audio.ended(item, event.play, heard=not event.failed)

    def _message_ended(self, event: events.MessageEnded) -> None:
        item = self._house.items.get(event.item)
        if item is not None:
            self._flows.message_ended(item, event.seconds)

    def _customer_left(self, event: events.CustomerLeft) -> None:
        item = self._house.items.get(event.item)
        if item is not None:
            self._callers.leave(item)

    def _media_lost(self, event: events.MediaLost) -> None:
        house = self._house
        legs = frozenset(event.legs)
        silent = [agent for agent in house.agents.values() if agent.leg in legs]
        for agent in silent:
            agent.leg = None
            house.tell(facts.DeviceChanged(agent=agent.key, up=False))
            house.matcher.place(agent, now=house.now)
        for item in list(house.items.values()):
            if item.leg in legs and item.customer_here:
                self._callers.interrupt(item, "media_lost")
            else:
                self._lines_lost(item, legs)
        for agent in silent:
            self._seats.cope_without_device(agent)

    def _device_lost(self, event: events.DeviceLost) -> None:
        agent = self._house.agents.get(event.agent)
        if agent is not None and agent.leg == event.leg:
            self._seats.device_lost(agent)

    def _lines_lost(self, item: state.Item, legs: frozenset[str]) -> None:
        """Let go of lines to the outside that are silent, beside a customer who is not."""
        consult = item.consult
        for dial in (item.dial, consult.dial if consult is not None else None):
            if dial is not None and dial.leg in legs:
                self._dials.fail(dial, "no_media")
        outside = [guest.leg for guest in item.guests]
        if consult is not None and consult.leg is not None:
            outside.append(consult.leg)
        for leg in outside:
            if leg in legs:
                self._house.act(actions.HangUp(item=item.id, leg=leg, reason="lost"))
                self._consults.party_left(item, leg)

    # what is dialed: a report about a leg that nobody waits for any more is no longer true

    def _dial_of(self, event: Any) -> state.Dial | None:
        item = self._house.items.get(event.item)
        if item is None:
            return None
        dialed = (item.dial, item.consult.dial if item.consult is not None else None)
        return next((dial for dial in dialed if dial is not None and dial.leg == event.leg), None)

    def _dial_rang(self, event: events.DialRang) -> None:
        dial = self._dial_of(event)
        if dial is not None:
            self._dials.rang(dial, early=event.early)

    def _dial_answered(self, event: events.DialAnswered) -> None:
        dial = self._dial_of(event)
        if dial is not None:
            self._dials.take(dial)

    def _dial_failed(self, event: events.DialFailed) -> None:
        dial = self._dial_of(event)
        if dial is not None:
            self._dials.fail(dial, event.reason)

    def _party_left(self, event: events.PartyLeft) -> None:
        item = self._house.items.get(event.item)
        if item is not None:
            self._consults.party_left(item, event.leg)

    def _line_restored(self, event: events.LineRestored) -> None:
        line = dialing.Line(
            client=event.client,
            trunk="",
            cost_minute=event.cost_minute,
            answered_at=event.answered_at,
            ended_at=event.answered_at + event.seconds,
        )
        self._house.ledger.restore(line)

    def _reached_far_side(self, dial: state.Dial) -> None:
        consult = dial.item.consult
        if consult is not None and consult.dial is dial:
            self._consults.dial_answered(consult)
        else:
            self._outward.answered(dial)

    def _reached_nobody(self, dial: state.Dial, reason: str) -> None:
        consult = dial.item.consult
        if consult is not None and consult.dial is dial:
            self._consults.dial_failed(consult, reason)
        else:
            self._outward.failed(dial, reason)

    def _nobody_took(self, offer: state.Offer) -> None:
        if offer.kind == "consult":
            self._consults.offer_ended(offer)
        else:
            self._outward.offer_ended(offer)


def _nothing_more(event: events.TimePassed) -> None:
    """Time has passed: the timers before it were all that it meant."""


def _item_of(subject: Any) -> str | None:
    """Name the item that a timer's subject belongs to."""
    if isinstance(subject, state.Item):
        return subject.id
    if isinstance(subject, state.Hold):
        return subject.work.item.id
    item = getattr(subject, "item", None)
    return item.id if item is not None else None


def _owner(item: state.Item, row: tuple[float, int]) -> bool:
    return all(each is None or (each.key, each.seq) != row for each in (item.entry, item.leaving))
