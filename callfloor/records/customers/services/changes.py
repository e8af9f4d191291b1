"""
What people change of a customer.

Refuses: a change that leaves no entry in the audit log.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callfloor.kernel import access, audit
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.kernel.keys import ring
from callfloor.records.customers.models import Customer
from callfloor.records.customers.services import names
from callfloor.records.people import queries as people

PRIORITY_SECONDS_MAX = 3_600.0  # An hour ahead of everybody; nobody waits that long.
KINDS = ("person", "organisation", "household")


class NoTreatment(Refusal):
    """A priority out of range, or an agent who does not work for this client."""

    code = "customers.no_treatment"
    message = _("Give a priority from 0 to 3,600 seconds, and an agent who serves this client.")


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


def set_treatment(
    *,
    person: Someone,
    customer_id: str,
    priority_seconds: float,
    preferred_agent: str | None,
    now: datetime,
) -> None:
    """
    Say how many seconds of waiting a customer is worth, and who should have him if he is there.

    Raises NotFound, Forbidden, ErasedAlready, NoTreatment.
    """
    customer, _key = opened(person, customer_id)
    rights = people.rights_of(key=preferred_agent) if preferred_agent else None
    if preferred_agent and not (rights and rights.sees(customer.client_id)):
        raise NoTreatment
    if not 0 <= priority_seconds <= PRIORITY_SECONDS_MAX:
        raise NoTreatment
    with transaction.atomic():
        Customer.objects.filter(id=customer.id).update(
            priority_seconds=priority_seconds, preferred_agent_id=preferred_agent or None
        )
        note(
            person, "customer.treatment", customer, now=now,
            priority_seconds=priority_seconds, preferred_agent=preferred_agent or "",
        )  # fmt: skip


def set_kind(*, person: Someone, customer_id: str, kind: str, now: datetime) -> None:
    """
    Say whether a customer is a person, an organisation or a household.

    Raises NotFound, Forbidden, ErasedAlready.
    """
    customer, _key = opened(person, customer_id)
    assert kind in KINDS, f"no kind of customer {kind}"
    with transaction.atomic():
        Customer.objects.filter(id=customer.id).update(kind=kind)
        note(person, "customer.kind", customer, now=now, kind=kind)


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
