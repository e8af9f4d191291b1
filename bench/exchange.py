"""
How many decisions per second the exchange takes on one core, facts and explain records on.

A decision is the search for an agent or an item and what it leaves: the choice, the lease, the
facts Explained, Ringing and AgentChanged and the action Ring, or Explained alone where nobody is
there; drained as the floor drains them. The load cases are

    idle        items come to a floor on which everybody is idle
    balanced    items come to a floor on which one agent in twenty is idle
    saturated   agents become free on a floor on which forty items wait in every queue
    tiers       as saturated, but half of the items wait in a line that asks for the best
    storm       agents become free while 20,000 items of one queue, which is not theirs, wait
                before the one that each of the other queues has
    skilled     as idle, chosen by skill
    occupied    as idle, chosen by the smallest share of work

each with 10,000 agents and 500 queues, and with 100 agents and 5 queues for the growth. Items and
agents come in small lots, as on a floor: what was just received is at hand, and whoever was served
goes to the end of the line, so that the next decision falls on somebody else.

`times_a_scan` compares with `exchange_scan.Scan` in the same run: one test of a bitmask for each
agent or item in the order of waiting, up to the first match; where the rule is not the longest idle
there is no first match, and it looks at everybody. It finds the same agent or item, which is
asserted, and says nothing: no fact, no lease, no reason. `scan_tests` is how many tests it made.
Where the first match stands near the front, the scan is near its best, and no program that says
anything can be fifty times as fast: `said_per_second` is that limit, the rate at which the four
things of a decision can be made and handed over with nothing decided at all.

`whole_call` is everything that happens to a call: arrival, queue, ring, bridge, hang-up, wrap-up
and close, through `Exchange.receive`.
"""

from __future__ import annotations

import gc
import json
import platform
import random
import sys
import time
from dataclasses import dataclass
from typing import Any, Protocol

from bench import exchange_scan
from callfloor.core import actions, events, exchange, facts, plan, pools, record, state, timers

ROUNDS = 40
LOTS = 20  # In a round; a round is short, so that the best one was hardly disturbed.
LOT = 25
SCANNED_LOTS = 4
STORM = 20_000
BIG = (10_000, 500)
SMALL = (100, 5)
TARGET_PER_SECOND = 100_000
TARGET_SCAN = 50
TARGET_GROWTH = 1.5
START = 1_795_417_200.0
TEAM = 10  # Agents with the same skills; a team of ten is a usual one.


def floor_plan(agents: int, queues: int, choose: str = "longest_idle") -> plan.FloorPlan:
    """Make teams of ten with six queues each, two tiers, every queue with teams of both."""
    draw = random.Random(42)
    people = []
    for team in range(agents // TEAM):
        own = sorted(draw.sample(range(queues), min(6, queues)))
        skills = tuple((f"s{queue:03}", 3 if draw.random() < 0.5 else 1) for queue in own)
        people += [
            plan.AgentPlan(key=f"t{team:03}-{n}", clients=("acme",), skills=skills)
            for n in range(TEAM)
        ]
    return plan.FloorPlan(
        version="bench",
        centre="bench",
        timezone="UTC",
        clients=(plan.ClientPlan(key="acme", languages=("en",)),),
        agents=tuple(people),
        queues=tuple(_queue(n, choose) for n in range(queues)),
        flows=tuple(_flow(n) for n in range(queues)),
        numbers=tuple(
            plan.NumberPlan(number=f"n{n}", client="acme", flow=f"f{n}", language="en")
            for n in range(queues)
        ),
        calendars=(),
    )


def _queue(n: int, choose: str) -> plan.QueuePlan:
    skill = f"s{n:03}"
    return plan.QueuePlan(
        key=f"q{n:03}",
        client="acme",
        channel="call",
        choose=choose,
        tiers=(
            plan.TierPlan(after_seconds=0.0, requires=((skill, 2),)),
            plan.TierPlan(after_seconds=20.0, requires=((skill, 1),)),
        ),
        position_every_seconds=None,
        length_max=100_000,
    )


def _flow(n: int) -> plan.FlowPlan:
    step = plan.Enqueue(key="wait", queue=f"q{n:03}")
    return plan.FlowPlan(key=f"f{n}", version=1, first="wait", steps=(step,))


class Case:
    """One load case on one floor."""

    def __init__(self, agents: int, queues: int, choose: str = "longest_idle") -> None:
        self.plan = floor_plan(agents, queues, choose)
        self.machine = exchange.Exchange(self.plan)
        self.draw = random.Random(7)
        self.queues = queues
        self.now = START
        self.items = 0

    def do(self, event: events.Event) -> None:
        """Let something happen that is not measured."""
        self.machine.receive(event, self.now)
        self.machine.facts()
        self.machine.actions()

    def seat(self, agents: list[str]) -> None:
        """Seat agents, ready and with a device."""
        for agent in agents:
            self.now += 0.001
            self.do(events.DeviceUp(agent=agent, leg=f"l-{agent}"))
            self.do(events.AgentSignedIn(agent=agent, ready=True))

    def arrival(self, queue: int | None = None) -> events.ItemArrived:
        """Make the next call, to a queue that is drawn unless it is given."""
        self.items += 1
        called = f"n{self.draw.randrange(self.queues) if queue is None else queue}"
        item = f"i{self.items:07}"
        return events.ItemArrived(item=item, channel="call", called=called, leg=f"c-{item}")

    def entries(self, count: int, queue: int | None = None) -> list[state.Entry]:
        """Let calls come in and wait, and give their queue entries."""
        found = []
        for _ in range(count):
            event = self.arrival(queue)
            self.now += 0.001
            self.do(event)
            found.append(self.machine.house.items[event.item].entry)
        return found


class Load(Protocol):
    """What one load case does with a lot of items or agents."""

    def bring(self) -> list[Any]:
        """Make the next lot, yet to be decided."""

    def decide(self, lot: list[Any]) -> None:
        """Do what is measured."""

    def chosen(self, lot: list[Any]) -> list[str | None]:
        """Give what was found for each."""

    def undo(self, lot: list[Any]) -> None:
        """Make the floor as before."""

    def scan(self, scan: exchange_scan.Scan, lot: list[Any]) -> tuple[float, list[str | None]]:
        """Let the scan do the same; give its seconds and what it found."""


class ItemsCome:
    """The search of items for agents, of whom so many are there."""

    def __init__(self, case: Case, idle: int) -> None:
        self.case = case
        self.size = min(LOT, idle)
        case.seat(case.draw.sample([agent.key for agent in case.plan.agents], idle))
        self.house = case.machine.house
        self.offers = case.machine._offers  # The door of arrivals, refusals and tiers.
        self.there = self.house.matcher.idle
        self.nobody = pools.Idle()
        self.nobody.widen(len(self.house.matcher.profiles))

    def bring(self) -> list[state.Entry]:
        """Let items come while nobody is seen, so that all of them are yet to be decided."""
        matcher = self.house.matcher
        matcher.idle = {"call": self.nobody}
        lot = self.case.entries(self.size)
        matcher.idle = self.there
        for entry in lot:
            entry.nobody_tier = -1
        return lot

    def decide(self, lot: list[state.Entry]) -> None:
        """Look for an agent for each."""
        match, machine = self.offers.match, self.case.machine
        for entry in lot:
            match(entry)
            machine.timed_facts()
            machine.actions()

    def chosen(self, lot: list[state.Entry]) -> list[str | None]:
        """Give for whom each rings."""
        return [entry.offer.agent.key if entry.offer else None for entry in lot]

    def undo(self, lot: list[state.Entry]) -> None:
        """Send the callers away, and the agents to the end of the line."""
        for entry in lot:
            if entry.offer is not None:
                agent = entry.offer.agent
                self.offers.close(entry.offer, "withdrawn")
                self.offers.release(agent, keep=False)
            self.case.do(events.CustomerLeft(item=entry.item.id))

    def scan(
        self, scan: exchange_scan.Scan, lot: list[state.Entry]
    ) -> tuple[float, list[str | None]]:
        """Line up who is idle among everybody, in the order of idling."""
        agents = sorted(self.house.agents.values(), key=lambda agent: agent.stamp)
        scan.seat([(agent.key, bool(agent.pooled), _share(agent)) for agent in agents])
        take = scan.takers[lot[0].queue.plan.choose]
        started = time.process_time()
        found = [take(entry.queue.key) for entry in lot]
        return time.process_time() - started, found


def _share(agent: state.Agent) -> float:
    seated = agent.idle_since - agent.signed_in_at
    return agent.busy_seconds / seated if seated > 0 else 0.0


class AgentsCome:
    """The search of agents who become free for what waits."""

    def __init__(self, case: Case, name: str) -> None:
        self.case = case
        self.house = house = case.machine.house
        self.offers = case.machine._offers
        if name == "storm":
            case.entries(STORM, 0)
            for queue in range(1, case.queues):
                case.entries(1, queue)
        else:
            case.entries(40 * case.queues)
            case.now += 10.0 if name == "tiers" else 20.0  # Then all wait in the wider tier.
            case.do(events.TimePassed())
        if name == "tiers":
            case.entries(40 * case.queues)
            case.now += 10.0
            case.do(events.TimePassed())
        stormy = house.matcher.queues["q000"].lines[-1]
        self.agents = list(house.agents.values())
        if name == "storm":
            others = [each for each in self.agents if not each.profile.bit & stormy.serving]
            self.agents = others or self.agents  # Of a hundred agents everybody serves all.
        for agent in self.agents:  # They are seated, and just out of their last wrap-up.
            agent.leg, agent.state = f"l-{agent.key}", "ready"
            house.matcher.seat(agent, seated=True)
        self.taken: list[state.Entry] = []

    def bring(self) -> list[state.Agent]:
        """Draw who becomes free."""
        return self.case.draw.sample(self.agents, LOT)

    def decide(self, lot: list[state.Agent]) -> None:
        """Look for an item for each."""
        machine, house = self.case.machine, self.house
        place, find_work = house.matcher.place, self.offers.find_work
        for agent in lot:
            place(agent, now=house.now)
            find_work(agent)
            machine.timed_facts()
            machine.actions()

    def chosen(self, lot: list[state.Agent]) -> list[str | None]:
        """Give what rings for each."""
        return [agent.offer.entry.item.id if agent.offer else None for agent in lot]

    def undo(self, lot: list[state.Agent]) -> None:
        """Put the items back into their places, and the agents to work."""
        for agent in lot:
            if agent.offer is not None:
                entry = agent.offer.entry
                self.offers.close(agent.offer, "withdrawn")
                self.offers.release(agent, keep=True)
                self.house.matcher.file(entry)
            if agent.pooled:
                self.house.matcher.take_out(agent)
        self.case.machine.timed_facts()
        self.case.machine.actions()

    def scan(
        self, scan: exchange_scan.Scan, lot: list[state.Agent]
    ) -> tuple[float, list[str | None]]:
        """Line up everything that waits, in the order of its places."""
        entries = [item.entry for item in self.house.items.values() if item.entry is not None]
        entries.sort(key=lambda entry: (entry.key, entry.seq))
        scan.line_up([(entry.item.id, entry.queue.key, entry.tier) for entry in entries])
        started = time.process_time()
        found = [scan.take_item(agent.key) for agent in lot]
        return time.process_time() - started, found


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Decisions per second of the exchange and of the scan, and tests of a scan."""

    per_second: float
    scan_per_second: float
    scan_tests: float


def measure(load: Load, scan: exchange_scan.Scan) -> Measured:
    """
    Measure one load case, in the best round of each.

    The best round is the one that other programs on the machine disturbed least.
    """
    gc.collect()
    gc.freeze()  # As the floor does once its plan is read: what stands is not looked through again.
    rates = [_round(load) for _ in range(ROUNDS)]
    scans = [_compared(load, scan) for _ in range(SCANNED_LOTS)]
    gc.unfreeze()
    return Measured(
        per_second=max(rates),
        scan_per_second=max(rate for rate, _ in scans),
        scan_tests=sum(tests for _, tests in scans) / len(scans),
    )


def _round(load: Load) -> float:
    seconds, decided = 0.0, 0
    gc.collect()
    for _ in range(LOTS):
        lot = load.bring()
        started = time.process_time()
        load.decide(lot)
        seconds += time.process_time() - started
        decided += len(lot)
        load.undo(lot)
    return decided / seconds


def _compared(load: Load, scan: exchange_scan.Scan) -> tuple[float, float]:
    """Give decisions per second and tests per decision of the scan, which must find the same."""
    lot = load.bring()
    scan.tests = 0
    seconds, found = load.scan(scan, lot)
    load.decide(lot)
    assert load.chosen(lot) == found, "the scan and the exchange choose the same"
    load.undo(lot)
    return len(lot) / seconds, scan.tests / len(lot)


CASES = ("idle", "balanced", "saturated", "tiers", "storm", "skilled", "occupied")


def cases(agents: int, queues: int) -> dict[str, Measured]:
    """Measure every load case on a floor of a size."""
    measured = {}
    for name in CASES:
        choose = {"skilled": "best_skilled", "occupied": "least_occupied"}.get(name, "longest_idle")
        case = Case(agents, queues, choose)
        load: Load
        if name in ("saturated", "tiers", "storm"):
            load = AgentsCome(case, name)
        else:
            load = ItemsCome(case, agents // 20 if name == "balanced" else agents)
        measured[name] = measure(load, exchange_scan.Scan(case.plan))
    return measured


def said_per_second() -> float:
    """Give how often everything of a decision can be made and handed over, with none taken."""
    explained, ringing = record.maker(facts.Explained), record.maker(facts.Ringing)
    changed, ring = record.maker(facts.AgentChanged), record.maker(actions.Ring)
    make_offer = record.maker(state.Offer)
    house = exchange.Exchange(floor_plan(100, 5)).house
    agent: Any = house.agents["t000-0"]
    best = 0.0
    for _ in range(ROUNDS):
        house.timers = timers.Timers()
        started = time.process_time()
        for n in range(LOTS * LOT):
            offer = make_offer("i/1", agent, agent, agent)
            why: dict[str, Any] = {
                "rule": "longest_idle", "chosen": "a", "level": 3, "ready_seconds": 1.5,
                "tier": 0, "waited_seconds": 0.5, "eligible": [60], "idle": [60],
                "runners_up": [{"agent": "b", "key": 1.5}, {"agent": "c", "key": 1.5},
                               {"agent": "d", "key": 1.5}],
            }  # fmt: skip
            house.tell(explained(item="i", client="c", queue="q", offer="i/1", why=why))
            house.tell(ringing(item="i", client="c", queue="q", agent="a", offer="i/1", until=n))
            house.tell(changed(agent="a", state="ringing", client="c", item="i", until=n))
            house.act(ring(agent="a", item="i", offer="i/1", queue="q", seconds=15.0))
            house.timers.arm(n, house.alarm, offer)  # type: ignore[arg-type]
            house.drain_facts()
            house.drain_actions()
        best = max(best, LOTS * LOT / (time.process_time() - started))
    return best


def whole_calls(agents: int, queues: int, count: int = 5_000) -> float:
    """Give calls per second from arrival to close, through `receive`, drained after each event."""
    case = Case(agents, queues)
    case.seat([agent.key for agent in case.plan.agents])
    machine = case.machine
    arrivals = [case.arrival() for _ in range(count)]
    answered = 0
    started = time.process_time()
    for event in arrivals:
        case.now += 0.001
        case.do(event)
        entry = machine.house.items[event.item].entry
        if entry is None or entry.offer is None:
            continue
        offer = entry.offer
        agent = offer.agent.key
        answered += 1
        case.do(events.OfferAnswered(agent=agent, offer=offer.id))
        case.do(events.CustomerLeft(item=event.item))
        case.do(events.WorkFinished(agent=agent, item=event.item, disposition="ok"))
    return answered / (time.process_time() - started)


def main() -> None:
    """Print the figures as JSON."""
    big, small = cases(*BIG), cases(*SMALL)
    rows = {
        name: {
            "decisions_per_second": round(row.per_second),
            "times_a_scan": round(row.per_second / row.scan_per_second, 1),
            "scan_tests": round(row.scan_tests),
            "cost_growth_from_100_agents": round(small[name].per_second / row.per_second, 2),
        }
        for name, row in big.items()
    }
    report = {
        "bench": "exchange",
        "agents": BIG[0],
        "queues": BIG[1],
        "cases": rows,
        "said_per_second": round(said_per_second()),
        "whole_calls_per_second": round(whole_calls(*BIG)),
        "targets": {
            "decisions_per_second": TARGET_PER_SECOND,
            "times_a_scan": TARGET_SCAN,
            "cost_growth_from_100_agents": TARGET_GROWTH,
        },
        "python": platform.python_version(),
        "machine": platform.machine(),
    }
    json.dump(report, sys.stdout, indent=None if "--json" in sys.argv else 2)
    print()


if __name__ == "__main__":
    main()
