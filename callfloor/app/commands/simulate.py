"""
`callfloor simulate FILE`: what days of a centre would be like, and what a change would do.

The answer goes to stdout, as a table or with --json as one document; equal files, days and seeds
give equal bytes. Progress goes to a terminal only, or with --progress-json to a program. Refuses:
to look at today's date.
"""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from callfloor.app.commands import DONE, REFUSED, WRONG_USE, Commands

if TYPE_CHECKING:
    from callfloor.blueprint.schema import Blueprint
    from callfloor.twin import report

FIRST_DAY = datetime.date(2027, 1, 11)  # A Monday far from holidays; `--from` says another.
DAYS = 10
DAYS_MAX = 3_660  # Ten years; more says nothing more.

EPILOG = """\
examples:
  callfloor simulate centre.yaml                        ten days, as a table
  callfloor simulate centre.yaml --change other.yaml    both files, and what differs
  callfloor simulate centre.yaml --sick anna,ben        without two people
  callfloor simulate centre.yaml --merge billing,sales  with one queue of two
  callfloor simulate centre.yaml --tier billing:30      everybody with any skill of it after 30 s

exit status: 0 done, 1 a file has an error or says nothing of who calls, 2 wrong use"""


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the parser."""
    parser = commands.add_parser(
        "simulate",
        help="try a centre, and a change of it, on simulated days",
        description="Simulate days of a centre with the code that decides live calls, and say "
        "what a change of it would do. How to read the figures: docs/topics/twin.md",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, help="the blueprint, with a `demand` section")
    parser.add_argument("--days", type=_days, default=DAYS, help=f"how many days (default {DAYS})")
    parser.add_argument("--seed", default="1", help="another number makes other people (default 1)")
    when = parser.add_mutually_exclusive_group()
    when.add_argument(
        "--from", dest="first", type=_date, default=FIRST_DAY, metavar="DATE",
        help=f"the first of consecutive days (default {FIRST_DAY})",
    )  # fmt: skip
    when.add_argument(
        "--on", type=_date, metavar="DATE", help="the same day again and again, each drawn anew"
    )
    _add_changes(parser)
    parser.add_argument("--json", action="store_true", help="one document for programs, on stdout")
    parser.add_argument(
        "--progress-json", action="store_true",
        help='lines as {"done": 3, "of": 20} on stderr, for programs that wait',
    )  # fmt: skip


def _add_changes(parser: argparse.ArgumentParser) -> None:
    change = parser.add_mutually_exclusive_group()
    change.add_argument("--change", type=Path, metavar="OTHER", help="the file with the change")
    change.add_argument("--sick", metavar="PEOPLE", help="people who are not there, as anna,ben")
    change.add_argument("--merge", metavar="INTO,OF", help="two queues that become the first")
    change.add_argument(
        "--tier",
        metavar="QUEUE:SECONDS[:SKILL=LEVEL,…]",
        help="a tier that opens after so many seconds of waiting",
    )


def run(options: argparse.Namespace) -> int:
    """Simulate, and print what the days say."""
    from callfloor.blueprint import demand, whatif

    file = _blueprint(options.file)
    if isinstance(file, int):
        return file
    try:
        other = _changed(options, file)
        if isinstance(other, int):
            return other
        document = _document(options, file, other)
    except demand.NoDemand as error:
        print(f"callfloor: {options.file}: {error} {error.hint}", file=sys.stderr)
        return REFUSED
    except whatif.Impossible as error:
        print(f"callfloor: {error}", file=sys.stderr)
        return WRONG_USE
    if options.json:
        print(json.dumps(document, ensure_ascii=False, indent=1))
    else:
        from callfloor.app import tables

        print(tables.simulated(document, currency=file.centre.currency))
    return DONE


def _blueprint(path: Path) -> Blueprint | int:
    """Read a file, or tell what is wrong with it and give the exit status."""
    from callfloor.app.commands import check

    checked = check.checked_file(path)
    if checked is None:
        return WRONG_USE
    for finding in checked.findings:
        if finding.severity == "error":
            print(finding, file=sys.stderr)
    return REFUSED if checked.blueprint is None else checked.blueprint


def _changed(options: argparse.Namespace, file: Blueprint) -> Blueprint | int | None:
    from callfloor.blueprint import whatif

    if options.change is not None:
        return _blueprint(options.change)
    if options.sick is not None:
        return whatif.sick(file, people=options.sick.split(","))
    if options.merge is not None:
        into, _, of = options.merge.partition(",")
        return whatif.merge_queues(file, into=into, of=of)
    if options.tier is not None:
        return whatif.add_tier(file, **whatif.tier_of(options.tier))
    return None


def _document(
    options: argparse.Namespace, file: Blueprint, other: Blueprint | None
) -> report.Document:
    from callfloor.blueprint import demand
    from callfloor.twin import experiment, report

    days = (
        [options.on] * options.days
        if options.on
        else demand.working_days(file, first=options.first, many=options.days)
    )
    centres = [file] if other is None else [file, other]
    variants = [demand.variant(each, days=days) for each in centres]
    found = experiment.run_days(
        variants=variants, days=days, seed=options.seed, progress=_progress(options)
    )
    told = [
        report.Told(days=each, cost_hour=variant.cost_hour)
        for each, variant in zip(found, variants, strict=True)
    ]
    names = [str(options.file), str(options.change or _name_of_change(options))]
    documents = [
        {"file": name, "days": len(days), "seed": _seed(options.seed), "from": str(days[0])}
        | report.document(told=each)
        for name, each in zip(names, told, strict=False)
    ]
    if other is None:
        return documents[0]
    return (
        documents[0] | {"change": documents[1]} | report.differences(before=told[0], after=told[1])
    )


def _name_of_change(options: argparse.Namespace) -> str:
    for name in ("sick", "merge", "tier"):
        if getattr(options, name) is not None:
            return f"{options.file} --{name} {getattr(options, name)}"
    return ""


def _seed(text: str) -> int | str:
    return int(text) if text.isdecimal() else text


def _progress(options: argparse.Namespace) -> Callable[[int, int], None] | None:
    if options.progress_json:
        return _tell_program
    return _tell_person if sys.stderr.isatty() else None


def _tell_program(done: int, of: int) -> None:
    print(json.dumps({"done": done, "of": of}), file=sys.stderr, flush=True)


def _tell_person(done: int, of: int) -> None:
    end = "\r\x1b[K" if done == of else ""  # The last one leaves the line empty for the answer.
    print(f"\r{done} of {of} days{end}", end="", file=sys.stderr, flush=True)


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= DAYS_MAX:
        raise argparse.ArgumentTypeError(f"{text} is no number of days from 1 to {DAYS_MAX}")
    return int(text)


def _date(text: str) -> Any:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is no day; give it as {FIRST_DAY}") from error
