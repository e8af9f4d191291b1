"""
The end of what is personal: a customer's key is destroyed, and whoever was found to be him with it.

Counts, times and outcomes stay. Refuses: to erase what the law holds.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callfloor.kernel import access, audit, fields
from callfloor.kernel import events as outbox
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.kernel.keys import ring
from callfloor.records.customers import events
from callfloor.records.customers.models import Customer, Identity, NameWord, Tag
from callfloor.records.customers.queries import merged
from callfloor.records.customers.services.changes import ErasedAlready, note

REASON_CHARACTERS_MAX = 500
BY_RETENTION = "retention"


class HeldByLaw(Refusal):
    """A legal hold wins over every erasure."""

    code = "customers.held"
    message = _("This customer is held by law: nothing may be erased until the hold is lifted.")


class NoReason(Refusal):
    """A hold without a reason cannot be lifted by anybody later."""

    code = "customers.no_reason"
    message = _("Say why this customer is held.")


def erase(*, person: Someone, customer_id: str, now: datetime) -> None:
    """
    Destroy a customer's key and identities: nothing personal can be read again (GDPR art. 17).

    Interactions stay with their times and outcomes. Whoever calls later is a new customer.
    Raises NotFound, Forbidden, ErasedAlready, HeldByLaw.
    """
    found = Customer.objects.filter(id=customer_id)
    customer = access.require(person, "customers.erase", found)
    together = merged.together(customer_id=customer.id)
    if not Customer.objects.filter(id__in=together, erased_at=None).exists():
        raise ErasedAlready
    if Customer.objects.filter(id__in=together).exclude(held_at=None).exists():
        raise HeldByLaw
    _erase(together, by=person.key, now=now)


def erase_forgotten(*, customer_ids: Iterable[str], now: datetime) -> None:
    """Erase customers whose time is over, for whoever has chosen them by the centre's rules."""
    _erase(customer_ids, by=BY_RETENTION, now=now)


def hold(*, person: Someone, customer_id: str, reason: str, now: datetime) -> None:
    """
    Let nothing of a customer be erased, for a reason. Raises NotFound, Forbidden, NoReason,
    ErasedAlready.
    """
    customer = _mine(person, customer_id)
    key = ring.get(subjects=[customer.subject]).get(customer.subject)
    if key is None:
        raise ErasedAlready
    if not reason.strip():
        raise NoReason
    fields.encrypt(customer, "hold_reason", reason.strip()[:REASON_CHARACTERS_MAX], key=key)
    with transaction.atomic():
        Customer.objects.filter(id=customer.id).update(
            held_at=now, hold_reason=customer.hold_reason
        )
        note(person, "customer.held", customer, now=now)


def release(*, person: Someone, customer_id: str, now: datetime) -> None:
    """Lift a hold from a customer and whoever was found to be him. Raises NotFound, Forbidden."""
    customer = _mine(person, customer_id)
    with transaction.atomic():
        together = merged.together(customer_id=customer.id)
        Customer.objects.filter(id__in=together).update(held_at=None, hold_reason=None)
        note(person, "customer.released", customer, now=now)


def _mine(person: Someone, customer_id: str) -> Customer:
    return access.require(person, "customers.erase", Customer.objects.filter(id=customer_id))


def _erase(customer_ids: Iterable[str], *, by: str, now: datetime) -> None:
    for customer in Customer.objects.filter(id__in=list(customer_ids), erased_at=None):
        # The key goes first: a crash after it leaves a customer who can be erased once more.
        ring.destroy(subject=customer.subject, now=now)
        with transaction.atomic():
            for model in (Identity, NameWord, Tag):
                model.objects.filter(customer=customer).delete()
            Customer.objects.filter(id=customer.id).update(
                name=None, erased_at=now, language="", priority_seconds=0.0,
                preferred_agent=None, held_at=None, hold_reason=None,
            )  # fmt: skip
            audit.note(
                by=by, action="customer.erased", about=f"customer:{customer.id}", now=now,
                client=customer.client_id,
            )  # fmt: skip
            event = events.CustomerErased(
                customer=customer.id, client=customer.client_id, erased_at=now
            )
            outbox.publish(event, subject=f"customer:{customer.id}", now=now)
