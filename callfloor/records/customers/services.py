"""
Making customers of callers, and what people may change of them or have erased.

A caller is found by his token among the customers of one client; whoever is not found, or hides
his number, becomes a customer without a name.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callfloor.kernel import access, audit, fields, ids
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.kernel.keys import ring
from callfloor.records.customers import rules
from callfloor.records.customers.models import Customer, Identity

NAME_CHARACTERS_MAX = 200
BATCH = 100  # Rows of one statement, below SQLite's limit of variables.


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
    keys: dict[str, bytes] = field(default_factory=dict)
    """Subject to key."""

    def key_of(self, customer: Customer) -> bytes | None:
        """Give a customer's key; None if he was erased."""
        return self.keys.get(customer.subject)


class ErasedAlready(Refusal):
    """There is nothing left to change."""

    code = "customers.erased"
    message = _("This customer's data have been erased.")


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
        customer = known.get(place) if caller.token else None
        if customer is None:
            customer = _new_customer(caller)
            fresh[customer.id] = caller
            if caller.token:
                known[place] = customer
        customer.last_seen_at = max(customer.last_seen_at, caller.at)
        result.by_item[caller.item] = customer
    _take_keys(result, fresh, now=now)
    return result


def of_items(customer_ids: Mapping[str, str]) -> dict[str, Customer]:
    """Give the customers of items that are under way, by item; one object for each customer."""
    found = Customer.objects.in_bulk(set(customer_ids.values()))
    return {item: found[key] for item, key in customer_ids.items() if key in found}


def write_callers(callers: Callers) -> None:
    """Write prepared customers, once or again, without touching what people have changed."""
    rows = {customer.id: customer for customer in callers.by_item.values()}
    Customer.objects.bulk_create(
        rows.values(),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["last_seen_at", "language"],
    )
    Identity.objects.bulk_create(callers.identities, batch_size=BATCH, ignore_conflicts=True)


def rename(*, person: Someone, customer_id: str, name: str, now: datetime) -> None:
    """
    Give a customer a name, or take it away with an empty one.

    Raises NotFound, Forbidden, ErasedAlready.
    """
    customer = access.require(person, "customers.write", Customer.objects.filter(id=customer_id))
    key = ring.get(subjects=[customer.subject]).get(customer.subject)
    if customer.erased_at is not None or key is None:
        raise ErasedAlready
    with transaction.atomic():
        fields.encrypt(customer, "name", name.strip()[:NAME_CHARACTERS_MAX], key=key)
        customer.save(update_fields=["name"])
        _note(person, "customer.renamed", customer, now=now)


def erase(*, person: Someone, customer_id: str, now: datetime) -> None:
    """
    Destroy a customer's key and identities: nothing personal can be read again (GDPR art. 17).

    Interactions stay with their times and outcomes. Whoever calls later is a new customer.
    Raises NotFound, Forbidden, ErasedAlready.
    """
    customer = access.require(person, "customers.erase", Customer.objects.filter(id=customer_id))
    if customer.erased_at is not None:
        raise ErasedAlready
    # The key goes first: a crash after it leaves a customer who can be erased once more.
    ring.destroy(subject=customer.subject, now=now)
    with transaction.atomic():
        Identity.objects.filter(customer=customer).delete()
        Customer.objects.filter(id=customer.id).update(
            name=None, erased_at=now, language="", priority_seconds=0.0, preferred_agent=None
        )
        _note(person, "customer.erased", customer, now=now)


def _note(person: Someone, action: str, customer: Customer, *, now: datetime) -> None:
    about = f"customer:{customer.id}"
    audit.note(by=person.key, action=action, about=about, client=customer.client_id, now=now)


def _known(callers: Iterable[Caller]) -> dict[tuple[str, str | None, bool], Customer]:
    tokens = {caller.token for caller in callers if caller.token}
    found = Identity.objects.filter(kind=rules.KIND_NUMBER, index__in=tokens)
    # Two identities of one customer must give one object, so that both see its changes.
    customers: dict[str, Customer] = {}
    known: dict[tuple[str, str | None, bool], Customer] = {}
    for row in found.select_related("customer").order_by("id"):
        customer = customers.setdefault(row.customer_id, row.customer)
        known[row.client_id, row.index, row.simulated] = customer
    return known


def _new_customer(caller: Caller) -> Customer:
    return Customer(
        id=ids.derive(kind="customer", source=caller.item, at=caller.at.timestamp()),
        client_id=caller.client,
        first_seen_at=caller.at,
        last_seen_at=caller.at,
        simulated=caller.simulated,
    )


def _take_keys(result: Callers, fresh: dict[str, Caller], *, now: datetime) -> None:
    new = {customer.id: customer for customer in result.by_item.values() if customer.id in fresh}
    result.keys = ring.create(subjects=[each.subject for each in new.values()], now=now)
    old = {each.subject for each in result.by_item.values()} - result.keys.keys()
    result.keys |= ring.get(subjects=sorted(old))
    for customer in new.values():
        _close_values(result, customer, fresh[customer.id])


def _close_values(result: Callers, customer: Customer, caller: Caller) -> None:
    key = result.key_of(customer)
    if caller.name and key is not None:
        fields.encrypt(customer, "name", caller.name[:NAME_CHARACTERS_MAX], key=key)
    if caller.token is None:
        return
    identity = Identity(
        id=ids.derive(kind="identity", source=caller.item, at=caller.at.timestamp()),
        client_id=caller.client,
        customer=customer,
        kind=rules.KIND_NUMBER,
        index=caller.token,
        evidence=f"call:{caller.item}",
        added_at=caller.at.astimezone(UTC),
        simulated=caller.simulated,
    )
    if caller.number and key is not None:
        fields.encrypt(identity, "value", caller.number, key=key)
    result.identities.append(identity)
