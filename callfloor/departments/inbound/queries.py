"""
What stands beside a customer: when he was promised to be called.

Refuses: to decide who may book; `records.outreach` does.
"""

from dataclasses import dataclass
from typing import Any

from callfloor.kernel.access import Someone
from callfloor.records.customers import queries as customers
from callfloor.records.outreach import queries as outreach


@dataclass(frozen=True, kw_only=True)
class Beside:
    """The open appointments of a customer, and where one is made."""

    rows: tuple[outreach.AppointmentRow, ...]
    customer: str
    may_book: bool


def of_customer(*, person: Someone, customer: Any) -> Beside:
    """Give what a customer whose page is open was promised."""
    rows = outreach.of_customer(customer_ids=customer.together)
    return _beside(person, rows, customer.id, is_open=not customer.erased_at)


def of_item(*, person: Someone, item: str, client: str, customer: str) -> Beside | None:
    """Give what whoever is in a live contact was promised; None while he is not known."""
    if not customer:
        return None
    theirs = customers.together(customer_id=customer)
    return _beside(person, outreach.of_customer(customer_ids=theirs), customer, is_open=True)


def _beside(
    person: Someone, rows: list[outreach.AppointmentRow], customer: str, *, is_open: bool
) -> Beside:
    may_book = person.rights.may("promises.write") and is_open
    return Beside(rows=tuple(rows), customer=customer, may_book=may_book)
