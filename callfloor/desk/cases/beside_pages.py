"""
The cases beside a contact, a customer, an interaction: which there are, and the way to one.

A contact is said to be about a case by one button, without leaving the desk.
Refuses: to decide who sees a case; `records.cases` does.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from callfloor.kernel.access import Someone
from callfloor.records.cases import queries as cases
from callfloor.records.cases.services import work
from callfloor.records.customers import queries as customers
from callfloor.ui.requests import Request

TEMPLATE = "desk/cases_beside.html"
SHOWN_MAX = 5  # Beside a call one reads no more; the rest is a click away.


@dataclass(frozen=True, kw_only=True)
class Beside:
    """Cases that stand beside something, and where a new one is opened."""

    rows: tuple[cases.CaseRow, ...]
    asks: str
    """What the address of a new case says of its customer or contact; empty if there is none."""
    may_open: bool
    contact: str = ""
    """The interaction that may be said to be about one of them; empty beside a customer."""
    about: frozenset[str] = frozenset()
    """Which of them it is about."""
    is_live: bool = False
    """Whether it stands on the desk, so that the answer takes the panel's place."""


def of_item(*, person: Someone, item: str, client: str, customer: str) -> Beside | None:
    """Give the open cases of whoever is in a live contact; None while he is not known."""
    if not customer:
        return None
    rows = [row for row in _of(person, customer) if row.closed_at is None]
    asks = f"customer={customer}&interaction={item}"
    return _beside(person, rows, asks=asks, contact=item, is_live=True)


def of_customer(*, person: Someone, customer: Any) -> Beside:
    """Give the cases of a customer whose page is open."""
    asks = "" if customer.erased_at else f"customer={customer.id}"
    return _beside(person, _of(person, customer.id), asks=asks)


def of_interaction(*, person: Someone, interaction: Any) -> Beside:
    """Give the cases that an interaction was about, and the open ones that it may be about."""
    rows = cases.of_interaction(person=person, interaction_id=interaction.id)
    known = {row.id for row in rows}
    theirs = _of(person, interaction.customer_id)
    rows += [row for row in theirs if row.closed_at is None and row.id not in known]
    return _beside(person, rows, asks=f"interaction={interaction.id}", contact=interaction.id)


@login_required
@require_POST
def attach(request: Request, item: str) -> HttpResponse:
    """Say that a contact was about a case, and show the panel or the page as it is then."""
    work.attach_for(
        person=request.user,
        case_id=request.POST.get("case", ""),
        interaction_id=item,
        now=timezone.now(),
    )
    if not request.POST.get("live"):
        return redirect("interaction", interaction_id=item)
    whose = cases.asked_for(person=request.user, customer_id="", interaction_id=item)
    panel = of_item(person=request.user, item=item, client=whose.client, customer=whose.customer)
    return render(request, TEMPLATE, {"panel": panel})


def _of(person: Someone, customer: str) -> list[cases.CaseRow]:
    theirs = customers.together(customer_id=customer)
    return cases.of_customer(person=person, customer_ids=theirs, limit=SHOWN_MAX)


def _beside(
    person: Someone,
    rows: list[cases.CaseRow],
    *,
    asks: str,
    contact: str = "",
    is_live: bool = False,
) -> Beside:
    return Beside(
        rows=tuple(rows[:SHOWN_MAX]),
        asks=asks,
        may_open=person.rights.may("cases.write") and bool(asks),
        contact=contact,
        about=cases.about(interaction_id=contact) if contact else frozenset(),
        is_live=is_live,
    )
