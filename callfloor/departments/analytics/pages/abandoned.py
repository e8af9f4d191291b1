"""Who gave up in a queue, and who called back."""

from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from callfloor.departments.analytics.pages import figures, period
from callfloor.departments.analytics.pages.intervals import choices, scope_of
from callfloor.departments.analytics.pages.period import Asked
from callfloor.desk import listing as lists
from callfloor.kernel import audit
from callfloor.kernel.pages import Page
from callfloor.records.interactions import queries
from callfloor.records.interactions.queries import AbandonedRow, WantedAbandoned
from callfloor.ui.requests import Request

HEADS = (
    *("queued_at", "client", "queue", "customer", "waited_seconds", "short"),
    *("interaction", "spoken_at", "called_back", "by", "contact"),
)


def _page(request: Request, asked: Asked, *, number: int, size: int) -> Page[AbandonedRow]:
    scope = scope_of(request, asked)
    begin, end = scope.bounds
    wanted = WantedAbandoned(
        queues=scope.queue_keys,
        begins_at=begin,
        ends_at=end,
        include_simulated=asked.simulated,
        only_open=request.GET.get("open") == "1",
    )
    return queries.abandoned(
        person=request.user, wanted=wanted, now=timezone.now(), page=number, size=size
    )


@login_required
def listing(request: Request) -> HttpResponse:
    """Show them, the latest first."""
    today = timezone.localdate()
    asked = period.asked(request.GET, today=today)
    found = _page(request, asked, number=lists.page_asked(request), size=lists.PAGE_ROWS)
    context = {
        "here": "reports",
        "tab": "abandoned",
        **period.context(request, asked, today=today),
        **choices(request, asked),
        "now": timezone.now(),
        "rows": found.rows,
        "page": lists.pager(found),
        "only_open": request.GET.get("open") == "1",
    }
    return render(request, "analytics/abandoned.html", context)


@login_required
def export(request: Request) -> HttpResponseBase:
    """Return the list as a file; that somebody took it is noted, because it names customers."""
    now = timezone.now()
    asked = period.asked(request.GET, today=timezone.localdate())
    rows = list(_all(request, asked))
    audit.note(
        by=request.user.key,
        action="report.exported",
        about="abandoned",
        now=now,
        detail={"days": f"{asked.days.first}/{asked.days.last}", "rows": len(rows)},
    )
    return lists.as_csv(
        name=f"abandoned-{asked.days.first}-{asked.days.last}",
        heads=HEADS,
        rows=[_line(row) for row in rows],
    )


def _all(request: Request, asked: Asked) -> Iterator[AbandonedRow]:
    number, has_next = 1, True
    while has_next and number * lists.EXPORT_PAGE <= lists.EXPORT_ROWS_MAX:
        found = _page(request, asked, number=number, size=lists.EXPORT_PAGE)
        yield from found.rows
        number, has_next = number + 1, found.has_next


def _line(row: AbandonedRow) -> list[object]:
    since = row.since
    return [
        figures.iso(timezone.localtime(row.queued_at)),
        *(row.client, row.queue, row.customer_label),
        figures.plain(row.waited_seconds, "seconds"),
        int(row.short),
        row.interaction,
        figures.iso(timezone.localtime(since.at)) if since else "",
        int(since.called_back) if since else "",
        (since.agent_name if since else ""),
        (since.interaction if since else ""),
    ]
