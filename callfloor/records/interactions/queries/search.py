"""Lists of interactions: by filter, and as a customer's story. Each list that is shown is noted."""

from dataclasses import dataclass
from datetime import datetime

from callfloor.kernel import access, audit, lists, quick
from callfloor.kernel.access import Someone
from callfloor.kernel.lists import Order
from callfloor.kernel.pages import Page
from callfloor.records.customers import queries as customers
from callfloor.records.customers.queries import CustomerDetail
from callfloor.records.interactions.models import Interaction
from callfloor.records.interactions.queries import behind, rows
from callfloor.records.interactions.queries.behind import Behind
from callfloor.records.interactions.queries.rows import InteractionRow

OPEN = "open"
"""In place of an outcome: those that go on."""
ORDERS = {
    "newest": Order(column="arrived_at"),
    "oldest": Order(column="arrived_at", falls=False),
}
"""How a list may stand; other columns have no index, so that the last page would cost seconds."""


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What to look for; what is left out does not matter."""

    client: str | None = None
    queue: str | None = None
    agent: str | None = None
    outcome: str | None = None
    disposition: str | None = None
    customer: str | None = None
    """Whoever he was taken for."""
    number: str | None = None
    """In any usual spelling, matched whole."""
    arrived_from: datetime | None = None
    arrived_to: datetime | None = None
    """Exclusive."""
    behind: Behind | None = None
    """Only those that a figure counts."""
    include_simulated: bool = False


@dataclass(frozen=True, kw_only=True)
class Story:
    """A customer and his latest interactions."""

    customer: CustomerDetail
    interactions: tuple[InteractionRow, ...]
    total: int


def search(
    *,
    person: Someone,
    filters: Filters,
    now: datetime,
    order: str = "newest",
    page: int = 1,
    size: int = 50,
) -> Page[InteractionRow]:
    """
    Give interactions of the person's clients in one of ORDERS, newest first.

    Raises Forbidden without the duty.
    """
    clients = access.clients_of(person, "interactions.read")
    result = lists.cut(
        Interaction,
        clients=[each for each in clients if filters.client in (None, each)],
        conditions=_conditions(filters),
        order=ORDERS.get(order, ORDERS["newest"]),
        page=page,
        size=size,
        build=lambda models: rows.build(models, person=person),
        without=access.hidden_ids(person, Interaction),
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

    Those of whoever was found to be the same are his. Raises NotFound, Forbidden.
    """
    customer = customers.detail(person=person, customer_id=customer_id, now=now)
    latest, total = rows.of_customers(customer.together, person=person, size=size)
    return Story(
        customer=customer,
        interactions=tuple(rows.build(latest, person=person)),
        total=total,
    )


def _conditions(filters: Filters) -> lists.Conditions:
    conditions = lists.Conditions()
    plain = {
        "queue_id": filters.queue,
        "agent_id": filters.agent,
        "disposition": filters.disposition,
        "outcome": "" if filters.outcome == OPEN else filters.outcome,
    }
    for column, value in plain.items():
        if value is not None:
            conditions.add(f"{column} = %s", value)
    if filters.customer is not None:
        theirs = customers.together(customer_id=filters.customer) or (filters.customer,)
        conditions.add(f"customer_id IN {quick.marks(theirs)}", *theirs)
    for how, moment in ((">=", filters.arrived_from), ("<", filters.arrived_to)):
        if moment is not None:
            conditions.add(f"arrived_at {how} %s", lists.instant(moment))
    if filters.number:
        conditions.add(*customers.having_number(filters.number, column="customer_id"))
    if filters.behind is not None:
        text, values = behind.condition(filters.behind)
        conditions.add(text, *values)
    if not filters.include_simulated:
        conditions.add("simulated = %s", False)
    return conditions
