"""`callfloor replay`: a floor's journal gives every fact again, and a changed one is found."""

import json
import sqlite3
from contextlib import closing

import pytest

from callfloor.app import cli
from tests.twin.test_floor_equals_twin import scripted

pytestmark = pytest.mark.twin


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """Let a real floor record a day: calls over SIP, keys, holds, questions, lost lines."""
    folder = tmp_path_factory.mktemp("floor")
    scripted(11, folder)
    return folder


@pytest.fixture
def data(recorded, tmp_path):
    """Give a copy of the journal that a test may change."""
    with (
        closing(sqlite3.connect(recorded / "journal.db")) as source,
        closing(sqlite3.connect(tmp_path / "journal.db")) as copy,
    ):
        source.backup(copy)
    return tmp_path


def change(data, statement, *values):
    """Change the journal behind everybody's back."""
    with closing(sqlite3.connect(data / "journal.db")) as journal:
        count = journal.execute(statement, values).rowcount
        journal.commit()
    return count


def test_all_facts_of_a_floors_day_are_the_same(data, capsys):
    assert cli.main(["replay", str(data), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["equal"]
    assert found["facts"] > 500
    assert [epoch["differences"] for epoch in found["epochs"]] == [[]]


def test_a_fact_that_was_changed_is_named(data, capsys):
    changed = change(
        data,
        'UPDATE journal SET body = replace(body, \'"agent":"anna"\', \'"agent":"bela"\')'
        " WHERE seq = (SELECT min(seq) FROM journal WHERE name = 'Ringing'"
        ' AND body LIKE \'%"agent":"anna"%\')',
    )
    assert changed == 1
    assert cli.main(["replay", str(data)]) == 1
    out = capsys.readouterr().out
    assert out.count("then ") == 1
    assert "not the same" in out


def test_rows_of_another_version_are_differences_and_no_crash(data, capsys):
    """A fact that this code does not know differs; an input that it does not know ends it."""
    change(data, "UPDATE journal SET body = '{\"is\":\"Hummed\"}' WHERE name = 'Bridged'")
    assert cli.main(["replay", str(data)]) == 1
    assert "Hummed" in capsys.readouterr().out
    change(data, "UPDATE journal SET body = '{\"is\":\"Sung\"}' WHERE name = 'OfferAnswered'")
    assert cli.main(["replay", str(data)]) == 1
    assert "no record is called 'Sung'" in capsys.readouterr().out


def test_nothing_to_replay_is_a_wrong_use(data, tmp_path_factory, capsys):
    """A day on which nothing happened, and a folder without a journal."""
    assert cli.main(["replay", str(data), "--day", "2001-01-01"]) == 2
    assert cli.main(["replay", str(tmp_path_factory.mktemp("empty"))]) == 2
    assert capsys.readouterr().out == ""
