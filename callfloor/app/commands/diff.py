"""
`callfloor diff FILE [OTHER]`: what a file changes, and which rights it moves.

Refuses: to change anything.
"""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from callfloor.app.commands import DONE, REFUSED, Commands

if TYPE_CHECKING:
    from callfloor.blueprint.schema import Blueprint

EPILOG = """\
exit status: 0 if nothing differs, 1 if something does, 2 if a file cannot be used"""


def add(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add the parser."""
    parser = commands.add_parser(
        "diff",
        help="show what a file changes, and which rights it moves",
        description="Compare a blueprint with what the records of a data folder hold, or with "
        "another one: values by path, and the rights that people would get and lose.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, help="the blueprint")
    parser.add_argument("other", nargs="?", type=Path, help="what it would become")
    parser.add_argument("--data", type=Path, default=Path("data"), help="folder of the data")


def run(options: argparse.Namespace) -> int:
    """Tell what differs."""
    from callfloor.app import applying, commands

    if options.other is None:
        if not options.data.is_dir():
            print(f"callfloor: there is no data folder {options.data}", file=sys.stderr)
            return commands.WRONG_USE
        applying.open_records(options.data.resolve())
    files = [_blueprint(path) for path in (options.file, options.other) if path is not None]
    if None in files:
        return commands.WRONG_USE
    from callfloor.blueprint import diff, export

    held = export.current() if options.other is None else None
    before = held.blueprint if held is not None else (files[0] if options.other else None)
    after = files[-1]
    assert after is not None, "findings have ended it"
    difference = diff.between(before, after)
    if difference:
        print(difference)
    return REFUSED if difference else DONE


def _blueprint(path: Path) -> "Blueprint | None":
    from callfloor.app.commands.check import checked_file

    checked = checked_file(path)
    if checked is None:
        return None
    for finding in checked.findings:
        if finding.severity == "error":
            print(finding, file=sys.stderr)
    return checked.blueprint
