"""
The report of a period: sums by interval, by queue, by client and in all; and those of agents.

Each sum is added up once from the same rows, so that intervals add up to the day and queues to
the centre. Refuses: formulas and rounding.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from callfloor.records.interactions import rules as halves
from callfloor.records.metrics import rules
from callfloor.records.metrics.queries import kept, reading
from callfloor.records.metrics.queries.catalogue import Metric, metric
from callfloor.records.metrics.queries.scope import Scope
from callfloor.records.metrics.rules import Fields, Sums

Step = Literal["half", "day", "week"]


@dataclass(frozen=True, kw_only=True)
class Closed:
    """What has changed since its day closed, as it was then. Half hours are not in it."""

    total: Sums | None = None
    """None if nothing has changed."""
    intervals: Mapping[Any, Sums] = field(default_factory=dict)
    queues: Mapping[str, Sums] = field(default_factory=dict)
    clients: Mapping[str, Sums] = field(default_factory=dict)
    lines: Mapping[tuple[str, Any], Sums] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Report:
    """What happened in the queues."""

    total: Sums
    intervals: Mapping[Any, Sums]
    """By the instant of a half hour, or by the first day of a day or week, where something was."""
    queues: Mapping[str, Sums]
    clients: Mapping[str, Sums]
    lines: Mapping[tuple[str, Any], Sums]
    """By queue and interval, as a file wants them."""
    closed: Closed = Closed()


def report(scope: Scope, *, step: Step = "half", first_weekday: int = 0) -> Report:
    """Give the sums of a period; weeks begin with a weekday, Monday being 0."""
    of_quarter = _halves(scope) if step == "half" else _days(scope)
    parts = reading.parts(scope, by=of_quarter)

    def interval(at: Any) -> Any:
        return rules.week_of(at, first_weekday=first_weekday) if step == "week" else at

    found = _assembled(parts, scope, interval=interval)
    closed = kept.days(scope)
    if not closed:
        return found
    days = _by_day(parts, scope) if step == "half" else parts
    then = {part: sums for part, sums in closed.items() if not _is_same(sums, days.get(part))}
    if not then:
        return found
    lines = {(queue, interval(day)) for queue, day in then} if step != "half" else set()
    whole = _assembled({**days, **then}, scope, interval=interval)
    queues = {queue for queue, _ in then}
    return replace(found, closed=_changed(whole, queues=queues, lines=lines, scope=scope))


def _is_same(closed: Fields, now: Fields | None) -> bool:
    return rules.is_same(closed, now or {})


def _assembled(
    parts: Mapping[tuple[str, Any], Fields], scope: Scope, *, interval: Callable[[Any], Any]
) -> Report:
    """Add parts of queues up, each in the same order, so that all sums are of the same."""
    owner = {queue.key: queue.client for queue in scope.queues}
    lines = rules.rolled(parts, by=lambda part: (part[0], interval(part[1])))
    queues = rules.rolled(lines, by=lambda line: line[0])
    total = rules.rolled(queues, by=lambda queue: None)
    return Report(
        total=Sums(**total.get(None, {})),
        intervals=_ordered(rules.rolled(lines, by=lambda line: line[1])),
        queues=_ordered(queues),
        clients=_ordered(rules.rolled(queues, by=owner.__getitem__)),
        lines=_ordered(lines),
    )


def _ordered(found: Mapping[Any, Fields]) -> dict[Any, Sums]:
    return {key: Sums(**found[key]) for key in sorted(found)}


def _changed(
    closed: Report, *, queues: Collection[str], lines: Collection[tuple[str, Any]], scope: Scope
) -> Closed:
    """Leave of a report what has changed: queues, lines, and what they are added up in."""
    clients = {queue.client for queue in scope.queues if queue.key in queues}
    return Closed(
        total=closed.total,
        intervals=_chosen(closed.intervals, {at for _, at in lines}),
        queues=_chosen(closed.queues, queues),
        clients=_chosen(closed.clients, clients),
        lines=_chosen(closed.lines, lines),
    )


def _chosen(found: Mapping[Any, Sums], keys: Collection[Any]) -> dict[Any, Sums]:
    return {key: sums for key, sums in found.items() if key in keys}


def of_agents(scope: Scope, *, now: datetime) -> dict[str, Sums]:
    """Give the sums of each agent that was there or worked, by key."""
    work = reading.sums_of_work(reading.work(scope), by=lambda row: row[0])
    return dict(sorted(_joined(reading.seats(scope, now=now), work).items()))


def closed_of_agents(scope: Scope, found: Mapping[str, Sums]) -> dict[str, Sums]:
    """
    Give the agents whose work has changed since its days closed, as it was then.

    `found` are their sums now. Only work can change: states and offers are over with their day.
    """
    changed: dict[str, Sums] = {}
    kept_days = kept.work(scope)
    for day in sorted({day for _, day in kept_days}):
        now = _work_on(day, scope, found)
        for (agent, on), then in kept_days.items():
            if on == day and agent in now and not rules.is_same(then, now[agent]):
                known = changed.get(agent, found[agent])
                changed[agent] = replace(known, **_moved(known, now[agent], then))
    return dict(sorted(changed.items()))


def _work_on(day: date, scope: Scope, found: Mapping[str, Sums]) -> dict[str, Fields]:
    """Give the work of one day; of a scope that has no other it is known already."""
    if scope.day_to - scope.day_from == timedelta(days=1):
        return {
            agent: {name: getattr(sums, name) for name in reading.WORK}
            for agent, sums in found.items()
        }
    one = replace(scope, day_from=day, day_to=day + timedelta(days=1))
    return reading.sums_of_work(reading.work(one), by=lambda row: row[0])


def _moved(known: Sums, now: Fields, then: Fields) -> Fields:
    """Give the fields of work with what a day was in the place of what it is."""
    return {
        name: getattr(known, name) + then.get(name, 0) - now.get(name, 0) for name in reading.WORK
    }


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


def _halves(scope: Scope) -> Callable[[int], datetime]:
    """Give what makes a quarter hour the instant at which its local half hour begins."""
    return _remembered(lambda quarter: halves.start_of(quarter, zone=scope.zone))


def _days(scope: Scope) -> Callable[[int], date]:
    """Give what makes a quarter hour its local day."""
    return _remembered(lambda quarter: halves.at_quarter(quarter).astimezone(scope.zone).date())


def _by_day(parts: Mapping[tuple[str, Any], Fields], scope: Scope) -> dict[Any, Fields]:
    """Add half hours up by queue and local day."""
    day = _remembered(lambda at: at.astimezone(scope.zone).date())
    return rules.rolled(parts, by=lambda part: (part[0], day(part[1])))


def _remembered(compute: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Give a function that computes each of its values once."""
    known: dict[Any, Any] = {}

    def value(of: Any) -> Any:
        if of not in known:
            known[of] = compute(of)
        return known[of]

    return value
