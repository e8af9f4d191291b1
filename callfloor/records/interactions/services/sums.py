"""
Sums of quarter hours, so that a report of a busy day reads some hundred rows and not all of them.

A quarter hour in which anything was written is added up anew from its rows, in the transaction
that writes them: also days later, when a late reply comes. So sums and rows never differ.
Refuses: formulas, and to add anything to a sum; it is always counted again.
"""

from collections.abc import Collection, Iterable
from typing import Any

from django.db import connection, models

from callfloor.kernel import quick
from callfloor.records.interactions.models import AgentWork, QueueEntry, WaitSum, WorkSum
from callfloor.records.interactions.services.steps import Changes

Place = tuple[str, int]
"""A queue and a quarter hour."""
Touched = tuple[set[Place], set[Place]]
"""Where waits have changed, and where work has."""
_HERE = "WHERE queue_id = %s AND quarter = %s AND simulated = %s"
_ALIKE = "queue_id, quarter, simulated, outcome, short, within_goal, entry"
_WAITS = (
    f"INSERT INTO {quick.table(WaitSum)} ({_ALIKE}, entries, waited_seconds, longest_seconds) "
    f"SELECT {_ALIKE}, COUNT(*), SUM(waited_seconds), MAX(waited_seconds) "
    f"FROM {quick.table(QueueEntry)} {_HERE} GROUP BY {_ALIKE}"
)
_OF_WORK = "queue_id, quarter, client_id, simulated"
_SECONDS = "talk_seconds, hold_seconds, wrap_seconds"
_WORK = (
    f"INSERT INTO {quick.table(WorkSum)} ({_OF_WORK}, parts, {_SECONDS}) "
    f"SELECT {_OF_WORK}, COUNT(*), SUM(talk_seconds), SUM(hold_seconds), SUM(wrap_seconds) "
    f"FROM {quick.table(AgentWork)} {_HERE} AND role <> 'asked' GROUP BY {_OF_WORK}"
)


def touched(changes: Changes) -> Touched:
    """Give where sums change with a batch: where its rows will be, and where they were before."""
    waits, work = changes.entries.values(), changes.work.values()
    return (
        _places(waits) | _before(QueueEntry, [each.id for each in waits]),
        _places(work) | _before(AgentWork, [each.id for each in work]),
    )


def add_up(places: Touched, *, simulated: bool) -> None:
    """Add these quarter hours up anew from their rows, in the caller's transaction."""
    waits, work = places
    _renew(WaitSum, _WAITS, waits, simulated=simulated)
    _renew(WorkSum, _WORK, work, simulated=simulated)


def _renew(
    model: type[models.Model], sql: str, places: Collection[Place], *, simulated: bool
) -> None:
    if not places:
        return
    values = [(queue, quarter, simulated) for queue, quarter in sorted(places)]
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM {quick.table(model)} {_HERE}", values)
        cursor.executemany(sql, values)


def _places(rows: Iterable[Any]) -> set[Place]:
    return {(row.queue_id, row.quarter) for row in rows if row.queue_id and row.quarter}


def _before(model: type[models.Model], ids: list[str]) -> set[Place]:
    """Give where rows stand now: a wait may turn out to have begun earlier than it was told."""
    sql = f"SELECT DISTINCT queue_id, quarter FROM {quick.table(model)} WHERE id IN "
    found = quick.fetch(sql + quick.marks(ids), ids) if ids else []
    return {(queue, quarter) for queue, quarter in found if queue and quarter}
