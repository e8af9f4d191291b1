"""Cases for tests of any room: a customer with a key, and a matter of his."""

import os
from typing import Any

from callfloor.kernel.keys import ring
from callfloor.records.cases import services
from callfloor.records.cases.queries import CaseRow
from callfloor.records.customers.models import Customer
from callfloor.records.interactions.services import messages
from tests.records import scenes


def customer(key: str = "nora", *, client: str = "acme", language: str = "") -> Customer:
    """Give a customer whose key is there."""
    made = Customer.objects.create(
        id=key,
        client_id=client,
        language=language,
        first_seen_at=scenes.NOW,
        last_seen_at=scenes.NOW,
    )
    ring.create(subjects=[made.subject], now=scenes.NOW)
    return made


def opened(of: Customer, **fields: Any) -> CaseRow:
    """Open a case of a customer."""
    given = {
        "client": of.client_id,
        "kind": "query",
        "customer_id": of.id,
        "subject": "Where is my parcel?",
        "origin": None,
        "by": "anna",
        "now": scenes.NOW,
        "chance": os.urandom(10),
        **fields,
    }
    return services.open_case(**given)


def contact(of: Customer, *, channel: str = "chat", client: str = "acme") -> str:
    """Begin a written contact of a customer."""
    return messages.begin(
        channel=channel,
        client=client,
        called=channel,
        customer_id=of.id,
        language="en",
        now=scenes.NOW,
        chance=os.urandom(10),
    )
