"""
What agents were over time: a row for each state, and its seconds added to the sums of its days.

A state that a floor's end has cut lasts until the next start, where nobody is seated any more.
The same facts give the same rows, however they are cut into batches; `record` writes them in the
transaction that says how far it has come, so nothing is added twice.
Refuses: what somebody did in an interaction. That stands in `parts`.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from callfloor.core import facts, presence
from callfloor.kernel import quick
from callfloor.kernel.journal import FactRow
from callfloor.records.interactions import rules
from callfloor.records.interactions.models import AgentDay, AgentState, MissedOffer
from callfloor.records.interactions.services.steps import Course, Seating, StateKey

TOLD_BY = (facts.AgentChanged, facts.PlanApplied)
"""Facts that say what agents are."""
NOT_TAKEN = frozenset({"missed", "declined"})
"""How an offer ends that the agent himself did not take."""
SUMS_AT_ONCE = 150  # SQLite takes at least 999 variables in one statement.


class Seats:
    """The states that last, of one journal; kept in memory between batches."""

    def __init__(self, *, source: str, simulated: bool) -> None:
        self._source = source
        self._simulated = simulated
        self._lasting: dict[str, AgentState] | None = None

    def forget(self) -> None:
        """Let go of what may never have been written."""
        self._lasting = None

    def take(self, rows: Iterable[FactRow], *, zone: ZoneInfo) -> Seating:
        """Write down the changes of a batch."""
        seating = Seating()
        lasting = self._load()
        for row in rows:
            if isinstance(row.fact, facts.AgentChanged):
                self._change(row, lasting, seating, zone)
            elif isinstance(row.fact, facts.PlanApplied) and row.fact.epoch is not None:
                for agent in sorted(lasting):
                    self._end(agent, row.at, lasting, seating, zone)
        return seating

    def _load(self) -> dict[str, AgentState]:
        if self._lasting is None:
            found = AgentState.objects.filter(until_at=None, simulated=self._simulated)
            self._lasting = {state.agent_id: state for state in found.order_by("since_at", "id")}
        return self._lasting

    def _change(
        self, row: FactRow, lasting: dict[str, AgentState], seating: Seating, zone: ZoneInfo
    ) -> None:
        fact: facts.AgentChanged = row.fact
        if _goes_on(lasting.get(fact.agent), fact):
            return
        self._end(fact.agent, row.at, lasting, seating, zone)
        if fact.state == presence.SIGNED_OUT:
            return
        state = AgentState(
            id=f"{self._source}:{row.seq}",
            agent_id=fact.agent,
            state=fact.state,
            reason=(fact.reason or "") if fact.state == presence.AWAY else "",
            client_id=fact.client,
            item=fact.item or "",
            since_at=datetime.fromtimestamp(row.at, UTC),
            simulated=self._simulated,
        )
        lasting[fact.agent] = seating.states[state.id] = state

    def _end(
        self,
        agent: str,
        at: float,
        lasting: dict[str, AgentState],
        seating: Seating,
        zone: ZoneInfo,
    ) -> None:
        state = lasting.pop(agent, None)
        if state is None:
            return
        # A clock that was set back between two epochs makes no negative time.
        state.until_at = max(datetime.fromtimestamp(at, UTC), state.since_at)
        seating.states[state.id] = state
        for day, spent in rules.by_day(state.since_at, state.until_at, zone=zone):
            key = (day, agent, state.state, state.reason)
            seating.sums[key] = seating.sums.get(key, 0) + spent


def _goes_on(state: AgentState | None, fact: facts.AgentChanged) -> bool:
    """Say whether a fact only tells a wish, or more time, of a state that goes on."""
    if state is None or fact.state not in presence.BUSY:
        return False
    return state.state == fact.state and state.item == (fact.item or "")


def missed(
    rows: Iterable[FactRow], *, courses: Mapping[str, Course], source: str
) -> list[MissedOffer]:
    """Make the rows of offers that were not taken."""
    return [
        _missed(row, courses[row.fact.item], source)
        for row in rows
        if isinstance(row.fact, facts.RingEnded)
        and row.fact.outcome in NOT_TAKEN
        and row.fact.item in courses
    ]


def _missed(row: FactRow, course: Course, source: str) -> MissedOffer:
    fact: facts.RingEnded = row.fact
    return MissedOffer(
        id=f"{source}:{row.seq}",
        interaction_id=fact.item,
        client_id=course.interaction.client_id,
        agent_id=fact.agent,
        queue_id=fact.queue or None,
        at=datetime.fromtimestamp(row.at, UTC),
        outcome=fact.outcome,
        simulated=course.interaction.simulated,
    )


def write(seating: Seating, *, simulated: bool) -> None:
    """Write what a batch has changed, in the caller's transaction."""
    AgentState.objects.bulk_create(
        seating.states.values(),
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["until_at"],
    )
    sums = sorted(seating.sums.items())
    for start in range(0, len(sums), SUMS_AT_ONCE):
        _add(sums[start : start + SUMS_AT_ONCE], simulated=simulated)


def _add(sums: list[tuple[StateKey, int]], *, simulated: bool) -> None:
    """Add to the sums of days; Django's bulk_create can replace a value, but not add to it."""
    table = quick.table(AgentDay)
    marks = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(sums))
    values: list[Any] = []
    for (day, agent, state, reason), spent in sums:
        written = connection.ops.adapt_datefield_value(day)
        values += [written, agent, state, reason, simulated, spent]
    sql = (
        f"INSERT INTO {table} (day, agent_id, state, reason, simulated, spent_us) VALUES {marks} "
        "ON CONFLICT (day, agent_id, state, reason, simulated) "
        f"DO UPDATE SET spent_us = {table}.spent_us + excluded.spent_us"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
