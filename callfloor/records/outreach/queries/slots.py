"""
Times that queues offer by the plan that holds, and how many places of each are left.

Refuses: to keep a place. Between this answer and a booking somebody else may come.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from callfloor.core.calendars import Calendar
from callfloor.core.plan import QueuePlan
from callfloor.records.outreach import rules
from callfloor.records.outreach.models import Appointment
from callfloor.records.routing import queries as routing

DAYS_AHEAD = 14  # Who plans further ahead forgets it, and so does the center.
SLOTS_MAX = 1_000  # Two weeks around the clock, by the quarter of an hour.


@dataclass(frozen=True, kw_only=True)
class SlotRow:
    """A time with what is left of it."""

    begins_at: datetime
    ends_at: datetime
    free: int


@dataclass(frozen=True, kw_only=True)
class QueueSlots:
    """A queue that keeps appointments."""

    key: str
    name: str
    client: str
    at_once: int


def queues_with_slots(*, client: str) -> list[QueueSlots]:
    """Give the queues of a client that has been checked, in which customers may choose a time."""
    plan = routing.current_plan()
    rows = [each for each in (plan.queues if plan else ()) if each.client == client]
    found = [each for each in rows if each.appointments_max and each.hours]
    names = routing.queue_names_of(keys=[each.key for each in found])
    return [
        QueueSlots(
            key=each.key,
            name=names.get(each.key, each.key),
            client=client,
            at_once=each.appointments_max,
        )
        for each in found
    ]


def slots_of(*, queue: str, now: datetime) -> list[SlotRow]:
    """Give the times of a queue from now on; none if it keeps no appointments."""
    found = planned(queue)
    if found is None:
        return []
    rules_, calendar = found
    until = (now + timedelta(days=DAYS_AHEAD)).timestamp()
    every = rules.slots(
        calendar, seconds=rules_.appointment_seconds, after=now.timestamp(), until=until
    )
    rows = [slot for slot, _ in zip(every, range(SLOTS_MAX), strict=False)]
    booked = Appointment.objects.filter(queue_id=queue, begins_at__gt=now)
    taken = Counter(booked.exclude(state="cancelled").values_list("begins_at", flat=True))
    return [
        SlotRow(
            begins_at=instant(slot.begin),
            ends_at=instant(slot.end),
            free=max(0, rules_.appointments_max - taken[instant(slot.begin)]),
        )
        for slot in rows
    ]


def planned(queue: str) -> tuple[QueuePlan, Calendar] | None:
    """Give a queue's rules and hours; None if it keeps no appointments."""
    plan = routing.current_plan()
    if plan is None:
        return None
    for each in plan.queues:
        if each.key == queue and each.appointments_max and each.hours is not None:
            source = next(row for row in plan.calendars if row.key == each.hours)
            return each, Calendar(source)
    return None


def instant(at: float) -> datetime:
    """Turn seconds into an instant."""
    return datetime.fromtimestamp(at, UTC)
