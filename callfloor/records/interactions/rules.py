"""
The sums of a day: which entry counts where. Pure.

At every moment offered = answered + abandoned + callback_asked + message_left + diverted + lost
+ waiting (DESIGN 4). A half hour counts what was queued in it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from callfloor.core import calendars

QUARTER_SECONDS = 900  # Every zone of today lies whole quarters of an hour from UTC.
MOS_BAD = 3.6  # ITU-T G.107, table B.1: R 70, below it "many users dissatisfied".
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
class Group:
    """Queue entries that are alike."""

    outcome: str
    """Empty for those that wait."""
    short: bool
    within_goal: bool
    entries: int
    wait_seconds: float
    longest_wait_seconds: float


def quarter_of(at: datetime) -> int:
    """Give the quarter hour in which an instant lies, counted from 1970."""
    return int(at.timestamp()) // QUARTER_SECONDS


def at_quarter(quarter: int) -> datetime:
    """Give the instant at which a quarter hour begins."""
    return datetime.fromtimestamp(quarter * QUARTER_SECONDS, UTC)


def start_of(quarter: int, *, zone: ZoneInfo) -> datetime:
    """Give the instant at which the local half hour begins that a quarter hour lies in."""
    return datetime.fromtimestamp(calendars.half_hour(at=quarter * QUARTER_SECONDS, zone=zone), UTC)


def quarters(day_from: date, day_to: date, *, zone: ZoneInfo) -> tuple[int, int]:
    """Give the quarter hours of local days, half-open."""
    begin, end = (datetime.combine(day, time(), zone) for day in (day_from, day_to))
    return quarter_of(begin), quarter_of(end)


def by_day(since: datetime, until: datetime, *, zone: ZoneInfo) -> Iterator[tuple[date, int]]:
    """Cut a period at the zone's midnights: each local day with its microseconds."""
    while since < until:
        day = since.astimezone(zone).date()
        midnight = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
        end = min(until, midnight)
        yield day, (end - since) // timedelta(microseconds=1)
        since = end


def counters_of(group: Group) -> Counters:
    """Give the sums of entries that are alike."""
    name = COUNTER_OF[group.outcome]
    parts = {"offered": group.entries, name: group.entries}
    if name == "answered" and group.within_goal:
        parts["within_goal"] = group.entries
    if name == "abandoned" and group.short:
        parts["short_abandoned"] = group.entries
    return Counters(
        **parts, wait_seconds=group.wait_seconds, longest_wait_seconds=group.longest_wait_seconds
    )


def total(parts: Iterable[Counters]) -> Counters:
    """Add sums up; the longest wait is the longest of all."""
    each = list(parts)
    sums = {
        field.name: sum(getattr(part, field.name) for part in each) for field in fields(Counters)
    }
    sums["longest_wait_seconds"] = max((part.longest_wait_seconds for part in each), default=0.0)
    return Counters(**sums)
