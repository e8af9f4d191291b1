"""Finding who a customer is as well, or where he belongs: search, compare, say so."""

import os
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from callfloor.desk.customers import words
from callfloor.kernel import access
from callfloor.kernel.errors import Refusal
from callfloor.records.customers import queries, services
from callfloor.ui.requests import Request

FOUND_ROWS = 20  # Whoever is not among them is found by a whole number or address.


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: Request, customer_id: str) -> HttpResponse:
    """Find somebody who may be the same, show both side by side, and make them one."""
    now = timezone.now()
    access.check(request.user, "customers.merge")
    mine = queries.detail(person=request.user, customer_id=customer_id, now=now)
    other_id = request.POST.get("other", "") or request.GET.get("with", "")
    error, is_sure = "", False
    if request.method == "POST" and other_id:
        kept, gone = (mine.id, other_id) if request.POST.get("keep") == "this" else (
            other_id, mine.id
        )  # fmt: skip
        try:
            services.merge(
                person=request.user,
                kept_id=kept,
                customer_id=gone,
                now=now,
                chance=os.urandom(10),
                sure=request.POST.get("sure") == "1",
            )
        except services.ExternalIdsDiffer as refusal:
            error, is_sure = str(refusal.message), True
        except Refusal as refusal:
            if refusal.code.startswith("access."):
                raise
            error = str(refusal.message)
        else:
            return redirect("customer", customer_id=kept)
    context = {
        "here": "customers",
        "now": now,
        "mine": _side(mine),
        "other": _other(request, other_id),
        "q": request.GET.get("q", ""),
        "rows": _found(request, leave=mine.together, client=mine.client),
        "error": error,
        "is_sure": is_sure,
        "title": _("Merge customers"),
    }
    return render(request, "desk/customer_merging.html", context, status=400 if error else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: Request, customer_id: str) -> HttpResponse:
    """Find the organization or household that a customer belongs to."""
    now = timezone.now()
    access.check(request.user, "customers.write")
    mine = queries.detail(person=request.user, customer_id=customer_id, now=now)
    error = ""
    if request.method == "POST":
        try:
            services.join(
                person=request.user,
                customer_id=mine.id,
                whole_id=request.POST.get("whole", ""),
                role=request.POST.get("role", ""),
                now=now,
                chance=os.urandom(10),
            )
        except Refusal as refusal:
            if refusal.code.startswith("access."):
                raise
            error = str(refusal.message)
        else:
            return redirect("customer", customer_id=mine.id)
    context = {
        "here": "customers",
        "now": now,
        "mine": _side(mine),
        "q": request.GET.get("q", ""),
        "rows": [
            row
            for row in _found(request, leave=mine.together, client=mine.client)
            if row.kind != "person"
        ],
        "error": error,
    }
    return render(request, "desk/customer_joining.html", context, status=400 if error else 200)


def _found(request: Request, *, leave: tuple[str, ...], client: str) -> list[queries.CustomerRow]:
    text = request.GET.get("q", "").strip()
    if not text:
        return []
    page = queries.find(
        person=request.user,
        now=timezone.now(),
        text=text,
        client=client,
        include_simulated=True,
        size=FOUND_ROWS,
    )
    return [row for row in page.rows if row.id not in leave]


def _other(request: Request, customer_id: str) -> dict[str, Any] | None:
    if not customer_id:
        return None
    now = timezone.now()
    return _side(queries.detail(person=request.user, customer_id=customer_id, now=now))


def _side(customer: queries.CustomerDetail) -> dict[str, Any]:
    """Return what is compared of a customer."""
    return {
        "customer": customer,
        "kind": words.KINDS.get(customer.kind, customer.kind),
        "identities": [
            (words.IDENTITIES.get(row.kind, row.kind), row)
            for row in customer.identities
            if row.kind != "visitor"
        ],
        "notes": len(queries.notes_of(customer_ids=customer.together)),
    }
