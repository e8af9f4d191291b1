"""
The report of a period: sums by interval, by queue, by client and in all; and those of agents.

Each sum is added up once from the same rows, so that intervals add up to the day and queues to
the centre. Refuses: formulas and rounding.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from callfloor.records.metrics import rules
from callfloor.records.metrics.queries import reading
from callfloor.records.metrics.queries.catalogue import Metric, metric
from callfloor.records.metrics.queries.scope import QueueSeen, Scope
from callfloor.records.metrics.rules import Sums

Step = Literal["half", "day", "week"]


@dataclass(frozen=True, kw_only=True)
class Report:
    """What happened in the queues."""

    total: Sums
    intervals: Mapping[Any, Sums]
    """By the instant of a half hour, or by the first day of a day or week, where something was."""
    queues: Mapping[str, Sums]
    clients: Mapping[str, Sums]


def report(scope: Scope, *, step: Step = "half", first_weekday: int = 0) -> Report:
    """Give the sums of a period; weeks begin with a weekday, Monday being 0."""
    groups, work = reading.waits(scope), reading.work(scope)
    of_interval = _interval(scope, step, first_weekday)
    owner = {queue.key: queue.client for queue in scope.queues}
    by_queue = _joined(
        reading.sums_of_waits(groups, by=lambda row: row[0]),
        reading.sums_of_work(work, by=lambda row: row[0]),
    )
    intervals = _joined(
        reading.sums_of_waits(groups, by=lambda row: of_interval(row[1])),
        reading.sums_of_work(work, by=lambda row: of_interval(row[1])),
    )
    clients: dict[str, list[Sums]] = {}
    for queue, sums in by_queue.items():
        clients.setdefault(owner[queue], []).append(sums)
    return Report(
        total=rules.total(list(by_queue.values())),
        intervals=dict(sorted(intervals.items())),
        queues=by_queue,
        clients={client: rules.total(each) for client, each in sorted(clients.items())},
    )


def by_queue_and_interval(
    scope: Scope, *, step: Step = "half", first_weekday: int = 0
) -> list[tuple[QueueSeen, Any, Sums]]:
    """Give the sums of each interval of each queue, as a file wants them."""
    of_interval = _interval(scope, step, first_weekday)

    def key(row: Any) -> tuple[str, Any]:
        return row[0], of_interval(row[1])

    found = _joined(
        reading.sums_of_waits(reading.waits(scope), by=key),
        reading.sums_of_work(reading.work(scope), by=key),
    )
    seen = {queue.key: queue for queue in scope.queues}
    return [(seen[queue], at, sums) for (queue, at), sums in sorted(found.items())]


def of_agents(scope: Scope, *, now: datetime) -> dict[str, Sums]:
    """Give the sums of each agent that was there or worked, by key."""
    work = reading.sums_of_work(reading.work(scope), by=lambda row: row[0])
    return dict(sorted(_joined(reading.seats(scope, now=now), work).items()))


def value(key: str, *, scope: Scope, now: datetime, version: int | None = None) -> float | None:
    """
    Give one figure, as it was defined on the scope's first day, or in a version.

    None if nothing counts. This is the one road: whoever shows or compares a figure asks here.
    """
    asked = metric(key, day=scope.day_from, version=version)
    return asked.compute(sums(scope, asked, now=now))


def sums(scope: Scope, asked: Metric, *, now: datetime) -> Sums:
    """Give the sums that a figure is made of, and nothing else."""
    parts: list[Sums] = []
    if "waits" in asked.needs:
        parts.append(Sums(**rules.of_waits(reading.waits(scope))))
    if "work" in asked.needs:
        found = reading.sums_of_work(reading.work(scope), by=lambda _row: None)
        parts += [Sums(**each) for each in found.values()]
    if "seats" in asked.needs:
        parts += [Sums(**each) for each in reading.seats(scope, now=now).values()]
    if "first" in asked.needs:
        parts += [Sums(**each) for each in reading.first_contacts(scope, now=now).values()]
    if "cases" in asked.needs:
        parts += [Sums(**each) for each in reading.first_cases(scope, now=now).values()]
    if "promises" in asked.needs:
        parts.append(Sums(**reading.promises(scope)))
    return rules.total(parts)


def first_contacts(scope: Scope, *, now: datetime) -> dict[str, Sums]:
    """
    Give by queue what the figures of the first contact are made of.

    The empty key is of cases that came out of no queue.
    """
    return _joined(reading.first_contacts(scope, now=now), reading.first_cases(scope, now=now))


def _joined(*parts: Mapping[Any, dict[str, Any]]) -> dict[Any, Sums]:
    """Put fields together that belong to the same key."""
    keys = dict.fromkeys(key for part in parts for key in part)
    return {
        key: Sums(**{name: value for part in parts for name, value in part.get(key, {}).items()})
        for key in keys
    }


def _interval(scope: Scope, step: Step, first_weekday: int) -> Callable[[int], Any]:
    """Give what says to which interval a quarter hour belongs."""
    half = reading.half_of(scope)
    if step == "half":
        return half

    def day(quarter: int) -> date:
        found = half(quarter).astimezone(scope.zone).date()
        return found if step == "day" else rules.week_of(found, first_weekday=first_weekday)

    return day
