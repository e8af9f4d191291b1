"""
Times that queues offer by the plan that holds, and how many places of each are left.

Refuses: to keep a place. Between this answer and a booking somebody else may come.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import QuerySet

from callfloor.core.calendars import Calendar
from callfloor.core.plan import QueuePlan
from callfloor.kernel import access
from callfloor.kernel.access import Someone
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
    places: int
    """How many it has in all."""


@dataclass(frozen=True, kw_only=True)
class QueueSlots:
    """A queue that keeps appointments."""

    key: str
    name: str
    client: str
    at_once: int


def queues_with_slots(*, client: str) -> list[QueueSlots]:
    """Give the queues of a client that has been checked, in which customers may choose a time."""
    plan = routing.held_plan()
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
    return times_of(kind=rules.TIME, queue=queue, now=now)


def times_for(*, person: Someone, kind: str, queue: str, now: datetime) -> list[SlotRow]:
    """
    Give what a queue offers of a kind, to whoever promises it.

    Raises NotFound for a queue that keeps none or is a foreign client's, Forbidden.
    """
    found = planned(queue)
    if found is None or not person.rights.sees(found[0].client):
        raise access.NotFound
    access.check(person, "promises.write")
    return times_of(kind=kind, queue=queue, now=now)


def times_of(*, kind: str, queue: str, now: datetime) -> list[SlotRow]:
    """
    Give what a queue offers of a kind from now on: slots, windows, or the one call soon.

    None of it if it keeps no appointments.
    """
    found = planned(queue)
    if found is None:
        return []
    return _soon(*found, now=now) if kind == rules.SOON else _times(kind, *found, now=now)


def planned(queue: str) -> tuple[QueuePlan, Calendar] | None:
    """Give a queue's rules and hours; None if it keeps no appointments."""
    plan = routing.held_plan()
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


def _times(kind: str, queue: QueuePlan, calendar: Calendar, *, now: datetime) -> list[SlotRow]:
    is_window = kind == rules.WINDOW
    seconds = rules.WINDOW_SECONDS if is_window else queue.appointment_seconds
    until = now + timedelta(days=rules.WINDOW_DAYS if is_window else DAYS_AHEAD)
    every = rules.slots(calendar, seconds=seconds, after=now.timestamp(), until=until.timestamp())
    rows = [slot for slot, _ in zip(every, range(SLOTS_MAX), strict=False)]
    booked = _open(kind, queue).filter(begins_at__gt=now)
    taken = Counter(booked.values_list("begins_at", flat=True))
    places = _places(kind, queue, seconds)
    return [
        SlotRow(
            begins_at=instant(slot.begin),
            ends_at=instant(slot.end),
            free=max(0, places - taken[instant(slot.begin)]),
            places=places,
        )
        for slot in rows
    ]


def _soon(queue: QueuePlan, calendar: Calendar, *, now: datetime) -> list[SlotRow]:
    by = rules.soon(calendar, now=now.timestamp())
    if by is None:
        return []
    places = _places(rules.SOON, queue, rules.SOON_SECONDS)
    waiting = _open(rules.SOON, queue).filter(state__in=rules.OPEN, ends_at__gt=now)
    free = max(0, places - waiting.count())
    return [SlotRow(begins_at=now, ends_at=instant(by), free=free, places=places)]


def _open(kind: str, queue: QueuePlan) -> QuerySet[Appointment]:
    return Appointment.objects.filter(queue_id=queue.key, kind=kind).exclude(state="cancelled")


def _places(kind: str, queue: QueuePlan, seconds: float) -> int:
    return rules.places(
        kind,
        at_once=queue.appointments_max,
        slot_seconds=queue.appointment_seconds,
        seconds=seconds,
    )
