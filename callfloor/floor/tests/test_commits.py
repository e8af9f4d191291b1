"""Group commit: in order, after the disk, and patient with a disk that refuses."""

import asyncio
import threading

import pytest

from callfloor.floor import commits
from callfloor.floor.commits import GroupCommits, InlineCommits
from callfloor.floor.journal import Journal
from callfloor.floor.tests.test_journal import row
from callfloor.floor.tests.turns import LONG_SECONDS

pytestmark = pytest.mark.wire


@pytest.fixture
def file(tmp_path):
    """Open a new journal."""
    opened = Journal(tmp_path / "journal.db")
    yield opened
    opened.close()


async def committed(group, rows):
    """Append rows and wait until they are on the disk."""
    done = asyncio.Event()
    group.append(rows, [], done.set)
    await asyncio.wait_for(done.wait(), LONG_SECONDS)


def count(file):
    """Count the rows."""
    return file.read("SELECT count(*) FROM journal")[0][0]


class TestGroupCommits:
    async def test_calls_back_in_order_and_only_after_the_commit(self, file):
        group = GroupCommits(file, alarm=lambda *_: None)
        seen = []
        for seq in range(1, 30):
            group.append([row(seq)], [], lambda seq=seq: seen.append((seq, count(file) >= seq)))
            if seq % 7 == 0:
                await asyncio.sleep(0)
        await group.close()
        assert seen == [(seq, True) for seq in range(1, 30)]

    async def test_what_comes_in_one_turn_shares_a_commit(self, file):
        group = GroupCommits(file, alarm=lambda *_: None)
        batches = []
        write = file.write
        file.write = lambda rows, changes: (batches.append(len(rows)), write(rows, changes))
        for seq in range(1, 11):
            group.append([row(seq)], [], lambda: None)
        await group.close()
        assert [size for size in batches if size] == [10]

    async def test_a_full_disk_is_told_and_tried_again(self, file, monkeypatch):
        monkeypatch.setattr(commits, "RETRY_SECONDS", 0.01)
        alarms = []
        full = asyncio.Event()
        group = GroupCommits(file, alarm=lambda *alarm: (alarms.append(alarm), full.set()))
        await committed(group, [row(1)])
        pages = file.read("PRAGMA page_count")[0][0]
        file.read(f"PRAGMA max_page_count={pages}")
        done = asyncio.Event()
        group.append([row(2, body="x" * 20_000)], [], done.set)
        await asyncio.wait_for(full.wait(), LONG_SECONDS)
        assert not done.is_set()
        assert alarms == [("journal_refused", "database or disk is full")]
        file.read("PRAGMA max_page_count=100000")
        await asyncio.wait_for(done.wait(), LONG_SECONDS)
        assert count(file) == 2
        await group.close()

    async def test_a_disk_that_hangs_is_stuck(self, file, monkeypatch):
        monkeypatch.setattr(commits, "STUCK_SECONDS", 0.0)
        hanging, go = threading.Event(), threading.Event()
        write = file.write
        file.write = lambda rows, changes: (hanging.set(), go.wait(10), write(rows, changes))
        group = GroupCommits(file, alarm=lambda *_: None)
        assert group.is_stuck() is False
        done = asyncio.Event()
        group.append([row(1)], [], done.set)
        await asyncio.to_thread(hanging.wait, 10)
        assert group.is_stuck() is True
        go.set()
        await asyncio.wait_for(done.wait(), LONG_SECONDS)
        assert group.is_stuck() is False
        monkeypatch.undo()
        await group.close()


def test_inline_commits_are_on_the_disk_when_they_return(file):
    seen = []
    InlineCommits(file).append([row(1)], [], lambda: seen.append(count(file)))
    assert seen == [1]
