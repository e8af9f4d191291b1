"""Who has called: a list, and one customer with the whole story."""

import datetime as dt
import os
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from callfloor.desk import listing as lists
from callfloor.desk.customers import acts, timeline, words
from callfloor.kernel import department
from callfloor.kernel.errors import Refusal
from callfloor.kernel.pages import Page
from callfloor.records.customers import queries
from callfloor.records.interactions.queries import thread as threads
from callfloor.records.people import queries as people
from callfloor.ui.requests import Request

FILTERS = ("q", "number", "client", "tag", "kind")
STORY_ROWS = 25  # Two screens of a story; the rest is found among interactions.


def _found(
    request: Request, *, now: dt.datetime, page: int, size: int
) -> Page[queries.CustomerRow]:
    return queries.find(
        person=request.user,
        now=now,
        number=request.GET.get("number", "").strip() or None,
        text=request.GET.get("q", "").strip() or None,
        tag=request.GET.get("tag", "").strip() or None,
        kind=request.GET.get("kind", "").strip() or None,
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
        "q": request.GET.get("q", "") or request.GET.get("number", ""),
        "tag": request.GET.get("tag", ""),
        "kind": request.GET.get("kind", ""),
        "kinds": words.KINDS,
        "tags": queries.tags(person=request.user),
        "any_filter": any(request.GET.get(each) for each in FILTERS),
        "may_import": request.user.rights.may("customers.import"),
        "may_export": request.user.rights.may("customers.export"),
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
    """Show one customer with the whole story; what a form asks for is done."""
    now = timezone.now()
    error = _done(request, customer_id, now=now) if request.method == "POST" else ""
    if error == "":
        if request.method == "POST":
            return redirect("customer", customer_id=customer_id)
        found = threads.thread(
            person=request.user, customer_id=customer_id, now=now, size=STORY_ROWS
        )
        if found.customer.id != customer_id:
            return redirect("customer", customer_id=found.customer.id)
    else:
        found = threads.thread(
            person=request.user, customer_id=customer_id, now=now, size=STORY_ROWS
        )
    context = _context(request, found, now=now, error=error)
    return render(request, "desk/customer.html", context, status=400 if error else 200)


def _done(request: Request, customer_id: str, *, now: dt.datetime) -> str:
    """Do what a form asks for, and return what is to be said if it was refused."""
    try:
        if not acts.do(request, customer_id, now=now, chance=os.urandom(10)):
            raise Http404
    except Refusal as refusal:
        if refusal.code.startswith("access."):
            raise
        return str(refusal.message)
    return ""


def _context(
    request: Request, found: threads.Thread, *, now: dt.datetime, error: str
) -> dict[str, Any]:
    customer, rights = found.customer, request.user.rights
    names = people.names(person=request.user)
    is_open = customer.erased_at is None
    return {
        "here": "customers",
        "now": now,
        "thread": found,
        "customer": customer,
        "kind": words.KINDS.get(customer.kind, customer.kind),
        "language": people.language_name(customer.language),
        "entries": timeline.entries(request, found, names=names),
        "identities": _identities(customer),
        "allowed": _allowed(customer),
        "memberships": queries.memberships_of(customer_ids=customer.together),
        "merges": [
            row for row in queries.merges_of(customer_ids=customer.together) if not row.undone_at
        ],
        "candidates": queries.candidates_of(customer_ids=customer.together) if is_open else [],
        "preferred": names.get(customer.preferred_agent or "", customer.preferred_agent or ""),
        "agents": sorted(names.items(), key=lambda pair: (pair[1].casefold(), pair[0])),
        "priority": f"{customer.priority_seconds / 60:g}",
        "kinds": words.KINDS,
        "typed": [(key, words.IDENTITIES[key]) for key in words.TYPED],
        "purposes": words.PURPOSES,
        "channels": words.CHANNELS,
        "may_write": rights.may("customers.write") and is_open,
        "may_document": rights.may("customers.document") and is_open,
        "may_merge": rights.may("customers.merge") and is_open,
        "panels": _panels(request, customer),
        "error": error,
        "typed_note": request.POST.get("note", "") if error else "",
        "name": request.POST.get("name", customer.name),
    }


def _identities(customer: queries.CustomerDetail) -> list[dict[str, Any]]:
    return [
        {
            "row": row,
            "kind": words.IDENTITIES.get(row.kind, row.kind),
            "confidence": words.CONFIDENCES.get(row.confidence, row.confidence),
        }
        for row in customer.identities
        if row.kind != "visitor"
    ]


def _allowed(customer: queries.CustomerDetail) -> list[dict[str, Any]]:
    """Return the last word of each purpose and channel."""
    said = queries.consents_of(customer_ids=customer.together)
    names = people.names_of(keys=sorted({row.kept_by for row in said if row.kept_by}))
    return [
        {
            "given": row.given,
            "purpose": words.PURPOSES.get(row.purpose, row.purpose),
            "channel": words.CHANNELS.get(row.channel, row.channel),
            "at": row.at,
            "by": names.get(row.kept_by or "", ""),
            "call": row.evidence.removeprefix("call:") if row.evidence[:5] == "call:" else None,
        }
        for row in said
        if row.counts
    ]


def _panels(request: Request, customer: queries.CustomerDetail) -> list[tuple[str, Any]]:
    """Return what departments show beside a customer: a template and what it is given."""
    panels = department.panels(place="customer.side", rights=request.user.rights)
    return [
        (panel.template, panel.query(person=request.user, customer=customer)) for panel in panels
    ]
