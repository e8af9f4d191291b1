"""
How many decisions per second the exchange takes on one core, facts and explain records on.

A decision is an item matched with an agent: the choice, the lease, the facts Explained, Ringing
and AgentChanged, and the action Ring, drained as the floor drains them. The load cases are

    idle        items come to a floor on which everybody is idle
    balanced    items come to a floor on which one agent in twenty is idle
    saturated   agents become free on a floor on which forty items wait in every queue
    tiers       as saturated, but half of the items wait in a line that asks for the best
    skilled     as idle, chosen by skill
    occupied    as idle, chosen by the smallest share of work

each with 10,000 agents and 500 queues, and with 100 agents and 5 queues for the ratio; and each
against `exchange_scan.Scan` in the same run. `whole_call` is everything that happens to a call:
arrival, queue, ring, bridge, hang-up, wrap-up and close, through `Exchange.receive`.
"""

from __future__ import annotations

import gc
import json
import platform
import random
import sys
import time
from collections.abc import Callable
from typing import Any

from bench import exchange_scan
from callfloor.core import events, exchange, plan, pools

ROUNDS = 15
BIG = (10_000, 500)
SMALL = (100, 5)
TARGET_PER_SECOND = 100_000
TARGET_SCAN = 50
TARGET_GROWTH = 1.5
START = 1_795_417_200.0
TEAM = 10  # Agents with the same skills; a team of ten is a usual one.
ROUND_DECISIONS = 5_000


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
    """One load case on one floor; a round makes some thousand decisions and undoes them."""

    def __init__(self, agents: int, queues: int, choose: str = "longest_idle") -> None:
        self.plan = floor_plan(agents, queues, choose)
        self.machine = exchange.Exchange(self.plan)
        self.draw = random.Random(7)
        self.queues = queues
        self.now = START
        self.items = 0
        self.size = min(ROUND_DECISIONS, agents // 4)

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

    def arrival(self) -> events.ItemArrived:
        """Draw the next call."""
        self.items += 1
        called = f"n{self.draw.randrange(self.queues)}"
        item = f"i{self.items:07}"
        return events.ItemArrived(item=item, channel="call", called=called, leg=f"c-{item}")

    def entries(self, count: int) -> list[Any]:
        """Let calls come in and wait, and give their queue entries."""
        found = []
        for _ in range(count):
            event = self.arrival()
            self.now += 0.001
            self.do(event)
            found.append(self.machine.house.items[event.item].entry)
        return found

    def hang_up(self, entries: list[Any]) -> None:
        """Let callers go again."""
        for entry in entries:
            self.do(events.CustomerLeft(item=entry.item.id))


def items_come(case: Case, idle: int, scan: exchange_scan.Scan) -> tuple[Callable[[], int], ...]:
    """Measure the search of items for agents, of whom `idle` are there."""
    keys = [agent.key for agent in case.plan.agents]
    seated = case.draw.sample(keys, idle)
    case.seat(seated)
    machine, house = case.machine, case.machine.house
    there, house.matcher.idle = house.matcher.idle, {"call": _nobody(house)}
    waiting = case.entries(case.size)  # Nobody is seen while they come …
    house.matcher.idle = there  # … so that every one of them is yet to be decided.
    offers = machine._offers  # The door that arrivals, refusals and tiers go through.
    decided = 0

    def decide() -> int:
        nonlocal decided
        decided = 0
        for entry in waiting:
            decided += offers.match(entry)
            machine.timed_facts()
            machine.actions()
        return decided

    def undo() -> int:
        for entry in waiting:
            if entry.offer is not None:
                offer = entry.offer
                offers.close(offer, "withdrawn")
                offers.release(offer.agent, keep=True)
            entry.nobody_tier = -1
        machine.timed_facts()
        machine.actions()
        return 0

    def compare() -> int:
        scan.seat(keys, set(seated))
        found = 0
        started = time.process_time()
        for entry in waiting:
            agent = scan.take_agent(entry.queue.key, entry.tier)
            found += agent is not None
        compare.seconds = time.process_time() - started  # type: ignore[attr-defined]
        return found

    return decide, undo, compare


def _nobody(house: Any) -> pools.Idle:
    """Make pools in which nobody is idle."""
    empty = pools.Idle()
    empty.widen(len(house.matcher.profiles))
    return empty


def agents_come(case: Case, scan: exchange_scan.Scan, good: bool) -> tuple[Callable[[], int], ...]:
    """Measure the search of agents who become free for what waits in long queues."""
    per_queue = 40
    house, machine = case.machine.house, case.machine
    waiting = case.entries(per_queue * case.queues)
    if not good:
        case.now += 20.0  # Everybody waits in the wider tier.
        case.do(events.TimePassed())
        case.entries(0)
    else:
        case.now += 10.0
        waiting += case.entries(per_queue * case.queues)
        case.now += 10.0
        case.do(events.TimePassed())
    keys = case.draw.sample([agent.key for agent in case.plan.agents], case.size)
    for key in keys:  # They are seated, and just out of their last wrap-up.
        agent = house.agents[key]
        agent.leg, agent.state = f"l-{key}", "ready"
        house.matcher.seat(agent, seated=True)
    freed = [house.agents[key] for key in keys]
    offers, matcher = machine._offers, house.matcher

    def decide() -> int:
        decided = 0
        for agent in freed:
            matcher.place(agent, now=house.now)
            decided += offers.find_work(agent)
            machine.timed_facts()
            machine.actions()
        return decided

    def undo() -> int:
        for agent in freed:
            if agent.offer is not None:
                entry = agent.offer.entry
                offers.close(agent.offer, "withdrawn")
                offers.release(agent, keep=True)
                matcher.file(entry)
            if agent.pooled:
                matcher.take_out(agent)
        machine.timed_facts()
        machine.actions()
        return 0

    def compare() -> int:
        rows = sorted((entry for entry in waiting), key=lambda entry: (entry.key, entry.seq))
        scan.waiting = scan.waiting.__class__(
            (entry.item.id, tuple(scan.needs[entry.queue.key][: entry.tier + 1])) for entry in rows
        )
        started = time.process_time()
        found = sum(scan.take_item(agent.key) is not None for agent in freed)
        compare.seconds = time.process_time() - started  # type: ignore[attr-defined]
        return found

    return decide, undo, compare


def measure(steps: tuple[Callable[[], int], ...]) -> dict[str, float]:
    """
    Give decisions per second of the exchange and of the scan, each in its best round.

    The best round is the one that other programs on the machine disturbed least.
    """
    decide, undo, compare = steps
    rates = []
    gc.collect()
    gc.freeze()  # As the floor does once its plan is read: what stands is not looked through again.
    for _ in range(ROUNDS):
        gc.collect()
        started = time.process_time()
        decided = decide()
        rates.append(decided / (time.process_time() - started))
        undo()
    started = time.process_time()
    found = compare()
    seconds = getattr(compare, "seconds", time.process_time() - started)
    scan = found / seconds if found else 0.0
    return {"per_second": max(rates), "scan_per_second": scan, "decided": decided}


def cases(agents: int, queues: int) -> dict[str, dict[str, float]]:
    """Measure every load case on a floor of a size."""
    measured = {}
    for name in ("idle", "balanced", "saturated", "tiers", "skilled", "occupied"):
        choose = {"skilled": "best_skilled", "occupied": "least_occupied"}.get(name, "longest_idle")
        case = Case(agents, queues, choose)
        scan = exchange_scan.Scan(case.plan)
        if name in ("saturated", "tiers"):
            steps = agents_come(case, scan, name == "tiers")
        else:
            idle = agents // 20 if name == "balanced" else agents
            steps = items_come(case, idle, scan)
        measured[name] = measure(steps)
    return measured


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
            "decisions_per_second": round(row["per_second"]),
            "times_a_scan": round(row["per_second"] / row["scan_per_second"], 1)
            if row["scan_per_second"]
            else None,
            "cost_growth_from_100_agents": round(small[name]["per_second"] / row["per_second"], 2),
        }
        for name, row in big.items()
    }
    report = {
        "bench": "exchange",
        "agents": BIG[0],
        "queues": BIG[1],
        "cases": rows,
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
