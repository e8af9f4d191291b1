"""Who has called: a list, and one customer with the whole story."""

import datetime as dt

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from callfloor.desk import listing as lists
from callfloor.kernel.errors import Refusal
from callfloor.kernel.pages import Page
from callfloor.records.customers import queries, services
from callfloor.records.interactions import queries as interactions
from callfloor.records.people import queries as people
from callfloor.ui.requests import Request

STORY_ROWS = 25  # Two screens of a story; the rest is found among interactions.


def _found(
    request: Request, *, now: dt.datetime, page: int, size: int
) -> Page[queries.CustomerRow]:
    return queries.find(
        person=request.user,
        now=now,
        number=request.GET.get("number", "").strip() or None,
        client=request.GET.get("client") or None,
        include_simulated=request.GET.get("simulated", "1") == "1",
        order=_order(request),
        page=page,
        size=size,
    )


def _order(request: Request) -> str:
    asked = request.GET.get("sort", "")
    return asked if asked in queries.ORDERS else "last"


def _heads(order: str) -> list[lists.Column]:
    """Return the two heads that sort, each with what a click on it asks for."""
    seen = (
        ("first", _("First contact"), "newest", "oldest"),
        ("last", _("Last contact"), "last", "longest_ago"),
    )
    ways = {falling: "descending" for *_head, falling, _rising in seen}
    ways |= {rising: "ascending" for *_head, rising in seen}
    return [
        lists.Column(
            key=key,
            label=label,
            order=ways[order] if order in (falling, rising) else "",
            next=rising if order == falling else falling,
        )
        for key, label, falling, rising in seen
    ]


@login_required
def listing(request: Request) -> HttpResponse:
    """Show customers, those who called last first if nothing else is asked for."""
    now = timezone.now()
    page = _found(request, now=now, page=lists.page_asked(request), size=lists.PAGE_ROWS)
    context = {
        "here": "customers",
        "rows": page.rows,
        "page": lists.pager(page),
        "now": now,
        "heads": _heads(_order(request)),
        "number": request.GET.get("number", ""),
        "client": request.GET.get("client", ""),
        "clients": people.clients(person=request.user),
    }
    return render(request, "desk/customers.html", context)


@login_required
def export(request: Request) -> HttpResponseBase:
    """Return customers as CSV, without names and numbers: those are for one at a time."""
    now = timezone.now()
    rows: list[queries.CustomerRow] = []
    number = 1
    while len(rows) < lists.EXPORT_ROWS_MAX:
        page = _found(request, now=now, page=number, size=lists.EXPORT_PAGE)
        rows += page.rows
        if not page.has_next:
            break
        number += 1
    return lists.as_csv(
        name="customers",
        heads=[_("ID"), _("Client"), _("Language"), _("First contact"), _("Last contact")],
        rows=[
            (row.id, row.client_name, row.language, row.first_seen_at, row.last_seen_at)
            for row in rows
        ],
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def detail(request: Request, customer_id: str) -> HttpResponse:
    """Show one customer with the story; a new name is kept."""
    now = timezone.now()
    error = ""
    if request.method == "POST":
        name = request.POST.get("name", "")
        try:
            services.rename(person=request.user, customer_id=customer_id, name=name, now=now)
        except Refusal as refusal:
            if refusal.code.startswith("access."):
                raise
            error = str(refusal.message)
        else:
            return redirect("customer", customer_id=customer_id)
    story = interactions.story(
        person=request.user, customer_id=customer_id, now=now, size=STORY_ROWS
    )
    context = {
        "here": "customers",
        "now": now,
        "story": story,
        "customer": story.customer,
        "may_write": request.user.rights.may("customers.write"),
        "error": error,
        "name": request.POST.get("name", story.customer.name or ""),
    }
    return render(request, "desk/customer.html", context, status=400 if error else 200)
