"""
The virtual-clock driver: the exchange of production, with simulated people around it.

It does what the floor does - events in, actions performed, facts kept - with a heap instead of
sockets. Refuses to decide anything that the exchange decides.
"""

import gc
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Any

from callfloor.core import actions, events, exchange, facts, plan
from callfloor.twin import beside, callbacks, hands, lots, people, summary

INPUT = "input"
FACT = "fact"
DRAIN_SECONDS = 4 * 3600.0  # How long after the end the last callers may take to be served.
LATE_SECONDS = 3600.0  # How long after his shift an agent may still finish what he has in hand.
TRIES_MAX = 5  # Nobody calls again more often than this.
WHO_SECONDS = 0.05  # How long the records take to know a caller.

Row = summary.Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A simulated stretch of time."""

    rows: list[Row]
    """(seq, at, kind, body) as in the journal; kind is input or fact, body the event or fact."""
    summary: dict[str, Any]
    """offered, answered, … in all and by queue, with means of wait and talk."""


def day(
    *,
    plan: plan.FloorPlan,
    demand: people.Demand,
    seed: people.Seed,
    start_at: float,
    seconds: float = 86_400.0,
    epoch: int = 1,
    watch: Callable[[exchange.Exchange], None] | None = None,
) -> Result:
    """
    Simulate a stretch of time from `start_at` (UTC seconds) on.

    Everything follows from the arguments: equal arguments give equal rows. `watch` is called
    after every event, for invariants.
    """
    world = World(plan=plan, demand=demand, seed=seed, start_at=start_at, watch=watch)
    with _uncollected():
        world.open(epoch=epoch, seconds=seconds)
        world.run(until=start_at + seconds + DRAIN_SECONDS)
    return Result(rows=world.rows, summary=summary.summarize(world.rows))


def listen(
    *,
    plan: plan.FloorPlan,
    demand: people.Demand,
    seed: people.Seed,
    start_at: float,
    seconds: float,
    tell: Callable[[float, facts.Fact], None],
) -> None:
    """Simulate as `day` does, but hand each fact to `tell` and keep nothing."""
    world = World(plan=plan, demand=demand, seed=seed, start_at=start_at, tell=tell)
    with _uncollected():
        world.open(epoch=1, seconds=seconds)
        world.run(until=start_at + seconds + DRAIN_SECONDS)


def shifts_of(
    plan: plan.FloorPlan, demand: people.Demand, *, seconds: float
) -> tuple[people.Shift, ...]:
    """Give who sits there when: everybody all the time if the demand does not say."""
    if demand.shifts is not None:
        return demand.shifts
    return tuple(people.Shift(agent=agent.key, begins=0.0, ends=seconds) for agent in plan.agents)


@contextmanager
def _uncollected() -> Iterator[None]:
    """
    Let nobody look for circles in memory meanwhile.

    A run keeps nearly all that it makes, as rows, and leaves no circles; to look through the rows
    again and again was a third of its time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@dataclass(slots=True)
class _Call:
    """What the world knows of one item."""

    caller: people.Caller
    leg: str
    patience_from: int = 0
    """Counts the things that made an earlier wish to hang up void."""
    work: people.Work | None = None
    """What he waits for, if the demand tells how long that takes."""
    is_called: bool = False
    """Whether it is he who is called back."""


class World:
    """Simulated people around one exchange."""

    def __init__(
        self,
        *,
        plan: plan.FloorPlan,
        demand: people.Demand,
        seed: people.Seed,
        start_at: float,
        watch: Callable[[exchange.Exchange], None] | None = None,
        tell: Callable[[float, facts.Fact], None] | None = None,
    ) -> None:
        self.exchange = exchange.Exchange(plan)
        self.rows: list[Row] = []
        self.now = start_at
        self._plan = plan
        self._demand = demand
        self._seed = seed
        self._watch = watch
        self._tell = tell
        self._start_at = start_at
        self._luck: dict[str, lots.Lots] = {}
        self._works = dict(demand.works)
        self._seats: dict[str, int] = {}
        self._skills = {agent.key: dict(agent.skills) for agent in plan.agents}
        self._heap: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self._count = 0
        self._calls: dict[str, _Call] = {}
        self._legs = 0
        self._items = 0
        self._prompts = dict(demand.prompts)
        self._beside = beside.Beside(
            machine=self.exchange,
            demand=demand,
            draw=random.Random(f"{seed}/beside"),
            after=self._after,
            happen=self._happen,
        )
        self._hands = hands.Hands(
            machine=self.exchange, slowing=demand.slowing, at=self._at, done=self._finish
        )
        self._called_back = callbacks.Callbacks(
            plan=plan,
            demand=demand,
            seed=seed,
            after=self._after,
            happen=self._happen,
            beside=self._beside,
        )
        self._perform: dict[type[Any], Callable[[Any], None]] = {
            actions.AskWho: self._ask_who,
            actions.Play: self._play,
            actions.Collect: self._collect,
            actions.StopCollect: self._stop_collect,
            actions.Ring: self._ring,
            actions.RecordMessage: self._record_message,
            actions.Dial: self._called_back.dial,
        }
        self._notice: dict[type[Any], Callable[[Any], None]] = {
            facts.Queued: self._queued,
            facts.Bridged: self._bridged,
            facts.ConsultAnswered: self._beside.consult_answered,
            facts.ConsultOver: self._beside.consult_over,
            facts.Supervised: self._beside.supervised,
            facts.AgentChanged: self._agent_changed,
            facts.TalkEnded: self._in_hand,
            facts.Finished: self._in_hand,
            facts.Closed: self._closed,
        }

    # --- the loop ---------------------------------------------------------------------------------

    def open(self, *, epoch: int, seconds: float) -> None:
        """Start the floor, and put everybody's day into the future."""
        start_at = self._start_at
        started = events.FloorStarted(epoch=epoch, code_version="twin", plan=self._plan)
        self._happen(started)
        for caller in people.callers(
            demand=self._demand,
            seed=self._seed,
            start_at=start_at,
            seconds=seconds,
            timezone=self._plan.timezone,
        ):
            self._at(caller.at, self._arrive, caller)
        for shift in shifts_of(self._plan, self._demand, seconds=seconds):
            self._plan_shift(shift, start_at)

    def run(self, *, until: float) -> None:
        """Let everything happen that is due up to an instant."""
        heap, machine = self._heap, self.exchange
        while True:
            at = heap[0][0] if heap else None
            lease = machine.timer()
            if lease is not None and (at is None or lease <= at):
                if lease > until:
                    return
                self.now = lease
                machine.receive(_TIME, lease)
                self._take()
            elif at is not None and at <= until:
                self.now, _, move, arguments = heappop(heap)
                move(*arguments)
            else:
                return

    def _at(self, at: float, move: Callable[..., None], *arguments: Any) -> None:
        self._count += 1
        heappush(self._heap, (at, self._count, move, arguments))

    def _after(self, seconds: float, move: Callable[..., None], *arguments: Any) -> None:
        self._at(self.now + seconds, move, *arguments)

    def _happen(self, event: events.Event) -> None:
        """Let an event happen now, if it means anything; keep it and what follows."""
        if self.exchange.refusal(event) is not None:
            return
        self.exchange.receive(event, self.now)
        if self._tell is None:
            self.rows.append((len(self.rows) + 1, self.now, INPUT, event))
        self._take()

    def _take(self) -> None:
        rows, notice, perform, tell = self.rows, self._notice, self._perform, self._tell
        for at, fact in self.exchange.timed_facts():
            if tell is None:
                rows.append((len(rows) + 1, at, FACT, fact))
            else:
                tell(at, fact)
            heed = notice.get(type(fact))
            if heed is not None:
                heed(fact)
        for action in self.exchange.actions():
            do = perform.get(type(action))
            if do is not None:
                do(action)
        if self._watch is not None:
            self._watch(self.exchange)

    # --- callers ----------------------------------------------------------------------------------

    def _arrive(self, caller: people.Caller) -> None:
        self._items += 1
        item = f"sim{int(self._start_at)}-{self._items:06d}"
        call = _Call(caller=caller, leg=f"{item}-c")
        self._calls[item] = call
        self._happen(
            events.ItemArrived(
                item=item,
                channel=caller.demand.channel,
                called=caller.demand.number,
                leg=call.leg,
                caller=caller.token,
                trunk=caller.demand.trunk,
            )
        )

    def _ask_who(self, action: actions.AskWho) -> None:
        call = self._calls[action.item]
        if call.caller.luck[3] < call.caller.demand.known_share:
            known = events.CallerRecognised(item=action.item, customer=call.caller.token)
            self._after(WHO_SECONDS, self._happen, known)

    def _play(self, action: actions.Play) -> None:
        if action.loop:
            return
        default = self._demand.prompt_seconds
        length = sum(self._prompts.get(prompt, default) for prompt in action.prompts)
        self._after(length, self._happen, events.PromptEnded(item=action.item, play=action.play))

    def _collect(self, action: actions.Collect) -> None:
        call = self._calls.get(action.item)
        if call is None:
            return
        wait = call.caller.keys.exponential(self._demand.key_seconds)
        if action.digits_max:
            typed = events.DigitsEntered(item=action.item, step=action.step, count=6)
            self._after(wait + 3.0, self._happen, typed)
            return
        name = self._wish(call, action)
        if name is not None:
            self._after(wait, self._press, action, name, call.caller.keys)

    def _press(self, action: actions.Collect, name: str, keys: lots.Lots) -> None:
        wrong = keys.draw() < self._demand.wrong_share
        choice = None if wrong else name
        self._happen(events.ChoiceMade(item=action.item, step=action.step, choice=choice))
        if wrong:
            again = keys.exponential(self._demand.key_seconds)
            if action.item in self._calls:
                self._after(again, self._press, action, name, keys)

    def _wish(self, call: _Call, action: actions.Collect) -> str | None:
        """Say what this caller wants of the choices, or None if he presses nothing."""
        weights = dict(call.caller.demand.choices).get(action.step)
        if weights is None:
            if action.ahead:  # Unless the demand says so, nobody refuses and nobody types early.
                return None
            if self._is_waiting(action.item):
                share = call.caller.demand.leave_share
                return action.choices[0].name if call.caller.luck[1] < share else None
            weights = tuple((choice.name, 1.0) for choice in action.choices)
        total = sum(weight for _, weight in weights)
        if self._is_waiting(action.item):  # Weights of less than 1 in all leave others in line.
            total = max(total, 1.0)
        luck = call.caller.luck[0] * total
        for name, weight in weights:
            luck -= weight
            if luck < 0:
                return name
        return None

    def _is_waiting(self, key: str) -> bool:
        item = self.exchange.house.items.get(key)
        return item is not None and item.entry is not None

    def _stop_collect(self, action: actions.StopCollect) -> None:
        """Nothing was typed that is yet to be reported: simulated fingers type at once."""

    def _record_message(self, action: actions.RecordMessage) -> None:
        seconds = min(action.seconds_max, self._demand.message_seconds)
        ended = events.MessageEnded(item=action.item, seconds=seconds)
        self._after(seconds, self._happen, ended)

    def _queued(self, fact: facts.Queued) -> None:
        call = self._calls.get(fact.item)
        if call is not None:
            call.patience_from += 1
            if self._works:
                call.work = self._work_of(fact)
            if call.caller.demand.channel in plan.DEFERRED:
                return  # Whoever writes a mail does not wait for the answer.
            if call.is_called and not self.exchange.house.items[fact.item].customer_here:
                return  # Nor does he who is to be called back.
            self._after(call.caller.patience, self._give_up, fact.item, call.patience_from)

    def _work_of(self, fact: facts.Queued) -> people.Work | None:
        item = self.exchange.house.items[fact.item]
        step = item.step
        if isinstance(step, plan.Enqueue) and step.queue == fact.queue:
            found = self._works.get(f"{item.flow.key}.{step.key}")
            if found is not None:
                return found
        return self._works.get(fact.queue)

    def _give_up(self, item: str, patience_from: int) -> None:
        call = self._calls.get(item)
        if call is None or call.patience_from != patience_from:
            return
        self._happen(events.CustomerLeft(item=item))

    def _closed(self, fact: facts.Closed) -> None:
        call = self._calls.pop(fact.item, None)
        if call is not None and fact.outcome == "callback_asked":
            self._after(0.0, self._call_back, fact, call.caller)
        if call is None or fact.outcome != "abandoned_in_queue":
            return
        caller = call.caller
        if caller.luck[2] < caller.demand.repeat_share and caller.tries < TRIES_MAX:
            at = self.now + caller.again_after
            self._at(at, self._arrive, people.again(caller, at=at, seed=self._seed))

    def _call_back(self, asked: facts.Closed, caller: people.Caller) -> None:
        event = self._called_back.begin(asked, caller, now=self.now)
        if event is None:
            return
        self._calls[event.item] = _Call(caller=caller, leg=event.leg, is_called=True)
        self._happen(event)
        if event.item not in self.exchange.house.items:  # He waits for one already.
            self._calls.pop(event.item, None)

    # --- agents -----------------------------------------------------------------------------------

    def _plan_shift(self, shift: people.Shift, start_at: float) -> None:
        agent = shift.agent
        self._at(start_at + shift.begins, self._sit_down, agent)
        self._at(start_at + shift.ends, self._go_home, agent)
        for begins, ends, reason in shift.breaks:
            away = events.AwayAsked(agent=agent, reason=reason)
            self._at(start_at + begins, self._happen, away)
            self._at(start_at + ends, self._happen, events.ReadyAsked(agent=agent))
        if self._demand.crash_per_hour > 0:
            self._plan_crashes(shift, start_at)
        self._beside.plan(shift, start_at - self.now)

    def _plan_crashes(self, shift: people.Shift, start_at: float) -> None:
        at = shift.begins
        while True:
            at += self._hand(shift.agent).exponential(people.HOUR / self._demand.crash_per_hour)
            if at >= shift.ends:
                return
            self._at(start_at + at, self._crash, shift.agent)

    def _hand(self, agent: str) -> lots.Lots:
        """Give an agent's own draws: the luck of others never moves his."""
        hand = self._luck.get(agent)
        if hand is None:
            hand = self._luck[agent] = lots.Lots(f"{self._seed}/agent/{agent}")
        return hand

    def _sit_down(self, agent: str) -> None:
        self._seats[agent] = self._seats.get(agent, 0) + 1
        self._plug_in(agent)
        self._happen(events.AgentSignedIn(agent=agent, ready=True))
        self._happen(events.ReadyAsked(agent=agent))  # If he has not left since the shift before.

    def _go_home(self, agent: str) -> None:
        self._happen(events.AwayAsked(agent=agent, reason="home"))
        self._after(LATE_SECONDS, self._sign_out, agent, self._seats.get(agent, 0))

    def _sign_out(self, agent: str, seat: int) -> None:
        if self._seats.get(agent, 0) == seat:  # Else he sits there again.
            self._happen(events.AgentSignedOut(agent=agent))

    def _plug_in(self, agent: str) -> None:
        self._legs += 1
        self._happen(events.DeviceUp(agent=agent, leg=f"{agent}-{self._legs}"))

    def _crash(self, agent: str) -> None:
        leg = self.exchange.house.agents[agent].leg
        if leg is not None:
            self._happen(events.DeviceLost(agent=agent, leg=leg))
            back = self._hand(agent).exponential(10.0)
            self._after(back, self._plug_in, agent)

    def _ring(self, action: actions.Ring) -> None:
        hand = self._hand(action.agent)
        luck, delay = hand.draw(), hand.exponential(self._demand.answer_seconds)
        if luck < self._demand.miss_share:
            return
        answer: events.Event
        if luck < self._demand.miss_share + self._demand.decline_share:
            answer = events.OfferDeclined(agent=action.agent, offer=action.offer)
        else:
            answer = events.OfferAnswered(agent=action.agent, offer=action.offer)
        self._after(delay, self._happen, answer)

    def _bridged(self, fact: facts.Bridged) -> None:
        call = self._calls.get(fact.item)
        self._beside.bridged(fact)
        self._in_hand(fact)
        if call is None or fact.again:
            return
        call.patience_from += 1
        talk = self._talk_seconds(call, fact.agent)
        if call.caller.demand.channel == "call":
            self._after(talk, self._happen, events.CustomerLeft(item=fact.item))
        else:
            self._hands.begin(fact.agent, fact.item, seconds=talk, now=self.now)

    def _in_hand(self, fact: facts.Bridged | facts.TalkEnded | facts.Finished) -> None:
        self._hands.changed(fact.agent, now=self.now)

    def _talk_seconds(self, call: _Call, agent: str) -> float:
        work = call.work
        if work is None:
            return call.caller.talk
        skills = self._skills.get(agent, {}) if work.skills else {}
        level = min((skills.get(skill, 1) for skill in work.skills), default=5)
        return people.talk_seconds(call.caller, work=work, level=level)

    def _agent_changed(self, fact: facts.AgentChanged) -> None:
        if fact.state == "wrap_up" and fact.item is not None:
            call = self._calls.get(fact.item)
            if call is not None:
                work = call.work
                note = people.wrap_seconds(call.caller, work=work) if work else call.caller.wrap
                self._after(note, self._finish, fact.agent, fact.item)
        elif fact.state == "missed" or fact.reason == "device_lost":
            back = self._hand(fact.agent).exponential(self._demand.return_seconds)
            self._after(back, self._happen, events.ReadyAsked(agent=fact.agent))

    def _finish(self, agent: str, item: str) -> None:
        self._happen(events.WorkFinished(agent=agent, item=item, disposition="done"))


_TIME = events.TimePassed()
