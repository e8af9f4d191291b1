"""What happened in the queues: by half hour, day or week, by queue and client, and in all."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from callfloor.departments.analytics import rules
from callfloor.departments.analytics.pages import figures, period
from callfloor.departments.analytics.pages.figures import Where
from callfloor.departments.analytics.pages.period import Asked
from callfloor.desk import halves
from callfloor.desk import listing as lists
from callfloor.kernel import access
from callfloor.records.metrics import queries
from callfloor.records.metrics.queries import Metric, Report, Scope, Sums
from callfloor.records.people import queries as people
from callfloor.ui import formats
from callfloor.ui.requests import Request

COLUMNS = (
    *("contacts", "offered", "answered", "within_goal", "service_level", "abandoned"),
    *("short_abandoned", "abandonment_rate", "answer_speed", "longest_wait"),
    *("handled", "handling_time"),
)
TILES = (
    *("offered", "service_level", "abandonment_rate", "answer_speed", "longest_wait"),
    "handling_time",
)
LEVELS = ("service_level", "service_level_of_offered", "service_level_of_answered")
ENDS = ("answered", "abandoned", "callback_asked", "message_left", "diverted", "lost", "waiting")
FILE = (
    *COLUMNS,
    *("service_level_of_offered", "service_level_of_answered", "callback_asked"),
    *("message_left", "diverted", "lost", "waiting", "abandoned_wait"),
    *("talk_time", "hold_time", "wrap_time"),
)
Ends = tuple[datetime, datetime]
HALF_HOUR = timedelta(minutes=30)


def scope_of(request: Request, asked: Asked) -> Scope:
    """Give what a report of queues is about; raises Forbidden, NotFound."""
    access.check(request.user, "reports.see")
    return queries.scope(
        person=request.user,
        day_from=asked.days.first,
        day_to=asked.days.end,
        client=asked.client,
        queue=asked.queue,
        include_simulated=asked.simulated,
    )


def _report(scope: Scope, asked: Asked) -> Report:
    spoken = period.language()
    return queries.report(
        scope,
        step=asked.step,  # type: ignore[arg-type]
        first_weekday=rules.first_weekday(spoken),
    )


@login_required
def report(request: Request) -> HttpResponse:
    """Show the report of some days."""
    today = timezone.localdate()
    asked = period.asked(request.GET, today=today)
    scope = scope_of(request, asked)
    found, columns = _report(scope, asked), figures.metrics(COLUMNS, day=asked.days.first)
    begin, end = scope.bounds
    where = Where(
        begins_at=begin,
        ends_at=end,
        client=asked.client,
        queue=asked.queue,
        simulated=asked.simulated,
    )
    context = {
        "here": "reports",
        "tab": "queues",
        **period.context(request, asked, today=today),
        "heads": figures.heads(columns),
        "tiles": _tiles(found, where, asked),
        "levels": _named(found, LEVELS, where, asked),
        "ends": _named(found, ENDS, where, asked),
        "total": figures.cells(found.total, columns, where=where, closed=found.closed.total),
        "intervals": _interval_rows(found, columns, scope, asked),
        "queues": _queue_rows(found, columns, scope, asked),
        "chart": _chart(found, scope) if asked.days.count == 1 and asked.step == "half" else None,
        "offered": found.total.offered,
        "is_live": asked.days.last >= today,
        "is_restated": found.closed.total is not None,
        **choices(request, asked),
    }
    return render(request, "analytics/reports.html", context)


def _tiles(found: Report, where: Where, asked: Asked) -> list[dict[str, Any]]:
    return [
        figures.tile(found.total, metric, where=where, closed=found.closed.total)
        for metric in figures.metrics(TILES, day=asked.days.first)
    ]


def _named(
    found: Report, keys: tuple[str, ...], where: Where, asked: Asked
) -> list[dict[str, Any]]:
    """Give figures with their whole names and formulas."""
    return [
        figures.tile(found.total, metric, where=where, closed=found.closed.total)
        | {"label": metric.name}
        for metric in figures.metrics(keys, day=asked.days.first)
    ]


def _interval_rows(
    found: Report, columns: list[Metric], scope: Scope, asked: Asked
) -> list[tuple[str, Any]]:
    rows = []
    for at, sums in found.intervals.items():
        begins_at, ends_at = _ends(at, scope, asked)
        where = Where(
            begins_at=begins_at,
            ends_at=ends_at,
            client=asked.client,
            queue=asked.queue,
            simulated=asked.simulated,
        )
        cells = figures.cells(sums, columns, where=where, closed=found.closed.intervals.get(at))
        rows.append((_label(at, scope, asked), cells))
    return rows


def _label(at: datetime | date, scope: Scope, asked: Asked) -> str:
    spoken = period.language()
    if isinstance(at, datetime):
        clock = figures.clock(at, scope, spoken)
        if asked.days.count == 1:
            return clock
        day = at.astimezone(scope.zone).date()
        return formats.listed((formats.day(day, language=spoken), clock), language=spoken)
    if asked.step == "week":
        last = min(at + timedelta(days=6), asked.days.last)
        return period.title(rules.Days(first=max(at, asked.days.first), last=last))
    return formats.long_day(at, language=spoken)


def _ends(at: datetime | date, scope: Scope, asked: Asked) -> Ends:
    """Give the instants of an interval, within the days that were asked for."""
    if isinstance(at, datetime):
        return at, at + HALF_HOUR
    days = 7 if asked.step == "week" else 1
    first = max(at, asked.days.first)
    end = min(at + timedelta(days=days), asked.days.end)
    begins_at, ends_at = queries.bounds(first, end, zone=scope.zone)
    return begins_at, ends_at


def _queue_rows(
    found: Report, columns: list[Metric], scope: Scope, asked: Asked
) -> list[dict[str, Any]]:
    """Give the queues by client; those in which nothing was stand there while they are active."""
    begin, end = scope.bounds
    names = people.client_names_of(keys=scope.clients)
    nothing = queries.Sums()
    return [
        {
            "name": queue.name,
            "client": names.get(queue.client, queue.client),
            "url": f"?{_with(asked, queue.key)}",
            "goal": (queue.goal_share, queue.goal_seconds),
            "cells": figures.cells(
                found.queues.get(queue.key, nothing),
                columns,
                where=Where(
                    begins_at=begin,
                    ends_at=end,
                    queue=queue.key,
                    simulated=asked.simulated,
                ),
                closed=found.closed.queues.get(queue.key),
            ),
        }
        for queue in scope.queues
        if queue.is_active or queue.key in found.queues
    ]


def _with(asked: Asked, queue: str) -> str:
    told = {
        "from": asked.days.first.isoformat(),
        "to": asked.days.last.isoformat(),
        "step": asked.step,
        "queue": queue,
        "simulated": "1" if asked.simulated else "",
    }
    return urlencode({name: value for name, value in told.items() if value})


def _chart(found: Report, scope: Scope) -> Any:
    values: dict[int, float] = {}
    for at, sums in found.intervals.items():
        local = at.astimezone(scope.zone)
        minute = local.hour * 60 + local.minute // 30 * 30
        values[minute] = values.get(minute, 0) + sums.offered
    return halves.bars(values)


def choices(request: Request, asked: Asked) -> dict[str, Any]:
    """Give the clients and queues that may be chosen."""
    return {
        "clients": _clients(request),
        "queue_choices": _queue_choices(request, asked),
    }


def _clients(request: Request) -> list[tuple[str, str]]:
    rows = people.clients(person=request.user)
    return [(row.key, row.name) for row in rows] if len(rows) > 1 else []


def _queue_choices(request: Request, asked: Asked) -> list[tuple[str, str]]:
    whole = queries.scope(person=request.user, day_from=asked.days.first, client=asked.client)
    return [(queue.key, queue.name) for queue in whole.queues if queue.is_active]


@login_required
def export(request: Request) -> HttpResponseBase:
    """Return the report as a file: a row for each interval of each queue, and sums of all."""
    asked = period.asked(request.GET, today=timezone.localdate())
    scope = scope_of(request, asked)
    columns = figures.metrics(FILE, day=asked.days.first)
    heads = ["row", "from", "to", "client", "queue", *(each.key for each in columns), "when_closed"]
    return lists.as_csv(
        name=f"report-{asked.days.first}-{asked.days.last}",
        heads=heads,
        rows=list(_lines(scope, asked, columns)),
    )


def _lines(scope: Scope, asked: Asked, columns: list[Metric]) -> Iterator[list[str]]:
    found = _report(scope, asked)
    closed = found.closed
    owner = {queue.key: queue.client for queue in scope.queues}

    def line(kind: str, ends: Ends, sums: Sums, then: Sums | None, queue: str = "") -> list[str]:
        first, last = (figures.iso(each.astimezone(scope.zone)) for each in ends)
        row = [*figures.row_of(sums, columns), figures.when_closed(sums, then, columns)]
        return [kind, first, last, owner.get(queue, ""), queue, *row]

    yield line("total", scope.bounds, found.total, closed.total)
    for queue in owner:
        if queue in found.queues:
            yield line("queue", scope.bounds, found.queues[queue], closed.queues.get(queue), queue)
    for at, sums in found.intervals.items():
        yield line("interval", _ends(at, scope, asked), sums, closed.intervals.get(at))
    for (queue, at), sums in found.lines.items():
        ends = _ends(at, scope, asked)
        yield line("queue_interval", ends, sums, closed.lines.get((queue, at)), queue)
