"""
Callbacks that are open: who waits to be called, for what, and since when.

Refuses: to know more than the journal has told; it is behind the floor by a moment.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from callfloor.kernel import access
from callfloor.kernel.access import Someone
from callfloor.records.customers.queries import labels
from callfloor.records.interactions.models import Interaction, TimelineEntry
from callfloor.records.people import queries as people
from callfloor.records.routing import queries as routing

LISTED_MAX = 200  # A page; who has more waiting needs agents and no longer list.
TOLD_BY = (
    *("Arrived", "Queued", "CallbackPostponed", "CallbackHeld", "CallbackReturned"),
    *("Ringing", "RingEnded", "Dialing", "Bridged"),
)
"""The facts that say where a callback stands."""
STATES = {
    "Arrived": "waits",
    "Queued": "waits",
    "RingEnded": "waits",
    "CallbackPostponed": "later",
    "CallbackReturned": "waits",
    "CallbackHeld": "calls",
    "Ringing": "rings",
    "Dialing": "dialed",
    "Bridged": "talks",
}


@dataclass(frozen=True, kw_only=True)
class CallbackRow:
    """Somebody who is to be called back."""

    id: str
    client: str
    customer: str
    customer_label: str
    queue: str
    queue_name: str
    since: datetime
    """His place in line: when he first came."""
    state: str
    """waits, later (until a time), calls (he is on the line himself), rings, dialed, talks."""
    reason: str
    """Why later: closed, busy, no_answer."""
    until: datetime | None
    """When he is called at the earliest; None for as soon as somebody is free."""
    tries: int
    due: datetime | None
    """By when he was promised to be called; None if no time was named."""
    agent_name: str


def waiting_callbacks(*, person: Someone) -> list[CallbackRow]:
    """
    Give the open callbacks of the person's clients, first in line first.

    Raises Forbidden without the duty.
    """
    access.check(person, "promises.read")
    which = "direction = 'callback' AND outcome = '' AND NOT simulated"
    order = f"ORDER BY arrived_at, id LIMIT {LISTED_MAX}"
    open_ = access.read(person, Interaction, which, then=order)
    if not open_:
        return []
    told = _told([row.id for row in open_])
    called = labels.called(ids=[row.customer_id for row in open_])
    keys = {each.get("queue", "") for facts in told.values() for _, each in facts}
    queues = routing.queue_names_of(keys=sorted(filter(None, keys)))
    agents = {each.get("agent", "") for facts in told.values() for _, each in facts}
    names = people.names_of(keys=sorted(filter(None, agents)))
    made = [_row(row, told.get(row.id, []), called, queues, names) for row in open_]
    return sorted(made, key=lambda row: (row.since, row.id))


def _told(items: Iterable[str]) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """Give kind and fields of the facts that count, in order, by interaction."""
    found = TimelineEntry.objects.filter(interaction_id__in=list(items), kind__in=TOLD_BY)
    told: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for row in found.order_by("interaction_id", "seq"):
        told.setdefault(row.interaction_id, []).append((row.kind, row.data))
    return told


def _row(
    row: Interaction,
    told: list[tuple[str, dict[str, Any]]],
    called: dict[str, labels.Called],
    queues: dict[str, str],
    names: dict[str, str],
) -> CallbackRow:
    kind, last = told[-1] if told else ("Arrived", {})
    born = next((fields["born_at"] for _, fields in told if fields.get("born_at")), None)
    queue = next((fields["queue"] for _, fields in reversed(told) if fields.get("queue")), "")
    until = last.get("until") if kind == "CallbackPostponed" else None
    tries = [fields["calls"] for fact, fields in told if fact == "CallbackPostponed"]
    return CallbackRow(
        id=row.id,
        client=row.client_id,
        customer=row.customer_id,
        customer_label=called[row.customer_id].label,
        queue=queue,
        queue_name=queues.get(queue, queue),
        since=row.arrived_at if born is None else datetime.fromtimestamp(born, UTC),
        state=STATES[kind],
        reason=str(last.get("reason", "")) if kind == "CallbackPostponed" else "",
        until=None if until is None else datetime.fromtimestamp(until, UTC),
        tries=tries[-1] if tries else 0,
        due=row.due_at,
        agent_name=names.get(last.get("agent") or "", ""),
    )
