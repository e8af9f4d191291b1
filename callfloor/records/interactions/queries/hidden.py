"""Which running contacts do not exist for a person; for whoever shows what is on just now."""

from callfloor.kernel.access import Someone
from callfloor.records.interactions.models import Hiding, Interaction


def hidden_running(*, person: Someone) -> frozenset[str]:
    """Name the contacts that are hidden from a person and, by the records, are not over."""
    rows = Hiding.objects.filter(person_id=person.key).order_by("id")
    found = frozenset(rows.values_list("interaction_id", flat=True))
    if not found:
        return found
    over = Interaction.objects.filter(id__in=sorted(found)).exclude(outcome="")
    return found.difference(over.values_list("id", flat=True))
