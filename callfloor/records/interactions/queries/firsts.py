"""
First contacts: what customers began and agents answered, and whether anything followed upon it.

Refuses: formulas. The figures say what they count of this.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from callfloor.records.interactions.models import AgentWork, Interaction, QueueEntry

RETURN_DAYS = 7  # Usual in the trade; who comes back later has mostly another matter.


def answered(*, begins_at: datetime | None, ends_at: datetime | None) -> QuerySet[Interaction]:
    """Give what came from customers in a half-open period and was answered."""
    found = Interaction.objects.filter(outcome="answered", direction="in")
    if begins_at is not None:
        found = found.filter(arrived_at__gte=begins_at)
    return found.filter(arrived_at__lt=ends_at) if ends_at is not None else found


def came_back() -> Exists:
    """Say whether the same customer came once more within the days that count."""
    later = Interaction.objects.filter(
        customer_id=OuterRef("customer_id"),
        client_id=OuterRef("client_id"),
        direction="in",
        simulated=OuterRef("simulated"),
        arrived_at__gt=OuterRef("arrived_at"),
        arrived_at__lte=OuterRef("arrived_at") + timedelta(days=RETURN_DAYS),
    )
    return Exists(later)


def second_part() -> Exists:
    """Say whether a second agent had a part in it, or was asked."""
    return Exists(AgentWork.objects.filter(interaction=OuterRef("pk"), part__gte=2))


def second_wait() -> Exists:
    """Say whether it waited once more."""
    return Exists(QueueEntry.objects.filter(interaction=OuterRef("pk"), entry__gte=2))
