"""
Who is known outside, found by number and read one at a time.

Every row that is shown was decrypted, so every list and page is noted in the audit log.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from callfloor.kernel import access, audit, fields, lists, quick
from callfloor.kernel.access import Someone
from callfloor.kernel.keys import ring
from callfloor.kernel.lists import Order
from callfloor.kernel.pages import Page
from callfloor.records.customers import rules
from callfloor.records.customers.models import Customer, Identity
from callfloor.records.people import queries as people

ORDERS = {
    "last": Order(column="last_seen_at"),
    "longest_ago": Order(column="last_seen_at", falls=False),
    "newest": Order(column="first_seen_at"),
    "oldest": Order(column="first_seen_at", falls=False),
}
"""How a list may stand: by the last contact or by the first, from either end."""


@dataclass(frozen=True, kw_only=True)
class CustomerRow:
    """A customer in a list."""

    id: str
    client: str
    client_name: str
    label: str
    """The name, else the number, else what is known of neither."""
    language: str
    first_seen_at: datetime
    last_seen_at: datetime
    erased_at: datetime | None
    simulated: bool


@dataclass(frozen=True, kw_only=True)
class IdentityRow:
    """What a customer is known by, and since when."""

    kind: str
    value: str
    """Empty if it cannot be read."""
    evidence: str
    added_at: datetime


@dataclass(frozen=True, kw_only=True)
class CustomerDetail:
    """A customer whole."""

    id: str
    client: str
    client_name: str
    name: str
    """Empty if it is not known."""
    label: str
    language: str
    first_seen_at: datetime
    last_seen_at: datetime
    erased_at: datetime | None
    identities: tuple[IdentityRow, ...]
    priority_seconds: float
    preferred_agent: str | None
    simulated: bool


@dataclass(frozen=True, kw_only=True)
class Called:
    """What to call a customer."""

    label: str
    """The name, else the number, else what is known of neither."""
    name: str
    """In clear; empty if it is not known."""
    numbers: tuple[str, ...]
    """Those that can be read, in clear."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the floor may be told of a caller, without any personal value."""

    customer: str
    language: str | None
    priority_seconds: float
    preferred_agent: str | None


def find(
    *,
    person: Someone,
    now: datetime,
    number: str | None = None,
    client: str | None = None,
    include_simulated: bool = False,
    order: str = "last",
    page: int = 1,
    size: int = 50,
) -> Page[CustomerRow]:
    """
    Give the customers of the person's clients in one of ORDERS, who called last first.

    Raises Forbidden without the duty.
    """
    clients = access.clients_of(person, "customers.read")
    conditions = lists.Conditions()
    if not include_simulated:
        conditions.add("simulated = %s", False)
    if number:
        conditions.add(*having_number(number, column="id"))
    named = people.client_names(person=person)
    result = lists.cut(
        Customer,
        clients=[each for each in clients if client in (None, each)],
        conditions=conditions,
        order=ORDERS.get(order, ORDERS["last"]),
        page=page,
        size=size,
        build=lambda rows: _rows(rows, client_names=named),
    )
    _note_list(person, result.rows, by_number=bool(number), now=now)
    return result


def detail(*, person: Someone, customer_id: str, now: datetime) -> CustomerDetail:
    """
    Give a customer whole; the reading is noted.

    Raises NotFound for a customer of a foreign client, Forbidden without the duty.
    """
    customer = access.require(person, "customers.read", Customer.objects.filter(id=customer_id))
    about = f"customer:{customer.id}"
    audit.note(
        by=person.key, action="customer.read", about=about, client=customer.client_id, now=now
    )
    key = ring.get(subjects=[customer.subject]).get(customer.subject)
    identities = tuple(_identity(row, key=key) for row in _identities([customer.id]))
    name = fields.decrypt(customer, "name", key=key) or ""
    return CustomerDetail(
        id=customer.id,
        client=customer.client_id,
        client_name=people.client_names(person=person).get(customer.client_id, ""),
        name=name,
        label=_label(
            name=name,
            numbers=[row.value for row in identities if row.value],
            is_erased=customer.erased_at is not None,
        ),
        language=customer.language,
        first_seen_at=customer.first_seen_at,
        last_seen_at=customer.last_seen_at,
        erased_at=customer.erased_at,
        identities=identities,
        priority_seconds=customer.priority_seconds,
        preferred_agent=customer.preferred_agent_id,
        simulated=customer.simulated,
    )


def having_number(number: str, *, column: str) -> tuple[str, ...]:
    """Give the condition that a column names a customer who has a number, and its values."""
    indexes = [
        ring.blind_index(kind=rules.KIND_NUMBER, value=form) for form in rules.spellings(number)
    ]
    theirs = f'SELECT customer_id FROM {quick.table(Identity)} WHERE kind = %s AND "index" IN '
    sql = f"{column} IN ({theirs}{quick.marks(indexes)})"
    return (sql, rules.KIND_NUMBER, *indexes)


def known_caller(*, client: str, token: str) -> Known | None:
    """Give what the floor may be told of a caller of this client; None for a new one."""
    identity = (
        Identity.objects.filter(
            client_id=client, kind=rules.KIND_NUMBER, index=token, simulated=False
        )
        .select_related("customer")
        .first()
    )
    if identity is None:
        return None
    customer = identity.customer
    return Known(
        customer=customer.id,
        language=customer.language or None,
        priority_seconds=customer.priority_seconds,
        preferred_agent=customer.preferred_agent_id,
    )


def called(*, ids: Iterable[str]) -> dict[str, Called]:
    """Give what to call customers who stand in a record that has been checked already."""
    wanted = sorted(set(ids))
    sql = f"SELECT id, name, erased_at FROM {quick.table(Customer)} WHERE id IN "
    return _called(quick.fetch(sql + quick.marks(wanted), wanted))


def numbers_of(*, customer_id: str) -> list[str]:
    """Give a customer's numbers in clear, for a record that has been checked already."""
    subject = f"customer:{customer_id}"
    key = ring.get(subjects=[subject]).get(subject)
    rows = [_identity(row, key=key) for row in _identities([customer_id])]
    return [row.value for row in rows if row.kind == rules.KIND_NUMBER and row.value]


def name_of(*, customer_id: str) -> str:
    """Give a customer's name in clear, empty if unknown, for a record checked already."""
    customer = Customer.objects.filter(id=customer_id).first()
    if customer is None:
        return ""
    key = ring.get(subjects=[customer.subject]).get(customer.subject)
    return fields.decrypt(customer, "name", key=key) or ""


def _rows(customers: list[Customer], *, client_names: dict[str, str]) -> list[CustomerRow]:
    known = _called([(each.id, each.name, each.erased_at) for each in customers])
    return [
        CustomerRow(
            id=customer.id,
            client=customer.client_id,
            client_name=client_names.get(customer.client_id, ""),
            label=known[customer.id].label,
            language=customer.language,
            first_seen_at=customer.first_seen_at,
            last_seen_at=customer.last_seen_at,
            erased_at=customer.erased_at,
            simulated=customer.simulated,
        )
        for customer in customers
    ]


def _called(found: Sequence[tuple[Any, ...]]) -> dict[str, Called]:
    """Open what customers are called by; each comes as id, sealed name, moment of erasure."""
    keys = ring.get(subjects=[f"customer:{id_}" for id_, *_ in found])
    numbers = _numbers([id_ for id_, *_ in found], keys=keys)
    known = {}
    for id_, sealed, erased_at in found:
        place = fields.place_of(Customer, "name", id_)
        name = fields.opened(sealed, place=place, key=keys.get(f"customer:{id_}")) or ""
        his = numbers.get(id_, [])
        label = _label(name=name, numbers=his, is_erased=erased_at is not None)
        known[id_] = Called(label=label, name=name, numbers=tuple(his))
    return known


def _numbers(ids: list[str], *, keys: dict[str, bytes]) -> dict[str, list[str]]:
    """Give customers' numbers that can be read, in the order in which they became known."""
    sql = f"SELECT id, customer_id, value FROM {quick.table(Identity)} WHERE kind = %s AND "
    tail = f"customer_id IN {quick.marks(ids)} ORDER BY customer_id, added_at, id"
    numbers: dict[str, list[str]] = {}
    for id_, customer, sealed in quick.fetch(sql + tail, [rules.KIND_NUMBER, *ids]):
        place = fields.place_of(Identity, "value", id_)
        number = fields.opened(sealed, place=place, key=keys.get(f"customer:{customer}"))
        if number:
            numbers.setdefault(customer, []).append(number)
    return numbers


def _label(*, name: str, numbers: list[str], is_erased: bool) -> str:
    if is_erased:
        return gettext("Erased")
    return name or (rules.shown(numbers[0]) if numbers else gettext("Unknown caller"))


def _identities(customer_ids: Iterable[str]) -> list[Identity]:
    wanted = sorted(set(customer_ids))
    tail = f"WHERE customer_id IN {quick.marks(wanted)} ORDER BY customer_id, added_at, id"
    return quick.models(Identity, tail, wanted)


def _identity(row: Identity, *, key: bytes | None) -> IdentityRow:
    return IdentityRow(
        kind=row.kind,
        value=fields.decrypt(row, "value", key=key) or "",
        evidence=row.evidence,
        added_at=row.added_at,
    )


def _note_list(
    person: Someone, rows: Sequence[CustomerRow], *, by_number: bool, now: datetime
) -> None:
    if rows:
        detail = {"ids": [row.id for row in rows], "by_number": by_number}
        audit.note(
            by=person.key, action="customer.listed", about="customers", now=now, detail=detail
        )
