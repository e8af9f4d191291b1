"""Opening hours: the calendars, one of them with its next days, and its form."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from callfloor.core.plan import CalendarPlan
from callfloor.desk import centre
from callfloor.desk.shaping import words
from callfloor.desk.shaping.hours_form import Form
from callfloor.desk.shaping.pages import changing
from callfloor.records.routing import rules
from callfloor.records.routing.services import shaping
from callfloor.ui import formats
from callfloor.ui.requests import Request

DAYS_SHOWN = 14
SECTION = "calendars"


@login_required
@require_safe
def listing(request: Request) -> HttpResponse:
    """Show the calendars that callers of the reader's clients meet."""
    keys = shaping.all_seen(person=request.user, section=SECTION)
    rows = [{"key": key, "today": _today(key), "flows": _flows(key)} for key in keys]
    return render(request, "desk/hours.html", {"here": "queues", "rows": rows})


@login_required
@require_safe
def detail(request: Request, key: str) -> HttpResponse:
    """Show when something is open, day by day for two weeks."""
    thing = shaping.Thing(section=SECTION, key=key)
    shaping.seen(person=request.user, thing=thing)
    said = centre.section(SECTION).get(key) or {}
    context = {
        "here": "queues",
        "key": key,
        "zone": _calendar(key).timezone,
        "holidays": said.get("holidays") or {},
        "days": _days(key),
        "flows": _flows(key),
        "may_change": shaping.what_may_change(person=request.user, thing=thing),
    }
    return render(request, "desk/hours_one.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, key: str) -> HttpResponse:
    """Ask when something shall be open, show what that changes, and make it so."""
    thing = shaping.Thing(section=SECTION, key=key)
    changing.require(request, thing)
    said = centre.section(SECTION).get(key) or {}
    typed = request.POST.dict() if request.method == "POST" else None
    today = _local_today(_calendar(key))
    form = Form(key, said, typed, today=today)
    place = changing.Place(
        thing=thing,
        name=key,
        template="desk/hours_change.html",
        here="queues",
        back=reverse("hours_one", args=[key]),
    )
    week = form.week()
    language = (get_language() or "en").partition("-")[0]
    context = {
        "week": [
            (day, formats.weekday(day, language=language), week[day])
            for day in formats.week(language=language)
        ],
        "tomorrow": today + dt.timedelta(days=1),
        "flows": _flows(key),
    }
    return changing.ask(request, place, form, context)


def _calendar(key: str) -> CalendarPlan:
    plan = centre.plan()
    assert plan is not None, "what is seen stands in a plan"
    return next(each for each in plan.calendars if each.key == key)


def _flows(key: str) -> list[str]:
    plan = centre.plan()
    assert plan is not None, "what is seen stands in a plan"
    return [flow.key for flow in plan.flows if key in rules.calendars_of(flow)]


def _local_today(calendar: CalendarPlan) -> dt.date:
    return timezone.now().astimezone(ZoneInfo(calendar.timezone)).date()


def _today(key: str) -> str:
    calendar = _calendar(key)
    return words.hours(_open(calendar, _local_today(calendar))[0])


def _days(key: str) -> list[dict[str, Any]]:
    calendar = _calendar(key)
    first = _local_today(calendar)
    found = []
    for ahead in range(DAYS_SHOWN):
        day = first + dt.timedelta(days=ahead)
        texts, differs = _open(calendar, day)
        found.append({"day": day, "hours": words.hours(texts), "differs": differs})
    return found


def _open(calendar: CalendarPlan, day: dt.date) -> tuple[list[str], bool]:
    """Give the hours of a day, and whether they are not those of every week."""
    weekly = tuple((b, e) for weekday, b, e in calendar.weekly if weekday == day.weekday())
    found = dict(calendar.exceptions).get(day.isoformat(), weekly)
    return [f"{_clock(begin)}-{_clock(end)}" for begin, end in found], found != weekly


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
