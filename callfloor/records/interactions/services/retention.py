"""
What leaves: keys that were handed over, sound of customers who were erased.

Refuses: to delete an interaction. Its times and outcome stay (DESIGN 7.3).
"""

from collections.abc import Collection
from datetime import datetime

from callfloor.records.customers.models import Customer
from callfloor.records.interactions.models import Interaction, Recording
from callfloor.records.interactions.services import recordings

BATCH = 50  # Customers whose files are removed in one go.


def handed_over(*, items: Collection[str], ended_before: datetime) -> list[str]:
    """Give those items whose values lie under their customers' keys and which are long over."""
    found = Interaction.objects.filter(
        id__in=items, ended_at__lt=ended_before, recording_open=False
    )
    return list(found.order_by("id").values_list("id", flat=True))


def remove_erased_sound() -> int:
    """Delete the files of customers who were erased; give how many."""
    with_files = Recording.objects.exclude(path="").filter(missing=False)
    customers = Customer.objects.exclude(erased_at=None).filter(
        id__in=with_files.values("interaction__customer_id")
    )
    keys = list(customers.order_by("id").values_list("id", flat=True)[:BATCH])
    return sum(recordings.remove_files(customer_id=key) for key in keys)
