"""
How fast the twin is: a queue that everybody knows, against simpy and ciw, and a whole day.

M/M/100+M: Poisson arrivals, exponential service by 100 agents, exponential patience. The exchange
takes every arrival, answer, abandonment and end through `receive`, with facts and explain records
as in production; the other two know nothing but the queue. All three must find the same share of
abandonments and the same mean wait within what chance allows, which the report shows beside
Erlang A. `day` is 10,000 calls with menu, notice, three queues, two tiers and wrap-up.

`bare_heap` is the limit of any such simulation in this language: the same queue with nothing but a
heap of instants, a line and a count of free agents. `budget` says where the exchange's time goes:
how often it is called for a contact, and how many facts and actions it makes of one. `records` is
the limit with these: as many contacts per second as have their facts and actions made, each of six
fields, with nothing decided and nothing simulated.
"""

from __future__ import annotations

import gc
import json
import math
import platform
import random
import sys
import time
from collections import Counter, deque
from heapq import heappop, heappush
from typing import Any

from callfloor.core import events, exchange, facts, plan, record
from callfloor.twin import people, run

AGENTS = 100
CONTACTS = 20_000
SERVICE_SECONDS = 300.0
PATIENCE_SECONDS = 120.0
LOAD = 1.02  # Slightly more than the agents can do, so that queue and patience matter.
RATE = LOAD * AGENTS / SERVICE_SECONDS
ROUNDS = 3
SEED = 20_261_122
DAY_CONTACTS = 10_000
TARGETS = {"times_simpy": 5, "times_ciw": 20, "day_seconds": 5}


def floor_plan(channel: str) -> plan.FloorPlan:
    """Make one queue with a hundred agents, and no telephony around it."""
    return plan.FloorPlan(
        version="bench",
        centre="bench",
        timezone="UTC",
        clients=(plan.ClientPlan(key="c", languages=("en",)),),
        agents=tuple(
            plan.AgentPlan(key=f"a{n:03}", clients=("c",), capacity=((channel, 1),))
            for n in range(AGENTS)
        ),
        queues=(
            plan.QueuePlan(
                key="q",
                client="c",
                channel=channel,
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


def draws() -> list[tuple[float, float, float]]:
    """Draw arrival, patience and service of everybody, the same for all three."""
    draw = random.Random(SEED)
    at, people_ = 0.0, []
    for _ in range(CONTACTS):
        at += draw.expovariate(RATE)
        patience = draw.expovariate(1 / PATIENCE_SECONDS)
        people_.append((at, patience, draw.expovariate(1 / SERVICE_SECONDS)))
    return people_


class Counted(exchange.Exchange):
    """An exchange that counts what goes in and out."""

    def __init__(self, floor_plan_: plan.FloorPlan) -> None:
        super().__init__(floor_plan_)
        self.count: Counter[str] = Counter()

    def receive(self, event: events.Event, now: float) -> None:
        """Count a call."""
        self.count["receives"] += 1
        super().receive(event, now)

    def facts(self) -> list[facts.Fact]:
        """Count facts."""
        found = super().facts()
        self.count["facts"] += len(found)
        return found

    def actions(self) -> list[Any]:
        """Count actions."""
        found = super().actions()
        self.count["actions"] += len(found)
        return found


def through_exchange(
    people_: list[tuple[float, float, float]],
    channel: str,
    machine: exchange.Exchange | None = None,
) -> dict[str, float]:
    """Let the exchange of production decide, and a heap stand for the world."""
    machine = machine or exchange.Exchange(floor_plan(channel))
    for agent in [agent.key for agent in machine.house.lookup.plan.agents]:
        machine.receive(events.DeviceUp(agent=agent, leg=f"l{agent}"), 0.0)
        machine.receive(events.AgentSignedIn(agent=agent, ready=True), 0.0)
    machine.facts()
    heap: list[tuple[float, int, Any]] = []
    count = 0
    for n, (at, _, _) in enumerate(people_):
        count += 1
        item = f"i{n:06}"
        arrival = events.ItemArrived(item=item, channel=channel, called="n", leg=f"c{n}")
        heap.append((at, count, arrival))
    answered = abandoned = 0
    waits = 0.0
    impatient: set[str] = set()
    while heap:
        now, _, event = heappop(heap)
        if event.__class__ is events.CustomerLeft and event.item not in impatient:
            continue  # He was served before his patience was over.
        machine.receive(event, now)
        news = machine.facts()
        while news:
            later, news = news, []
            for fact in later:
                kind = fact.__class__
                if kind is facts.Queued:
                    n = int(fact.item[1:])
                    impatient.add(fact.item)
                    count += 1
                    left = events.CustomerLeft(item=fact.item)
                    heappush(heap, (now + people_[n][1], count, left))
                elif kind is facts.Ringing:
                    taken = events.OfferAnswered(agent=fact.agent, offer=fact.offer)
                    machine.receive(taken, now)
                    news += machine.facts()
                elif kind is facts.Bridged:
                    n = int(fact.item[1:])
                    count += 1
                    done = (
                        events.HangUpAsked(agent=fact.agent, item=fact.item)
                        if channel == "call"
                        else events.WorkFinished(agent=fact.agent, item=fact.item, disposition="d")
                    )
                    heappush(heap, (now + people_[n][2], count, done))
                elif kind is facts.Dequeued:
                    impatient.discard(fact.item)
                    waits += fact.waited_seconds
                    if fact.outcome == "answered":
                        answered += 1
                    else:
                        abandoned += 1
        machine.actions()
    assert answered + abandoned == CONTACTS
    return {"abandoned": abandoned / CONTACTS, "mean_wait": waits / CONTACTS}


def budget(people_: list[tuple[float, float, float]], seconds: float) -> dict[str, float]:
    """Count calls, facts and actions of a contact, and what a call costs."""
    machine = Counted(floor_plan("chat"))
    through_exchange(people_, "chat", machine)
    count = machine.count
    rounded = {f"{name}_per_contact": round(count[name] / CONTACTS, 1) for name in sorted(count)}
    rounded["microseconds_per_receive"] = round(seconds * 1e6 / count["receives"], 1)
    return rounded


def records_only(records: int) -> dict[str, float]:
    """Make as many records as the exchange makes."""
    make = record.maker(facts.Ringing)
    for _ in range(records):
        make(item="i", client="c", queue="q", agent="a", offer="i/1", until=1.0)
    return {}


def through_heap(people_: list[tuple[float, float, float]]) -> dict[str, float]:
    """Write the least that simulates it."""
    heap: list[tuple[float, int]] = [(at, n) for n, (at, _, _) in enumerate(people_)]
    waiting: deque[int] = deque()
    gone = [False] * CONTACTS
    free, abandoned, waits = AGENTS, 0, 0.0
    while heap:
        now, event = heappop(heap)
        kind, n = divmod(event, CONTACTS)
        if kind == 0 and free:  # He comes, and is served at once.
            free -= 1
            gone[n] = True
            heappush(heap, (now + people_[n][2], n + CONTACTS))
        elif kind == 0:
            waiting.append(n)
            heappush(heap, (now + people_[n][1], n + 2 * CONTACTS))
        elif kind == 1:  # Somebody was served.
            while waiting and gone[waiting[0]]:
                waiting.popleft()
            if waiting:
                after = waiting.popleft()
                gone[after] = True
                waits += now - people_[after][0]
                heappush(heap, (now + people_[after][2], after + CONTACTS))
            else:
                free += 1
        elif not gone[n]:  # His patience is over.
            gone[n] = True
            abandoned += 1
            waits += people_[n][1]
    return {"abandoned": abandoned / CONTACTS, "mean_wait": waits / CONTACTS}


def through_simpy(people_: list[tuple[float, float, float]]) -> dict[str, float]:
    """Write the same as a simpy user would: a process per caller, a resource of agents."""
    import simpy

    world = simpy.Environment()
    agents = simpy.Resource(world, AGENTS)
    waits: list[float] = []
    abandoned = 0

    def caller(patience: float, service: float) -> Any:
        nonlocal abandoned
        since = world.now
        with agents.request() as request:
            outcome = yield request | world.timeout(patience)
            waits.append(world.now - since)
            if request in outcome:
                yield world.timeout(service)
            else:
                abandoned += 1

    def arrivals() -> Any:
        before = 0.0
        for at, patience, service in people_:
            yield world.timeout(at - before)
            before = at
            world.process(caller(patience, service))

    world.process(arrivals())
    world.run()
    return {"abandoned": abandoned / CONTACTS, "mean_wait": sum(waits) / CONTACTS}


def through_ciw() -> dict[str, float]:
    """Let ciw simulate the same queue with draws of its own."""
    import ciw

    ciw.seed(SEED)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=RATE)],
        service_distributions=[ciw.dists.Exponential(rate=1 / SERVICE_SECONDS)],
        number_of_servers=[AGENTS],
        reneging_time_distributions=[ciw.dists.Exponential(rate=1 / PATIENCE_SECONDS)],
    )
    world = ciw.Simulation(network)
    world.simulate_until_max_customers(CONTACTS, method="Arrive")
    records = world.get_all_records()
    reneged = sum(record.record_type == "renege" for record in records)
    waits = [record.waiting_time for record in records]
    return {"abandoned": reneged / len(records), "mean_wait": sum(waits) / len(waits)}


def erlang_a() -> dict[str, float]:
    """Work out the same from the birth-death chain (Palm 1957; Garnett et al. 2002)."""
    weight, weights = 0.0, [0.0]
    for n in range(1, AGENTS * 8):
        deaths = min(n, AGENTS) / SERVICE_SECONDS + max(0, n - AGENTS) / PATIENCE_SECONDS
        weight += math.log(RATE / deaths)
        weights.append(weight)
    highest = max(weights)
    chances = [math.exp(each - highest) for each in weights]
    total = sum(chances)
    waiting = sum(max(0, n - AGENTS) * chance for n, chance in enumerate(chances)) / total
    return {
        "abandoned": waiting / PATIENCE_SECONDS / RATE,
        "mean_wait": waiting / RATE,
    }


def timed(what: Any, *arguments: Any) -> tuple[float, dict[str, float]]:
    """Give the processor seconds of the best of some rounds, and the result."""
    best, result = math.inf, {}
    gc.collect()
    gc.freeze()  # What stands already is nobody's cost.
    for _ in range(ROUNDS):
        gc.collect()
        started = time.process_time()
        result = what(*arguments)
        best = min(best, time.process_time() - started)
    gc.unfreeze()
    return best, result


def day() -> tuple[float, dict[str, Any]]:
    """Simulate a day of ten thousand calls with everything that a call goes through."""
    from callfloor.twin.tests import centre

    floor_plan_ = centre.floor_plan(agents=150)
    number = people.NumberDemand(number="900", per_hour=(DAY_CONTACTS / 10,))
    demand = people.Demand(numbers=(number,), miss_share=0.02, decline_share=0.01)
    gc.collect()
    started = time.process_time()
    result = run.day(
        plan=floor_plan_,
        demand=demand,
        seed=SEED,
        start_at=centre.START_AT,
        seconds=36_000.0,
    )
    return time.process_time() - started, result.summary


def main() -> None:
    """Print the figures as JSON."""
    people_ = draws()
    ours, found = timed(through_exchange, people_, "chat")
    calls, found_calls = timed(through_exchange, people_, "call")
    bare, found_bare = timed(through_heap, people_)
    spent = budget(people_, ours)
    made = round((spent["facts_per_contact"] + spent["actions_per_contact"]) * CONTACTS)
    making, _ = timed(records_only, made)
    report: dict[str, Any] = {
        "bench": "twin",
        "contacts": CONTACTS,
        "agents": AGENTS,
        "exchange": {"per_second": round(CONTACTS / ours), **found},
        "exchange_with_telephony": {"per_second": round(CONTACTS / calls), **found_calls},
        "bare_heap": {"per_second": round(CONTACTS / bare), **found_bare},
        "records": {"per_second": round(CONTACTS / making)},
        "budget": spent,
        "erlang_a": erlang_a(),
    }
    for name, peer, arguments in (
        ("simpy", through_simpy, (people_,)),
        ("ciw", through_ciw, ()),
    ):
        try:
            seconds, peers = timed(peer, *arguments)
        except ImportError:
            report[name] = f"not installed: it is in bench/requirements.txt, ./run bench has {name}"
            continue
        report[name] = {"per_second": round(CONTACTS / seconds), **peers}
        report[f"times_{name}"] = round(seconds / ours, 2)
    seconds, summary = day()
    report["day"] = {
        "seconds": round(seconds, 2),
        "contacts": summary["contacts"],
        "final": summary["final"],
    }
    report["targets"] = TARGETS
    report["python"] = platform.python_version()
    json.dump(report, sys.stdout, indent=None if "--json" in sys.argv else 2)
    print()


if __name__ == "__main__":
    main()
