"""
Yesterday, and today up to now, made by the twin and kept in a journal of its own.

The worker projects it with the mark `simulated`, so it is on every page and in no real figure.
Refuses: to write beside a history that is there.
"""

import dataclasses
import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from callfloor.blueprint import organisation
from callfloor.blueprint.schema import Blueprint
from callfloor.core import codec, facts
from callfloor.core.plan import CALL, CHAT, MAIL, PROBE_TRUNK, FloorPlan, channel_of
from callfloor.floor.journal import Journal, Row
from callfloor.twin import people, run

CALLS_PER_HOUR = (
    *(0, 0, 0, 0, 0, 0, 2, 8, 16, 22, 24, 20),
    *(14, 16, 20, 22, 20, 16, 12, 8, 4, 2, 0, 0),
)  # fmt: skip
"""Calls of the whole centre by local hour: two humps with a lunch between, and nobody at night."""
SHIFT_STARTS = (7.0, 10.0, 8.0, 12.5)  # Hours of the local day, one agent after the other.
SHIFT_HOURS = 8.5
CLOSING_SECONDS = 900.0  # Nobody new in the last quarter of an hour: every call has its end.
SHARES = {CALL: 1.0, CHAT: 0.3, MAIL: 0.15}
"""How much of each channel comes, against calls; the rest of what is written is made by nobody."""
HANDLING_SECONDS = {CALL: 210.0, CHAT: 300.0, MAIL: 240.0}
PATIENCE_SECONDS = {CALL: 150.0, CHAT: 300.0, MAIL: 86_400.0}


def write(
    path: Path, *, floor_plan: FloorPlan, blueprint: Blueprint, seed: int, now: datetime
) -> int:
    """Write the history into a new journal and return how many contacts it holds."""
    rows = rows_of(floor_plan=floor_plan, blueprint=blueprint, seed=seed, now=now)
    half = path.with_suffix(".half")
    half.unlink(missing_ok=True)
    journal = Journal(half)
    try:
        journal.write(rows, [])
        journal.read("PRAGMA journal_mode=DELETE")  # One file, so that it can be moved whole.
    finally:
        journal.close()
    half.replace(path)
    return sum(row.name == "Arrived" for row in rows)


def rows_of(*, floor_plan: FloorPlan, blueprint: Blueprint, seed: int, now: datetime) -> list[Row]:
    """Return the journal's rows; equal arguments give equal rows."""
    zone = ZoneInfo(floor_plan.timezone)
    midnight = datetime.combine(now.astimezone(zone).date(), time(), zone)
    start = midnight - timedelta(days=1)
    days = [(midnight - start).total_seconds() * day for day in (0, 1)]
    seconds = (now - start).total_seconds() - CLOSING_SECONDS
    probed = blueprint.probe.number if blueprint.probe else None
    result = run.day(
        plan=floor_plan,
        demand=_demand(floor_plan, _agents(blueprint), days, probed=probed),
        seed=seed,
        start_at=start.astimezone(UTC).timestamp(),
        seconds=seconds,
    )
    said = _with_dispositions(result.rows, blueprint, random.Random(f"{seed}/dispositions"))
    return list(_rows(_finished(said, until=now.timestamp())))


def _agents(blueprint: Blueprint) -> list[str]:
    """Return who worked: the free seats were empty before their newcomers came."""
    demo = blueprint.demo.people if blueprint.demo else {}
    takers = organisation.takers(blueprint)
    return [
        key
        for key in blueprint.people
        if key in takers and not (key in demo and demo[key].password)
    ]


def _demand(
    floor_plan: FloorPlan, agents: list[str], days: Iterable[float], *, probed: str | None
) -> people.Demand:
    # Test calls are no demand: they come over a line of their own, by nobody.
    called = [entry for entry in floor_plan.numbers if entry.number != probed]
    calls = sum(channel_of(entry.number) == CALL for entry in called)
    trunks = [trunk.key for trunk in floor_plan.trunks if trunk.key != PROBE_TRUNK]
    can = {channel for agent in floor_plan.agents if agent.key in agents
           for channel, many in agent.capacity if many}  # fmt: skip
    numbers = tuple(
        _number(entry.number, share=SHARES[channel] / max(1, calls), trunk=next(iter(trunks), None))
        for entry in called
        if (channel := channel_of(entry.number)) in SHARES and (channel == CALL or channel in can)
    )
    shifts = tuple(_shift(agent, index, day) for day in days for index, agent in enumerate(agents))
    return people.Demand(
        numbers=numbers, shifts=shifts, answer_seconds=3.0, miss_share=0.02, wrong_share=0.04
    )


def _number(number: str, *, share: float, trunk: str | None) -> people.NumberDemand:
    channel = channel_of(number)
    return people.NumberDemand(
        number=number,
        channel=channel,
        per_hour=tuple(calls * share for calls in CALLS_PER_HOUR),
        handling_seconds=HANDLING_SECONDS[channel],
        patience_seconds=PATIENCE_SECONDS[channel],
        trunk=trunk if channel == CALL else None,
    )


def _shift(agent: str, index: int, day: float) -> people.Shift:
    begins = day + people.HOUR * SHIFT_STARTS[index % len(SHIFT_STARTS)]
    lunch = begins + people.HOUR * 4 + 600.0 * (index % 3)  # Not all at once.
    coffee = begins + people.HOUR * 2 + 300.0 * (index % 4)
    return people.Shift(
        agent=agent,
        begins=begins,
        ends=begins + people.HOUR * SHIFT_HOURS,
        breaks=((coffee, coffee + 600.0, "break"), (lunch, lunch + 1800.0, "lunch")),
    )


def _with_dispositions(
    rows: list[run.Row], blueprint: Blueprint, draw: random.Random
) -> Iterator[run.Row]:
    """Give each finished call a disposition that its queue really has."""
    for seq, at, kind, body in rows:
        if isinstance(body, facts.Finished) and body.disposition is not None:
            body = dataclasses.replace(body, disposition=_disposition(blueprint, body.queue, draw))
        yield seq, at, kind, body


def _disposition(blueprint: Blueprint, queue: str, draw: random.Random) -> str:
    offered = blueprint.queues[queue].dispositions
    weights = [1 / (place + 1) for place in range(len(offered))]  # The first are the usual ones.
    return draw.choices(offered, weights)[0]


def _finished(rows: Iterable[run.Row], *, until: float) -> list[run.Row]:
    """Keep facts, up to now, of calls that have their end by then."""
    past = [row for row in rows if row[1] <= until and row[2] == run.FACT]
    kept = {None, *(body.item for *_, body in past if isinstance(body, facts.Closed))}
    return [row for row in past if getattr(row[3], "item", None) in kept]


def _rows(rows: Iterable[run.Row]) -> Iterator[Row]:
    for seq, (_, at, kind, body) in enumerate(rows, start=1):
        yield Row(
            seq=seq,
            at=at,
            epoch=1,
            kind=kind,
            name=type(body).__name__,
            item=getattr(body, "item", None),
            client=getattr(body, "client", None),
            body=codec.dumps(body),
        )
