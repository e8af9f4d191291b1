"""What agents did with their time: signed in, ready, talk, hold, wrap-up, away, missed."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from callfloor.departments.analytics.pages import figures, period
from callfloor.departments.analytics.pages.figures import Where
from callfloor.departments.analytics.pages.period import Asked
from callfloor.desk import listing as lists
from callfloor.kernel import audit
from callfloor.records.metrics import queries
from callfloor.records.metrics.queries import Scope, Sums
from callfloor.records.people import queries as people
from callfloor.records.routing import queries as routing
from callfloor.ui.requests import Request

COLUMNS = (
    *("signed_in_time", "ready_time", "busy_time", "occupancy", "handled", "talk_time"),
    *("hold_time", "wrap_time", "handling_time", "contacts_per_hour", "missed", "declined"),
)
FILE = (*COLUMNS, "away_time")
OF_THE_EXCHANGE = {"arriving": _("sitting down"), "supervising": _("leading")}
"""Reasons that no plan names: the exchange gives them itself."""


def _scope(request: Request, asked: Asked) -> Scope:
    return queries.scope_of_agents(
        person=request.user,
        day_from=asked.days.first,
        day_to=asked.days.end,
        team=asked.team,
        include_simulated=asked.simulated,
    )


@login_required
def report(request: Request) -> HttpResponse:
    """Show the report of some days; a leader sees the own team."""
    now, today = timezone.now(), timezone.localdate()
    asked = period.asked(request.GET, today=today)
    scope = _scope(request, asked)
    found = queries.of_agents(scope, now=now)
    columns = figures.metrics(COLUMNS, day=asked.days.first)
    reasons = _reasons(found)
    closed = queries.closed_of_agents(scope, found)
    total, then = queries.total(list(found.values())), _total_then(found, closed)
    begin, end = scope.bounds
    names = people.names_of(keys=found)
    rows = [
        {
            "key": key,
            "name": names.get(key, key),
            "cells": figures.cells(
                sums,
                columns,
                where=Where(begins_at=begin, ends_at=end, agent=key, simulated=asked.simulated),
                closed=closed.get(key),
            )
            + figures.seconds(sums.away.get(reason) for reason, _ in reasons),
        }
        for key, sums in found.items()
    ]
    context = {
        "here": "reports",
        "tab": "agents",
        **period.context(request, asked, today=today),
        "heads": figures.heads(columns),
        "away_head": figures.metrics(["away_time"], day=asked.days.first)[0],
        "reasons": [label for _, label in reasons],
        "rows": sorted(rows, key=lambda row: (str(row["name"]).casefold(), row["key"])),
        "total": figures.cells(total, columns, where=None, closed=then)
        + figures.seconds(total.away.get(reason) for reason, _ in reasons),
        "teams": _teams(request),
        "is_live": asked.days.last >= today,
        "is_restated": then is not None,
    }
    return render(request, "analytics/agents.html", context)


def _total_then(found: Mapping[str, Sums], closed: Mapping[str, Sums]) -> Sums | None:
    """Give the sums of all with what was, None if nothing has changed."""
    return queries.total([*{**found, **closed}.values()]) if closed else None


def _reasons(found: Mapping[str, Sums]) -> list[tuple[str, str]]:
    """Give the reasons that anybody gave, in the order of the plan; unknown ones come last."""
    given = {reason for sums in found.values() for reason in sums.away}
    known = {row.key: row.name for row in routing.away_reasons()}
    known |= {key: str(name) for key, name in OF_THE_EXCHANGE.items()}
    order = [*known, *sorted(given - known.keys())]
    return [(key, known.get(key, key) or "–") for key in order if key in given]


def _teams(request: Request) -> list[tuple[str, str]]:
    if request.user.rights.team is not None:
        return []
    return [(row.key, row.name) for row in people.teams(person=request.user)]


@login_required
def export(request: Request) -> HttpResponseBase:
    """Return the report as a file; that somebody took it is noted, because it is about people."""
    now = timezone.now()
    asked = period.asked(request.GET, today=timezone.localdate())
    scope = _scope(request, asked)
    found = queries.of_agents(scope, now=now)
    closed = queries.closed_of_agents(scope, found)
    columns, reasons = figures.metrics(FILE, day=asked.days.first), _reasons(found)
    days = f"{asked.days.first}/{asked.days.last}"
    audit.note(
        by=request.user.key,
        action="report.exported",
        about="agents",
        now=now,
        detail={"days": days, "agents": sorted(found)},
    )
    names = people.names_of(keys=found)
    heads: list[Any] = ["from", "to", "agent", "name", *(each.key for each in columns)]
    return lists.as_csv(
        name=f"agents-{asked.days.first}-{asked.days.last}",
        heads=[*heads, *(f"away_{reason or 'unknown'}" for reason, _ in reasons), "when_closed"],
        rows=[
            [
                *(figures.iso(asked.days.first), figures.iso(asked.days.last)),
                *(key, names.get(key, key)),
                *figures.row_of(sums, columns),
                *(figures.plain(sums.away.get(reason, 0.0), "seconds") for reason, _ in reasons),
                figures.when_closed(sums, closed.get(key), columns),
            ]
            for key, sums in found.items()
        ],
    )
