"""
Following the floor's journals: the live one, and the simulated history beside it.

Each round is short: a few batches whose write transactions stay under 20 ms, because the pages
write into the same file. Refuses: to decide anything about a fact.
"""

import logging
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import InterfaceError, OperationalError

from callfloor.kernel.journal import FactRow, Journal, RecordingRow
from callfloor.records.interactions.services import Overtaken, Recorder, recordings
from callfloor.wire import fail

log = logging.getLogger(__name__)

WRITE_SECONDS_MAX = 0.020  # DESIGN 10: what a page may have to wait for.
BATCH_FIRST = 100  # Facts; adapted to the machine from there.
BATCH_MIN = 40  # Five calls; smaller ones cost more than they spare on a machine that is busy.
BATCH_MAX = 2_000
ROUND_SECONDS = 0.25  # After this the worker sees to its other work.
LATE_SECONDS = 30.0  # Far more than a recorder needs for the end of a file.
UNREADABLE = (sqlite3.OperationalError, sqlite3.DatabaseError)
Absent = (OperationalError, InterfaceError, sqlite3.OperationalError)
"""The database is locked, full or away: wait and try the same again."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """A journal to follow."""

    name: str
    path: Path
    simulated: bool


def sources(data: Path) -> list[Source]:
    """Name the journals of a centre; the live one comes first."""
    return [
        Source(name="journal", path=data / "journal.db", simulated=False),
        Source(name="history", path=data / "history.db", simulated=True),
    ]


class Follower:
    """Follows one journal, which need not exist yet."""

    def __init__(self, source: Source, *, tick: Callable[[], float]) -> None:
        self._source = source
        self._tick = tick
        self._journal: Journal | None = None
        self._recorder = Recorder(
            source=source.name, simulated=source.simulated, seals=self._seals, tick=tick
        )
        self._batch = BATCH_FIRST
        self._late_since: dict[str, float] = {}
        """Interactions that looked long over without the end of their recording, by our ticks."""
        self.seq = 0
        """The last fact that was projected by this process."""
        self.parked = 0
        """Facts that could not be written and were left out."""

    def follow(self, *, now: datetime) -> bool:
        """Project what is new, for at most a round; say whether there is more."""
        journal = self._open()
        if journal is None:
            return False
        ends_at = self._tick() + ROUND_SECONDS
        while self._tick() < ends_at:
            limit = self._batch
            rows = journal.facts(after=self.seq, limit=limit)
            if rows:
                self._record(rows, now=now)
            if len(rows) < limit:  # What comes next is gathered first: few batches cost less.
                return False
        return True

    def follow_recordings(self, *, now: datetime) -> int:
        """Take over recordings that have ended; give how many interactions wait for one."""
        if self._open() is None:
            return 0
        before, self._late_since = self._late_since, {}

        def is_late(item: str) -> bool:
            since = self._late_since[item] = before.get(item, self._tick())
            return self._tick() - since >= LATE_SECONDS

        return recordings.follow(
            simulated=self._source.simulated, read=self._recordings, now=now, is_late=is_late
        )

    def behind(self) -> int:
        """Tell how many rows of the journal are still to be looked at."""
        journal = self._open()
        return max(0, journal.last_seq() - self.seq) if journal else 0

    def client_of(self, item: str) -> str | None:
        """Give the client of an item that has arrived, projected or not."""
        journal = self._open()
        return journal.client_of(item=item) if journal else None

    def sealed_items(self, *, after: str, limit: int) -> list[str]:
        """Give items whose keys the floor still keeps."""
        journal = self._open()
        return journal.sealed_items(after=after, limit=limit) if journal else []

    def close(self) -> None:
        """Close the file; the next call opens it again."""
        if self._journal is not None:
            self._journal.close()
            self._journal = None

    def _open(self) -> Journal | None:
        if self._journal is None and self._source.path.exists():
            journal = Journal(self._source.path)
            try:
                journal.last_seq()
            except UNREADABLE:  # The floor is just making it.
                journal.close()
                return None
            self._journal = journal
            self.seq = self._recorder.position()
        return self._journal

    def _seals(self, items: list[str]) -> Mapping[str, bytes]:
        return self._journal.seals(items=items) if self._journal and items else {}

    def _recordings(self, items: list[str]) -> list[RecordingRow]:
        return self._journal.recordings(items=items) if self._journal and items else []

    def _record(self, rows: Sequence[FactRow], *, now: datetime) -> None:
        try:
            fail.point("worker.before_batch")
            result = self._recorder.record(rows, now=now)
            fail.point("worker.after_batch")
        except Absent:
            raise
        except Overtaken:
            log.error("projection.overtaken", extra={"source": self._source.name})
            self.seq = self._recorder.position()
            return
        except Exception:
            if len(rows) > 1:  # Find the one that is at fault; the others are good.
                for row in rows:
                    self._record([row], now=now)
                return
            log.exception("projection.failed", extra={"seq": rows[0].seq})
            self._recorder.park(rows[0])
            self.parked += 1
            self.seq = rows[0].seq
            return
        self.seq = rows[-1].seq
        self._adapt(result.write_seconds, facts=result.facts)

    def _adapt(self, write_seconds: float, *, facts: int) -> None:
        """Bring the next batch nearer to the limit; shrink at once, grow only when full."""
        if write_seconds > WRITE_SECONDS_MAX:
            self._batch = max(BATCH_MIN, self._batch // 2)
        elif write_seconds < WRITE_SECONDS_MAX / 2 and facts >= self._batch:
            self._batch = min(BATCH_MAX, self._batch * 5 // 4)
