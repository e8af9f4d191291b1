"""
Whether cases were solved in the first contact, by three definitions that have a name each.

They answer three questions and are never mixed: what the contacts say, what the agent says, what
the customer does. A case counts once its seven days are over, by the day on which it was opened.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from callfloor.records.cases.models import Case, CaseInteraction
from callfloor.records.interactions.models import Interaction

SETTLED = timedelta(days=7)
"""After so long without another word a matter is taken as solved."""


@dataclass(frozen=True, kw_only=True)
class FirstContact:
    """Cases of a period, and how many of them the first contact was enough for."""

    cases: int
    """Opened in the period, with a customer, and their seven days are over."""
    no_second_contact: int
    """`first_contact_by_case`: no second contact of the same case within seven days."""
    said_solved: int
    """`first_contact_by_agent`: whoever closed it said that it was solved in that contact."""
    did_not_come_back: int
    """`first_contact_by_customer`: he opened no other case of the same kind within seven days."""


@dataclass(frozen=True, kw_only=True)
class Enough:
    """Which cases the first contact was enough for, so that they can be listed."""

    opened_from: datetime
    opened_to: datetime
    """Exclusive."""
    queue: str | None = None
    """The queue of the contact in which they were opened."""
    include_simulated: bool = False


def first_contact(
    *, clients: list[str], opened_from: datetime, opened_to: datetime, now: datetime
) -> FirstContact:
    """Count the cases of clients that the caller has checked, opened in a half-open period."""
    again = Case.objects.filter(
        customer_id=OuterRef("customer_id"),
        kind=OuterRef("kind"),
        opened_at__gt=OuterRef("opened_at"),
        opened_at__lt=OuterRef("opened_at") + SETTLED,
    )
    found = _settled(opened_from, opened_to, now=now).filter(client_id__in=clients, simulated=False)
    sums = found.annotate(came=_second(), returned=Exists(again)).aggregate(
        cases=Count("id"),
        no_second_contact=Count("id", filter=Q(came=False)),
        said_solved=Count("id", filter=Q(solved_at_once=True)),
        did_not_come_back=Count("id", filter=Q(returned=False)),
    )
    return FirstContact(**sums)


def by_queue(
    *,
    clients: Sequence[str],
    opened_from: datetime,
    opened_to: datetime,
    now: datetime,
    include_simulated: bool = False,
) -> dict[str, tuple[int, int]]:
    """
    Count settled cases, and those without a second contact, by the queue of their first contact.

    The queue is empty for a case that no contact in a queue has opened, as a form's.
    """
    found = _settled(opened_from, opened_to, now=now).filter(client_id__in=list(clients))
    if not include_simulated:
        found = found.filter(simulated=False)
    marked = found.annotate(came=_second(), queue=_queue()).order_by("id")
    counted: dict[str, tuple[int, int]] = {}
    for queue, came in marked.values_list("queue", "came"):
        cases, alone = counted.get(queue or "", (0, 0))
        counted[queue or ""] = (cases + 1, alone + (not came))
    return counted


def enough(found: QuerySet[Case], wanted: Enough, *, now: datetime) -> QuerySet[Case]:
    """Give of some cases those for which the first contact was enough."""
    settled = _settled(wanted.opened_from, wanted.opened_to, now=now)
    kept = found.filter(id__in=settled.annotate(came=_second()).filter(came=False).values("id"))
    if not wanted.include_simulated:
        kept = kept.filter(simulated=False)
    if wanted.queue is not None:
        kept = kept.annotate(queue=_queue()).filter(queue=wanted.queue)
    return kept


def _settled(opened_from: datetime, opened_to: datetime, *, now: datetime) -> QuerySet[Case]:
    until = min(opened_to, now - SETTLED)
    found = Case.objects.filter(opened_at__gte=opened_from, opened_at__lt=until)
    return found.exclude(customer=None)


def _second() -> Exists:
    """Say whether a second contact of a case came in its seven days; its own work is none."""
    contacts = CaseInteraction.objects.filter(
        case_id=OuterRef("id"), interaction__arrived_at__lt=OuterRef("opened_at") + SETTLED
    ).exclude(interaction__channel="case")
    return Exists(contacts.values("case_id").annotate(n=Count("id")).filter(n__gt=1))


def _queue() -> Subquery:
    origin = Interaction.objects.filter(id=OuterRef("origin"))
    return Subquery(origin.values("queue_id")[:1])
