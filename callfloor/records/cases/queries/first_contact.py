"""
Whether cases were solved in the first contact, by three definitions that have a name each.

They answer three questions and are never mixed: what the contacts say, what the agent says, what
the customer does. A case counts once its seven days are over, by the day on which it was opened.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q

from callfloor.records.cases.models import Case, CaseInteraction

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


def first_contact(
    *, clients: list[str], opened_from: datetime, opened_to: datetime, now: datetime
) -> FirstContact:
    """Count the cases of clients that the caller has checked, opened in a half-open period."""
    until = min(opened_to, now - SETTLED)
    found = Case.objects.filter(
        client_id__in=clients,
        opened_at__gte=opened_from,
        opened_at__lt=until,
        simulated=False,
    ).exclude(customer=None)
    second = CaseInteraction.objects.filter(
        case_id=OuterRef("id"), interaction__arrived_at__lt=OuterRef("opened_at") + SETTLED
    ).exclude(interaction__channel="case")
    counted = second.values("case_id").annotate(n=Count("id")).filter(n__gt=1)
    again = Case.objects.filter(
        customer_id=OuterRef("customer_id"),
        kind=OuterRef("kind"),
        opened_at__gt=OuterRef("opened_at"),
        opened_at__lt=OuterRef("opened_at") + SETTLED,
    )
    sums = found.annotate(came=Exists(counted), returned=Exists(again)).aggregate(
        cases=Count("id"),
        no_second_contact=Count("id", filter=Q(came=False)),
        said_solved=Count("id", filter=Q(solved_at_once=True)),
        did_not_come_back=Count("id", filter=Q(returned=False)),
    )
    return FirstContact(**sums)
