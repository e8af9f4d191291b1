"""
Callers become customers: found by token among those of one client, or made.

Whoever is not found, hides his number or shares it with others becomes a customer of his own
without a name. Refuses: to attach a call to somebody because the switchboard is his.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import OperationalError

from callfloor.kernel import fields, ids
from callfloor.kernel.keys import ring
from callfloor.records.customers import rules
from callfloor.records.customers.models import Customer, Identity, NameWord
from callfloor.records.customers.services import names

BATCH = 100  # Rows of one statement, below SQLite's limit of variables.

Place = tuple[str, str | None, bool]
"""Client, token and mark: where an identity stands."""


class OvertakenByOther(OperationalError):
    """Somebody has met one of the callers meanwhile; the same batch finds him next time."""


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who called, as the floor's fact and the item's seal tell it."""

    item: str
    client: str
    token: str | None
    """None if the number was withheld."""
    number: str | None
    """In clear; None if it was withheld or its seal does not open."""
    name: str | None
    at: datetime
    simulated: bool


@dataclass(kw_only=True)
class Callers:
    """Customers of some items, ready to be written; keys are made, rows are not."""

    by_item: dict[str, Customer] = field(default_factory=dict)
    identities: list[Identity] = field(default_factory=list)
    words: list[NameWord] = field(default_factory=list)
    keys: dict[str, bytes] = field(default_factory=dict)
    """Subject to key."""

    def key_of(self, customer: Customer) -> bytes | None:
        """Give a customer's key; None if he was erased."""
        return self.keys.get(customer.subject)


@dataclass(frozen=True, kw_only=True)
class _Known:
    """What the records know of some tokens."""

    customers: dict[Place, Customer]
    shared: set[Place]


def prepare_callers(callers: Sequence[Caller], *, now: datetime) -> Callers:
    """
    Find or make the customers of callers; new keys are on the disk when this returns.

    Call it outside of a transaction, and `write_callers` within one.
    """
    result = Callers()
    known = _known(callers)
    fresh: dict[str, Caller] = {}
    for caller in callers:
        place = (caller.client, caller.token, caller.simulated)
        customer = known.customers.get(place) if caller.token else None
        if customer is None:
            customer = _new_customer(caller)
            fresh[customer.id] = caller
            if caller.token and place not in known.shared:
                known.customers[place] = customer
        customer.last_seen_at = max(customer.last_seen_at, caller.at)
        result.by_item[caller.item] = customer
    _take_keys(result, fresh, shared=known.shared, now=now)
    return result


def of_items(customer_ids: Mapping[str, str]) -> dict[str, Customer]:
    """Give the customers of items that are under way, by item; one object for each customer."""
    found = Customer.objects.in_bulk(set(customer_ids.values()))
    return {item: found[key] for item, key in customer_ids.items() if key in found}


def write_callers(callers: Callers) -> None:
    """
    Write prepared customers, once or again, without touching what people have changed.

    Raises OvertakenByOther if one of them was met elsewhere since they were prepared; the
    transaction around it must not stand then.
    """
    rows = {customer.id: customer for customer in callers.by_item.values()}
    Customer.objects.bulk_create(
        rows.values(),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["last_seen_at", "language"],
    )
    Identity.objects.bulk_create(callers.identities, batch_size=BATCH, ignore_conflicts=True)
    NameWord.objects.bulk_create(callers.words, batch_size=BATCH, ignore_conflicts=True)
    wanted = [identity.id for identity in callers.identities]
    if wanted and Identity.objects.filter(id__in=wanted).count() < len(wanted):
        raise OvertakenByOther("a caller was met elsewhere")


def _known(callers: Iterable[Caller]) -> _Known:
    tokens = {caller.token for caller in callers if caller.token}
    # The index of another kind never meets that of a number: the kind is part of it.
    found = Identity.objects.filter(kind__in=rules.CALLING_KINDS, index__in=tokens)
    # Two identities of one customer must give one object, so that both see its changes.
    objects: dict[str, Customer] = {}
    known = _Known(customers={}, shared=set())
    for row in found.select_related("customer").order_by("id"):
        place = (row.client_id, row.index, row.simulated)
        if row.shared:
            known.shared.add(place)
        else:
            known.customers[place] = objects.setdefault(row.customer_id, row.customer)
    for each in known.shared:
        known.customers.pop(each, None)
    return known


def _new_customer(caller: Caller) -> Customer:
    return Customer(
        id=ids.derive(kind="customer", source=caller.item, at=caller.at.timestamp()),
        client_id=caller.client,
        first_seen_at=caller.at,
        last_seen_at=caller.at,
        simulated=caller.simulated,
    )


def _take_keys(
    result: Callers, fresh: dict[str, Caller], *, shared: set[Place], now: datetime
) -> None:
    new = {customer.id: customer for customer in result.by_item.values() if customer.id in fresh}
    result.keys = ring.create(subjects=[each.subject for each in new.values()], now=now)
    old = {each.subject for each in result.by_item.values()} - result.keys.keys()
    result.keys |= ring.get(subjects=sorted(old))
    for customer in new.values():
        _close_values(result, customer, fresh[customer.id], shared=shared)


def _close_values(
    result: Callers, customer: Customer, caller: Caller, *, shared: set[Place]
) -> None:
    key = result.key_of(customer)
    if caller.name and key is not None:
        fields.encrypt(customer, "name", caller.name[: names.CHARACTERS_MAX], key=key)
        result.words += names.words(customer, caller.name)
    if caller.token is None:
        return
    identity = Identity(
        id=ids.derive(kind="identity", source=caller.item, at=caller.at.timestamp()),
        client_id=caller.client,
        customer=customer,
        kind=rules.KIND_NUMBER,
        index=caller.token,
        evidence=f"call:{caller.item}",
        shared=(caller.client, caller.token, caller.simulated) in shared,
        added_at=caller.at.astimezone(UTC),
        simulated=caller.simulated,
    )
    if caller.number and key is not None:
        fields.encrypt(identity, "value", caller.number, key=key)
    result.identities.append(identity)
