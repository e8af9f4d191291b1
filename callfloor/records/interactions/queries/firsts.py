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
from callfloor.records.interactions.models import Interaction

RETURN_DAYS = 7  # Usual in the trade; who comes back later has mostly another matter.

_TABLE = quick.table(Interaction)
_ANSWERED = "i.outcome = 'answered' AND i.direction = 'in'"
_ONE_AGENT = "NOT i.shared"
"""Nobody else had a part in it or was asked, and it did not wait once more."""
_MERGED = f"{merged.SAME} SELECT i.queue_id, COUNT(*) FROM same CROSS JOIN {_TABLE} i"
"""The merged ones come first, whatever the planner thinks: they are few."""


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
    conditions = lists.Conditions([_ANSWERED])
    conditions.add(f"i.queue_id IN {quick.marks(queues)}", *queues)
    conditions.add("i.arrived_at >= %s", lists.instant(begins_at))
    conditions.add("i.arrived_at < %s", lists.instant(ends_at))
    conditions.add(f"i.client_id IN {quick.marks(clients)}", *clients)
    if not include_simulated:
        conditions.add("NOT i.simulated")
    until = lists.instant(settled_at)
    others = _merged_returns(conditions.and_("i.arrived_at <= %s", until))
    return [
        Counted(
            queue=queue,
            answered=answered,
            one_agent=one,
            settled=settled,
            no_return=alone - others.get(queue, 0),
        )
        for queue, answered, one, settled, alone in _counted(conditions, until)
    ]


def _counted(conditions: lists.Conditions, settled_until: Any) -> list[tuple[Any, ...]]:
    """Count by queue all, those of one agent, the settled ones, and those with no own return."""
    settled = "i.arrived_at <= %s"
    sums = ", ".join(
        f"SUM(CASE WHEN {condition} THEN 1 ELSE 0 END)"
        for condition in (_ONE_AGENT, settled, f"{settled} AND NOT {_own_return()}")
    )
    sql = f"SELECT i.queue_id, COUNT(*), {sums} FROM {_TABLE} i WHERE {_all_of(conditions)}"
    values = [settled_until, settled_until, *conditions.values]
    return quick.fetch(f"{sql} GROUP BY 1 ORDER BY 1", values)


def _merged_returns(conditions: lists.Conditions) -> dict[str, int]:
    """Count by queue those who came back only as somebody with whom they were merged."""
    sql = (
        f"{_MERGED} WHERE i.customer_id = same.id AND {_all_of(conditions)} "
        f"AND NOT {_own_return()} AND {_other_return()} GROUP BY 1 ORDER BY 1"
    )
    return dict(quick.fetch(sql, conditions.values))


def _all_of(conditions: lists.Conditions) -> str:
    return " AND ".join(conditions.parts)


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
        conditions.add(f"NOT ({_own_return()} OR {_other_return()})")
    if one_agent:
        conditions.add(_ONE_AGENT)
    joined = f"FROM {_TABLE} i LEFT JOIN same ON same.id = i.customer_id"
    sql = f"{merged.SAME} SELECT i.id {joined} WHERE {_ANSWERED}{conditions.text()}"
    return sql, conditions.values


def _own_return() -> str:
    """Give the condition that the same customer came once more within the days that count."""
    return f"EXISTS (SELECT 1 FROM {_TABLE} l WHERE l.customer_id = i.customer_id AND {_later()})"


def _other_return() -> str:
    """Give the condition that somebody came who was found to be the same customer."""
    return (
        "(same.head IS NOT NULL AND EXISTS (SELECT 1 FROM same o "
        f"JOIN {_TABLE} l ON l.customer_id = o.id WHERE o.head = same.head AND {_later()}))"
    )


def _later() -> str:
    return (
        "l.client_id = i.client_id AND l.direction = 'in' AND l.simulated = i.simulated "
        f"AND l.arrived_at > i.arrived_at AND l.arrived_at <= {_days_after('i.arrived_at')}"
    )


def _days_after(column: str) -> str:
    """Give the instant at which the days that count are over, to the microsecond."""
    if connection.vendor == "postgresql":
        return f"{column} + interval '{RETURN_DAYS * 24} hours'"
    return f"date(substr({column}, 1, 10), '+{RETURN_DAYS} days') || substr({column}, 11)"
