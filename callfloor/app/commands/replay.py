"""
`callfloor replay DATA`: decide a past day again, from its journal, and compare every fact.

Within one version of the code all must be equal; across versions the differences are the answer.
Reads the journal while the floor writes it. Refuses: to change anything.
"""

from __future__ import annotations

import argparse
import datetime
import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from callfloor.app.commands import DONE, REFUSED, WRONG_USE, Commands

if TYPE_CHECKING:
    from callfloor.twin.replay import Difference

JOURNAL = "journal.db"
EPOCHS_MAX = 1_000  # A floor that started more often in a day has another problem.

EPILOG = """\
exit status: 0 if every fact is the same, 1 if one differs, 2 if there is nothing to replay"""


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the parser."""
    parser = commands.add_parser(
        "replay",
        help="decide a past day again, and compare",
        description="Put what happened on a past day through the exchange again and compare every "
        "fact with what was decided then. An epoch (from one start of the floor to the next) is "
        "replayed from its begin, and what the day has of it is compared.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("data", type=Path, help="folder of the data")
    parser.add_argument(
        "--day", type=_day, metavar="DATE", help="the local day, as 2026-11-22 (default the last)"
    )
    parser.add_argument("--json", action="store_true", help="one document for programs, on stdout")


@dataclass(frozen=True, slots=True, kw_only=True)
class Epoch:
    """What came of replaying one epoch."""

    epoch: int
    code_version: str
    facts: int
    """Facts of the day that were compared."""
    differences: list[Difference]


def run(options: argparse.Namespace) -> int:
    """Replay, and tell what differs."""
    path = options.data / JOURNAL
    if not path.is_file():
        print(f"callfloor: {options.data} has no journal", file=sys.stderr)
        return WRONG_USE
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as journal:
            found = replayed(journal, day=options.day)
    except sqlite3.Error as error:
        print(f"callfloor: {path} cannot be read: {error}", file=sys.stderr)
        return WRONG_USE
    if found is None or not any(epoch.facts for epoch in found[1]):
        print(f"callfloor: nothing was decided on {options.day or 'any day'}", file=sys.stderr)
        return WRONG_USE
    day, epochs = found
    print(_document(day, epochs) if options.json else _words(day, epochs))
    return REFUSED if any(epoch.differences for epoch in epochs) else DONE


def replayed(
    journal: sqlite3.Connection, *, day: datetime.date | None
) -> tuple[datetime.date, list[Epoch]] | None:
    """Replay all epochs of a day, or of the last one; None if the journal is empty."""
    last = journal.execute("SELECT at FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    if last is None:
        return None
    zone = _zone(journal)
    wanted = day or datetime.datetime.fromtimestamp(last[0], zone).date()
    begin, end = (
        datetime.datetime.combine(each, datetime.time(), zone).timestamp()
        for each in (wanted, wanted + datetime.timedelta(days=1))
    )
    epochs = journal.execute(
        "SELECT DISTINCT epoch FROM journal WHERE at >= ? AND at < ? ORDER BY epoch LIMIT ?",
        (begin, end, EPOCHS_MAX),
    ).fetchall()
    return wanted, [_epoch(journal, epoch, begin=begin, end=end) for (epoch,) in epochs]


def _zone(journal: sqlite3.Connection) -> datetime.tzinfo:
    """Give the zone of the centre's last plan."""
    from zoneinfo import ZoneInfo

    (body,) = journal.execute(
        "SELECT body FROM journal WHERE name = 'FloorStarted' ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    return ZoneInfo(json.loads(body)["plan"]["timezone"])


def _epoch(journal: sqlite3.Connection, epoch: int, *, begin: float, end: float) -> Epoch:
    from callfloor.core import errors
    from callfloor.twin import replay

    inputs = list(_rows(journal, epoch, "input", end))
    stored = list(_rows(journal, epoch, "fact", end))
    before = sum(at < begin for _, at, _ in stored)
    version = str(json.loads(inputs[0][2])["code_version"]) if inputs else ""
    try:
        found = replay.differences_of_text(inputs=inputs, stored=stored)
    except errors.UnknownRecord as error:
        first = stored[0] if stored else (0, 0.0, "")
        found = [replay.Difference(place=0, seq=first[0], stored=str(error), replayed=None)]
    return Epoch(epoch=epoch, code_version=version, facts=len(stored) - before, differences=found)


def _rows(
    journal: sqlite3.Connection, epoch: int, kind: str, end: float
) -> Iterator[tuple[int, float, str]]:
    yield from journal.execute(
        "SELECT seq, at, body FROM journal WHERE epoch = ? AND kind = ? AND at < ? ORDER BY seq",
        (epoch, kind, end),
    )


def _document(day: datetime.date, epochs: list[Epoch]) -> str:
    return json.dumps(
        {
            "day": str(day),
            "facts": sum(epoch.facts for epoch in epochs),
            "equal": not any(epoch.differences for epoch in epochs),
            "epochs": [
                {
                    "epoch": epoch.epoch,
                    "code_version": epoch.code_version,
                    "facts": epoch.facts,
                    "differences": [_plain(each) for each in epoch.differences],
                }
                for epoch in epochs
            ],
        },
        ensure_ascii=False,
        indent=1,
    )


def _plain(difference: Difference) -> dict[str, Any]:
    names = ("place", "seq", "stored", "replayed")
    return {name: getattr(difference, name) for name in names}


def _words(day: datetime.date, epochs: list[Epoch]) -> str:
    from callfloor import __version__

    lines = []
    for epoch in epochs:
        written = f", written by version {epoch.code_version}" if epoch.code_version else ""
        lines.append(f"epoch {epoch.epoch}: {epoch.facts} facts{written}")
        for each in epoch.differences:
            lines += [
                f"  row {each.seq}, fact {each.place} of the epoch:",
                f"    then {each.stored}",
                f"    now  {each.replayed}",
            ]
    facts = sum(epoch.facts for epoch in epochs)
    if any(epoch.differences for epoch in epochs):
        lines.append(f"{day}: not the same as version {__version__} decides")
    else:
        lines.append(f"{day}: all {facts} facts are the same")
    return "\n".join(lines)


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is no day; give it as 2026-11-22") from error
