"""
What leaves of the figures of lines: those that are as old as recordings may become.

Refuses: those of customers who are held.
"""

from datetime import datetime

from django.db.models import QuerySet

from callfloor.records.customers.models import Customer
from callfloor.records.interactions.models import LineQuality


def forget(*, before: datetime, held: QuerySet[Customer], limit: int) -> int:
    """Delete some of what is older, the oldest first; give how many."""
    old = LineQuality.objects.filter(at__lt=before).exclude(interaction__customer__in=held)
    ids = list(old.order_by("at", "id").values_list("id", flat=True)[:limit])
    LineQuality.objects.filter(id__in=ids).delete()
    return len(ids)
