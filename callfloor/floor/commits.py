"""
Group commit: one thread writes, whatever came meanwhile goes into the next transaction.

The loop hands over rows and is called back, in order, once they are on the disk. While one
transaction is being written the next one fills, so that a busy floor commits more at once and not
more often. If the disk refuses (full, read-only), the same rows are tried again until it takes
them: calls stay up, nothing new leaves the process, and `is_stuck` lets the telephone refuse new
calls.

Refuses: to drop a row, to call back before the commit.
"""

import asyncio
import contextlib
import logging
import os
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from callfloor.floor.journal import Change, Journal, Row
from callfloor.wire import fail

RETRY_SECONDS = 1.0  # F3: the floor is back by itself within 30 s after there is space again.
STUCK_SECONDS = 2.0  # A commit takes milliseconds; a caller would wait longer in silence.
LOG_BYTES_QUIET = 4 * 1024 * 1024  # SQLite's own habit: a checkpoint every 1,000 pages of 4 KiB.
LOG_BYTES_MAX = 64 * 1024 * 1024  # Reached only without a quiet second; a checkpoint takes ~0.3 s.
QUIET_SECONDS = 1.0  # No commit for this long means that a checkpoint delays nobody.
BROKEN_STATUS = 70  # sysexits.h: an internal software error.

log = logging.getLogger("callfloor.floor")

Then = Callable[[], None]


class Commits(Protocol):
    """Where the floor puts what must be on the disk before anything follows from it."""

    def append(self, rows: Sequence[Row], changes: Sequence[Change], then: Then) -> None:
        """Write rows and changes together, then call back; in the order of the calls."""

    def is_stuck(self) -> bool:
        """Say whether the disk has not taken anything for a while though it should."""


class InlineCommits:
    """Commits at once, on the caller's thread: for a stepped clock."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def append(self, rows: Sequence[Row], changes: Sequence[Change], then: Then) -> None:
        """Write and call back before returning."""
        self._journal.write(rows, changes)
        then()

    def is_stuck(self) -> bool:
        """Say no: a failing write raises here."""
        return False


@dataclass(slots=True)
class _Batch:
    rows: list[Row] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    thens: list[Then] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.thens)


class GroupCommits:
    """Commits in a thread; `start` and `close` belong to the loop that is called back."""

    def __init__(self, journal: Journal, *, alarm: Callable[[str, str], None]) -> None:
        self._journal = journal
        self._alarm = alarm
        self._loop = asyncio.get_running_loop()
        # on the loop's side
        self._next = _Batch()
        self._in_flight = False
        self._is_scheduled = False
        self._sent_at = 0.0
        self.commit_seconds = 0.0
        # between the two
        self._handed: queue.SimpleQueue[_Batch | None] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._write_all, name="journal", daemon=True)
        self._thread.start()

    def append(self, rows: Sequence[Row], changes: Sequence[Change], then: Then) -> None:
        """Put rows and changes into the next transaction."""
        self._next.rows.extend(rows)
        self._next.changes.extend(changes)
        self._next.thens.append(then)
        if not self._in_flight and not self._is_scheduled:
            # Not at once: whatever else this turn of the loop brings shares the commit.
            self._is_scheduled = True
            self._loop.call_soon(self._hand_over)

    def is_stuck(self) -> bool:
        """Say whether a transaction has been waiting for the disk for seconds."""
        return self._in_flight and time.monotonic() - self._sent_at > STUCK_SECONDS

    async def close(self) -> None:
        """Write what is left and end the thread; gives up on a disk that refuses."""
        written = asyncio.Event()
        self.append((), (), written.set)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(written.wait(), STUCK_SECONDS)
        self._closing.set()
        self._handed.put(None)
        await asyncio.to_thread(self._thread.join)

    # --- on the loop ---

    def _hand_over(self) -> None:
        self._is_scheduled = False
        if not self._next or self._in_flight:
            return
        batch, self._next = self._next, _Batch()
        self._in_flight = True
        self._sent_at = time.monotonic()
        self._handed.put(batch)

    def _written(self, batch: _Batch) -> None:
        self.commit_seconds = time.monotonic() - self._sent_at
        self._in_flight = False
        self._hand_over()  # First: the disk works while the actions are performed.
        for then in batch.thens:
            then()

    # --- in the thread ---

    def _write_all(self) -> None:
        is_closed = False
        try:
            self._write_until_closed()
            is_closed = True
        finally:
            # A floor without its journal would refuse callers for ever and look alive (R6). Ended
            # like this it has said nothing that is not on the disk, and is back within a second.
            if not is_closed:
                log.critical("floor.journal_broken", exc_info=True)
                os._exit(BROKEN_STATUS)

    def _write_until_closed(self) -> None:
        while True:
            try:
                batch = self._handed.get(timeout=QUIET_SECONDS)
            except queue.Empty:
                self._checkpoint(LOG_BYTES_QUIET)
                continue
            if batch is None:
                return
            if self._write(batch):
                self._loop.call_soon_threadsafe(self._written, batch)
                self._checkpoint(LOG_BYTES_MAX)

    def _write(self, batch: _Batch) -> bool:
        told = False
        while not self._closing.is_set():
            fail.point("floor.before_commit")
            try:
                self._journal.write(batch.rows, batch.changes)
            except sqlite3.Error as error:
                if not told:
                    self._loop.call_soon_threadsafe(self._alarm, "journal_refused", str(error))
                    told = True
                self._closing.wait(RETRY_SECONDS)
            else:
                fail.point("floor.after_commit")
                return True
        return False

    def _checkpoint(self, bytes_max: int) -> None:
        if self._journal.log_bytes() < bytes_max:
            return
        try:
            self._journal.checkpoint()
        except sqlite3.Error as error:
            self._loop.call_soon_threadsafe(self._alarm, "journal_checkpoint", str(error))
