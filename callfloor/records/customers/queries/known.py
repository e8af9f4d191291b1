"""
What the floor may be told of a caller while he waits.

Refuses: every personal value.
"""

from dataclasses import dataclass

from callfloor.records.customers import rules
from callfloor.records.customers.models import Customer, Identity
from callfloor.records.customers.queries import consents, merged


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the floor may be told of a caller, without any personal value."""

    customer: str
    language: str | None
    priority_seconds: float
    preferred_agent: str | None
    do_not_record: bool = False


def known_caller(*, client: str, token: str) -> Known | None:
    """
    Give what the floor may be told of a caller of this client; None for a new one.

    Of a number that several people use nobody is told: it says nothing of who calls.
    """
    identity = (
        Identity.objects.filter(
            client_id=client,
            kind__in=rules.CALLING_KINDS,
            index=token,
            simulated=False,
            shared=False,
        )
        .select_related("customer")
        .first()
    )
    if identity is None:
        return None
    customers = [identity.customer]
    if identity.customer.merged_into_id:
        found = Customer.objects.in_bulk(merged.together(customer_id=identity.customer_id))
        head = merged.heads(ids=[identity.customer_id])[identity.customer_id]
        customers = [found[head], *(each for key, each in found.items() if key != head)]
    first = customers[0]
    return Known(
        customer=first.id,
        language=first.language or identity.customer.language or None,
        priority_seconds=first.priority_seconds,
        preferred_agent=first.preferred_agent_id,
        do_not_record=consents.refused(
            customer_id=first.id, purpose=consents.PURPOSE_RECORDING, channel="call"
        ),
    )


def visitor_token(*, customer_id: str) -> str | None:
    """Give the token by which a call out of a customer's chat is known as his; None without."""
    found = Identity.objects.filter(customer_id=customer_id, kind=rules.KIND_VISITOR)
    token: str | None = found.order_by("id").values_list("index", flat=True).first()
    return token
