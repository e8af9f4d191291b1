"""
From whom a contact is hidden: the door by which cases say it.

A contact in which somebody complained about a colleague does not exist for him; `kernel.access`
leaves it out. Refuses: to change a figure. Whoever counts contacts counts this one too.
"""

from collections.abc import Iterable

from callfloor.records.interactions.models import Hiding


def hide(*, because_of: str, person: str | None, contacts: Iterable[str]) -> None:
    """
    Hide contacts from a person because of a case, and no longer what was hidden because of it.

    None for a case that hides nothing, or does so no more. A contact that is not in the records
    yet is hidden as soon as it is. Call it as often as you like.
    """
    Hiding.objects.filter(because_of=because_of).exclude(person=person).delete()
    if person is not None:
        rows = [
            Hiding(interaction_id=contact, person_id=person, because_of=because_of)
            for contact in sorted(set(contacts))
        ]
        Hiding.objects.bulk_create(rows, ignore_conflicts=True)
