"""Where work waits: a list with today's numbers, and one queue with its rules and half hours."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callfloor.desk import centre, halves
from callfloor.desk import listing as lists
from callfloor.desk.shaping import words
from callfloor.kernel.access import NotFound
from callfloor.records.interactions import queries as interactions
from callfloor.records.routing import queries
from callfloor.records.routing.services import shaping
from callfloor.ui.requests import Request

SORTERS: tuple[lists.Sorter, ...] = (
    ("name", gettext_lazy("Queue"), lambda row: row["queue"].name.casefold(), False),
    ("client", gettext_lazy("Client"), lambda row: row["queue"].client_name, False),
    ("offered", gettext_lazy("Offered"), lambda row: row["today"].offered, True),
    ("answered", gettext_lazy("Answered"), lambda row: row["today"].answered, True),
    ("abandoned", gettext_lazy("Abandoned"), lambda row: row["today"].abandoned, True),
    ("level", gettext_lazy("Service level"), lambda row: row["today"].service_level or 0, True),
)


def _today(request: Request) -> tuple[interactions.DayNumbers, bool]:
    """Return the numbers of today, and whether those of the twin are in them."""
    simulated = request.GET.get("simulated") == "1"
    numbers = interactions.day_numbers(
        person=request.user, day=timezone.localdate(), include_simulated=simulated
    )
    return numbers, simulated


def _rows(request: Request) -> list[dict[str, Any]]:
    numbers, _simulated = _today(request)
    totals = {day.queue: day.total for day in numbers.queues}
    nothing = interactions.Counters()
    return [
        {"queue": queue, "today": totals.get(queue.key, nothing)}
        for queue in queries.queues(person=request.user)
    ]


@login_required
def listing(request: Request) -> HttpResponse:
    """Show the queues with what happened in them today."""
    rows, heads = lists.sort_rows(
        _rows(request), asked=request.GET.get("sort", ""), sorters=SORTERS, otherwise="name"
    )
    return render(request, "desk/queues.html", {"here": "queues", "rows": rows, "heads": heads})


@login_required
def export(request: Request) -> HttpResponseBase:
    """Return the queues as CSV."""
    return lists.as_csv(
        name="queues",
        heads=[_("Queue"), _("Client"), _("Offered"), _("Answered"), _("Abandoned")],
        rows=[
            (
                row["queue"].name,
                row["queue"].client_name,
                row["today"].offered,
                row["today"].answered,
                row["today"].abandoned,
            )
            for row in _rows(request)
        ],
    )


@login_required
def detail(request: Request, key: str) -> HttpResponse:
    """Show one queue: its rules, and each half hour of today."""
    queue = next((row for row in queries.queues(person=request.user) if row.key == key), None)
    if queue is None:
        raise NotFound
    numbers = interactions.day_numbers(person=request.user, day=timezone.localdate(), queue=key)
    day = next((row for row in numbers.queues if row.queue == key), None)
    zone = ZoneInfo(numbers.timezone)
    counted = [(half.starts_at, half.counters) for half in day.halves] if day else []
    context = {
        "here": "queues",
        "queue": queue,
        "today": day.total if day else interactions.Counters(),
        "halves": counted,
        "proven": _proven(key),
        "may_change": shaping.what_may_change(
            person=request.user, thing=shaping.Thing(section="queues", key=key)
        ),
        "chart": halves.bars({_minute(at, zone): c.offered for at, c in counted}),
    }
    return render(request, "desk/queue.html", context)


def _minute(at: dt.datetime, zone: ZoneInfo) -> int:
    local = at.astimezone(zone)
    return local.hour * 60 + local.minute


def _proven(key: str) -> list[str]:
    """Name the skills of which a queue asks for a proof, by the plan that holds."""
    plan = centre.plan()
    asked = next((each.proven for each in plan.queues if each.key == key), ()) if plan else ()
    return [words.called("skills", skill) for skill in asked]
