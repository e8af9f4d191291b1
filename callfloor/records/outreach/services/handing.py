"""
At its time an appointment becomes a callback of the floor; afterwards it is kept, late or broken.

The id of the callback is written down before the floor hears of it, so that whoever dies in
between hands over the same one again. Refuses: to wait for the floor inside of a transaction.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from callfloor.kernel import fields, ids
from callfloor.kernel.keys import ring
from callfloor.records.interactions.models import Interaction
from callfloor.records.outreach import rules
from callfloor.records.outreach.models import Appointment

BATCH = 100  # Of one round; the next comes a second later.
LOST_AFTER = timedelta(hours=12)
"""A callback that nobody has heard of so long after its time was lost, and is said to be."""


@dataclass(frozen=True, kw_only=True)
class Handed:
    """An appointment whose time has come, as the floor is told of it."""

    id: str
    item: str
    client: str
    queue: str
    number: str
    language: str
    since: datetime
    """When it was booked: its place in line."""
    due: datetime
    preferred: str | None


def due(*, now: datetime) -> list[Handed]:
    """Give what is to be handed to the floor now, soonest first; who was erased is broken."""
    found = Appointment.objects.filter(state="booked", begins_at__lte=now)
    rows = list(found.order_by("begins_at", "id")[:BATCH])
    keys = ring.get(subjects={f"customer:{row.customer_id}" for row in rows})
    handed = []
    for row in rows:
        key = keys.get(f"customer:{row.customer_id}")
        number = fields.decrypt(row, "number", key=key) if key is not None else None
        if number is None:
            broken(appointment_id=row.id, reason="erased", now=now)
            continue
        if not row.item:
            row.item = ids.derive(kind="promise", source=row.id, at=now.timestamp())
            Appointment.objects.filter(id=row.id, item="").update(item=row.item)
        handed.append(
            Handed(
                id=row.id,
                item=row.item,
                client=row.client_id,
                queue=row.queue_id,
                number=number,
                language=row.language,
                since=row.booked_at,
                due=row.ends_at,
                preferred=row.preferred_id,
            )
        )
    return handed


def taken(*, appointment_id: str, item: str) -> None:
    """Note that the floor calls, and by which callback."""
    mine = Appointment.objects.filter(id=appointment_id, state="booked")
    mine.update(state="handed", item=item)


def broken(*, appointment_id: str, reason: str, now: datetime) -> None:
    """Note that nobody can keep it."""
    mine = Appointment.objects.filter(id=appointment_id, state__in=rules.OPEN)
    mine.update(state="broken", reason=reason[:32], settled_at=now)


def settle(*, now: datetime) -> int:
    """Write down what came of the calls that were handed over; give how many are settled."""
    rows = list(Appointment.objects.filter(state="handed").order_by("begins_at")[:BATCH])
    calls = Interaction.objects.in_bulk([row.item for row in rows])
    done = 0
    for row in rows:
        call = calls.get(row.item)
        if call is None:  # The projection is a little behind, but not by hours.
            if row.ends_at + LOST_AFTER < now:
                broken(appointment_id=row.id, reason="lost", now=now)
            continue
        answered = call.answered_at.timestamp() if call.answered_at else None
        told = rules.settled(answered_at=answered, outcome=call.outcome, by=row.ends_at.timestamp())
        if told is not None:
            state, reason = told
            mine = Appointment.objects.filter(id=row.id, state="handed")
            done += mine.update(state=state, reason=reason, settled_at=now)
    return done
