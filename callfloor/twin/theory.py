"""
A centre that Erlang could compute: one queue, exponential times, nothing else.

The twin runs it through the exchange of production, and what comes out must be what the formulas
of `core.staffing` say. Refuses everything that the formulas do not know.
"""

import dataclasses
import itertools
import statistics
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from callfloor.core import facts, plan, staffing
from callfloor.twin import intervals, people, run

HANDLING_SECONDS = 100.0
FOR_EVER_SECONDS = 1e15  # Mean patience of somebody who never gives up.
WARM_UP = 1_000  # Contacts: many times the relaxation of every case that is tried.
BATCHES = 30
SIDES = ("bills", "orders")
GOAL_SECONDS = 20.0
CHATS_MAX = 2_000  # So many are never there at once with a load that can be done.
AT_ONCE_SECONDS = 1e-9  # An agent who is free answers: theory knows no ringing.


def floor_plan(*, heads: int, at_once: int = 1) -> plan.FloorPlan:
    """Make one queue of equal agents, as chats: no telephone rings, no prompt is played."""
    return plan.FloorPlan(
        version="theory",
        centre="theory",
        timezone="UTC",
        clients=(plan.ClientPlan(key="c", languages=("en",)),),
        agents=tuple(
            plan.AgentPlan(key=f"a{n:03}", clients=("c",), capacity=(("chat", at_once),))
            for n in range(heads)
        ),
        queues=(
            plan.QueuePlan(
                key="q",
                client="c",
                channel="chat",
                tiers=(plan.TierPlan(after_seconds=0.0, requires=()),),
                wrap_up_seconds=0.0,
                position_every_seconds=None,
                music=None,
                length_max=1_000_000,
            ),
        ),
        flows=(
            plan.FlowPlan(key="f", version=1, first="w", steps=(plan.Enqueue(key="w", queue="q"),)),
        ),
        numbers=(plan.NumberPlan(number="n", client="c", flow="f", language="en"),),
        calendars=(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Arrivals, work, patience and heads: what a formula takes."""

    load: float
    """In erlangs."""
    heads: int
    patience_seconds: float | None = None
    """Mean patience; None means that nobody gives up."""

    def waiting(self, *, seconds: float = 20.0) -> staffing.Waiting:
        """Say what theory says."""
        if self.patience_seconds is None:
            return staffing.waiting_c(
                load=self.load,
                heads=self.heads,
                handling_seconds=HANDLING_SECONDS,
                seconds=seconds,
            )
        return staffing.waiting_a(
            load=self.load,
            heads=self.heads,
            handling_seconds=HANDLING_SECONDS,
            patience_seconds=self.patience_seconds,
            seconds=seconds,
        )

    @property
    def mean_wait(self) -> float:
        """The mean wait of everybody, in seconds, as theory says it."""
        found = self.waiting()
        if self.patience_seconds is None:
            return found.asa_seconds
        return found.abandoned * self.patience_seconds

    @property
    def gap_seconds(self) -> float:
        """Mean time between two arrivals."""
        return HANDLING_SECONDS / self.load


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What became of one caller."""

    gap: float
    """Seconds since the one before him."""
    talk: float
    """How long he talks if he is answered."""
    waited: float
    answered: bool


def contacts(case: Case, *, many: int, seed: people.Seed) -> list[Contact]:
    """Simulate about so many arrivals through the exchange, from an empty floor on."""
    seconds = many * case.gap_seconds
    demand = demand_of(case, seconds=seconds + run.DRAIN_SECONDS)
    found: list[tuple[float, float, bool]] = []

    def tell(at: float, fact: facts.Fact) -> None:
        if isinstance(fact, facts.Dequeued):
            found.append((fact.queued_at, fact.waited_seconds, fact.outcome == "answered"))

    run.listen(
        plan=floor_plan(heads=case.heads),
        demand=demand,
        seed=seed,
        start_at=0.0,
        seconds=seconds,
        tell=tell,
    )
    found.sort()
    callers = people.callers(
        demand=demand, seed=seed, start_at=0.0, seconds=seconds, timezone="UTC"
    )
    assert len(found) == len(callers), "everybody waits once, and nobody calls again"
    gaps = [callers[0].at, *(b.at - a.at for a, b in itertools.pairwise(callers))]
    return [
        Contact(gap=gap, talk=caller.talk, waited=waited, answered=answered)
        for gap, caller, (_, waited, answered) in zip(gaps, callers, found, strict=True)
    ]


def demand_of(case: Case, *, seconds: float) -> people.Demand:
    """Give the callers; heads stay until the last of them is served."""
    number = people.NumberDemand(
        number="n",
        channel="chat",
        per_hour=(people.HOUR / case.gap_seconds,),
        patience_seconds=case.patience_seconds or FOR_EVER_SECONDS,
        handling_seconds=HANDLING_SECONDS,
        wrap_seconds=0.0,
        exponential=True,
        repeat_share=0.0,
    )
    return people.Demand(
        numbers=(number,),
        shifts=tuple(
            people.Shift(agent=agent.key, begins=0.0, ends=seconds)
            for agent in floor_plan(heads=case.heads).agents
        ),
        answer_seconds=AT_ONCE_SECONDS,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """
    One agent who has several chats at once, each the longer, the more there are.

    With n chats in hand each goes on at 1 / (1 + slowing * (n - 1)) of the speed that it has alone.
    A slowing of 1 is processor sharing, in which the mean stay depends on the load alone.
    """

    load: float
    at_once: int
    slowing: float
    spread: float | None = None
    """Of log-normal work, standard deviation over mean; None is exponential work."""

    @property
    def mean_stay(self) -> float:
        """
        The mean time from arrival to the end of a chat, in seconds, as theory says it.

        Little's law on the birth-death chain of the chats that are there. It holds for exponential
        work, and for any other if `at_once` is never reached (insensitivity: Cohen, "The multiple
        phase service network with generalized processor sharing", Acta Informatica 12, 1979).
        """
        chance, total, there = 1.0, 1.0, 0.0
        for many in range(1, CHATS_MAX):
            chance *= self.load / self._pace(min(many, self.at_once))
            total += chance
            there += many * chance
        return there / total / self.load * HANDLING_SECONDS

    def _pace(self, in_hand: int) -> float:
        """Say how much work gets done per second, with so many in hand."""
        return in_hand / (1 + self.slowing * (in_hand - 1))


def stays(shared: Shared, *, many: int, seed: people.Seed) -> float:
    """Simulate about so many chats, and give the mean time from arrival to the end of a chat."""
    seconds = many * HANDLING_SECONDS / shared.load
    arrived: dict[str, float] = {}
    found: list[float] = []

    def tell(at: float, fact: facts.Fact) -> None:
        if isinstance(fact, facts.Queued):
            arrived[fact.item] = at
        elif isinstance(fact, facts.TalkEnded):
            found.append(at - arrived[fact.item])

    case = Case(load=shared.load, heads=1)
    demand = demand_of(case, seconds=seconds + run.DRAIN_SECONDS)
    number = dataclasses.replace(
        demand.numbers[0],
        exponential=shared.spread is None,
        handling_spread=shared.spread or 0.0,
    )
    run.listen(
        plan=floor_plan(heads=1, at_once=shared.at_once),
        demand=dataclasses.replace(demand, numbers=(number,), slowing=shared.slowing),
        seed=seed,
        start_at=0.0,
        seconds=seconds,
        tell=tell,
    )
    return _mean(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two equal queues, and people of whom a share can do both."""

    load: float
    """Of each queue, in erlangs."""
    heads: int
    """In all; each side has half of them, and the first one more if they are odd."""
    share: float
    """Of the heads, who can do both: 0 is two queues apart, 1 is one queue."""

    def plan(self) -> plan.FloorPlan:
        """Make the centre."""
        base = floor_plan(heads=self.heads)
        both = round(self.share * self.heads)
        return dataclasses.replace(
            base,
            agents=tuple(
                dataclasses.replace(agent, skills=self._skills(place, trained=place < both))
                for place, agent in enumerate(base.agents)
            ),
            queues=tuple(
                dataclasses.replace(
                    base.queues[0],
                    key=side,
                    goal_seconds=GOAL_SECONDS,
                    tiers=(plan.TierPlan(after_seconds=0.0, requires=((side, 1),)),),
                )
                for side in SIDES
            ),
            flows=tuple(
                plan.FlowPlan(
                    key=side, version=1, first="w", steps=(plan.Enqueue(key="w", queue=side),)
                )
                for side in SIDES
            ),
            numbers=tuple(
                plan.NumberPlan(number=side, client="c", flow=side, language="en") for side in SIDES
            ),
        )

    def _skills(self, place: int, *, trained: bool) -> tuple[tuple[str, int], ...]:
        return tuple((side, 1) for side in (SIDES if trained else SIDES[place % 2 :][:1]))

    def level(self, *, many: int, seed: people.Seed) -> dict[str, float]:
        """Simulate about so many contacts of both, and give the share in time of each queue."""
        case = Case(load=self.load, heads=self.heads)
        seconds = many / 2 * case.gap_seconds
        demand = demand_of(case, seconds=seconds + run.DRAIN_SECONDS)
        offered, within = Counter[str](), Counter[str]()

        def tell(at: float, fact: facts.Fact) -> None:
            if isinstance(fact, facts.Dequeued):
                offered[fact.queue] += 1
                within[fact.queue] += fact.within_goal

        run.listen(
            plan=self.plan(),
            demand=dataclasses.replace(
                demand,
                numbers=tuple(
                    dataclasses.replace(demand.numbers[0], number=side) for side in SIDES
                ),
            ),
            seed=seed,
            start_at=0.0,
            seconds=seconds,
            tell=tell,
        )
        return {side: within[side] / offered[side] for side in SIDES}


def mean_wait(case: Case, found: list[Contact]) -> intervals.Interval:
    """
    Estimate the mean wait of everybody, with its 95 % interval.

    Batch means after a warm-up; what the batch's arrivals and talks were by chance is taken out,
    since their means are known (control variates: Lavenberg and Welch, "A perspective on the use
    of control variables", Management Science 27, 1981).
    """
    size = (len(found) - WARM_UP) // BATCHES
    parts = [found[WARM_UP + size * n : WARM_UP + size * (n + 1)] for n in range(BATCHES)]
    waited = [_mean(each.waited for each in part) for part in parts]
    controls = [
        [_mean(each.gap for each in part) - case.gap_seconds for part in parts],
        [_mean(each.talk for each in part) - HANDLING_SECONDS for part in parts],
    ]
    return intervals.controlled(waited, controls)


def _mean(values: Iterable[float]) -> float:
    return statistics.fmean(values)
