"""
The journal's file: what happened and what was decided, in one transaction, before anything leaves.

This module writes and knows the tables (docs/reference/link.md); `commits` brings it off the loop
and `past` reads it back at a start. The floor is its only writer. `synchronous=FULL` makes each
commit reach the disk; checkpoints are left to the caller, who knows when the floor is quiet.

Refuses: to interpret a body, to change or delete a row of `journal`.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from callfloor.wire import fail

SCHEMA = """
CREATE TABLE IF NOT EXISTS journal (
    seq INTEGER PRIMARY KEY, at REAL NOT NULL, epoch INTEGER NOT NULL, kind TEXT NOT NULL,
    name TEXT NOT NULL, item TEXT, client TEXT, body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS journal_item ON journal (item) WHERE item IS NOT NULL;
CREATE INDEX IF NOT EXISTS journal_lines ON journal (at) WHERE name = 'LineEnded';
CREATE TABLE IF NOT EXISTS seals (item TEXT PRIMARY KEY, wrapped BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS open_items (item TEXT PRIMARY KEY, seq INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS seats (agent TEXT PRIMARY KEY, seq INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS emergencies (key TEXT PRIMARY KEY, seq INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS recordings (
    recording TEXT PRIMARY KEY, item TEXT NOT NULL, path TEXT NOT NULL, started_at REAL NOT NULL,
    ended_at REAL, seconds REAL, partial INTEGER
);
CREATE TABLE IF NOT EXISTS boards (
    only INTEGER PRIMARY KEY CHECK (only = 1), seq INTEGER NOT NULL, at REAL NOT NULL,
    body TEXT NOT NULL
);
"""

ROWS_PER_STATEMENT = 100
"""
How many rows one statement carries. The interpreter is asked for again after each statement, and
beside a busy loop each asking can take a switch interval: few long statements beat many short.
"""
WAIT_SECONDS = 5.0  # Readers hold the file for milliseconds; longer means a stray process.
PAGE_CACHE_KIB = 8_192  # The tail and its index; the rest is never read while running.

KEYED = {
    "open_items": "item",
    "seats": "agent",
    "seals": "item",
    "boards": "only",
    "emergencies": "key",
}
"""Tables beside the journal that hold one row per key, and the name of the key."""

Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to be true of a table beside the journal."""

    into: str
    """A table of KEYED, or a whole statement for any other."""
    key: Any = None
    """The row's key; unused by a statement."""
    values: Values | None = None
    """The whole row, None to delete it; or the statement's values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the journal."""

    seq: int
    at: float
    """The floor's instant, UTC seconds."""
    epoch: int
    kind: str
    """input or fact."""
    name: str
    """The class name."""
    body: str
    """core.codec JSON."""
    item: str | None = None
    client: str | None = None

    def values(self) -> Values:
        """Give the columns in the order of the table."""
        return (
            self.seq, self.at, self.epoch, self.kind, self.name, self.item, self.client, self.body
        )  # fmt: skip


class Journal:
    """The open file. Any thread may use it, but only one at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, timeout=WAIT_SECONDS
        )
        self._prepare()

    def write(self, rows: Sequence[Row], changes: Sequence[Change]) -> None:
        """
        Commit rows and changes together; when this returns they are on the disk.

        Raises sqlite3.Error if nothing was written; the same call may then be tried again.
        """
        run = self._connection.execute
        run("BEGIN IMMEDIATE")
        try:
            self._insert("journal", [row.values() for row in rows])
            self._change(changes)
            fail.point("journal.in_transaction")
            run("COMMIT")
        except BaseException:  # Whatever it was: the next call must find no half transaction.
            if self._connection.in_transaction:
                run("ROLLBACK")
            raise

    def read(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """Give every row of a query."""
        return self._connection.execute(query, values).fetchall()

    def checkpoint(self) -> None:
        """Move the write-ahead log into the file as far as no reader is in the way."""
        fail.point("journal.before_checkpoint")
        self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        fail.point("journal.after_checkpoint")

    def log_bytes(self) -> int:
        """Give the size of the write-ahead log."""
        log = Path(f"{self.path}-wal")
        return log.stat().st_size if log.exists() else 0

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _change(self, changes: Sequence[Change]) -> None:
        # The last word about each key counts, so that one statement per table is enough.
        last: dict[str, dict[Any, Values | None]] = {table: {} for table in KEYED}
        for change in changes:
            if change.into in KEYED:
                last[change.into][change.key] = change.values
            else:
                self._connection.execute(change.into, change.values or ())
        for table, rows in last.items():
            if rows:
                self._delete(table, list(rows))
                self._insert(table, [values for values in rows.values() if values is not None])

    def _insert(self, table: str, rows: Sequence[Values]) -> None:
        for part in _parts(rows):
            places = f"({', '.join('?' * len(part[0]))})"
            statement = f"INSERT INTO {table} VALUES {', '.join([places] * len(part))}"
            self._connection.execute(statement, [value for row in part for value in row])

    def _delete(self, table: str, keys: Sequence[Any]) -> None:
        for part in _parts(keys):
            places = ", ".join("?" * len(part))
            self._connection.execute(
                f"DELETE FROM {table} WHERE {KEYED[table]} IN ({places})", part
            )

    def _prepare(self) -> None:
        self._connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
            f"PRAGMA cache_size=-{PAGE_CACHE_KIB}; {SCHEMA}"
        )
        self.path.chmod(0o600)


def _parts(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), ROWS_PER_STATEMENT):
        yield rows[start : start + ROWS_PER_STATEMENT]


def item_opened(item: str, seq: int) -> Change:
    """Note that an item is open since this row."""
    return Change(into="open_items", key=item, values=(item, seq))


def item_closed(item: str) -> Change:
    """Note that an item has its final state."""
    return Change(into="open_items", key=item)


def seat_taken(agent: str, seq: int) -> Change:
    """Note in which row the state of a signed-in agent stands."""
    return Change(into="seats", key=agent, values=(agent, seq))


def seat_left(agent: str) -> Change:
    """Note that an agent is signed out."""
    return Change(into="seats", key=agent)


def emergency_on(key: str, seq: int) -> Change:
    """Note in which row it stands that an emergency is on."""
    return Change(into="emergencies", key=key, values=(key, seq))


def emergency_off(key: str) -> Change:
    """Note that an emergency is off."""
    return Change(into="emergencies", key=key)


def sealed(item: str, wrapped: bytes) -> Change:
    """Keep the wrapped key of an item."""
    return Change(into="seals", key=item, values=(item, wrapped))


def forgotten(items: Sequence[str]) -> list[Change]:
    """Delete the keys of items whose subject has them now."""
    return [Change(into="seals", key=item) for item in items]


def board_kept(*, seq: int, at: float, body: str) -> Change:
    """Keep the board as it was after a row, so that a start need not read the whole day."""
    return Change(into="boards", key=1, values=(1, seq, at, body))


def recording_started(*, recording: str, item: str, path: str, at: float) -> Change:
    """Note a recording before media is told to begin it, so that none is an orphan."""
    return Change(
        into="INSERT INTO recordings (recording, item, path, started_at) VALUES (?, ?, ?, ?)",
        values=(recording, item, path, at),
    )


def recording_ended(*, recording: str, at: float, seconds: float | None, partial: bool) -> Change:
    """Note how a recording ended; the first word counts, a later one completes what it left out."""
    return Change(
        into="UPDATE recordings SET ended_at = coalesce(ended_at, ?), "
        "seconds = coalesce(?, seconds), partial = ? WHERE recording = ?",
        values=(at, seconds, int(partial), recording),
    )


def recordings_abandoned(*, before: float, at: float) -> Change:
    """Note that whoever wrote the recordings of an earlier epoch will not close them any more."""
    return Change(
        into="UPDATE recordings SET ended_at = ?, partial = 1 "
        "WHERE ended_at IS NULL AND started_at < ?",
        values=(at, before),
    )
