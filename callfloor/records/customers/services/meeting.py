"""
Meeting somebody by what identifies him: he is known, or a customer is made, each exactly once.

Refuses: to decide who somebody is by an identity that several people use. Such a one gives
candidates, and a customer of his own until a person has said who he is.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from callfloor.kernel import fields, ids
from callfloor.kernel.errors import Refusal
from callfloor.kernel.keys import ring
from callfloor.records.customers import rules
from callfloor.records.customers.models import Customer, Identity, NameWord
from callfloor.records.customers.queries import sharing
from callfloor.records.customers.services import names

TRIES = 3  # Two writers at the same moment settle it at the second look.


class NoIdentity(Refusal):
    """What was given identifies nobody: an empty number, an address without a domain."""

    code = "customers.no_identity"
    message = _("This is no number, address or name by which somebody could be known.")


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """Who was met."""

    customer_id: str
    """Whose the identity is; he may have been merged into another (`queries.together`)."""
    is_new: bool
    candidates: tuple[str, ...] = ()
    """Who it may be, if several people use this identity; whoever came last stands first."""


@dataclass(frozen=True, kw_only=True)
class Learned:
    """What came of an identity that a customer is said to have."""

    is_his: bool
    candidates: tuple[str, ...] = ()
    """Whose it is, or may be, if it is not his; nothing was attached then."""


def meet(
    *,
    client: str,
    kind: str,
    value: str,
    evidence: str,
    language: str,
    now: datetime,
    chance: bytes,
    name: str = "",
    simulated: bool = False,
) -> Meeting:
    """
    Give the customer of a client who has this identity, or make him; the same one each time.

    `evidence` says how it is known, as `mail:ITEM`. A name and a language are those of a new
    customer only. Raises NoIdentity.
    """
    assert kind in rules.KINDS, f"no kind of identity {kind}"
    forms = rules.forms(kind=kind, value=value)
    if not forms:
        raise NoIdentity
    indexes = [ring.blind_index(kind=kind, value=form) for form in forms]
    for _try in range(TRIES):
        rows = list(_rows(client, kind, indexes, simulated=simulated))
        known = next((row for row in rows if not row.shared), None)
        if known is not None:
            Customer.objects.filter(id=known.customer_id, last_seen_at__lt=now).update(
                last_seen_at=now
            )
            return Meeting(customer_id=known.customer_id, is_new=False)
        customer = _made(client, language=language, now=now, chance=chance, simulated=simulated)
        identity = _identity(customer, kind, indexes[0], evidence=evidence, now=now)
        identity.shared = bool(rows)
        if _written(customer, identity, value=forms[0], name=name, now=now):
            candidates = (
                sharing.sharing(client=client, kind=kind, indexes=indexes)
                if identity.shared
                else ()
            )
            return Meeting(customer_id=customer.id, is_new=True, candidates=candidates)
    raise AssertionError("an identity that exists was not found")


def learn(
    *,
    customer_id: str,
    kind: str,
    value: str,
    evidence: str,
    now: datetime,
    confidence: str,
    share: bool = False,
) -> Learned:
    """
    Keep that a customer says he has this identity as well; nothing if it is another's.

    `confidence` is seen, said or confirmed. With `share` he gets a row beside others of an
    identity that is shared already. Raises NoIdentity, Customer.DoesNotExist.
    """
    forms = rules.forms(kind=kind, value=value)
    if not forms:
        raise NoIdentity
    customer = Customer.objects.get(id=customer_id)
    indexes = [ring.blind_index(kind=kind, value=form) for form in forms]
    for _try in range(TRIES):
        rows = list(_rows(customer.client_id, kind, indexes, simulated=customer.simulated))
        if any(row.customer_id == customer_id for row in rows):
            return Learned(is_his=True)
        if rows and not (share and all(row.shared for row in rows)):
            found = sharing.sharing(client=customer.client_id, kind=kind, indexes=indexes)
            return Learned(is_his=False, candidates=tuple(e for e in found if e != customer_id))
        identity = _identity(customer, kind, indexes[0], evidence=evidence, now=now)
        identity.confidence, identity.shared = confidence, bool(rows)
        if _added(customer, identity, value=forms[0]):
            return Learned(is_his=True)
    raise AssertionError("an identity that exists was not found")


def _rows(client: str, kind: str, indexes: list[str], *, simulated: bool) -> QuerySet[Identity]:
    found = Identity.objects.filter(client_id=client, kind=kind, index__in=indexes)
    return found.filter(simulated=simulated).order_by("shared", "added_at", "id")


def _made(client: str, *, language: str, now: datetime, chance: bytes, simulated: bool) -> Customer:
    return Customer(
        id=ids.make(now=now.timestamp(), chance=chance),
        client_id=client,
        language=language,
        first_seen_at=now,
        last_seen_at=now,
        simulated=simulated,
    )


def _identity(
    customer: Customer, kind: str, index: str, *, evidence: str, now: datetime
) -> Identity:
    source = f"{customer.id}:{kind}:{index}"
    return Identity(
        id=ids.derive(kind="identity", source=source, at=now.timestamp()),
        client_id=customer.client_id,
        customer=customer,
        kind=kind,
        index=index,
        evidence=evidence[:100],
        added_at=now,
        simulated=customer.simulated,
    )


def _written(
    customer: Customer, identity: Identity, *, value: str, name: str, now: datetime
) -> bool:
    """Write a new customer with his identity; False if somebody else was faster."""
    key = ring.create(subjects=[customer.subject], now=now)[customer.subject]
    fields.encrypt(identity, "value", value, key=key)
    fields.encrypt(customer, "name", name.strip()[: names.CHARACTERS_MAX], key=key)
    try:
        with transaction.atomic():
            customer.save(force_insert=True)
            identity.save(force_insert=True)
            NameWord.objects.bulk_create(names.words(customer, name))
    except IntegrityError:
        return False
    return True


def _added(customer: Customer, identity: Identity, *, value: str) -> bool:
    key = ring.get(subjects=[customer.subject]).get(customer.subject)
    if key is None:
        raise NoIdentity  # He was erased: nothing more can be kept of him.
    fields.encrypt(identity, "value", value, key=key)
    try:
        with transaction.atomic():
            identity.save(force_insert=True)
    except IntegrityError:
        return False
    return True
