"""Which cases there are: by reference, of a customer, of an interaction, and lists by filter."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from callfloor.kernel import access, audit, lists, quick, references
from callfloor.kernel.access import Someone
from callfloor.kernel.pages import Page, cut
from callfloor.records.cases.models import Case, CaseInteraction
from callfloor.records.cases.queries import first_contact, rows
from callfloor.records.cases.queries.first_contact import Enough
from callfloor.records.cases.queries.rows import CaseRow
from callfloor.records.customers import queries as customers

OPEN_MAX = 50  # Of one customer: more open matters at once are one matter that went wrong.
LATEST = f"ORDER BY opened_at DESC, id DESC LIMIT {OPEN_MAX}"
ORDERS = ("due", "opened", "changed")
_ABOUT = f"SELECT case_id FROM {quick.table(CaseInteraction)} WHERE interaction_id = %s"
"""The cases that an interaction was about."""


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Which cases are asked for."""

    whose: str = ""
    """mine, team, nobody; empty for all."""
    kind: str | None = None
    state: str = "open"
    """open, late, resting, closed, or empty for all."""
    client: str | None = None
    customer: str | None = None
    priority: str | None = None
    reference: str | None = None
    """As somebody typed it."""
    enough: Enough | None = None
    """Only those that the figure of first contacts by cases counts."""


def open_cases_of(*, customer_id: str) -> list[CaseRow]:
    """
    Give the open cases of a customer who was checked already, the latest first.

    Those of whoever was found to be the same are his as well.
    """
    theirs = customers.together(customer_id=customer_id)
    found = Case.objects.filter(customer_id__in=theirs, closed_at=None)
    return rows.build(list(found.order_by("-opened_at", "-id")[:OPEN_MAX]))


def case_by_reference(*, reference: str) -> CaseRow | None:
    """Give the case of a reference that was checked (a signed address), None if there is none."""
    wanted = references.read(reference)
    case = Case.objects.filter(reference=wanted).first() if wanted else None
    return rows.build([case])[0] if case is not None else None


def search(
    *, person: Someone, filters: Filters, now: datetime, page: int = 1, size: int = 25
) -> Page[CaseRow]:
    """
    Give the cases that a person may know of, what is owed first at the top; the list is noted.

    Raises Forbidden without the duty.
    """
    found = _filtered(rows.visible(person, "cases.read"), person, filters, now=now)
    result = cut(found, page=page, size=size, build=lambda cases: rows.build(cases))
    if result.rows:
        detail = {"ids": [row.id for row in result.rows]}
        audit.note(by=person.key, action="case.listed", about="cases", now=now, detail=detail)
    return result


def counts(*, person: Someone, now: datetime) -> dict[str, int]:
    """Give how many open cases stand behind each of the usual lists."""
    access.check(person, "cases.read")
    kinds: dict[str, tuple[str, list[Any]]] = {
        "all": ("TRUE", []),
        "mine": ("owner_id = %s", [person.key]),
        "team": ("team_id = %s", [person.rights.team]),  # Nobody's, for whoever has none.
        "nobody": ("owner_id IS NULL", []),
        "late": ("due_at < %s", [lists.instant(now)]),
    }
    # One statement: five cost as much as the rows of the list.
    counts = ", ".join(f"COUNT(*) FILTER (WHERE {text})" for text, _ in kinds.values())
    limit, limits = access.limit(person, Case)
    sql = f"SELECT {counts} FROM {quick.table(Case)} WHERE closed_at IS NULL AND {limit}"
    asked = [value for _, values in kinds.values() for value in values]
    (found,) = quick.fetch(sql, [*asked, *limits])
    return dict(zip(kinds, found, strict=True))


def of_customer(
    *, person: Someone, customer_ids: Collection[str], limit: int = OPEN_MAX
) -> list[CaseRow]:
    """
    Give the cases of a customer that a person may know of, open ones first.

    `customer_ids` are all that he was found to be (`customers.queries.together`).
    Raises Forbidden without the duty.
    """
    which, wanted = f"customer_id IN {quick.marks(customer_ids)}", list(customer_ids)
    order = "ORDER BY closed_at DESC NULLS FIRST, opened_at DESC, id DESC"
    return _listed(person, which, wanted, then=f"{order} LIMIT {limit}")


def of_interaction(*, person: Someone, interaction_id: str) -> list[CaseRow]:
    """
    Give the cases that an interaction was about.

    Raises Forbidden without the duty.
    """
    return _listed(person, f"id IN ({_ABOUT})", [interaction_id], then=LATEST)


def about(*, interaction_id: str) -> frozenset[str]:
    """Give the ids of all cases that an interaction was about, to mark those that are shown."""
    return frozenset(case for (case,) in quick.fetch(_ABOUT, [interaction_id]))


def incidents(*, person: Someone, clients: Sequence[str] = ()) -> list[CaseRow]:
    """Give the incidents that go on, of the person's clients or some of them."""
    which = "kind = 'incident' AND closed_at IS NULL"
    if clients:
        which += f" AND client_id IN {quick.marks(clients)}"
    return _listed(person, which, clients, then=LATEST)


def _listed(person: Someone, which: str, values: Sequence[str], *, then: str) -> list[CaseRow]:
    access.check(person, "cases.read")
    return rows.build(access.read(person, Case, which, values, then=then))


def _filtered(
    found: QuerySet[Case], person: Someone, filters: Filters, *, now: datetime
) -> QuerySet[Case]:
    whose = {
        "mine": Q(owner_id=person.key),
        "team": Q(team_id=person.rights.team) if person.rights.team else Q(pk=None),
        "nobody": Q(owner=None),
    }
    states = {
        "open": Q(closed_at=None),
        "late": Q(closed_at=None, due_at__lt=now),
        "resting": Q(closed_at=None) & ~Q(waits_for=""),
        "closed": Q(closed_at__isnull=False),
    }
    wanted = whose.get(filters.whose, Q()) & states.get(filters.state, Q())
    for column in ("kind", "client", "customer", "priority"):
        if value := getattr(filters, column):
            field = f"{column}_id" if column in ("client", "customer") else column
            wanted &= Q(**{field: value})
    if filters.reference:
        wanted &= Q(reference=references.read(filters.reference) or "none")
    if filters.enough is not None:
        found = first_contact.enough(found, filters.enough, now=now)
    order = (F("due_at").asc(nulls_last=True), "-opened_at", "-id")
    return found.filter(wanted).order_by(*order)
