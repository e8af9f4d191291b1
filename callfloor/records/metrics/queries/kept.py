"""
What the sums of days were when these closed.

What the twin made is never kept, and a report that counts it is compared with nothing.
Refuses: writing. `services` keeps a day.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection

from callfloor.kernel import quick
from callfloor.records.metrics.models import Kept, KeptWork
from callfloor.records.metrics.queries.scope import Scope
from callfloor.records.metrics.rules import Fields

_SQL = f"SELECT queue_id, day, key, value FROM {quick.table(Kept)} WHERE day >= %s AND day < %s"

_WORK = (
    f"SELECT agent_id, day, key, SUM(value) FROM {quick.table(KeptWork)} "
    "WHERE day >= %s AND day < %s"
)


def days(scope: Scope) -> dict[tuple[str, date], Fields]:
    """Give the sums of queues and days that were kept; nothing if the twin's are asked for."""
    if scope.include_simulated:
        return {}
    sql = f"{_SQL} AND queue_id IN {quick.marks(scope.queue_keys)} ORDER BY day, queue_id, key"
    return _by_day(sql, scope, scope.queue_keys)


def work(scope: Scope) -> dict[tuple[str, date], Fields]:
    """Give the work of agents for the scope's clients on the days that were kept."""
    assert scope.agents is not None, "a question about agents names them"
    if scope.include_simulated:
        return {}
    sql = (
        f"{_WORK} AND agent_id IN {quick.marks(scope.agents)} "
        f"AND client_id IN {quick.marks(scope.clients)} "
        "GROUP BY agent_id, day, key ORDER BY day, agent_id, key"
    )
    return _by_day(sql, scope, [*scope.agents, *scope.clients])


def _by_day(sql: str, scope: Scope, values: Sequence[str]) -> dict[tuple[str, date], Fields]:
    period = [connection.ops.adapt_datefield_value(day) for day in (scope.day_from, scope.day_to)]
    found: dict[tuple[str, date], Fields] = {}
    for owner, day, key, value in quick.fetch(sql, [*period, *values]):
        found.setdefault((owner, _day(day)), {})[key] = _number(key, value)
    return found


def _day(given: Any) -> date:
    """Read a day as a statement gives it: SQLite as text."""
    return date.fromisoformat(given) if isinstance(given, str) else given


def _number(key: str, value: float) -> float:
    """Give a count as the whole number that it is."""
    return value if key.endswith("_seconds") else int(value)
