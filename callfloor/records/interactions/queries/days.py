"""The sums of a day by queue and half hour, from the records: the same words as on the board."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Sum

from callfloor.kernel import access
from callfloor.kernel.access import Someone
from callfloor.records.interactions import rules
from callfloor.records.interactions.models import QueueEntry
from callfloor.records.interactions.rules import Counters
from callfloor.records.people import queries as people
from callfloor.records.routing import queries as routing
from callfloor.records.routing.models import Queue


@dataclass(frozen=True, kw_only=True)
class HalfHour:
    """The sums of what was queued in one half hour."""

    starts_at: datetime
    counters: Counters


@dataclass(frozen=True, kw_only=True)
class QueueDay:
    """A queue's day."""

    queue: str
    queue_name: str
    client: str
    client_name: str
    goal_seconds: float
    goal_share: float
    total: Counters
    halves: tuple[HalfHour, ...]
    """Those in which something was queued, in order."""


@dataclass(frozen=True, kw_only=True)
class DayNumbers:
    """A local day of the centre."""

    day: date
    timezone: str
    queues: tuple[QueueDay, ...]


def day_numbers(
    *, person: Someone, day: date, queue: str | None = None, include_simulated: bool = False
) -> DayNumbers:
    """
    Give a day's sums of the queues of the person's clients.

    Raises Forbidden without a duty for it, NotFound for a foreign queue.
    """
    access.check_any(person, "interactions.read", "wallboard.see")
    zone = ZoneInfo(routing.zone() or "UTC")
    queues = _queues(person, queue)
    halves = _halves(queues, zone, day, include_simulated=include_simulated)
    names = routing.queue_names(person=person)
    clients = people.client_names(person=person)
    return DayNumbers(
        day=day,
        timezone=zone.key,
        queues=tuple(_queue(each, halves.get(each.key, {}), names, clients) for each in queues),
    )


def _queues(person: Someone, queue: str | None) -> list[Queue]:
    if queue is None:
        return access.read(person, Queue, "is_active", then="ORDER BY client_id, key")
    found = access.read(person, Queue, "key = %s", [queue])
    if not found:
        raise access.NotFound
    return found


def _halves(
    queues: list[Queue], zone: ZoneInfo, day: date, *, include_simulated: bool
) -> dict[str, dict[datetime, Counters]]:
    """Give the sums by queue and half hour; the database does the adding."""
    first, end = rules.quarters(day, day + timedelta(days=1), zone=zone)
    found = QueueEntry.objects.filter(
        queue__in=[each.key for each in queues], quarter__gte=first, quarter__lt=end
    )
    if not include_simulated:
        found = found.filter(simulated=False)
    alike = found.order_by().values("queue_id", "quarter", "outcome", "short", "within_goal")
    groups = alike.annotate(
        entries=Count("id"),
        wait_seconds=Sum("waited_seconds"),
        longest_wait_seconds=Max("waited_seconds"),
    )
    parts: dict[str, dict[datetime, list[Counters]]] = {}
    for found_row in groups:
        row: dict[str, Any] = dict(found_row)
        halves = parts.setdefault(str(row.pop("queue_id")), {})
        half = rules.start_of(row.pop("quarter"), zone=zone)
        halves.setdefault(half, []).append(rules.counters_of(rules.Group(**row)))
    return {
        key: {half: rules.total(each) for half, each in sorted(halves.items())}
        for key, halves in parts.items()
    }


def _queue(
    queue: Queue, halves: dict[datetime, Counters], names: dict[str, str], clients: dict[str, str]
) -> QueueDay:
    return QueueDay(
        queue=queue.key,
        queue_name=names.get(queue.key, queue.key),
        client=queue.client_id,
        client_name=clients.get(queue.client_id, queue.client_id),
        goal_seconds=queue.goal_seconds,
        goal_share=queue.goal_share,
        total=rules.total(halves.values()),
        halves=tuple(
            HalfHour(starts_at=starts_at, counters=counters)
            for starts_at, counters in halves.items()
        ),
    )
