"""
The sums of a day by queue and half hour, from the records: the same words as on the board.

At every moment offered = answered + abandoned + callback_asked + message_left + diverted + lost
+ waiting (DESIGN 4). A half hour counts what was queued in it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from callfloor.kernel import access
from callfloor.kernel.access import Someone
from callfloor.records.interactions.models import QueueEntry
from callfloor.records.people import queries as people
from callfloor.records.routing import queries as routing
from callfloor.records.routing.models import Queue

HALF_HOUR_SECONDS = 1_800
COUNTER_OF = {
    "answered": "answered",
    "abandoned_in_queue": "abandoned",
    "callback_asked": "callback_asked",
    "message_left": "message_left",
    "diverted": "diverted",
    "lost_by_system": "lost",
    "": "waiting",
}
"""Which sum an entry with this outcome belongs to."""


@dataclass(frozen=True, kw_only=True)
class Counters:
    """Sums of queue entries; abandoned includes short ones, answered those within the goal."""

    offered: int = 0
    answered: int = 0
    within_goal: int = 0
    abandoned: int = 0
    short_abandoned: int = 0
    callback_asked: int = 0
    message_left: int = 0
    diverted: int = 0
    lost: int = 0
    waiting: int = 0
    wait_seconds: float = 0.0
    longest_wait_seconds: float = 0.0

    @property
    def service_level(self) -> float | None:
        """
        The share that was answered within the goal; None if nothing counts yet.

        Of all that were offered, less short abandonments and what still waits.
        """
        counted = self.offered - self.short_abandoned - self.waiting
        return self.within_goal / counted if counted > 0 else None


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
    centre = routing.centre()
    zone = ZoneInfo(centre.timezone if centre else "UTC")
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
    found = access.within(person, Queue.objects.order_by("client_id", "key"))
    if queue is None:
        return list(found.filter(is_active=True))
    one = found.filter(key=queue).first()
    if one is None:
        raise access.NotFound
    return [one]


def _halves(
    queues: list[Queue], zone: ZoneInfo, day: date, *, include_simulated: bool
) -> dict[str, dict[int, Counters]]:
    starts_at = datetime.combine(day, time(), zone)
    ends_at = datetime.combine(day + timedelta(days=1), time(), zone)
    found = QueueEntry.objects.filter(
        queue__in=[each.key for each in queues], queued_at__gte=starts_at, queued_at__lt=ends_at
    )
    if not include_simulated:
        found = found.filter(simulated=False)
    columns = ("queue_id", "queued_at", "outcome", "waited_seconds", "short", "within_goal")
    sums: dict[str, dict[int, dict[str, Any]]] = {}
    for key, queued_at, outcome, waited, short, within in found.order_by().values_list(*columns):
        half = int(queued_at.timestamp()) // HALF_HOUR_SECONDS * HALF_HOUR_SECONDS
        _count(sums.setdefault(key, {}).setdefault(half, {}), outcome, waited, short, within)
    return {
        key: {half: Counters(**counts) for half, counts in sorted(halves.items())}
        for key, halves in sums.items()
    }


def _count(
    counts: dict[str, Any], outcome: str, waited: float, short: bool, within_goal: bool
) -> None:
    name = COUNTER_OF[outcome]
    answered, abandoned = name == "answered", name == "abandoned"
    for counter, is_counted in (
        ("offered", True),
        (name, True),
        ("within_goal", answered and within_goal),
        ("short_abandoned", abandoned and short),
    ):
        counts[counter] = counts.get(counter, 0) + int(is_counted)
    counts["wait_seconds"] = counts.get("wait_seconds", 0.0) + waited
    counts["longest_wait_seconds"] = max(counts.get("longest_wait_seconds", 0.0), waited)


def _queue(
    queue: Queue, halves: dict[int, Counters], names: dict[str, str], clients: dict[str, str]
) -> QueueDay:
    return QueueDay(
        queue=queue.key,
        queue_name=names.get(queue.key, queue.key),
        client=queue.client_id,
        client_name=clients.get(queue.client_id, queue.client_id),
        goal_seconds=queue.goal_seconds,
        goal_share=queue.goal_share,
        total=_sum(halves.values()),
        halves=tuple(
            HalfHour(starts_at=datetime.fromtimestamp(half, UTC), counters=counters)
            for half, counters in halves.items()
        ),
    )


def _sum(parts: Iterable[Counters]) -> Counters:
    each = list(parts)
    sums = {
        field.name: sum(getattr(part, field.name) for part in each) for field in fields(Counters)
    }
    sums["longest_wait_seconds"] = max((part.longest_wait_seconds for part in each), default=0.0)
    return Counters(**sums)
