"""Which cases there are: by reference, of a customer, of an interaction, and lists by filter."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from callfloor.kernel import audit, references
from callfloor.kernel.access import Someone
from callfloor.kernel.pages import Page, cut
from callfloor.records.cases.models import Case, CaseInteraction
from callfloor.records.cases.queries import first_contact, rows
from callfloor.records.cases.queries.first_contact import Enough
from callfloor.records.cases.queries.rows import CaseRow
from callfloor.records.customers import queries as customers

OPEN_MAX = 50  # Of one customer: more open matters at once are one matter that went wrong.
ORDERS = ("due", "opened", "changed")


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
    found = rows.visible(person, "cases.read").filter(closed_at=None)
    team = person.rights.team
    kinds = {
        "mine": Q(owner_id=person.key),
        "nobody": Q(owner=None),
        "late": Q(due_at__lt=now),
        **({"team": Q(team_id=team)} if team else {}),
    }
    # One statement: five cost as much as the rows of the list.
    counted = {key: Count("pk", filter=kind) for key, kind in kinds.items()}
    return {"team": 0} | found.aggregate(all=Count("pk"), **counted)


def of_customer(
    *, person: Someone, customer_ids: Collection[str], limit: int = OPEN_MAX
) -> list[CaseRow]:
    """
    Give the cases of a customer that a person may know of, open ones first.

    `customer_ids` are all that he was found to be (`customers.queries.together`).
    Raises Forbidden without the duty.
    """
    found = rows.visible(person, "cases.read").filter(customer_id__in=list(customer_ids))
    first = F("closed_at").desc(nulls_first=True)
    return rows.build(list(found.order_by(first, "-opened_at", "-id")[:limit]))


def of_interaction(*, person: Someone, interaction_id: str) -> list[CaseRow]:
    """
    Give the cases that an interaction was about.

    Raises Forbidden without the duty.
    """
    wanted = CaseInteraction.objects.filter(interaction_id=interaction_id).values("case_id")
    found = rows.visible(person, "cases.read").filter(id__in=wanted)
    return rows.build(list(found.order_by("-opened_at", "-id")[:OPEN_MAX]))


def about(*, interaction_id: str) -> frozenset[str]:
    """Give the ids of all cases that an interaction was about, to mark those that are shown."""
    found = CaseInteraction.objects.filter(interaction_id=interaction_id)
    return frozenset(found.values_list("case_id", flat=True))


def incidents(*, person: Someone, clients: Sequence[str] = ()) -> list[CaseRow]:
    """Give the incidents that go on, of the person's clients or some of them."""
    found = rows.visible(person, "cases.read").filter(kind="incident", closed_at=None)
    if clients:
        found = found.filter(client_id__in=list(clients))
    return rows.build(list(found.order_by("-opened_at", "-id")[:OPEN_MAX]))


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
