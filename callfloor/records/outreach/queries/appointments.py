"""What was promised to customers: what is to come, and what became of the rest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from callfloor.kernel import access, fields, quick
from callfloor.kernel.access import Someone
from callfloor.kernel.keys import ring
from callfloor.records.customers.queries import labels
from callfloor.records.outreach import rules
from callfloor.records.outreach.models import Appointment
from callfloor.records.people import queries as people
from callfloor.records.routing import queries as routing

LISTED_MAX = 200  # A page of what is to come; more than that nobody reads.


@dataclass(frozen=True, kw_only=True)
class AppointmentRow:
    """A promise as a page shows it."""

    id: str
    client: str
    customer: str
    customer_label: str
    queue: str
    queue_name: str
    kind: str
    """time, window or soon."""
    begins_at: datetime
    ends_at: datetime
    preferred: str | None
    preferred_name: str
    about: str
    state: str
    reason: str
    item: str | None
    """The callback that it became."""
    booked_at: datetime
    booked_by: str
    """A colleague's name; empty for the customer himself."""

    @property
    def is_open(self) -> bool:
        """Whether it may still be called off."""
        return self.state == "booked"


def appointments(*, person: Someone, state: str = "open") -> list[AppointmentRow]:
    """
    Give appointments of the person's clients: what is open, soonest first, or what is over.

    Raises Forbidden without the duty.
    """
    access.check(person, "promises.read")
    which, order = f"state IN {quick.marks(rules.OPEN)}", "ORDER BY begins_at, id"
    if state != "open":
        which, order = f"NOT {which}", "ORDER BY begins_at DESC, id DESC"
    limit = f"{order} LIMIT {LISTED_MAX}"
    return _rows(access.read(person, Appointment, which, rules.OPEN, then=limit))


def appointment(*, person: Someone, appointment_id: str) -> AppointmentRow:
    """
    Give one appointment.

    Raises NotFound for a foreign client's, Forbidden without the duty.
    """
    return _rows([access.require_key(person, "promises.read", Appointment, appointment_id)])[0]


def of_customer(*, customer_ids: Iterable[str]) -> list[AppointmentRow]:
    """Give the open appointments of customers that have been checked, soonest first."""
    wanted = sorted(set(customer_ids))
    which = f"customer_id IN {quick.marks(wanted)} AND state IN {quick.marks(rules.OPEN)}"
    tail = f"WHERE {which} ORDER BY begins_at, id LIMIT {LISTED_MAX}"
    return _rows(quick.models(Appointment, tail, [*wanted, *rules.OPEN]))


def _rows(found: Iterable[Appointment]) -> list[AppointmentRow]:
    rows = list(found)
    if not rows:
        return []
    called = labels.called(ids=[row.customer_id for row in rows])
    keys = ring.get(subjects={f"customer:{row.customer_id}" for row in rows})
    queues = routing.queue_names_of(keys=[row.queue_id for row in rows])
    known = {key for row in rows for key in (row.preferred_id, row.booked_by_id) if key}
    names = people.names_of(keys=sorted(known))
    return [
        AppointmentRow(
            id=row.id,
            client=row.client_id,
            customer=row.customer_id,
            customer_label=called[row.customer_id].label,
            queue=row.queue_id,
            queue_name=queues.get(row.queue_id, row.queue_id),
            kind=row.kind,
            begins_at=row.begins_at,
            ends_at=row.ends_at,
            preferred=row.preferred_id,
            preferred_name=names.get(row.preferred_id or "", ""),
            about=fields.decrypt(row, "about", key=keys.get(f"customer:{row.customer_id}")) or "",
            state=row.state,
            reason=row.reason,
            item=row.item or None,
            booked_at=row.booked_at,
            booked_by=names.get(row.booked_by_id or "", ""),
        )
        for row in rows
    ]
