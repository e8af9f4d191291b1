"""
What customer service shows beside a contact, a customer, an interaction: cases, and a way to one.

Refuses: to decide who sees a case; `records.cases` does.
"""

from dataclasses import dataclass
from typing import Any

from callfloor.kernel.access import Someone
from callfloor.records.cases import queries as cases
from callfloor.records.customers import queries as customers

SHOWN_MAX = 5  # Beside a call one reads no more; the rest is a click away.


@dataclass(frozen=True, kw_only=True)
class Beside:
    """Cases that stand beside something, and where a new one is opened."""

    rows: tuple[cases.CaseRow, ...]
    asks: str
    """What the address of a new case says of its customer or contact; empty if there is none."""
    may_open: bool


def of_item(*, person: Someone, item: str, client: str, customer: str) -> Beside | None:
    """Give the open cases of whoever is in a live contact; None while he is not known."""
    if not customer:
        return None
    rows = _open(person, customer)
    return _beside(person, rows, asks=f"customer={customer}&interaction={item}")


def of_customer(*, person: Someone, customer: Any) -> Beside:
    """Give the cases of a customer whose page is open."""
    rows = cases.of_customer(
        person=person, customer_ids=customers.together(customer_id=customer.id), limit=SHOWN_MAX
    )
    asks = "" if customer.erased_at else f"customer={customer.id}"
    return _beside(person, rows, asks=asks)


def of_interaction(*, person: Someone, interaction: Any) -> Beside:
    """Give the cases that an interaction was about."""
    rows = cases.of_interaction(person=person, interaction_id=interaction.id)
    return _beside(person, rows, asks=f"interaction={interaction.id}")


def _open(person: Someone, customer: str) -> list[cases.CaseRow]:
    theirs = customers.together(customer_id=customer)
    rows = cases.of_customer(person=person, customer_ids=theirs, limit=SHOWN_MAX)
    return [row for row in rows if row.closed_at is None]


def _beside(person: Someone, rows: list[cases.CaseRow], *, asks: str) -> Beside:
    may_open = person.rights.may("cases.write") and bool(asks)
    return Beside(rows=tuple(rows[:SHOWN_MAX]), asks=asks, may_open=may_open)
