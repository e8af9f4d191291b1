"""
Which interactions are behind a figure: those whose waits, parts or missed offers it counts.

Refuses: to know the figures. The catalogue says which of these rows each counts.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from callfloor.kernel import lists, quick
from callfloor.records.interactions import rules
from callfloor.records.interactions.models import AgentWork, MissedOffer, QueueEntry
from callfloor.records.interactions.queries import firsts


@dataclass(frozen=True, kw_only=True)
class Behind:
    """Rows that a figure counts; what is left out does not matter."""

    of: Literal["waits", "work", "missed", "first"]
    outcomes: tuple[str, ...] = ()
    """Of waits or offers; empty for any."""
    short: bool | None = None
    within_goal: bool | None = None
    first: bool = False
    """Only the first wait of each interaction."""
    settled: bool = False
    """Of first contacts: only those of which it is known whether the customer came back."""
    no_return: bool = False
    """Of first contacts: only those after which he did not."""
    one_agent: bool = False
    """Of first contacts: only those that one agent finished alone."""
    queue: str | None = None
    agent: str | None = None
    begins_at: datetime | None = None
    ends_at: datetime | None = None
    """Exclusive; both lie on a quarter of an hour."""

    def at(
        self,
        *,
        begins_at: datetime,
        ends_at: datetime,
        now: datetime,
        queue: str | None = None,
        agent: str | None = None,
    ) -> "Behind":
        """Give the same, of a period as far as it counts now, and of one queue or agent."""
        if self.settled:
            last = now - timedelta(days=firsts.RETURN_DAYS) + timedelta(microseconds=1)
            ends_at = max(begins_at, min(ends_at, last))
        return replace(self, begins_at=begins_at, ends_at=ends_at, queue=queue, agent=agent)


def condition(behind: Behind) -> tuple[str, list[Any]]:
    """Give a condition on interactions, and the values for it."""
    if behind.of == "first":
        return _first(behind)
    conditions = _MADE[behind.of](behind)
    if behind.queue is not None:
        conditions.add("queue_id = %s", behind.queue)
    table = quick.table(_TABLES[behind.of])
    sql = f"id IN (SELECT interaction_id FROM {table} WHERE 1 = 1{conditions.text()})"
    return sql, conditions.values


def _waits(behind: Behind) -> lists.Conditions:
    conditions = _in_quarters(behind)
    _in_outcomes(behind, conditions)
    for column, value in (("short", behind.short), ("within_goal", behind.within_goal)):
        if value is not None:
            conditions.add(f"{column} = %s", value)
    if behind.first:
        conditions.add("entry = 1")
    return conditions


def _work(behind: Behind) -> lists.Conditions:
    conditions = _in_quarters(behind)
    conditions.add("role <> %s", "asked")
    if behind.agent is not None:
        conditions.add("agent_id = %s", behind.agent)
    return conditions


def _missed(behind: Behind) -> lists.Conditions:
    conditions = lists.Conditions()
    _in_outcomes(behind, conditions)
    for sign, moment in ((">=", behind.begins_at), ("<", behind.ends_at)):
        if moment is not None:
            conditions.add(f"at {sign} %s", lists.instant(moment))
    if behind.agent is not None:
        conditions.add("agent_id = %s", behind.agent)
    return conditions


def _first(behind: Behind) -> tuple[str, list[Any]]:
    sql, values = firsts.ids(
        begins_at=behind.begins_at,
        ends_at=behind.ends_at,
        queue=behind.queue,
        no_return=behind.no_return,
        one_agent=behind.one_agent,
    )
    return f"id IN ({sql})", values


def _in_quarters(behind: Behind) -> lists.Conditions:
    conditions = lists.Conditions()
    for sign, moment in ((">=", behind.begins_at), ("<", behind.ends_at)):
        if moment is not None:
            conditions.add(f"quarter {sign} %s", rules.quarter_of(moment))
    return conditions


def _in_outcomes(behind: Behind, conditions: lists.Conditions) -> None:
    if behind.outcomes:
        conditions.add(f"outcome IN {quick.marks(behind.outcomes)}", *behind.outcomes)


_MADE = {"waits": _waits, "work": _work, "missed": _missed}
_TABLES = {"waits": QueueEntry, "work": AgentWork, "missed": MissedOffer}
