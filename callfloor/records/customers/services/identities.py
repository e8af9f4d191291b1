"""
What people add to, take from and say of the identities of a customer.

Refuses: to give one customer what identifies another.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callfloor.kernel import access
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.records.customers.models import Identity
from callfloor.records.customers.services import changes, meeting


class AnothersIdentity(Refusal):
    """Somebody else has this number or address."""

    code = "customers.anothers_identity"
    message = _(
        "Another customer has this already. If both use it, mark it as shared there first;"
        " if they are one, merge them."
    )


class SharedBySeveral(Refusal):
    """Several customers have it, so it cannot be one's own."""

    code = "customers.shared_by_several"
    message = _("Several customers use this, so it stays shared.")


def add_identity(
    *, person: Someone, customer_id: str, kind: str, value: str, now: datetime
) -> None:
    """
    Keep what a customer is known by, confirmed by whoever writes it down.

    Raises NotFound, Forbidden, ErasedAlready, NoIdentity, AnothersIdentity.
    """
    customer, _key = changes.opened(person, customer_id)
    with transaction.atomic():
        learned = meeting.learn(
            customer_id=customer.id, kind=kind, value=value, evidence=f"person:{person.key}",
            now=now, confidence="confirmed", share=True,
        )  # fmt: skip
        if not learned.is_his:
            raise AnothersIdentity
        changes.note(person, "customer.identity_added", customer, now=now, kind=kind)


def remove_identity(*, person: Someone, identity_id: str, now: datetime) -> str:
    """
    Take an identity away from its customer, and give him.

    Raises NotFound, Forbidden.
    """
    row = _row(person, identity_id)
    with transaction.atomic():
        row.delete()
        changes.note(person, "customer.identity_removed", row.customer, now=now, kind=row.kind)
    return row.customer_id


def set_shared(*, person: Someone, identity_id: str, shared: bool, now: datetime) -> str:
    """
    Say whether several people use an identity, and give whose it is.

    From then on nobody is known by it: who comes with it is offered the candidates.
    Raises NotFound, Forbidden, SharedBySeveral.
    """
    row = _row(person, identity_id)
    same = Identity.objects.filter(
        client_id=row.client_id, kind=row.kind, index=row.index, simulated=row.simulated
    )
    with transaction.atomic():
        if not shared and same.count() > 1:
            raise SharedBySeveral
        same.update(shared=shared)
        changes.note(
            person, "customer.identity_shared", row.customer, now=now, kind=row.kind, shared=shared
        )
    return row.customer_id


def _row(person: Someone, identity_id: str) -> Identity:
    found = Identity.objects.filter(id=identity_id).select_related("customer")
    return access.require(person, "customers.write", found)
