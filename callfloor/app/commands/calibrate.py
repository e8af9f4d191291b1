"""
`callfloor calibrate`: the demand of a centre, measured from what its floor has recorded.

Prints each figure with its interval and whether the shape fits, compares them with what a file
assumes, and writes the `demand` section. Reads the journal while the floor writes it. Refuses: to
change the centre.
"""

from __future__ import annotations

import argparse
import datetime
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from callfloor.app.commands import DONE, REFUSED, WRONG_USE, Commands

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from callfloor.blueprint.schema import Blueprint
    from callfloor.core import facts
    from callfloor.twin import calibrate

EPILOG = """\
exit status: 0 done, 1 if the file of --against has an error, 2 if there is nothing to measure"""


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the parser."""
    parser = commands.add_parser(
        "calibrate",
        help="measure the twin's figures from what was recorded",
        description="Fit who calls when, how long work takes and how patient callers are to the "
        "recorded days, and say how well it fits. docs/topics/twin.md tells how to read it.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--data", type=Path, default=Path("data"), help="folder of the data (default data)"
    )
    parser.add_argument(
        "--history",
        action="store_true",
        help="read the demo's made-up yesterday instead of what was recorded",
    )
    parser.add_argument(
        "--against", type=Path, metavar="FILE", help="a blueprint whose assumptions are compared"
    )
    parser.add_argument(
        "--backtest",
        action="store_true",
        help="with --against: simulate each recorded day, and say how often it lay inside",
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="write the `demand` section there"
    )
    parser.add_argument("--seed", default="1", help="of the backtest (default 1)")


def run(options: argparse.Namespace) -> int:
    """Measure, print and write."""
    from callfloor.app import tables
    from callfloor.app.commands import check
    from callfloor.blueprint import measured

    file: Blueprint | None = None
    if options.against is not None:
        checked = check.checked_file(options.against)
        if checked is None:
            return WRONG_USE
        if checked.blueprint is None:
            for finding in checked.findings:
                print(finding, file=sys.stderr)
            return REFUSED
        file = checked.blueprint
    elif options.backtest:
        print("callfloor: --backtest needs --against FILE", file=sys.stderr)
        return WRONG_USE
    path = options.data / ("history.db" if options.history else "journal.db")
    found = _fitted(path, file)
    if found is None:
        print(f"callfloor: {path} has no recorded calls to measure", file=sys.stderr)
        return WRONG_USE
    fitted, rows, zone = found
    print(tables.fitted(fitted))
    if file is not None:
        print(tables.assumptions(measured.compared(file, fitted)))
    if options.backtest and file is not None:
        judged = measured.backtest(file, fitted=fitted, rows=rows, zone=zone, seed=options.seed)
        print(tables.judged(judged))
    if options.output is not None:
        options.output.write_text(measured.text_of(fitted, like=file), encoding="utf-8")
        print(f"written to {options.output}")
    return DONE


def _fitted(
    path: Path, file: Blueprint | None
) -> tuple[calibrate.Fitted, list[tuple[float, facts.Fact]], ZoneInfo] | None:
    from callfloor.twin import calibrate

    if not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as journal:
            zone = _zone(journal, file)
            rows = list(_facts(journal))
    except sqlite3.Error as error:
        print(f"callfloor: {path} cannot be read: {error}", file=sys.stderr)
        return None
    if zone is None or not rows:
        return None
    days = whole_days(rows[0][0], rows[-1][0], zone)
    fitted = calibrate.fit(rows=rows, days=days, zone=zone)
    return (fitted, rows, zone) if fitted.numbers else None


def whole_days(first: float, last: float, zone: ZoneInfo) -> list[datetime.date]:
    """
    Return the local days of a stretch of time.

    The first and the last may have been cut short; with three or more they are left out.
    """
    begin, end = (datetime.datetime.fromtimestamp(at, zone).date() for at in (first, last))
    days = [begin + datetime.timedelta(days=n) for n in range((end - begin).days + 1)]
    return days[1:-1] if len(days) > 2 else days


def _zone(journal: sqlite3.Connection, file: Blueprint | None) -> ZoneInfo | None:
    import json
    from zoneinfo import ZoneInfo

    if file is not None:
        return ZoneInfo(file.centre.timezone)
    row = journal.execute(
        "SELECT body FROM journal WHERE name = 'FloorStarted' ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    return ZoneInfo(json.loads(row[0])["plan"]["timezone"]) if row else ZoneInfo("UTC")


def _facts(journal: sqlite3.Connection) -> Iterator[tuple[float, facts.Fact]]:
    from callfloor.core import codec

    for at, body in journal.execute(
        "SELECT at, body FROM journal WHERE kind = 'fact' ORDER BY seq"
    ):
        yield at, codec.loads(body)
