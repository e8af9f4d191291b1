"""What stands beside a customer for whoever answers for personal data: the way to his page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # A blueprint's checks read the manifest, and need no table for that.
    from callfloor.kernel.access import Someone
    from callfloor.records.customers.queries import CustomerDetail


def customer_id(*, person: Someone, customer: CustomerDetail) -> str:
    """Give the customer whose personal data can be looked at."""
    return customer.id
