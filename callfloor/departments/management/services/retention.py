"""
What is older than the centre's rules allow leaves, class by class, a little in each round.

Recordings and voicemails lose their sound, lines their figures, contacts every sealed value,
customers of whom nothing younger is left are erased whole, and what was said to people of the house
is deleted.
Refuses: whoever is held by law, and to lose a count.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from callfloor.departments.management import rules
from callfloor.departments.management.queries import periods, places
from callfloor.departments.management.services import emptying
from callfloor.kernel import audit
from callfloor.records.customers import queries as known
from callfloor.records.customers import services as customers
from callfloor.records.customers.models import Customer
from callfloor.records.interactions.models import Interaction, Recording
from callfloor.records.interactions.services import attachments, lines, recordings
from callfloor.records.people.services import notices

BY = "retention"
ROUND_MAX = 200  # Of each class in one round: a file each, or a few rows; below a second.
MESSAGE_LEFT = "message_left"
OPEN: dict[str, dict[str, Any]] = {
    "interactions.Interaction": {"ended_at": None},
    "cases.Case": {"closed_at": None},
}
"""What of a customer is not over yet, by the table that says so."""


@dataclass(frozen=True, kw_only=True)
class Left:
    """How much has left in one round."""

    recordings: int = 0
    messages: int = 0
    contacts: int = 0
    customers: int = 0
    notices: int = 0
    lines: int = 0

    @property
    def any(self) -> bool:
        """Whether there may be more."""
        return any(asdict(self).values())


def round_of_night(*, local: datetime, now: datetime) -> Left:
    """Do one round if it is night where the centre is; what has left is noted as counts."""
    if not rules.is_night(local):
        return Left()
    return forget_old(limits=rules.limits(periods.kept(), now=now), now=now)


def forget_old(*, limits: rules.Limits, now: datetime) -> Left:
    """Let go of some of what is over."""
    voicemail = Q(interaction__outcome=MESSAGE_LEFT)
    left = Left(
        recordings=_sound(~voicemail & Q(started_at__lt=limits.recordings)),
        messages=_sound(voicemail & Q(started_at__lt=limits.messages)),
        contacts=_contacts(before=limits.interactions),
        customers=_customers(before=limits.interactions, now=now),
        notices=notices.forget(before=limits.notices, limit=ROUND_MAX),
        # How well somebody was heard goes with what was heard.
        lines=lines.forget(before=limits.recordings, held=_held(), limit=ROUND_MAX),
    )
    if left.any:
        audit.note(by=BY, action="retention.round", about="retention", now=now, detail=asdict(left))
        emptying.clean()
    return left


def _held() -> QuerySet[Customer]:
    """Give everybody who is held, and whoever was found to be one with somebody held."""
    held = Customer.objects.exclude(held_at=None)
    ids = set(held.values_list("id", flat=True))
    together = {id_ for each in ids for id_ in known.together(customer_id=each)}
    return Customer.objects.filter(id__in=together | ids)


def _sound(condition: Q) -> int:
    rows = Recording.objects.filter(condition, ended_at__isnull=False).exclude(path="")
    rows = rows.exclude(interaction__customer__in=_held()).order_by("started_at")
    found = list(rows[:ROUND_MAX])
    for row in found:
        recordings.forget(row)
    return len(found)


def _contacts(*, before: datetime) -> int:
    """Empty every sealed value that hangs on contacts which are over."""
    old = Interaction.objects.filter(ended_at__lt=before).exclude(customer__in=_held())
    done = 0
    for place in places.places():
        rows = _of_contacts(place, old)
        if place.sealed and rows is not None:
            done += emptying.empty_rows(place, rows, limit=ROUND_MAX)
    with_files = old.filter(messages__kind="file").order_by("id").distinct()
    attachments.delete_files(interaction_ids=list(with_files.values_list("id", flat=True)[:50]))
    return done


def _of_contacts(place: places.Place, old: QuerySet[Interaction]) -> QuerySet[Any] | None:
    """Give the rows of a place that hang on old contacts; None for what hangs on no contact."""
    if place.model is Recording:
        return None  # Its own class: the sound has periods of its own.
    if place.model is Interaction:
        return old.order_by("pk")
    steps = place.way.split("__")
    if "interaction" not in steps:
        return None
    way = "__".join(steps[: steps.index("interaction") + 1])
    return place.model._default_manager.filter(**{f"{way}__in": old}).order_by("pk")


def _customers(*, before: datetime, now: datetime) -> int:
    """Erase customers of whom nothing younger is left, a few at a time."""
    young = Interaction.objects.filter(customer=OuterRef("pk")).filter(
        Q(ended_at=None) | Q(ended_at__gte=before)
    )
    old = Customer.objects.filter(erased_at=None, last_seen_at__lt=before, merged_into=None)
    old = old.exclude(id__in=_held()).exclude(Exists(young))
    found = [
        id_
        for id_ in old.order_by("last_seen_at").values_list("id", flat=True)[:ROUND_MAX]
        if _is_over(id_, before=before)
    ]
    for id_ in found:
        customers.erase_forgotten(customer_ids=known.together(customer_id=id_), now=now)
    return len(found)


def _is_over(customer_id: str, *, before: datetime) -> bool:
    """Say whether nobody who is one with a customer was seen since, and nothing is open."""
    together = known.together(customer_id=customer_id)
    if Customer.objects.filter(id__in=together, last_seen_at__gte=before).exists():
        return False
    return not any(
        place.rows(together).filter(**OPEN[place.label]).exists()
        for place in places.places()
        if place.label in OPEN
    )
