"""
Booking: a place in a slot is taken once, whoever asks at the same instant.

Refuses: a time that the queue does not offer, more customers than it has places, and a customer
whom nobody could call.
"""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from callfloor.kernel import access, audit, fields, ids
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.kernel.keys import ring
from callfloor.records.customers import rules as customers
from callfloor.records.customers.models import Customer, Identity
from callfloor.records.outreach import rules
from callfloor.records.outreach.models import Appointment
from callfloor.records.outreach.queries import slots
from callfloor.records.routing import queries as routing

ABOUT_CHARACTERS_MAX = 500


class NoSuchSlot(Refusal):
    """The queue does not offer this time, or it has begun."""

    code = "promises.no_such_slot"
    message = _("This time cannot be promised. Choose another one.")


class SlotTaken(Refusal):
    """All places of the slot are taken."""

    code = "promises.slot_taken"
    message = _("This time was taken meanwhile. Choose another one.")


class NoNumber(Refusal):
    """Nobody could call this customer."""

    code = "promises.no_number"
    message = _("Write the number at which the customer is called, with its country code.")


class NoSuchAgent(Refusal):
    """Who shall call does not work for this client."""

    code = "promises.no_such_agent"
    message = _("This colleague does not take calls of this client.")


class TooLong(Refusal):
    """What it is about is longer than what is kept of it."""

    code = "promises.too_long"
    message = _("This is too long to be kept.")


class NotOpen(Refusal):
    """Its time has come, or it was called off before."""

    code = "promises.not_open"
    message = _("This appointment can no longer be called off.")


def book(
    *,
    person: Someone,
    customer_id: str,
    queue: str,
    begins_at: datetime | None,
    now: datetime,
    chance: bytes,
    number: str = "",
    preferred: str | None = None,
    about: str = "",
    kind: str = rules.TIME,
) -> str:
    """
    Promise a customer to call him within a slot, a window or soon; give the appointment's id.

    A call soon begins `now`. Raises NotFound, Forbidden, and what `take_place` raises.
    """
    found = Customer.objects.filter(id=customer_id)
    customer = access.require(person, "promises.write", found)
    if begins_at is None:
        raise NoSuchSlot
    with transaction.atomic():
        made = take_place(
            customer=customer,
            queue=queue,
            begins_at=begins_at,
            now=now,
            chance=chance,
            number=number,
            preferred=preferred,
            about=about,
            by=person.key,
            kind=kind,
        )
        audit.note(
            by=person.key,
            action="appointment.booked",
            about=f"customer:{customer_id}",
            client=customer.client_id,
            now=now,
            detail={"appointment": made, "queue": queue},
        )
    return made


def take_place(
    *,
    customer: Customer,
    queue: str,
    begins_at: datetime,
    now: datetime,
    chance: bytes,
    number: str,
    preferred: str | None,
    about: str,
    by: str | None,
    kind: str = rules.TIME,
    origin: str = "",
) -> str:
    """
    Take a place of a time for a customer whom the caller has checked; give the appointment's id.

    Raises NoSuchSlot, SlotTaken, NoNumber, NoSuchAgent, TooLong.
    """
    if len(about) > ABOUT_CHARACTERS_MAX:
        raise TooLong
    row = _asked(kind, customer, queue, begins_at, now)
    key = ring.get(subjects=[customer.subject]).get(customer.subject)
    dialed = _number(customer, number, key)
    if key is None or dialed is None:
        raise NoNumber
    if preferred and not takes_calls(preferred, customer.client_id):
        raise NoSuchAgent
    made = Appointment(
        id=ids.make(now=now.timestamp(), chance=chance),
        client_id=customer.client_id,
        customer=customer,
        queue_id=queue,
        kind=kind,
        origin=origin,
        begins_at=row.begins_at,
        ends_at=row.ends_at,
        preferred_id=preferred or None,
        language=customer.language,
        booked_at=now,
        booked_by_id=by,
    )
    fields.encrypt(made, "number", dialed, key=key)
    fields.encrypt(made, "about", about.strip(), key=key)
    _take(made, places=row.places if kind != rules.SOON or row.free else 0)
    return str(made.id)


def cancel(*, person: Someone, appointment_id: str, now: datetime) -> None:
    """
    Call an appointment off before its time; its place is free again.

    Raises NotFound, Forbidden, NotOpen.
    """
    found = Appointment.objects.filter(id=appointment_id)
    row = access.require(person, "promises.write", found)
    with transaction.atomic():
        mine = Appointment.objects.filter(id=row.id, state="booked")
        if not mine.update(state="cancelled", settled_at=now):
            raise NotOpen
        audit.note(
            by=person.key,
            action="appointment.cancelled",
            about=f"customer:{row.customer_id}",
            client=row.client_id,
            now=now,
            detail={"appointment": row.id},
        )


def _asked(
    kind: str, customer: Customer, queue: str, begins_at: datetime, now: datetime
) -> slots.SlotRow:
    found = slots.planned(queue)
    if found is None or found[0].client != customer.client_id:
        raise NoSuchSlot
    for row in slots.times_of(kind=kind, queue=queue, now=now):
        if row.begins_at == begins_at:
            return row
    raise NoSuchSlot


def _take(made: Appointment, *, places: int) -> None:
    """Take the first place that is free; the database says no to who comes second."""
    same = Appointment.objects.filter(queue_id=made.queue_id, begins_at=made.begins_at)
    of_kind = same.filter(kind=made.kind).exclude(state="cancelled")
    taken = set(of_kind.values_list("place", flat=True))
    for place in range(places):
        if place in taken:
            continue
        made.place = place
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError:  # Somebody has taken it in this very moment.
            continue
        return
    raise SlotTaken


def _number(customer: Customer, given: str, key: bytes | None) -> str | None:
    """Give the number to dial: what was written, else the customer's last one."""
    if given.strip():
        forms = customers.forms(kind=customers.KIND_NUMBER, value=given)
        return forms[0] if forms else None
    found = Identity.objects.filter(customer=customer, kind=customers.KIND_NUMBER)
    row: Any = found.order_by("shared", "-added_at", "-id").first()
    return fields.decrypt(row, "value", key=key) if row is not None else None


def takes_calls(agent: str, client: str) -> bool:
    """Say whether somebody may be promised to call a client's customers."""
    plan = routing.held_plan()
    agents = plan.agents if plan is not None else ()
    return any(each.key == agent and client in each.clients for each in agents)
