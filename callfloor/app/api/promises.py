"""Promised calls: who waits to be called, appointments, the times that queues offer, booking."""

import datetime as dt
import os
from typing import Any, Literal

from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from callfloor.app.api import base
from callfloor.app.api.base import Instant, Made, Said, Word
from callfloor.records.interactions.queries import callbacks
from callfloor.records.outreach import queries
from callfloor.records.outreach.services import booking
from callfloor.ui.requests import Request

router = Router(tags=["promises"])
NUMBER_CHARACTERS_MAX = 40
Kind = Literal["time", "window", "soon"]


class Callback(Said):
    """Somebody who waits to be called, first in line first; his contact has the same id."""

    id: str
    client: str
    customer: str
    queue: str
    since: dt.datetime
    state: str
    reason: str
    until: dt.datetime | None
    tries: int
    due: dt.datetime | None


class Appointment(Said):
    """A promised call; `item` is the contact that it became."""

    id: str
    client: str
    customer: str
    queue: str
    kind: str
    begins_at: dt.datetime
    ends_at: dt.datetime
    preferred: str | None
    about: str
    state: str
    reason: str
    item: str | None
    booked_at: dt.datetime


class Time(Said):
    """A time that a queue offers, and how many places of it are left."""

    begins_at: dt.datetime
    ends_at: dt.datetime
    free: int


class WantedAppointments(Schema):
    """Which appointments are asked for."""

    state: Literal["open", "over"] = "open"


class WantedTimes(Schema):
    """Of which queue times are asked for, and which."""

    queue: Word
    kind: Kind = "time"


class NewAppointment(Schema):
    """A call that a customer is promised; soon has no time of its own."""

    customer: Word
    queue: Word
    kind: Kind = "time"
    begins_at: Instant | None = None
    number: str = Field("", max_length=NUMBER_CHARACTERS_MAX, pattern=base.NO_NUL)
    """Empty for the customer's own."""
    preferred: Word | None = None
    about: Word = ""


def _check(person: Any, appointment_id: str) -> None:
    queries.appointment(person=person, appointment_id=appointment_id)


base.place("appointment_id", _check)


@base.read(router, "/callbacks", list[Callback])
def list_callbacks(request: Request) -> Any:
    """Return who waits to be called, first in line first, at most 200."""
    return callbacks.waiting_callbacks(person=request.user)


@base.read(router, "/appointments", list[Appointment])
def list_appointments(request: Request, wanted: Query[WantedAppointments]) -> Any:
    """Return promised calls: those to come, soonest first, or those over; at most 200."""
    return queries.appointments(person=request.user, state=wanted.state)


@base.read(router, "/promises/times", list[Time])
def list_times(request: Request, wanted: Query[WantedTimes]) -> Any:
    """Return what a queue that keeps appointments offers from now on."""
    return queries.times_for(
        person=request.user, kind=wanted.kind, queue=wanted.queue, now=timezone.now()
    )


@base.read(router, "/appointments/{appointment_id}", Appointment)
def one_appointment(request: Request, appointment_id: Word) -> Any:
    """Return one promised call."""
    return queries.appointment(person=request.user, appointment_id=appointment_id)


@base.change(router, "/appointments", Made)
def book(request: Request, new: NewAppointment) -> Made:
    """Promise a customer a call: at a time, within a window, or as soon as somebody is free."""
    now = timezone.now()
    made = booking.book(
        person=request.user,
        customer_id=new.customer,
        queue=new.queue,
        begins_at=now if new.kind == "soon" else new.begins_at,
        now=now,
        chance=os.urandom(20),
        number=new.number,
        preferred=new.preferred,
        about=new.about,
        kind=new.kind,
    )
    return Made(id=made)


@base.change(router, "/appointments/{appointment_id}/cancel")
def cancel(request: Request, appointment_id: Word) -> None:
    """Call a promised call off before its time."""
    booking.cancel(person=request.user, appointment_id=appointment_id, now=timezone.now())
