"""
Who gave up in a queue, and whether somebody has spoken with him since.

"Since" is the first later contact of the same customer that was answered: called back by an agent,
or the customer's own next try. Reading the list is noted, because it names customers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from callfloor.kernel import access, audit, pages
from callfloor.kernel.access import Someone
from callfloor.kernel.pages import Page
from callfloor.records.interactions import rules
from callfloor.records.interactions.models import Interaction, QueueEntry
from callfloor.records.interactions.queries import rows

CALLED_BACK = ("out", "callback")
"""Directions in which we called the customer."""


@dataclass(frozen=True, kw_only=True)
class Since:
    """The first contact after which the customer had been spoken with."""

    interaction: str
    at: datetime
    agent: str | None
    agent_name: str
    called_back: bool
    """Whether we called; else the customer came again."""


@dataclass(frozen=True, kw_only=True)
class AbandonedRow:
    """A wait that the customer ended by leaving."""

    interaction: str
    queued_at: datetime
    queue: str
    queue_name: str
    client: str
    client_name: str
    customer_id: str
    customer_label: str
    waited_seconds: float
    short: bool
    simulated: bool
    since: Since | None


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which waits to list."""

    queues: tuple[str, ...]
    begins_at: datetime
    ends_at: datetime
    """Exclusive."""
    include_simulated: bool = False
    only_open: bool = False
    """Only customers with whom nobody has spoken since."""


def abandoned(
    *, person: Someone, wanted: Wanted, now: datetime, page: int = 1, size: int = 50
) -> Page[AbandonedRow]:
    """
    Give those of the person's clients who gave up, the latest first.

    Raises Forbidden without the duty.
    """
    found = access.visible(person, "interactions.read", _entries(wanted))
    result = pages.cut(
        found.order_by("-queued_at", "-id"),
        page=page,
        size=size,
        build=lambda entries: _rows(entries, person=person),
    )
    if result.rows:
        ids = [row.interaction for row in result.rows]
        audit.note(
            by=person.key,
            action="interaction.listed",
            about="abandoned",
            now=now,
            detail={"ids": ids, "by_number": False},
        )
    return result


def _entries(wanted: Wanted) -> QuerySet[QueueEntry]:
    first, end = rules.quarter_of(wanted.begins_at), rules.quarter_of(wanted.ends_at)
    found = QueueEntry.objects.filter(
        queue__in=wanted.queues,
        quarter__gte=first,
        quarter__lt=end,
        outcome="abandoned_in_queue",
    )
    if not wanted.include_simulated:
        found = found.filter(simulated=False)
    if wanted.only_open:
        found = found.exclude(Exists(_later()))
    return found.select_related("interaction")


def _later() -> QuerySet[Interaction]:
    """Give the customer's answered contacts after a wait began."""
    return Interaction.objects.filter(
        customer_id=OuterRef("interaction__customer_id"),
        client_id=OuterRef("client_id"),
        arrived_at__gt=OuterRef("queued_at"),
        simulated=OuterRef("simulated"),
    ).exclude(answered_at=None)


def _rows(entries: list[QueueEntry], *, person: Someone) -> list[AbandonedRow]:
    since = _since(entries, person=person)
    interactions = [entry.interaction for entry in entries]
    agents = frozenset(each.agent_id for each in since.values() if each.agent_id)
    queues = frozenset(entry.queue_id for entry in entries)
    names = rows.Names(interactions, person=person, more=rows.Wanted(agents=agents, queues=queues))
    return [_row(entry, since.get(entry.id), names) for entry in entries]


def _row(entry: QueueEntry, since: Interaction | None, names: rows.Names) -> AbandonedRow:
    shown = names.row(entry.interaction)
    return AbandonedRow(
        interaction=entry.interaction_id,
        queued_at=entry.queued_at,
        queue=entry.queue_id,
        queue_name=names.queues.get(entry.queue_id, entry.queue_id),
        client=entry.client_id,
        client_name=shown.client_name,
        customer_id=shown.customer_id,
        customer_label=shown.customer_label,
        waited_seconds=entry.waited_seconds,
        short=entry.short,
        simulated=entry.simulated,
        since=_shown(since, names) if since else None,
    )


def _shown(since: Interaction, names: rows.Names) -> Since:
    agent = since.agent_id
    assert since.answered_at is not None, "nobody has spoken in a contact that was not answered"
    return Since(
        interaction=since.id,
        at=since.answered_at,
        agent=agent,
        agent_name=names.agents.get(agent, agent) if agent else "",
        called_back=since.direction in CALLED_BACK,
    )


def _since(entries: Sequence[QueueEntry], *, person: Someone) -> dict[str, Interaction]:
    """Give by wait the customer's first answered contact after it began, if there is one."""
    first = Subquery(_later().order_by("arrived_at", "id").values("id")[:1])
    waits = QueueEntry.objects.filter(id__in=[entry.id for entry in entries])
    ids = dict(waits.annotate(since=first).order_by("id").values_list("id", "since"))
    named = Interaction.objects.filter(id__in=[since for since in ids.values() if since])
    found = {each.id: each for each in access.within(person, named).order_by("id")}
    return {entry: found[since] for entry, since in ids.items() if since in found}
