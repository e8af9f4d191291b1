"""Whether the first contact was enough, by each of the ways in which that can be asked."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from callfloor.departments.analytics.pages import figures, period
from callfloor.departments.analytics.pages.intervals import choices, scope_of
from callfloor.desk import listing as lists
from callfloor.records.metrics import queries
from callfloor.records.metrics.queries import Scope, Sums
from callfloor.ui.requests import Request

COLUMNS = ("first_answered", "first_contact_one_agent", "first_settled", "first_contact_no_return")


def _found(scope: Scope) -> tuple[Mapping[str, Sums], Sums]:
    found = queries.first_contacts(scope, now=timezone.now())
    return found, queries.total(list(found.values()))


@login_required
def report(request: Request) -> HttpResponse:
    """Show the figures by queue and in all."""
    today = timezone.localdate()
    asked = period.asked(request.GET, today=today)
    scope = scope_of(request, asked)
    found, total = _found(scope)
    columns = figures.metrics(COLUMNS, day=asked.days.first)
    context: dict[str, Any] = {
        "here": "reports",
        "tab": "first",
        **period.context(request, asked, today=today),
        **choices(request, asked),
        "heads": figures.heads(columns),
        "named": columns,
        "rows": [
            (queue.name, figures.cells(found[queue.key], columns, where=None))
            for queue in scope.queues
            if queue.key in found
        ],
        "total": figures.cells(total, columns, where=None),
    }
    return render(request, "analytics/firsts.html", context)


@login_required
def export(request: Request) -> HttpResponseBase:
    """Return the figures as a file."""
    asked = period.asked(request.GET, today=timezone.localdate())
    scope = scope_of(request, asked)
    found, total = _found(scope)
    columns = figures.metrics(COLUMNS, day=asked.days.first)
    ends = [figures.iso(asked.days.first), figures.iso(asked.days.last)]
    rows = [["total", *ends, "", "", *figures.row_of(total, columns)]]
    rows += [
        ["queue", *ends, queue.client, queue.key, *figures.row_of(found[queue.key], columns)]
        for queue in scope.queues
        if queue.key in found
    ]
    return lists.as_csv(
        name=f"first-{asked.days.first}-{asked.days.last}",
        heads=["row", "from", "to", "client", "queue", *(each.key for each in columns)],
        rows=rows,
    )
