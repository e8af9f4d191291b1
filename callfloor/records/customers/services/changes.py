"""
What people change of a customer, and the erasure of everything personal.

Refuses: a change that leaves no entry in the audit log.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callfloor.kernel import access, audit
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.kernel.keys import ring
from callfloor.records.customers.models import Customer, Identity, NameWord
from callfloor.records.customers.services import names


class ErasedAlready(Refusal):
    """There is nothing left to change."""

    code = "customers.erased"
    message = _("This customer's data have been erased.")


def rename(*, person: Someone, customer_id: str, name: str, now: datetime) -> None:
    """
    Give a customer a name, or take it away with an empty one.

    Raises NotFound, Forbidden, ErasedAlready.
    """
    customer, key = opened(person, customer_id)
    with transaction.atomic():
        names.set_name(customer, name, key=key)
        note(person, "customer.renamed", customer, now=now)


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
        NameWord.objects.filter(customer=customer).delete()
        Customer.objects.filter(id=customer.id).update(
            name=None, erased_at=now, language="", priority_seconds=0.0, preferred_agent=None
        )
        note(person, "customer.erased", customer, now=now)


def opened(person: Someone, customer_id: str) -> tuple[Customer, bytes]:
    """
    Give a customer whom a person may change, and his key.

    Raises NotFound, Forbidden, ErasedAlready.
    """
    customer = access.require(person, "customers.write", Customer.objects.filter(id=customer_id))
    key = ring.get(subjects=[customer.subject]).get(customer.subject)
    if customer.erased_at is not None or key is None:
        raise ErasedAlready
    return customer, key


def note(
    person: Someone, action: str, customer: Customer, *, now: datetime, **detail: object
) -> None:
    """Put a change into the audit log; `detail` holds keys and numbers only."""
    about = f"customer:{customer.id}"
    audit.note(
        by=person.key, action=action, about=about, client=customer.client_id, now=now,
        detail=detail,
    )  # fmt: skip
