"""
`callfloor apply FILE --data D`: a file becomes the centre, while it runs or not.

Refuses: to undo silently what somebody has changed on a page, and half of a file.
"""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from callfloor.app.commands import DONE, REFUSED, Commands

if TYPE_CHECKING:
    from callfloor.blueprint.schema import Blueprint
    from callfloor.blueprint.standing import Standing

EPILOG = """\
exit status: 0 if the records hold the file now, 1 if it is refused, 2 for a wrong use"""
NOT_ASKED = 2


def add(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add the parser."""
    parser = commands.add_parser(
        "apply",
        help="make a file the centre",
        description="Check a blueprint, show what it changes and which rights it moves, and make "
        "it the centre: records, prompts, and the floor if it runs. All of it or nothing.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, help="the blueprint")
    parser.add_argument("--data", type=Path, default=Path("data"), help="folder of the data")
    older = parser.add_mutually_exclusive_group()
    older.add_argument(
        "--merge",
        action="store_true",
        help="if the records have changed since: take from each side what only it has changed",
    )
    older.add_argument(
        "--force", action="store_true", help="if they have: undo what was changed there"
    )
    parser.add_argument("--yes", action="store_true", help="do not ask")


def run(options: argparse.Namespace) -> int:
    """Apply, or say why not."""
    from callfloor.app import applying, commands

    data = options.data.resolve()
    if not options.file.is_file():
        print(f"callfloor: {options.file} cannot be read", file=sys.stderr)
        return commands.WRONG_USE
    applying.open_records(data)
    blueprint = _checked(options.file)
    if blueprint is None:
        return REFUSED
    standing = _standing(blueprint, options)
    if standing.refusal is not None:
        print(f"{options.file} is not applied. {standing.explanation()}", file=sys.stderr)
        return REFUSED
    assert standing.blueprint is not None, "what is not refused can be applied"
    if standing.is_same:
        print("The records hold exactly this already; nothing changes.", file=sys.stderr)
        return DONE
    print("\n".join(standing.difference.lines()) if standing.is_change else "All of it is new.")
    asked = _ask(options)
    if asked is not None:
        return asked
    is_merged = standing.blueprint is not blueprint
    return _apply(standing.blueprint, options, data=data, is_merged=is_merged)


def _checked(file: Path) -> "Blueprint | None":
    from callfloor.app.commands.check import checked_file

    checked = checked_file(file)
    if checked is None:
        return None
    for finding in checked.findings:
        print(finding, file=sys.stderr)
    return checked.blueprint


def _standing(blueprint: "Blueprint", options: argparse.Namespace) -> "Standing":
    from callfloor.blueprint import standing

    how: standing.How = "merge" if options.merge else "force" if options.force else "plain"
    return standing.of(blueprint, how=how)


def _ask(options: argparse.Namespace) -> int | None:
    """Ask whether to go on; give the exit status if not."""
    if options.yes:
        return None
    if not sys.stdin.isatty():
        print("callfloor: nobody can be asked here; say --yes", file=sys.stderr)
        return NOT_ASKED
    if input("Apply this? [y/N] ").strip().lower() in ("y", "yes"):
        return None
    print("Nothing is changed.", file=sys.stderr)
    return REFUSED


def _apply(
    blueprint: "Blueprint", options: argparse.Namespace, *, data: Path, is_merged: bool
) -> int:
    """Apply it; what was merged is said by no file of an author, like what a page has changed."""
    from callfloor.app import applying
    from callfloor.app.prompts import render
    from callfloor.blueprint import export
    from callfloor.records.routing.services import Overtaken

    held = export.current_version()
    recorded = options.file.resolve().parent / "prompts"
    print(render(blueprint, recorded=recorded, data=data), file=sys.stderr)
    sip = applying.demo_sip(data)
    try:
        taken = applying.take(
            blueprint,
            data=data,
            sip=sip,
            passwords={},
            now=datetime.now(UTC),
            by_page=is_merged,
            on=held,
            source=None if is_merged else applying.source_of(options.file),
        )
    except Overtaken as overtaken:
        print(f"callfloor: {overtaken.message}", file=sys.stderr)
        return REFUSED
    if applying.tell_floor(data, taken.plan):
        where = "the floor runs by it now"
    else:
        where = "no floor is running; it holds from the next start on"
    print(f"Version {taken.version} is applied; {where}.", file=sys.stderr)
    return DONE
