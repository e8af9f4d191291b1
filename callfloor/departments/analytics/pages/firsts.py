"""Whether the first contact was enough, by each of the ways in which that can be asked."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from callfloor.departments.analytics.pages import figures, period
from callfloor.departments.analytics.pages.figures import Where
from callfloor.departments.analytics.pages.intervals import choices, scope_of
from callfloor.desk import listing as lists
from callfloor.records.metrics import queries
from callfloor.records.metrics.queries import Scope, Sums
from callfloor.ui.requests import Request

COLUMNS = (
    *("first_answered", "first_contact_one_agent", "first_settled", "first_contact_no_return"),
    *("first_cases", "first_contact_by_case"),
)


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
            (name, figures.cells(found[key], columns, where=_where(scope, asked, queue=key)))
            for key, name in _names(scope)
            if key in found
        ],
        "total": figures.cells(total, columns, where=_where(scope, asked, queue=asked.queue)),
    }
    return render(request, "analytics/firsts.html", context)


def _names(scope: Scope) -> list[tuple[str, str]]:
    """Give the queues by name, and what stands for cases that came out of none."""
    return [*((queue.key, queue.name) for queue in scope.queues), ("", _("Out of no queue"))]


def _where(scope: Scope, asked: period.Asked, *, queue: str | None) -> Where | None:
    if queue == "":
        return None  # A list cannot ask for what has no queue.
    begin, end = scope.bounds
    return Where(
        begins_at=begin, ends_at=end, client=asked.client, queue=queue, simulated=asked.simulated
    )


@login_required
def export(request: Request) -> HttpResponseBase:
    """Return the figures as a file."""
    asked = period.asked(request.GET, today=timezone.localdate())
    scope = scope_of(request, asked)
    found, total = _found(scope)
    columns = figures.metrics(COLUMNS, day=asked.days.first)
    ends = [figures.iso(asked.days.first), figures.iso(asked.days.last)]
    rows = [["total", *ends, "", "", *figures.row_of(total, columns)]]
    clients = {queue.key: queue.client for queue in scope.queues}
    rows += [
        ["queue", *ends, clients.get(key, ""), key, *figures.row_of(found[key], columns)]
        for key, _name in _names(scope)
        if key in found
    ]
    return lists.as_csv(
        name=f"first-{asked.days.first}-{asked.days.last}",
        heads=["row", "from", "to", "client", "queue", *(each.key for each in columns)],
        rows=rows,
    )
