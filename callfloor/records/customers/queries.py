"""
Who is known outside, found by number and read one at a time.

Every row that is shown was decrypted, so every list and page is noted in the audit log.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from callfloor.kernel import access, audit, fields, pages
from callfloor.kernel.access import Someone
from callfloor.kernel.keys import ring
from callfloor.records.customers import rules
from callfloor.records.customers.models import Customer, Identity
from callfloor.records.people import queries as people


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
    page: int = 1,
    size: int = 50,
) -> pages.Page[CustomerRow]:
    """
    Give the customers of the person's clients, who called last first.

    Raises Forbidden without the duty.
    """
    found = access.visible(person, "customers.read", Customer.objects.all())
    if client is not None:
        found = found.filter(client_id=client)
    if not include_simulated:
        found = found.filter(simulated=False)
    if number:
        found = found.filter(id__in=having_number(number))
    named = people.client_names(person=person)
    result = pages.cut(
        found.order_by("-last_seen_at", "-id"),
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
        label=_label(customer, name=name, numbers=[row.value for row in identities]),
        language=customer.language,
        first_seen_at=customer.first_seen_at,
        last_seen_at=customer.last_seen_at,
        erased_at=customer.erased_at,
        identities=identities,
        priority_seconds=customer.priority_seconds,
        preferred_agent=customer.preferred_agent_id,
        simulated=customer.simulated,
    )


def having_number(number: str) -> QuerySet[Identity]:
    """Give the ids of customers who have a number, for use within another query."""
    indexes = [
        ring.blind_index(kind=rules.KIND_NUMBER, value=form) for form in rules.spellings(number)
    ]
    found = Identity.objects.filter(kind=rules.KIND_NUMBER, index__in=indexes)
    return found.values("customer_id")  # type: ignore[return-value]


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


def labels_of(*, ids: Iterable[str]) -> dict[str, str]:
    """Give what to call customers who stand in a record that has been checked already."""
    customers = list(Customer.objects.filter(id__in=set(ids)).order_by("id"))
    return _labels(customers)


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
    labels = _labels(customers)
    return [
        CustomerRow(
            id=customer.id,
            client=customer.client_id,
            client_name=client_names.get(customer.client_id, ""),
            label=labels[customer.id],
            language=customer.language,
            first_seen_at=customer.first_seen_at,
            last_seen_at=customer.last_seen_at,
            erased_at=customer.erased_at,
            simulated=customer.simulated,
        )
        for customer in customers
    ]


def _labels(customers: list[Customer]) -> dict[str, str]:
    keys = ring.get(subjects=[customer.subject for customer in customers])
    numbers: dict[str, list[str]] = {}
    for row in _identities([customer.id for customer in customers]):
        key = keys.get(f"customer:{row.customer_id}")
        numbers.setdefault(row.customer_id, []).append(_identity(row, key=key).value)
    return {
        customer.id: _label(
            customer,
            name=fields.decrypt(customer, "name", key=keys.get(customer.subject)) or "",
            numbers=numbers.get(customer.id, []),
        )
        for customer in customers
    }


def _label(customer: Customer, *, name: str, numbers: list[str]) -> str:
    if customer.erased_at is not None:
        return _("Erased")
    readable = [number for number in numbers if number]
    return name or (rules.shown(readable[0]) if readable else _("Unknown caller"))


def _identities(customer_ids: Iterable[str]) -> list[Identity]:
    found = Identity.objects.filter(customer_id__in=set(customer_ids))
    return list(found.order_by("customer_id", "added_at", "id"))


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
