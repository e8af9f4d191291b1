"""
What is written and the floor is yet to hear of, and whose customers it is yet to let go.

For the worker alone: it asks twice a second, so both are read off an index of just these rows.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from callfloor.records.interactions.models import Interaction


@dataclass(frozen=True, kw_only=True)
class Road:
    """What the floor has to know of something that was written."""

    item: str
    channel: str
    called: str
    since: datetime
    due_at: datetime | None
    customer: str
    language: str
    preferred: str | None


def roads_to_floor(*, limit: int, without: Collection[str] = ()) -> list[Road]:
    """Give what is open and not on the floor, in the order in which it came."""
    rows = Interaction.objects.filter(to_floor=True, outcome="").exclude(id__in=without)
    return [_road(row) for row in rows.order_by("id")[:limit]]


def leaving(*, limit: int, without: Collection[str] = ()) -> list[str]:
    """Name what customers have closed and the floor still has open."""
    rows = Interaction.objects.filter(leaving=True, outcome="").exclude(id__in=without)
    return list(rows.order_by("id").values_list("id", flat=True)[:limit])


def _road(row: Interaction) -> Road:
    return Road(
        item=row.id,
        channel=row.channel,
        called=row.called,
        since=row.arrived_at,
        due_at=row.due_at,
        customer=row.customer_id,
        language=row.language,
        preferred=row.preferred or None,
    )
