"""
Reading sums off the rows: waits, work, agents' states, first contacts.

The database adds up what is alike, by indexes that hold all of it; nothing is added up twice.
Refuses: formulas. Those stand in `rules`.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Exists, Model, OuterRef

from callfloor.kernel import lists, quick
from callfloor.records.cases.queries import first_contact
from callfloor.records.interactions.models import (
    AgentDay,
    AgentState,
    AgentWork,
    Interaction,
    MissedOffer,
    ProjectionState,
    QueueEntry,
    WaitSum,
    WorkSum,
)
from callfloor.records.interactions.queries import firsts
from callfloor.records.metrics import rules
from callfloor.records.metrics.queries.scope import Scope
from callfloor.records.metrics.rules import Fields, WaitGroup
from callfloor.records.outreach.models import Appointment

QUARTERS_OF_DAY = 96
HISTORY = "history"
"""The journal of the twin's history, which ends at its last fact and not now."""
WORK = ("handled", "talk_seconds", "hold_seconds", "wrap_seconds")
PROMISED_BEFORE = timedelta(days=31)
"""How long a callback may be open, at most: tries and closed days are over long before."""
_ALIKE = "queue_id, quarter, simulated, outcome, short, within_goal, entry"
_WAIT_SUMS = (
    f"SELECT {_ALIKE}, entries, waited_seconds, longest_seconds FROM {quick.table(WaitSum)}"
)
_WORK_SUMS = (
    "SELECT queue_id, quarter, parts, talk_seconds, hold_seconds, wrap_seconds "
    f"FROM {quick.table(WorkSum)}"
)
_ENTRIES_AT = (
    "SELECT queue_id, quarter, entry, simulated, "
    "CASE WHEN ended_at <= %s THEN outcome ELSE '' END AS outcome, "
    "CASE WHEN ended_at <= %s THEN short ELSE FALSE END AS short, "
    "CASE WHEN ended_at <= %s THEN within_goal ELSE FALSE END AS within_goal, "
    "CASE WHEN ended_at <= %s THEN waited_seconds ELSE 0 END AS waited_seconds "
    f"FROM {quick.table(QueueEntry)}"
)
"""Waits as they stood at an instant: what ended later still waits."""
_PARTS_AT = (
    "SELECT queue_id, agent_id, client_id, quarter, role, simulated, talk_seconds, hold_seconds, "
    "CASE WHEN finished_at <= %s THEN wrap_seconds ELSE 0 END AS wrap_seconds "
    f"FROM {quick.table(AgentWork)}"
)
"""Agents' parts as they stood at an instant: wrap-up counts when it is over."""
CASES = ("first_cases", "first_cases_alone")


def waits(scope: Scope) -> list[WaitGroup]:
    """Give queue entries that are alike, counted."""
    keys, (first, end) = scope.queue_keys, scope.quarters
    known: list[Any] = []
    where = (
        f"WHERE queue_id IN {quick.marks(keys)} AND quarter >= %s AND quarter < %s{_real(scope)}"
    )
    sql = f"{_WAIT_SUMS} {where} ORDER BY {_ALIKE}"
    if scope.as_of is not None:  # Sums know only what is now.
        entries, known = _as_of(scope, _ENTRIES_AT, QueueEntry)
        sql = (
            f"SELECT {_ALIKE}, COUNT(*), SUM(waited_seconds), MAX(waited_seconds) FROM {entries} "
            f"{where} GROUP BY {_ALIKE} ORDER BY {_ALIKE}"
        )
    return [
        (queue, quarter, outcome, short, goal, count, count if entry == 1 else 0, waited, most)
        for queue, quarter, _, outcome, short, goal, entry, count, waited, most in quick.fetch(
            sql, [*known, *keys, first, end]
        )
    ]


def _as_of(scope: Scope, sql: str, model: type[Model]) -> tuple[str, list[Any]]:
    """Give what to read rows from, as they stood at the scope's instant, with its parameters."""
    if scope.as_of is None:
        return quick.table(model), []
    at = lists.instant(scope.as_of)
    return f"({sql}) AS stood", [at] * sql.count("%s")


def parts(scope: Scope, *, by: Callable[[int], Any]) -> dict[tuple[str, Any], Fields]:
    """Give the fields of waits and work by queue, and by what `by` makes of a quarter hour."""
    groups: dict[tuple[str, Any], list[WaitGroup]] = {}
    for group in waits(scope):
        groups.setdefault((group[0], by(group[1])), []).append(group)
    found = {part: rules.of_waits(each) for part, each in groups.items()}
    served = sums_of_work(work(scope), by=lambda row: (row[0], by(row[1])))
    for part, fields in served.items():
        found.setdefault(part, {}).update(fields)
    return found


def work(scope: Scope) -> list[tuple[Any, ...]]:
    """
    Give parts that served, counted: by queue and quarter, or by agent if agents are asked for.

    Each row ends with their number and the seconds of talk, hold and wrap-up.
    """
    if scope.agents is None and scope.as_of is None:
        return _work_sums(scope)
    first, end = scope.quarters
    keys, column, seen = scope.queue_keys, "queue_id", "queue_id, quarter"
    grouped = "quarter, client_id, queue_id"  # As the index has them: nothing is sorted.
    if scope.agents is not None:
        keys, column, seen = scope.agents, "agent_id", "agent_id"
        grouped = seen
    parts, known = _as_of(scope, _PARTS_AT, AgentWork)
    sql = (
        f"SELECT {seen}, COUNT(*), SUM(talk_seconds), SUM(hold_seconds), SUM(wrap_seconds) "
        f"FROM {parts} WHERE quarter >= %s AND quarter < %s "
        f"AND client_id IN {quick.marks(scope.clients)} AND {column} IN {quick.marks(keys)} "
        f"AND role <> 'asked'{_real(scope)} GROUP BY {grouped} ORDER BY {grouped}"
    )
    return quick.fetch(sql, [*known, first, end, *scope.clients, *keys])


def work_of_everybody(scope: Scope) -> dict[tuple[str, str], Fields]:
    """Give parts that served, added up by agent and client, for what the house itself keeps."""
    parts, known = _as_of(scope, _PARTS_AT, AgentWork)
    sql = (
        f"SELECT agent_id, client_id, COUNT(*), SUM(talk_seconds), SUM(hold_seconds), "
        f"SUM(wrap_seconds) FROM {parts} WHERE quarter >= %s AND quarter < %s "
        f"AND client_id IN {quick.marks(scope.clients)} AND role <> 'asked'{_real(scope)} "
        "GROUP BY agent_id, client_id ORDER BY agent_id, client_id"
    )
    rows = quick.fetch(sql, [*known, *scope.quarters, *scope.clients])
    return sums_of_work(rows, by=lambda row: (row[0], row[1]))


def _work_sums(scope: Scope) -> list[tuple[Any, ...]]:
    keys, clients = scope.queue_keys, scope.clients
    sql = (
        f"{_WORK_SUMS} WHERE queue_id IN {quick.marks(keys)} AND quarter >= %s AND quarter < %s "
        f"AND client_id IN {quick.marks(clients)}{_real(scope)} "
        "ORDER BY queue_id, quarter, client_id, simulated"
    )
    return quick.fetch(sql, [*keys, *scope.quarters, *clients])


def done(scope: Scope) -> list[tuple[str, int, str, str, str, str, int, float]]:
    """
    Give what agents did, added up by agent and day of UTC.

    Each row: agent, day counted from 1970, channel, direction, role, language, number, seconds of
    talk, hold, dialing and wrap-up.
    """
    assert scope.agents is not None, "a question about agents names them"
    first, end = scope.quarters
    spent = "w.talk_seconds + w.hold_seconds + w.dial_seconds + w.wrap_seconds"
    sql = (
        f"SELECT w.agent_id, w.quarter / {QUARTERS_OF_DAY}, i.channel, i.direction, w.role, "
        f"i.language, COUNT(*), SUM({spent}) FROM {quick.table(AgentWork)} w "
        f"JOIN {quick.table(Interaction)} i ON i.id = w.interaction_id "
        f"WHERE w.quarter >= %s AND w.quarter < %s "
        f"AND w.client_id IN {quick.marks(scope.clients)} "
        f"AND w.agent_id IN {quick.marks(scope.agents)}"
        f"{'' if scope.include_simulated else ' AND NOT w.simulated'} "
        "GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6"
    )
    return quick.fetch(sql, [first, end, *scope.clients, *scope.agents])  # type: ignore[return-value]


def sums_of_work(
    rows: Iterable[tuple[Any, ...]], *, by: Callable[[tuple[Any, ...]], Any]
) -> dict[Any, dict[str, Any]]:
    """Add parts up by what `by` gives."""
    found: dict[Any, dict[str, Any]] = {}
    for row in rows:
        sums = found.setdefault(by(row), dict.fromkeys(WORK, 0))
        for name, value in zip(WORK, row[-4:], strict=True):
            sums[name] += value
    return found


def seats(scope: Scope, *, now: datetime) -> dict[str, dict[str, Any]]:
    """Give by agent the fields of Sums that tell of states and of offers that were not taken."""
    assert scope.agents is not None, "a question about agents names them"
    states: dict[str, dict[tuple[str, str], float]] = {}
    for agent, state, reason, spent in [*_ended(scope), *_lasting(scope, now)]:
        own = states.setdefault(agent, {})
        own[state, reason] = own.get((state, reason), 0) + int(spent)
    found = {agent: _fields(own) for agent, own in states.items()}
    for agent, outcome, count in _not_taken(scope):
        found.setdefault(agent, {})[outcome] = count
    return found


def _fields(states: dict[tuple[str, str], float]) -> dict[str, Any]:
    by_state: dict[str, float] = {}
    away: dict[str, float] = {}
    for (state, reason), spent in sorted(states.items()):
        by_state[state] = by_state.get(state, 0) + spent
        if state == "away":
            away[reason] = spent / 1e6
    return {"states": {key: spent / 1e6 for key, spent in by_state.items()}, "away": away}


def _ended(scope: Scope) -> list[tuple[Any, ...]]:
    sql = (
        f"SELECT agent_id, state, reason, SUM(spent_us) FROM {quick.table(AgentDay)} "
        f"WHERE day >= %s AND day < %s AND agent_id IN {quick.marks(scope.agents or ())}"
        f"{_real(scope)} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    )
    days = [_day(scope.day_from), _day(scope.day_to)]
    return quick.fetch(sql, [*days, *(scope.agents or ())])


def _lasting(scope: Scope, now: datetime) -> list[tuple[str, str, str, int]]:
    """Give what of the states that still last lies in the days; they are in no sum yet."""
    agents = scope.agents or ()
    begin, end = scope.bounds
    tail = (
        f"WHERE until_at IS NULL AND agent_id IN {quick.marks(agents)} AND since_at < %s"
        f"{_real(scope)} ORDER BY agent_id, id"
    )
    rows = []
    ends = {False: now, True: _end_of_history() if scope.include_simulated else now}
    for state in quick.models(AgentState, tail, [*agents, lists.instant(end)]):
        until = min(ends[state.simulated] or now, end)
        spent = (until - max(state.since_at, begin)) // timedelta(microseconds=1)
        if spent > 0:
            rows.append((state.agent_id, state.state, state.reason, spent))
    return rows


def _end_of_history() -> datetime | None:
    return ProjectionState.objects.filter(source=HISTORY).values_list("at", flat=True).first()


def _not_taken(scope: Scope) -> list[tuple[Any, ...]]:
    begin, end = scope.bounds
    sql = (
        f"SELECT agent_id, outcome, COUNT(*) FROM {quick.table(MissedOffer)} "
        f"WHERE at >= %s AND at < %s AND agent_id IN {quick.marks(scope.agents or ())} "
        f"AND client_id IN {quick.marks(scope.clients)}{_real(scope)} GROUP BY 1, 2 ORDER BY 1, 2"
    )
    bounds = [lists.instant(begin), lists.instant(end)]
    return quick.fetch(sql, [*bounds, *(scope.agents or ()), *scope.clients])


def first_contacts(scope: Scope, *, now: datetime) -> dict[str, dict[str, Any]]:
    """Give by queue the fields of Sums that tell of first contacts."""
    begin, end = scope.bounds
    found = firsts.by_queue(
        clients=scope.clients,
        queues=scope.queue_keys,
        begins_at=begin,
        ends_at=end,
        settled_at=now.astimezone(UTC) - timedelta(days=firsts.RETURN_DAYS),
        include_simulated=scope.include_simulated,
    )
    return {
        row.queue: {
            "first_answered": row.answered,
            "first_one_agent": row.one_agent,
            "first_settled": row.settled,
            "first_no_return": row.no_return,
        }
        for row in found
    }


def promises(scope: Scope) -> dict[str, Any]:
    """Give the fields of Sums that tell of callbacks and appointments that are over."""
    begin, end = scope.bounds
    found = Interaction.objects.filter(
        client_id__in=scope.clients,
        queue_id__in=scope.queue_keys,
        direction="callback",
        arrived_at__gte=begin - PROMISED_BEFORE,  # For the index; what ends now began before.
        arrived_at__lt=end,
        ended_at__gte=begin,
        ended_at__lt=end,
    )
    if not scope.include_simulated:
        found = found.filter(simulated=False)
    calls = list(found.values_list("outcome", "answered_at", "due_at"))
    kept = [
        rules.is_kept(outcome=outcome, answered_at=answered_at, due_at=due_at)
        for outcome, answered_at, due_at in calls
    ]
    never = Appointment.objects.filter(
        client_id__in=scope.clients,
        queue_id__in=scope.queue_keys,
        state="broken",
        settled_at__gte=begin,
        settled_at__lt=end,
    ).exclude(Exists(Interaction.objects.filter(id=OuterRef("item"))))
    return {"promises_due": len(calls) + never.count(), "promises_kept": sum(kept)}


def first_cases(scope: Scope, *, now: datetime) -> dict[str, dict[str, Any]]:
    """
    Give by queue the fields of Sums that tell of cases and their contacts.

    A case is of the queue of the contact that it was opened in; of none (an empty key) if it was
    opened otherwise, which counts where all queues of a client are asked about.
    """
    begin, end = scope.bounds
    found = first_contact.by_queue(
        clients=scope.clients,
        opened_from=begin,
        opened_to=end,
        now=now,
        include_simulated=scope.include_simulated,
    )
    keys = {*scope.queue_keys} if scope.is_of_one_queue else {"", *scope.queue_keys}
    return {
        queue: dict(zip(CASES, counted, strict=True))
        for queue, counted in sorted(found.items())
        if queue in keys
    }


def _day(day: Any) -> Any:
    return connection.ops.adapt_datefield_value(day)


def _real(scope: Scope) -> str:
    """Give the condition that leaves out what the twin made, unless it is asked for."""
    return "" if scope.include_simulated else " AND NOT simulated"
