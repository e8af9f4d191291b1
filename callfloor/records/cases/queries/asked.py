"""For whom a case is to be opened: a customer, or whoever was in a contact."""

from dataclasses import dataclass

from callfloor.kernel import access
from callfloor.kernel.access import Someone
from callfloor.records.customers import queries as customers
from callfloor.records.customers.models import Customer
from callfloor.records.interactions.models import Interaction


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The customer, and the contact out of which the case comes."""

    client: str
    customer: str
    label: str
    """What the customer is called."""
    interaction: str | None


def asked_for(*, person: Someone, customer_id: str, interaction_id: str) -> Asked:
    """
    Give whom a case is for; a contact names its own customer.

    Raises NotFound for what is of a foreign client or does not fit together, Forbidden.
    """
    contact = None
    if interaction_id:
        found = Interaction.objects.filter(id=interaction_id)
        contact = access.require(person, "interactions.read", found)
        customer_id = contact.customer_id
    customer = access.require(person, "customers.read", Customer.objects.filter(id=customer_id))
    return Asked(
        client=customer.client_id,
        customer=customer.id,
        label=customers.called(ids=[customer.id])[customer.id].label,
        interaction=contact.id if contact else None,
    )
