"""
`callfloor try-flow FILE [TESTS…]`: what callers do, tried on the exchange of production.

Ends with 0 if every case went as it was written, with 1 if one did not, the centre's file has an
error or too few branches were walked, with 2 if there is nothing to try.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from callfloor.app.commands import DONE, REFUSED, WRONG_USE
from callfloor.app.commands.check import checked_file

if TYPE_CHECKING:
    from callfloor.blueprint.flowtest import Coverage, Report
    from callfloor.blueprint.schema import Blueprint

DESCRIPTION = """\
Try the flows of a centre: each case is a call on a virtual clock, decided by the code that decides
live calls. Stops each case at the first thing that is not as it was written, and says which
branches no case has walked. How to write cases: docs/howto/test-a-flow.md"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "try-flow",
        help="try what callers do against what a blueprint says",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("file", type=Path, help="the blueprint")
    command.add_argument(
        "tests",
        nargs="*",
        type=Path,
        help="files of cases; else FILE with .flow.yaml for .yaml",
    )
    command.add_argument("--json", action="store_true", help="print one JSON document")
    command.add_argument(
        "--coverage-min",
        type=_percent,
        default=0.0,
        metavar="PERCENT",
        help="fail if less of the branches of all flows was walked",
    )


def _percent(text: str) -> float:
    try:
        found = float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is no number") from error
    if not 0 <= found <= 100:
        raise argparse.ArgumentTypeError(f"{text} is no share in percent")
    return found


def beside(file: Path) -> Path:
    """Return where the cases of a blueprint stand if nobody says where."""
    return file.with_name(f"{file.stem}.flow.yaml")


def run(options: argparse.Namespace) -> int:
    """Try the cases and return the exit status."""
    from callfloor.blueprint import flowcases, flowtest

    tests = options.tests or [beside(options.file)]
    try:
        files = {str(path): path.read_text(encoding="utf-8") for path in tests}
    except (OSError, UnicodeDecodeError) as error:
        print(f"callfloor: {error}", file=sys.stderr)
        return WRONG_USE
    blueprint = _blueprint(options.file)
    if blueprint is None:
        return REFUSED if options.file.is_file() else WRONG_USE
    try:
        report = flowtest.try_all(blueprint, files)
    except flowcases.Unreadable as error:
        for fault in error.faults:
            print(fault, file=sys.stderr)
        return WRONG_USE
    print(_document(options.file, files, report) if options.json else _words(files, report))
    if report.share * 100 < options.coverage_min:
        wanted = f"{options.coverage_min:g} % are asked for"
        print(f"callfloor: too few branches were walked, {wanted}", file=sys.stderr)
        return REFUSED
    return REFUSED if report.failures else DONE


def _blueprint(file: Path) -> Blueprint | None:
    checked = checked_file(file)
    if checked is not None and checked.blueprint is None:
        for finding in checked.findings:
            print(finding, file=sys.stderr)
    return checked.blueprint if checked is not None else None


def _document(file: Path, files: Mapping[str, str], report: Report) -> str:
    document = {
        "file": str(file),
        "tests": list(files),
        "cases": report.cases,
        "failures": [_failure(each) for each in report.failures],
        "coverage": {each.flow: _covered(each) for each in report.coverage},
        "share": round(report.share, 4),
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _failure(failure: Any) -> dict[str, Any]:
    names = ("file", "line", "column", "case", "expected", "happened", "path")
    return {name: getattr(failure, name) for name in names}


def _covered(coverage: Coverage) -> dict[str, Any]:
    return {"branches": coverage.branches, "missing": list(coverage.missing)}


def _words(files: Mapping[str, str], report: Report) -> str:
    width = max(len(each.flow) for each in report.coverage)
    lines = [str(failure) for failure in report.failures]
    for each in report.coverage:
        done = each.branches - len(each.missing)
        lines.append(f"{each.flow:<{width}}  {done} of {each.branches} branches")
        if each.missing:
            lines.append(f"{'':<{width}}  never walked: {', '.join(each.missing)}")
    went = report.cases - len(report.failures)
    cases = "1 case" if report.cases == 1 else f"{report.cases} cases"
    lines.append(
        f"{', '.join(files)}: {cases}, {went} as written, "
        f"{report.share * 100:.0f} % of the branches walked"
    )
    return "\n".join(lines)
