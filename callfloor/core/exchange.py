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
    audio,
    callers,
    closing,
    events,
    facts,
    flow,
    offers,
    plan,
    planning,
    presence,
    refusals,
    routing,
    seats,
    state,
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

    def _reset(self, floor_plan: plan.FloorPlan) -> None:
        house = state.State(floor_plan, routing.Matcher(floor_plan.queues))
        self._house = house
        for agent in house.agents.values():
            house.matcher.enlist(agent)
        self._audio = audio.Audio(house)
        self._closing = closing.Closing(house, self._audio)
        self._offers = offers.Offers(house)
        self._flows = flow.Flows(house, self._audio, self._closing)
        self._waiting = waiting.Waiting(house, self._offers, self._audio, self._flows.leave_queue)
        self._flows.waiting = self._waiting
        self._talks = talks.Talks(house, self._offers, self._waiting, self._audio, self._closing)
        self._seats = seats.Seats(house, self._offers, self._waiting, self._talks)
        self._planning = planning.Planning(house, self._waiting, self._seats)
        self._callers = callers.Callers(
            house, self._flows, self._waiting, self._talks, self._audio, self._closing
        )
        self._handlers = self._table()
        self._reached = True

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
        house.items.pop(item.id, None)
        item.gen += 1
        for agent in house.agents.values():
            if agent.offer is not None and agent.offer.entry.item is item:
                agent.offer.gen += 1
                agent.offer = None
            agent.works = [work for work in agent.works if work.item is not item]
            if agent.state in presence.AT_WORK and not agent.works and agent.offer is None:
                presence.turn(house, agent, presence.RECOVER)
                house.matcher.place(agent, now=house.now)
        for queue in house.matcher.queues.values():
            queue.order = [row for row in queue.order if _owner(item, row)]
        for entry in (item.entry, item.leaving):
            if entry is not None:
                entry.gen += 1
        house.tell(facts.Closed(item=item.id, client=item.client, outcome="lost_by_system"))

    # --- what may happen --------------------------------------------------------------------------

    def _table(self) -> dict[type[Any], Handler]:
        reports: dict[type[Any], Handler] = {
            events.TimePassed: _nothing_more,
            events.FloorStarted: self._floor_started,
            events.PlanChanged: self._plan_changed,
            events.ClockSet: self._clock_set,
            events.FaultNoticed: self._fault_noticed,
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
        }
        commands: dict[type[Any], Handler] = {
            events.AgentSignedIn: self._signed_in,
            events.AgentSignedOut: self._signed_out,
            events.DeviceUp: self._device_up,
            events.ReadyAsked: self._ready_asked,
            events.AwayAsked: self._away_asked,
            events.OfferAnswered: self._answered,
            events.OfferDeclined: self._declined,
            events.HoldAsked: self._hold,
            events.ResumeAsked: self._resume,
            events.MuteAsked: self._mute,
            events.KeysAsked: self._keys,
            events.TransferAsked: self._transfer,
            events.HangUpAsked: self._hang_up,
            events.WrapUpExtended: self._extend,
            events.WorkFinished: self._finish,
        }
        return reports | {kind: self._checked(kind, commands[kind]) for kind in commands}

    def _checked(self, kind: type[Any], handler: Handler) -> Handler:
        """Let a command that means nothing any more pass without effect."""
        house, check = self._house, refusals.CHECKS[kind]

        def handle(event: Any) -> None:
            if check(house, event) is None:
                handler(event)

        return handle

    # the floor

    def _floor_started(self, event: events.FloorStarted) -> None:
        now = self._house.now
        earlier = (self._house.drain_facts(), self._house.drain_actions())
        assert earlier == ([], []), "a start comes first"
        self._reset(event.plan)
        self._house.move_to(now)
        self._house.tell(facts.PlanApplied(version=event.plan.version, epoch=event.epoch))

    def _plan_changed(self, event: events.PlanChanged) -> None:
        self._planning.apply(event.plan)

    def _clock_set(self, event: events.ClockSet) -> None:
        self._house.clock_offset += event.jump_seconds

    def _fault_noticed(self, event: events.FaultNoticed) -> None:
        self._house.alarm(event.name, event.detail)

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
        for agent in silent:
            self._seats.cope_without_device(agent)

    # agents

    def _signed_in(self, event: events.AgentSignedIn) -> None:
        self._seats.sign_in(self._house.agents[event.agent], ready=event.ready)

    def _signed_out(self, event: events.AgentSignedOut) -> None:
        self._seats.sign_out(self._house.agents[event.agent])

    def _device_up(self, event: events.DeviceUp) -> None:
        self._seats.device_up(self._house.agents[event.agent], event.leg)

    def _device_lost(self, event: events.DeviceLost) -> None:
        agent = self._house.agents.get(event.agent)
        if agent is not None and agent.leg == event.leg:
            self._seats.device_lost(agent)

    def _ready_asked(self, event: events.ReadyAsked) -> None:
        self._seats.want_work(self._house.agents[event.agent])

    def _away_asked(self, event: events.AwayAsked) -> None:
        self._seats.want_away(self._house.agents[event.agent], event.reason, event.by)

    def _answered(self, event: events.OfferAnswered) -> None:
        offer = self._house.agents[event.agent].offer
        assert offer is not None, "checked by refusal"
        self._house.in_hand = offer.entry.item.id
        self._talks.answer(offer)

    def _declined(self, event: events.OfferDeclined) -> None:
        offer = self._house.agents[event.agent].offer
        assert offer is not None, "checked by refusal"
        self._house.in_hand = offer.entry.item.id
        self._offers.decline(offer)

    def _work(self, event: Any) -> state.Work:
        work = refusals.work_of(self._house, event.agent, event.item)
        assert work is not None, "checked by refusal"
        return work

    def _hold(self, event: events.HoldAsked) -> None:
        self._talks.hold(self._work(event))

    def _resume(self, event: events.ResumeAsked) -> None:
        self._talks.resume(self._work(event))

    def _mute(self, event: events.MuteAsked) -> None:
        self._talks.mute(self._work(event), muted=event.muted)

    def _keys(self, event: events.KeysAsked) -> None:
        self._talks.send_keys(self._work(event), event.count, event.sealed)

    def _transfer(self, event: events.TransferAsked) -> None:
        self._talks.transfer(self._work(event), event.queue, event.to_agent)

    def _hang_up(self, event: events.HangUpAsked) -> None:
        self._talks.hang_up(self._work(event))

    def _extend(self, event: events.WrapUpExtended) -> None:
        self._talks.extend(self._work(event))

    def _finish(self, event: events.WorkFinished) -> None:
        self._talks.finish(self._work(event), event.disposition)


def _nothing_more(event: events.TimePassed) -> None:
    """Time has passed: the timers before it were all that it meant."""


def _item_of(subject: Any) -> str | None:
    """Name the item that a timer's subject belongs to."""
    if isinstance(subject, state.Item):
        return subject.id
    if isinstance(subject, state.Offer):
        return subject.entry.item.id
    item = getattr(subject, "item", None)
    return item.id if item is not None else None


def _owner(item: state.Item, row: tuple[float, int]) -> bool:
    return all(each is None or (each.key, each.seq) != row for each in (item.entry, item.leaving))
