"""The demo's day of history is whole, lies in the past, and is the same for the same seed."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from callfloor.app.demo import history
from callfloor.blueprint.check import check
from callfloor.blueprint.compile import compile_plan
from callfloor.blueprint.schema import Blueprint
from callfloor.core import codec, facts
from callfloor.floor.journal import Row

pytestmark = pytest.mark.twin

NOW = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)  # A Wednesday.
BLUEPRINT = Path(__file__).parents[3] / "blueprints" / "demo.yaml"


@pytest.fixture(scope="module")
def blueprint() -> Blueprint:
    """Give the demo's blueprint."""
    found = check(BLUEPRINT.read_text(encoding="utf-8"), file="demo.yaml").blueprint
    assert found is not None
    return found


@pytest.fixture(scope="module")
def rows(blueprint: Blueprint) -> list[Row]:
    """Give the history as it is made on a Wednesday afternoon."""
    return made(blueprint, seed=1)


def made(blueprint: Blueprint, *, seed: int) -> list[Row]:
    floor_plan = compile_plan(blueprint, years=[2026])
    return history.rows_of(floor_plan=floor_plan, blueprint=blueprint, seed=seed, now=NOW)


def test_every_call_has_its_end_before_now(rows: list[Row]):
    """Each call that arrived is closed, and nothing lies in the future."""
    arrived = [str(row.item) for row in rows if row.name == "Arrived"]
    closed = [str(row.item) for row in rows if row.name == "Closed"]
    assert sorted(arrived) == sorted(closed)
    assert len(arrived) > 200
    assert max(row.at for row in rows) <= NOW.timestamp()
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))


def test_chats_and_mails_came_beside_calls_and_only_who_can_write_had_them(rows: list[Row]):
    """Boglárka and Dunstan take what is written; a chat has its end, as every call."""
    bodies = [codec.loads(row.body) for row in rows if row.name in ("Arrived", "Bridged")]
    channel = {fact.item: fact.channel for fact in bodies if isinstance(fact, facts.Arrived)}
    assert {"call", "chat", "mail"} == set(channel.values())
    wrote = {
        fact.agent
        for fact in bodies
        if isinstance(fact, facts.Bridged) and channel[fact.item] != "call"
    }
    assert wrote == {"boglarka", "dunstan"}


def test_both_days_are_there(rows: list[Row]):
    """Yesterday and today have calls, by the centre's own clock."""
    days = {datetime.fromtimestamp(row.at, UTC).date() for row in rows if row.name == "Bridged"}
    assert {day.isoformat() for day in days} == {"2026-11-24", "2026-11-25"}


def test_free_seats_were_empty(rows: list[Row]):
    """No newcomer finds calls that he never took."""
    agents = {codec.loads(row.body).agent for row in rows if row.name == "Bridged"}
    assert agents == {"boglarka", "dunstan", "ilka", "orrin", "tamsin", "zsombor"}


def test_dispositions_are_those_of_the_queue(rows: list[Row], blueprint: Blueprint):
    """An agent gives what his queue offers, or none if the wrap-up ran out."""
    finished = [codec.loads(row.body) for row in rows if row.name == "Finished"]
    given = [fact for fact in finished if fact.disposition is not None]
    assert len(given) > len(finished) / 2
    for fact in given:
        assert fact.disposition in blueprint.queues[fact.queue].dispositions


def test_only_facts_are_kept(rows: list[Row]):
    """History is what was decided; there is nothing to replay."""
    assert {row.kind for row in rows} == {"fact"}
    assert all(isinstance(codec.loads(row.body), facts.Fact) for row in rows[:200])


def test_same_seed_makes_the_same_day(rows: list[Row], blueprint: Blueprint):
    """The seed alone decides; another one makes another day."""
    assert made(blueprint, seed=1) == rows
    assert made(blueprint, seed=2) != rows


def test_file_is_a_journal(tmp_path: Path, blueprint: Blueprint):
    """The worker finds the journal's table in one file without a log beside it."""
    path = tmp_path / "history.db"
    floor_plan = compile_plan(blueprint, years=[2026])
    calls = history.write(path, floor_plan=floor_plan, blueprint=blueprint, seed=1, now=NOW)
    assert [each.name for each in tmp_path.iterdir()] == ["history.db"]
    connection = sqlite3.connect(path)
    query = "SELECT count(*) FROM journal WHERE name = 'Arrived'"
    assert connection.execute(query).fetchone() == (calls,)
    connection.close()
