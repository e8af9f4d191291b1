"""The journal's file: all or nothing, and what stands beside it."""

import sqlite3

import pytest

from callfloor.floor import journal
from callfloor.floor.journal import Journal, Row

pytestmark = pytest.mark.wire


@pytest.fixture
def file(tmp_path):
    """Open a new journal."""
    opened = Journal(tmp_path / "journal.db")
    yield opened
    opened.close()


def row(seq, **fields):
    """Build a row."""
    given = {"at": 1.5, "epoch": 1, "kind": "fact", "name": "X", "body": "{}", **fields}
    return Row(seq=seq, **given)


def test_each_commit_reaches_the_disk(file):
    assert file.read("PRAGMA synchronous") == [(2,)]
    assert file.read("PRAGMA journal_mode") == [("wal",)]


def test_rows_and_changes_are_written_together_or_not_at_all(file):
    file.write([row(1)], [])
    with pytest.raises(sqlite3.IntegrityError):
        file.write([row(2), row(1)], [journal.item_opened("i", 2)])
    assert file.read("SELECT seq FROM journal") == [(1,)]
    assert file.read("SELECT * FROM open_items") == []
    file.write([row(2)], [journal.item_opened("i", 2)])
    assert file.read("SELECT * FROM open_items") == [("i", 2)]


def test_many_rows_keep_their_order_and_their_bits(file):
    rows = [row(seq, at=seq + 0.1, body=f'{{"n":{seq}}}') for seq in range(1, 251)]
    file.write(rows, [])
    stored = file.read("SELECT seq, at, body FROM journal ORDER BY seq")
    assert stored == [(each.seq, each.at, each.body) for each in rows]


def test_the_last_word_about_a_key_counts(file):
    file.write(
        [],
        [
            journal.item_opened("short", 1),
            journal.seat_taken("anna", 2),
            journal.item_closed("short"),
            journal.seat_left("anna"),
            journal.seat_taken("anna", 5),
            journal.item_opened("long", 4),
        ],
    )
    assert file.read("SELECT * FROM open_items") == [("long", 4)]
    assert file.read("SELECT * FROM seats") == [("anna", 5)]


def test_a_seal_is_forgotten_by_its_item(file):
    file.write([], [journal.sealed("a", b"1"), journal.sealed("b", b"2")])
    file.write([], journal.forgotten(["a", "unknown"]))
    assert file.read("SELECT item, wrapped FROM seals") == [("b", b"2")]


def test_a_recording_is_completed_by_whoever_knows_more(file):
    started = journal.recording_started(recording="r", item="i", path="p", at=1.0)
    file.write([], [started])
    file.write([], [journal.recordings_abandoned(before=0.5, at=2.0)])
    assert file.read("SELECT ended_at, partial FROM recordings") == [(None, None)]
    file.write([], [journal.recordings_abandoned(before=1.5, at=2.0)])
    assert file.read("SELECT ended_at, seconds, partial FROM recordings") == [(2.0, None, 1)]
    file.write([], [journal.recording_ended(recording="r", at=3.0, seconds=9.5, partial=False)])
    assert file.read("SELECT ended_at, seconds, partial FROM recordings") == [(2.0, 9.5, 0)]


def test_one_board_is_kept(file):
    file.write([], [journal.board_kept(seq=1, at=1.0, body="{}")])
    file.write([], [journal.board_kept(seq=2, at=2.0, body="[]")])
    assert file.read("SELECT seq, body FROM boards") == [(2, "[]")]


def test_the_file_is_its_owners_alone(file):
    assert file.path.stat().st_mode & 0o777 == 0o600


def test_a_checkpoint_empties_the_log_into_the_file(file):
    file.write([row(seq) for seq in range(1, 500)], [])
    assert file.log_bytes() > 0
    file.checkpoint()
    copy = sqlite3.connect(f"file:{file.path}?mode=ro&immutable=1", uri=True)  # Without its log.
    assert copy.execute("SELECT count(*) FROM journal").fetchone() == (499,)
    copy.close()
