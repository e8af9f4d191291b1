"""Callbacks that wait, appointments that were made, and a form that makes one."""

import contextlib
import datetime as dt
import os
from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callfloor.desk.promises import words
from callfloor.kernel import access
from callfloor.kernel.errors import Refusal
from callfloor.records.customers import queries as customers
from callfloor.records.interactions.queries import callbacks
from callfloor.records.metrics import queries as metrics
from callfloor.records.outreach import queries
from callfloor.records.outreach.services import booking
from callfloor.records.people import queries as people
from callfloor.ui.requests import Request

KEPT_DAYS = 7  # A week with its weekend: one day has too few promises to say anything.


@login_required
@require_safe
def listing(request: Request) -> HttpResponse:
    """Show who waits to be called, first in line first, and what is to come."""
    now = timezone.now()
    over = request.GET.get("state") == "over"
    waiting = callbacks.waiting_callbacks(person=request.user)
    rows = queries.appointments(person=request.user, state="over" if over else "open")
    context = {
        "here": "promises",
        "now": now,
        "waiting": [{"row": row, "state": words.state(row)} for row in waiting],
        "appointments": [_shown(row) for row in rows],
        "over": over,
        "kept": _kept(request, now=now),
        "may_write": request.user.rights.may("promises.write"),
    }
    return render(request, "desk/promises.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Promise a customer to call him at a time that his client's queues offer."""
    given = request.POST if request.method == "POST" else request.GET
    now = timezone.now()
    asked = given.get("customer", "")
    customers.require(person=request.user, customer_id=asked)  # A foreign one is not there at all;
    access.check(request.user, "promises.write")  # who may not promise has read nothing of him.
    customer = customers.detail(person=request.user, customer_id=asked, now=now)
    error = _booked(request, customer.id) if request.method == "POST" else ""
    if request.method == "POST" and not error:
        return redirect("promises")
    found = queries.queues_with_slots(client=customer.client)
    chosen = next((each for each in found if each.key == given.get("queue")), None)
    chosen = chosen or next(iter(found), None)
    names = people.names(person=request.user)
    context = {
        "here": "promises",
        "now": now,
        "customer": customer,
        "queues": found,
        "chosen": chosen,
        "days": _days(chosen.key, now) if chosen else [],
        "agents": sorted(names.items(), key=lambda pair: (pair[1].casefold(), pair[0])),
        "given": given,
        "error": error,
    }
    return render(request, "desk/promise_new.html", context, status=400 if error else 200)


@login_required
@require_POST
def cancel(request: Request, appointment_id: str) -> HttpResponse:
    """Call an appointment off; too late it stays, and the list says what became of it."""
    with contextlib.suppress(booking.NotOpen):
        booking.cancel(person=request.user, appointment_id=appointment_id, now=timezone.now())
    return redirect("promises")


def _kept(request: Request, *, now: dt.datetime) -> dict[str, Any] | None:
    """Return how many promises of the last days were kept; None for who may see no figures."""
    if not any(request.user.rights.may(each) for each in metrics.QUEUES):
        return None
    today = timezone.localtime(now).date()
    scope = metrics.scope(
        person=request.user,
        day_from=today - dt.timedelta(days=KEPT_DAYS - 1),
        day_to=today + dt.timedelta(days=1),
    )
    due = metrics.value("promises_due", scope=scope, now=now)
    share = metrics.value("promises_kept", scope=scope, now=now)
    return {"due": due, "share": share, "days": KEPT_DAYS}


def _booked(request: Request, customer_id: str) -> str:
    """Book what the form asks for; return what is to be said if it was refused."""
    form = request.POST
    begins_at = _instant(form.get("begins_at", ""))
    try:
        if begins_at is None:
            raise booking.NoSuchSlot
        booking.book(
            person=request.user,
            customer_id=customer_id,
            queue=form.get("queue", ""),
            begins_at=begins_at,
            now=timezone.now(),
            chance=os.urandom(20),
            number=form.get("number", ""),
            preferred=form.get("preferred") or None,
            about=form.get("about", ""),
        )
    except Refusal as refusal:
        if refusal.code.startswith("access."):
            raise
        return str(refusal.message)
    return ""


def _instant(text: str) -> dt.datetime | None:
    """Read an instant with its offset; None for anything else."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _days(queue: str, now: dt.datetime) -> list[tuple[dt.date, list[queries.SlotRow]]]:
    """Return the times that have a place left, by local day."""
    free = [slot for slot in queries.slots_of(queue=queue, now=now) if slot.free]
    by_day = groupby(free, key=lambda slot: timezone.localtime(slot.begins_at).date())
    return [(day, list(slots)) for day, slots in by_day]


def _shown(row: queries.AppointmentRow) -> dict[str, Any]:
    return {
        "row": row,
        "state": words.BECAME.get(row.state, row.state),
        "tone": words.TONES.get(row.state, "neutral"),
        "reason": words.REASONS.get(row.reason, ""),
    }
