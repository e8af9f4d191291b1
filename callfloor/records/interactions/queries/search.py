"""Lists of interactions: by filter, and as a customer's story. Each list that is shown is noted."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from callfloor.kernel import access, audit, pages
from callfloor.kernel.access import Someone
from callfloor.records.customers import queries as customers
from callfloor.records.customers.queries import CustomerDetail
from callfloor.records.interactions.models import Interaction
from callfloor.records.interactions.queries import rows
from callfloor.records.interactions.queries.rows import InteractionRow

OPEN = "open"
"""In place of an outcome: those that go on."""


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What to look for; what is left out does not matter."""

    client: str | None = None
    queue: str | None = None
    agent: str | None = None
    outcome: str | None = None
    disposition: str | None = None
    customer: str | None = None
    number: str | None = None
    """In any usual spelling, matched whole."""
    arrived_from: datetime | None = None
    arrived_to: datetime | None = None
    """Exclusive."""
    include_simulated: bool = False


@dataclass(frozen=True, kw_only=True)
class Story:
    """A customer and his latest interactions."""

    customer: CustomerDetail
    interactions: tuple[InteractionRow, ...]
    total: int


def search(
    *, person: Someone, filters: Filters, now: datetime, page: int = 1, size: int = 50
) -> pages.Page[InteractionRow]:
    """
    Give interactions of the person's clients, newest first.

    Raises Forbidden without the duty.
    """
    found = access.visible(person, "interactions.read", Interaction.objects.all())
    result = pages.cut(
        _filtered(found, filters).order_by("-arrived_at", "-id"),
        page=page,
        size=size,
        build=lambda models: rows.build(models, person=person),
    )
    if result.rows:
        detail = {"ids": [row.id for row in result.rows], "by_number": bool(filters.number)}
        audit.note(
            by=person.key, action="interaction.listed", about="interactions", now=now, detail=detail
        )
    return result


def story(*, person: Someone, customer_id: str, now: datetime, size: int = 20) -> Story:
    """
    Give a customer and his latest interactions, newest first; the reading is noted.

    Raises NotFound, Forbidden.
    """
    customer = customers.detail(person=person, customer_id=customer_id, now=now)
    found = access.within(person, Interaction.objects.filter(customer_id=customer_id))
    latest = list(found.order_by("-arrived_at", "-id")[:size])
    return Story(
        customer=customer,
        interactions=tuple(rows.build(latest, person=person)),
        total=found.count(),
    )


def _filtered(found: QuerySet[Interaction], filters: Filters) -> QuerySet[Interaction]:
    plain = {
        "client_id": filters.client,
        "queue_id": filters.queue,
        "agent_id": filters.agent,
        "disposition": filters.disposition,
        "customer_id": filters.customer,
        "arrived_at__gte": filters.arrived_from,
        "arrived_at__lt": filters.arrived_to,
    }
    found = found.filter(**{name: value for name, value in plain.items() if value is not None})
    if filters.outcome is not None:
        found = found.filter(outcome="" if filters.outcome == OPEN else filters.outcome)
    if filters.number:
        found = found.filter(customer_id__in=customers.having_number(filters.number))
    return found if filters.include_simulated else found.filter(simulated=False)
