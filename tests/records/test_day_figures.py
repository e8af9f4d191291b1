"""Wallboard, report and a recount of the journal say the same of every interval that is closed."""

import sqlite3
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from callfloor.core.board_queues import COUNTERS
from callfloor.records.metrics import queries
from tests.records import lived, scenes

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]

DAYS = [
    pytest.param(("Europe/Budapest", datetime(2026, 11, 23, 7, tzinfo=UTC), 1), id="a Monday"),
    pytest.param(("Europe/Budapest", datetime(2026, 10, 25, 0, tzinfo=UTC), 2), id="25 hours"),
    pytest.param(("Europe/Budapest", datetime(2026, 3, 29, 0, tzinfo=UTC), 3), id="23 hours"),
    pytest.param(("Asia/Tehran", datetime(2026, 11, 23, 4, 30, tzinfo=UTC), 4), id="half an hour"),
    pytest.param(("Asia/Kathmandu", datetime(2026, 11, 23, 2, tzinfo=UTC), 5), id="a quarter"),
]
"""Zone, beginning and seed; the clocks are changed within the first hours of two of them."""


@pytest.fixture(params=DAYS)
def day(request, data):
    """Give a lived day with its zone and the scope of a manager."""
    zone, start_at, seed = request.param
    found = lived.live(data, zone=zone, seed=seed, start_at=start_at)
    scope = queries.scope(
        person=scenes.person("mara"), day_from=start_at.astimezone(ZoneInfo(zone)).date()
    )
    return found, scope


def plain(sums):
    """Give the wallboard's counters of some sums, at its precision."""
    return {name: round(getattr(sums, name), 6) for name in COUNTERS}


def test_report_equals_the_wallboard_and_a_recount_of_the_journal(day):
    """F27.3, F36: every counter of every half hour and of the day, whatever the clocks do."""
    lived_day, scope = day
    for queue in scope.queues:
        one = queries.scope(person=scenes.person("mara"), day_from=scope.day_from, queue=queue.key)
        report = queries.report(one)
        shown = lived_day.view["queues"][queue.key]
        assert plain(report.total) == rounded(shown["today"])
        halves = {str(int(at.timestamp())): plain(sums) for at, sums in report.intervals.items()}
        waits = {key: row for key, row in halves.items() if row["offered"]}
        assert waits == {key: rounded(row) for key, row in shown["halves"].items()}
    counted = recount(lived_day.path, scope)
    whole = queries.report(scope)
    of_halves = {
        int(at.timestamp()): figures(sums) for at, sums in whole.intervals.items() if sums.offered
    }
    assert of_halves == counted
    assert sum(row[0] for row in counted.values()) > 60


def rounded(counters):
    return {name: round(counters[name], 6) for name in COUNTERS}


def figures(sums):
    answered = round(sums.answered_wait_seconds, 6)
    return (
        *(sums.offered, sums.answered, sums.within_goal, sums.abandoned, sums.short_abandoned),
        *(answered, round(sums.longest_wait_seconds, 6)),
    )


RECOUNT = """
SELECT
    CAST((json_extract(body, '$.queued_at') + :offset) / 1800 AS INTEGER) * 1800 - :offset,
    COUNT(*),
    SUM(json_extract(body, '$.outcome') = 'answered'),
    SUM(json_extract(body, '$.within_goal')),
    SUM(json_extract(body, '$.outcome') = 'abandoned_in_queue'),
    SUM(json_extract(body, '$.short')),
    SUM(CASE WHEN json_extract(body, '$.outcome') = 'answered'
        THEN json_extract(body, '$.waited_seconds') ELSE 0 END),
    MAX(json_extract(body, '$.waited_seconds'))
FROM journal
WHERE name = 'Dequeued' AND json_extract(body, '$.queued_at') >= :first
    AND json_extract(body, '$.queued_at') < :end
GROUP BY 1
"""
"""A recount that knows nothing of our code: plain SQL on the facts that the floor has written."""


def recount(path, scope):
    """Count the day's half hours again; no change of the clocks moves them against the hour."""
    begin, end = (at.timestamp() for at in scope.bounds)
    offset = int(scope.bounds[0].astimezone(scope.zone).utcoffset().total_seconds())
    values = {"first": begin, "end": end, "offset": offset}
    with sqlite3.connect(path) as journal:
        rows = journal.execute(RECOUNT, values).fetchall()
    return {
        row[0]: (
            row[1],
            row[2],
            row[3] or 0,
            row[4],
            row[5] or 0,
            round(row[6], 6),
            round(row[7], 6),
        )
        for row in rows
    }


STATES = """
SELECT agent, state, reason, SUM(until - at)
FROM (
    SELECT
        json_extract(body, '$.agent') AS agent,
        json_extract(body, '$.state') AS state,
        CASE WHEN json_extract(body, '$.state') = 'away'
            THEN coalesce(json_extract(body, '$.reason'), '') ELSE '' END AS reason,
        at,
        LEAD(at) OVER (PARTITION BY json_extract(body, '$.agent') ORDER BY seq) AS until
    FROM journal WHERE name = 'AgentChanged'
)
WHERE state <> 'signed_out' AND until IS NOT NULL
GROUP BY 1, 2, 3
"""
WORK = """
SELECT json_extract(body, '$.agent'), SUM(json_extract(body, '$.talk_seconds')),
    SUM(json_extract(body, '$.hold_seconds'))
FROM journal WHERE name = 'TalkEnded' AND json_extract(body, '$.ended_by') <> 'consult'
GROUP BY 1
"""
MISSES = """
SELECT json_extract(body, '$.agent'), COUNT(*) FROM journal
WHERE name = 'RingEnded' AND json_extract(body, '$.outcome') = 'missed' GROUP BY 1
"""


def test_report_of_agents_equals_a_recount_of_the_journal(data):
    """Signed in, ready, away by reason, talk, hold and missed, to the millisecond."""
    start_at = datetime(2026, 11, 23, 7, tzinfo=UTC)
    day = lived.live(data, zone="Europe/Budapest", seed=11, start_at=start_at)
    scope = queries.scope_of_agents(person=scenes.person("mara"), day_from=date(2026, 11, 23))
    agents = queries.of_agents(scope, now=day.ends_at)
    with sqlite3.connect(day.path) as journal:
        states = journal.execute(STATES).fetchall()
        work = journal.execute(WORK).fetchall()
        misses = dict(journal.execute(MISSES).fetchall())
    assert {agent for agent, *_ in states} == agents.keys()
    for agent, sums in agents.items():
        told = {(state, reason): s for who, state, reason, s in states if who == agent}
        mine = {(state, ""): s for state, s in sums.states.items() if state != "away"}
        mine |= {("away", reason): seconds for reason, seconds in sums.away.items()}
        assert {key: round(s, 3) for key, s in mine.items()} == {
            key: round(s, 3) for key, s in told.items()
        }
        assert sums.missed == misses.get(agent, 0)
    assert sum(misses.values()) > 2
    served = {agent: (round(talk, 3), round(hold, 3)) for agent, talk, hold in work if talk}
    found = {
        agent: (round(sums.talk_seconds, 3), round(sums.hold_seconds, 3))
        for agent, sums in agents.items()
        if sums.talk_seconds
    }
    assert found == served


def test_intervals_add_up_to_the_day_and_queues_to_the_center(data):
    """F36.1: transfers are counted once, by the queue in which the customer waited first."""
    start_at = datetime(2026, 11, 23, 7, tzinfo=UTC)
    lived.live(data, zone="Europe/Budapest", seed=12, start_at=start_at)
    scope = queries.scope(person=scenes.person("mara"), day_from=date(2026, 11, 23))
    report = queries.report(scope)
    for parts in (report.intervals, report.queues, report.clients):
        for name in ("offered", "contacts", "answered", "abandoned", "handled"):
            assert sum(getattr(sums, name) for sums in parts.values()) == getattr(
                report.total, name
            )
    assert report.total.contacts < report.total.offered  # Somebody was transferred.
    week = queries.scope(
        person=scenes.person("mara"),
        day_from=date(2026, 11, 20),
        day_to=date(2026, 11, 20) + timedelta(days=14),
    )
    (only,) = queries.report(week, step="week", first_weekday=5).intervals.items()
    assert only == (date(2026, 11, 21), report.total)  # A Persian week begins on Saturday.
