"""
Who gave up in a queue, and whether somebody has spoken with him since.

"Since" is the first later contact of the same customer that was answered: called back by an agent,
or the customer's own next try. Reading the list is noted, because it names customers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from callfloor.kernel import access, audit, lists, quick
from callfloor.kernel.access import Someone
from callfloor.kernel.lists import Conditions, Order
from callfloor.kernel.pages import Page
from callfloor.records.customers import queries as customers
from callfloor.records.interactions.models import Interaction, QueueEntry
from callfloor.records.people import queries as people
from callfloor.records.routing import queries as routing

_ENTRIES, _CONTACTS = quick.table(QueueEntry), quick.table(Interaction)
_LATER = (
    f"FROM {_CONTACTS} own JOIN {_CONTACTS} later ON later.customer_id = own.customer_id "
    f"WHERE own.id = {_ENTRIES}.interaction_id AND later.client_id = {_ENTRIES}.client_id "
    f"AND later.arrived_at > {_ENTRIES}.queued_at AND later.simulated = {_ENTRIES}.simulated "
    "AND later.answered_at IS NOT NULL"
)
"""The customer's answered contacts after a wait began."""
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
    result = lists.cut(
        QueueEntry,
        clients=access.clients_of(person, "interactions.read"),
        conditions=_conditions(wanted),
        order=Order(column="queued_at"),
        page=page,
        size=size,
        build=lambda entries: _rows(entries, person=person),
        without=access.hidden_ids(person, QueueEntry),
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


def _conditions(wanted: Wanted) -> Conditions:
    # The outcome is no parameter: the index of those who gave up is chosen by it.
    asked = Conditions(["outcome = 'abandoned_in_queue'"])
    asked.add(f"queue_id IN {quick.marks(wanted.queues)}", *wanted.queues)
    asked.add("queued_at >= %s", lists.instant(wanted.begins_at))
    asked.add("queued_at < %s", lists.instant(wanted.ends_at))
    if not wanted.include_simulated:
        asked.add("NOT simulated")
    if wanted.only_open:
        asked.add(f"NOT EXISTS (SELECT 1 {_LATER})")
    return asked


@dataclass(frozen=True, kw_only=True)
class _Known:
    """What the rows of a page need beside their waits, each kind read once."""

    customers: Mapping[str, str]
    """By interaction."""
    labels: Mapping[str, str]
    """By customer."""
    since: Mapping[str, Interaction]
    """By wait."""
    agents: Mapping[str, str]
    queues: Mapping[str, str]
    clients: Mapping[str, str]


def _rows(entries: list[QueueEntry], *, person: Someone) -> list[AbandonedRow]:
    if not entries:
        return []
    since = _since(entries, person=person)
    ids = [entry.interaction_id for entry in entries]
    sql = f"SELECT id, customer_id FROM {_CONTACTS} WHERE id IN {quick.marks(ids)}"
    of = dict(quick.fetch(sql, ids))
    called = customers.called(ids=list(of.values()))
    known = _Known(
        customers=of,
        labels={key: each.label for key, each in called.items()},
        since=since,
        agents=people.names_of(keys={each.agent_id for each in since.values() if each.agent_id}),
        queues=routing.queue_names_of(keys={entry.queue_id for entry in entries}),
        clients=people.client_names(person=person),
    )
    return [_row(entry, known) for entry in entries]


def _row(entry: QueueEntry, known: _Known) -> AbandonedRow:
    customer, since = known.customers[entry.interaction_id], known.since.get(entry.id)
    return AbandonedRow(
        interaction=entry.interaction_id,
        queued_at=entry.queued_at,
        queue=entry.queue_id,
        queue_name=known.queues.get(entry.queue_id, entry.queue_id),
        client=entry.client_id,
        client_name=known.clients.get(entry.client_id, entry.client_id),
        customer_id=customer,
        customer_label=known.labels[customer],
        waited_seconds=entry.waited_seconds,
        short=entry.short,
        simulated=entry.simulated,
        since=_shown(since, known.agents) if since else None,
    )


def _shown(since: Interaction, agents: Mapping[str, str]) -> Since:
    agent = since.agent_id
    assert since.answered_at is not None, "nobody has spoken in a contact that was not answered"
    return Since(
        interaction=since.id,
        at=since.answered_at,
        agent=agent,
        agent_name=agents.get(agent, agent) if agent else "",
        called_back=since.direction in CALLED_BACK,
    )


def _since(entries: Sequence[QueueEntry], *, person: Someone) -> dict[str, Interaction]:
    """Give by wait the customer's first answered contact after it began, if there is one."""
    ids = [entry.id for entry in entries]
    first = f"SELECT later.id {_LATER} ORDER BY later.arrived_at, later.id LIMIT 1"
    sql = f"SELECT id, ({first}) FROM {_ENTRIES} WHERE id IN {quick.marks(ids)} ORDER BY 1"
    named = {entry: since for entry, since in quick.fetch(sql, ids) if since}
    hidden = set(access.hidden_ids(person, Interaction)) if named else set()
    wanted = sorted(set(named.values()) - hidden)
    rows = quick.models(Interaction, f"WHERE id IN {quick.marks(wanted)}", wanted)
    found = {row.id: row for row in rows if person.rights.sees(row.client_id)}
    return {entry: found[since] for entry, since in named.items() if since in found}
