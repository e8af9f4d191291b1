"""
Who belongs to which organisation or household.

Refuses: a person to whom others belong.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callfloor.kernel import access, fields, ids
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.records.customers.models import Customer, Membership
from callfloor.records.customers.services import changes

ROLE_CHARACTERS_MAX = 100


class NoWhole(Refusal):
    """What is no organisation and no household has no members."""

    code = "customers.no_whole"
    message = _("Only an organization or a household of the same client has members.")


def join(
    *, person: Someone, customer_id: str, whole_id: str, role: str, now: datetime, chance: bytes
) -> None:
    """
    Say that a customer belongs to an organisation or household, and what he is there.

    Raises NotFound, Forbidden, ErasedAlready, NoWhole.
    """
    customer, key = changes.opened(person, customer_id)
    whole = access.require(person, "customers.write", Customer.objects.filter(id=whole_id))
    is_fit = whole.kind != "person" and whole.client_id == customer.client_id
    if not is_fit or whole.id == customer.id or whole.erased_at is not None:
        raise NoWhole
    with transaction.atomic():
        row = Membership.objects.filter(customer=customer, whole=whole).first()
        row = row or Membership(
            id=ids.make(now=now.timestamp(), chance=chance),
            client_id=customer.client_id,
            customer=customer,
            whole=whole,
            added_at=now,
            added_by_id=person.key,
        )
        fields.encrypt(row, "role", role.strip()[:ROLE_CHARACTERS_MAX], key=key)
        row.save()
        changes.note(person, "customer.joined", customer, now=now, whole=whole.id)


def leave(*, person: Someone, membership_id: str, now: datetime) -> str:
    """
    Say that a customer does not belong there any more, and give him.

    Raises NotFound, Forbidden.
    """
    found = Membership.objects.filter(id=membership_id).select_related("customer")
    row = access.require(person, "customers.write", found)
    with transaction.atomic():
        row.delete()
        changes.note(person, "customer.left", row.customer, now=now, whole=row.whole_id)
    return row.customer_id
