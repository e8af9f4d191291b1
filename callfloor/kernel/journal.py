"""
The floor's journal as the records side reads it: facts in order, seals, recordings.

Opened read-only; the floor is its only writer (docs/reference/link.md).
Refuses: to write, and to know what a fact means.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from callfloor.core import codec, errors

WAIT_SECONDS = 2.0  # A reader of a write-ahead log waits only while the log is being reset.
BATCH = 500  # SQLite takes at least 999 variables in one statement.


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRow:
    """A fact with its place in the journal."""

    seq: int
    at: float
    """UTC seconds."""
    fact: Any
    """None if this version of the code does not know it."""
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingRow:
    """What the floor knows of a recording."""

    recording: str
    item: str
    path: str
    started_at: float
    ended_at: float | None
    seconds: float | None
    partial: bool


TAKEN = "('Arrived', 'CallbackArrived')"
"""By which row the journal knows that an item was taken: a fact, and of callbacks the input."""


class Journal:
    """An open journal; to be used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro",
            uri=True,
            timeout=WAIT_SECONDS,
            check_same_thread=False,
            isolation_level=None,
        )

    def facts(self, *, after: int, limit: int) -> list[FactRow]:
        """Give the next facts after a number, in order."""
        rows = self._connection.execute(
            "SELECT seq, at, name, body FROM journal WHERE seq > ? AND kind = 'fact' "
            "ORDER BY seq LIMIT ?",
            (after, limit),
        )
        return [_fact(*row) for row in rows]

    def last_seq(self) -> int:
        """Give the number of the last row, 0 if there is none."""
        return int(self._connection.execute("SELECT max(seq) FROM journal").fetchone()[0] or 0)

    def seals(self, *, items: Iterable[str]) -> dict[str, bytes]:
        """Give the wrapped keys of some items; those that were handed over are missing."""
        query = "SELECT item, wrapped FROM seals WHERE item IN ({})"
        return {item: bytes(wrapped) for item, wrapped in self._in(query, items)}

    def sealed_items(self, *, after: str, limit: int) -> list[str]:
        """Give items whose keys the floor still keeps, by id, which is by time."""
        rows = self._connection.execute(
            "SELECT item FROM seals WHERE item > ? ORDER BY item LIMIT ?", (after, limit)
        )
        return [row[0] for row in rows]

    def recordings(self, *, items: Iterable[str]) -> list[RecordingRow]:
        """Give what the floor knows of the recordings of some items."""
        query = (
            "SELECT recording, item, path, started_at, ended_at, seconds, partial "
            "FROM recordings WHERE item IN ({}) ORDER BY recording"
        )
        return [_recording(row) for row in self._in(query, items)]

    def client_of(self, *, item: str) -> str | None:
        """Give the client of an item, as its Arrived says; None if it has not arrived."""
        row = self._connection.execute(
            "SELECT client FROM journal WHERE item = ? AND kind = 'fact' AND name = 'Arrived'",
            (item,),
        ).fetchone()
        return row[0] if row else None

    def arrived(self, *, items: Iterable[str]) -> set[str]:
        """
        Name those of some items that the floor has taken.

        A callback that joined another was taken too, though no item of its own has begun.
        """
        query = "SELECT item FROM journal WHERE item IN ({}) AND name IN " + TAKEN
        return {row[0] for row in self._in(query, items)}

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _in(self, query: str, values: Iterable[str]) -> Iterator[tuple[Any, ...]]:
        names = list(dict.fromkeys(values))
        for start in range(0, len(names), BATCH):
            part = names[start : start + BATCH]
            marks = ",".join("?" * len(part))
            yield from self._connection.execute(query.format(marks), part)


@contextmanager
def opened(path: Path) -> Iterator[Journal | None]:
    """Open a journal for a moment; None if the floor has never been started."""
    if not path.exists():
        yield None
        return
    journal = Journal(path)
    try:
        yield journal
    finally:
        journal.close()


def _fact(seq: int, at: float, name: str, body: str) -> FactRow:
    try:
        fact = codec.loads(body)
    except errors.UnknownRecord:
        fact = None
    return FactRow(seq=seq, at=at, fact=fact, name=name)


def _recording(row: tuple[Any, ...]) -> RecordingRow:
    recording, item, path, started_at, ended_at, seconds, partial = row
    return RecordingRow(
        recording=recording,
        item=item,
        path=path,
        started_at=started_at,
        ended_at=ended_at,
        seconds=seconds,
        partial=bool(partial),
    )
