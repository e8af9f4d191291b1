"""
`callfloor check FILE`: everything that is wrong with a blueprint, with line, column and hint.

Refuses: to change the file, and to need a data folder.
"""

import argparse
import dataclasses
import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from callfloor.app.commands import DONE, REFUSED, WRONG_USE, Commands

if TYPE_CHECKING:
    from callfloor.blueprint.check import Checked
    from callfloor.blueprint.findings import Finding

EPILOG = """\
exit status: 0 without an error (warnings may be told), 1 with one, 2 if the file cannot be read"""


def add(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add the parser."""
    parser = commands.add_parser(
        "check",
        help="say what is wrong with a blueprint",
        description="Check a blueprint: each finding has its line, its column and what to do.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, help="the blueprint")
    parser.add_argument(
        "--on",
        type=date.fromisoformat,
        metavar="DAY",
        help="the day on which proofs must hold, as 2027-03-01 (default: today)",
    )
    parser.add_argument(
        "--json", action="store_true", help="a list of findings for programs, on stdout"
    )


def run(options: argparse.Namespace) -> int:
    """Tell the findings."""
    today = options.on or datetime.now().astimezone().date()
    checked = checked_file(options.file, today=today)
    if checked is None:
        return WRONG_USE
    if options.json:
        print(json.dumps([_plain(each) for each in checked.findings], ensure_ascii=False, indent=1))
    else:
        for finding in checked.findings:
            print(finding)
        print(f"{options.file}: {_count(checked.findings)}")
    return DONE if checked.blueprint is not None else REFUSED


def checked_file(path: Path, *, today: date | None = None) -> "Checked | None":
    """Read and check a file with whatever it includes; tell it and give None if it is no text."""
    from callfloor.app import manifests

    manifests.read()
    from callfloor.blueprint.check import check

    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        print(f"callfloor: {path} cannot be read: {error}", file=sys.stderr)
        return None
    return check(text, file=str(path), near=path.parent, today=today)


def _plain(finding: "Finding") -> dict[str, object]:
    found = dataclasses.asdict(finding)
    found["message"] = found.pop("wrong")
    keys = ("id", "severity", "file", "line", "column", "path", "message", "hint")
    return {key: found[key] for key in keys}


def _count(findings: "tuple[Finding, ...]") -> str:
    errors = sum(finding.severity == "error" for finding in findings)
    told = [_many(errors, "finding")] if errors or not findings else []
    if warnings := len(findings) - errors:
        told.append(_many(warnings, "warning"))
    return ", ".join(told)


def _many(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count or 'no'} {what}s"
