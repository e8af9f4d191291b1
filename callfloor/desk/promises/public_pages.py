"""
What customers see without signing in: asking for a call about their case, or out of a chat.

It works without scripts, in the frame of the chat too. Refuses: to show a number, or whether one
is known here.
"""

import datetime as dt
import os
from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from callfloor.desk.cases.pace import Pace
from callfloor.kernel import access, references
from callfloor.kernel.errors import Refusal
from callfloor.records.outreach import queries
from callfloor.records.outreach.queries import asked
from callfloor.records.outreach.services import asking
from callfloor.records.people import queries as people
from callfloor.records.routing import queries as routing
from callfloor.ui.security import POLICY

LOOKS = Pace(times=120, times_all=6_000, seconds=600)
"""As often as a case may be looked at."""
ASKS = Pace(times=5, times_all=200, seconds=3_600)
"""A call costs us money and somebody his peace: a family behind one address has enough of them."""
ABOUT_MAX = 300  # Before a call one reads a line.
NUMBER_MAX = 40


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def of_case(request: HttpRequest, token: str) -> HttpResponse:
    """Let the customer of a case ask to be called about it, or call that off."""
    now = timezone.now()
    if not LOOKS.take(_address(request), now=now):
        return _too_often(request)
    reference = references.of_link_token(token, now=now)
    calls = asked.calls_of_case(reference=reference) if reference else None
    if reference is None or calls is None or not calls.may_ask:
        return render(request, "desk/public_gone.html", status=404)
    error = ""
    if request.method == "POST":
        if not ASKS.take(_address(request), now=now):
            return _too_often(request)
        try:
            _change(request, reference, now=now)
        except Refusal as refusal:
            error = _told(refusal)
        else:
            return redirect("case_public", token=token)
    context = _context(request, client=calls.client, error=error, now=now)
    context |= {"reference": reference, "token": token, "promised": calls.promised}
    return render(request, "desk/public_call.html", context, status=400 if error else 200)


@csrf_exempt  # In the frame of another site there is no cookie, and nobody who could be misused.
@xframe_options_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def of_chat(request: HttpRequest, key: str) -> HttpResponse:
    """Let whoever came to a client's chat ask to be called."""
    asks = request.POST if request.method == "POST" else request.GET
    language = asks.get("language", "")
    known = language if language in dict(settings.LANGUAGES) else translation.get_language()
    with translation.override(known):
        response = _of_chat(request, key, language=known or "", now=timezone.now())
    framed = f"frame-ancestors 'self' {settings.CHAT_SITES}"
    response["Content-Security-Policy"] = POLICY.replace("frame-ancestors 'none'", framed)
    return response


def _of_chat(request: HttpRequest, key: str, *, language: str, now: dt.datetime) -> HttpResponse:
    place = routing.chat_place(key=key)
    if place is None or not queries.queues_with_slots(client=place.client):
        raise access.NotFound
    if not LOOKS.take(_address(request), now=now):
        return _too_often(request)
    error, promised = "", None
    form = request.POST
    if request.method == "POST" and not form.get("website"):  # Machines fill in everything.
        if not ASKS.take(_address(request), now=now):
            return _too_often(request)
        try:
            promised = asking.for_visitor(
                client=place.client,
                key=key,
                name=form.get("name", ""),
                wish=_wish(request),
                language=language,
                now=now,
                chance=os.urandom(20),
            )
        except Refusal as refusal:
            error = _told(refusal)
    context = _context(request, client=place.client, error=error, now=now)
    context |= {"key": key, "language": language, "made": promised}
    return render(request, "desk/chat_ask_call.html", context, status=400 if error else 200)


def _change(request: HttpRequest, reference: str, *, now: dt.datetime) -> None:
    """Do what the page of a case asks for."""
    off = request.POST.get("off", "")
    if off:
        asking.call_off(reference=reference, appointment_id=off, now=now)
    else:
        asking.for_case(reference=reference, wish=_wish(request), now=now, chance=os.urandom(20))


def _context(request: HttpRequest, *, client: str, error: str, now: dt.datetime) -> dict[str, Any]:
    given = request.POST if request.method == "POST" else request.GET
    offer = asked.offer(client=client, queue=given.get("queue", ""), now=now)
    assert offer is not None, "a client without such a queue has no such page"
    by_day = groupby(offer.times, key=lambda slot: _day(slot.begins_at))
    windows = groupby(offer.windows, key=lambda slot: _day(slot.begins_at))
    return {
        "now": now,
        "name": people.client_names_of(keys=[client]).get(client, client),
        "offer": offer,
        "windows": [(day, list(slots)) for day, slots in windows],
        "days": [(day, list(slots)) for day, slots in by_day],
        "given": given,
        "error": error,
        "about_max": ABOUT_MAX,
        "number_max": NUMBER_MAX,
    }


def _wish(request: HttpRequest) -> asking.Wish:
    """Read the form; what cannot be read is refused as what is not offered."""
    form = request.POST
    kind, _, begins_at = form.get("when", "").partition("|")
    return asking.Wish(
        kind=kind,
        queue=form.get("queue", ""),
        begins_at=_instant(begins_at),
        number=form.get("number", "")[: NUMBER_MAX + 1],
        about=form.get("about", "")[:ABOUT_MAX],
        agrees=bool(form.get("agrees")),
    )


def _instant(text: str) -> dt.datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _day(at: dt.datetime) -> dt.date:
    return timezone.localtime(at).date()


def _told(refusal: Refusal) -> str:
    """Return what a refusal says; what does not exist stays so."""
    if refusal.code.startswith("access."):
        raise refusal
    return str(refusal.message)


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def _too_often(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/public_often.html", status=429)
