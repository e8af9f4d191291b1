"""
First contacts: what customers began and agents answered, and whether anything followed upon it.

A customer who was merged with another is one with him, so long as nobody undoes it.
Refuses: formulas. The figures say what they count of this.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from callfloor.kernel import lists, quick
from callfloor.records.customers.queries import merged
from callfloor.records.interactions.models import AgentWork, Interaction, QueueEntry

RETURN_DAYS = 7  # Usual in the trade; who comes back later has mostly another matter.

_ANSWERED = "i.outcome = 'answered' AND i.direction = 'in'"
_FROM = f"FROM {quick.table(Interaction)} i LEFT JOIN same ON same.id = i.customer_id"
_ONE_AGENT = (
    f"NOT EXISTS (SELECT 1 FROM {quick.table(AgentWork)} w "
    "WHERE w.interaction_id = i.id AND w.part >= 2) "
    f"AND NOT EXISTS (SELECT 1 FROM {quick.table(QueueEntry)} e "
    "WHERE e.interaction_id = i.id AND e.entry >= 2)"
)
"""Nobody else had a part in it or was asked, and it did not wait once more."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """First contacts of one queue."""

    queue: str
    answered: int
    one_agent: int
    settled: int
    """Those whose days for coming back are over."""
    no_return: int
    """Of the settled ones, those after which the customer did not come back."""


def by_queue(
    *,
    clients: Sequence[str],
    queues: Sequence[str],
    begins_at: datetime,
    ends_at: datetime,
    settled_at: datetime,
    include_simulated: bool,
) -> list[Counted]:
    """Count those of a half-open period; they are settled that arrived until `settled_at`."""
    settled = "i.arrived_at <= %s"
    sums = ", ".join(
        f"SUM(CASE WHEN {condition} THEN 1 ELSE 0 END)"
        for condition in (_ONE_AGENT, settled, f"{settled} AND NOT {_came_back()}")
    )
    real = "" if include_simulated else " AND NOT i.simulated"
    sql = (
        f"{merged.SAME} SELECT i.queue_id, COUNT(*), {sums} {_FROM} WHERE {_ANSWERED} "
        f"AND i.client_id IN {quick.marks(clients)} "
        # So that SQLite looks for the days and not for all that was ever in these queues.
        f"AND (i.queue_id IN {quick.marks(queues)}) IS TRUE "
        f"AND i.arrived_at >= %s AND i.arrived_at < %s{real} GROUP BY 1 ORDER BY 1"
    )
    at, begin, end = (lists.instant(each) for each in (settled_at, begins_at, ends_at))
    return [
        Counted(queue=queue, answered=answered, one_agent=one, settled=over, no_return=alone)
        for queue, answered, one, over, alone in quick.fetch(
            sql, [at, at, *clients, *queues, begin, end]
        )
    ]


def ids(
    *,
    begins_at: datetime | None,
    ends_at: datetime | None,
    queue: str | None,
    no_return: bool,
    one_agent: bool,
) -> tuple[str, list[Any]]:
    """Give a statement for the ids of those that count, and its values."""
    conditions = lists.Conditions()
    for sign, moment in ((">=", begins_at), ("<", ends_at)):
        if moment is not None:
            conditions.add(f"i.arrived_at {sign} %s", lists.instant(moment))
    if queue is not None:
        conditions.add("i.queue_id = %s", queue)
    if no_return:
        conditions.add(f"NOT {_came_back()}")
    if one_agent:
        conditions.add(_ONE_AGENT)
    sql = f"{merged.SAME} SELECT i.id {_FROM} WHERE {_ANSWERED}{conditions.text()}"
    return sql, conditions.values


def _came_back() -> str:
    """Give the condition that the same customer came once more within the days that count."""
    later = (
        "l.client_id = i.client_id AND l.direction = 'in' AND l.simulated = i.simulated "
        f"AND l.arrived_at > i.arrived_at AND l.arrived_at <= {_days_after('i.arrived_at')}"
    )
    table = quick.table(Interaction)
    return (
        f"(EXISTS (SELECT 1 FROM {table} l WHERE l.customer_id = i.customer_id AND {later}) "
        f"OR (same.head IS NOT NULL AND EXISTS (SELECT 1 FROM same o "
        f"JOIN {table} l ON l.customer_id = o.id WHERE o.head = same.head AND {later})))"
    )


def _days_after(column: str) -> str:
    """Give the instant at which the days that count are over, to the microsecond."""
    if connection.vendor == "postgresql":
        return f"{column} + interval '{RETURN_DAYS * 24} hours'"
    return f"date(substr({column}, 1, 10), '+{RETURN_DAYS} days') || substr({column}, 11)"
