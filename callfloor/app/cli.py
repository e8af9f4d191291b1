"""
The command line: `callfloor serve`, `callfloor demo`, `callfloor check`.

Refuses: to start anything itself (`app.serve` does) and to load what a command does not need.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

OLDEST_PYTHON = (3, 11)
ROOT = Path(__file__).resolve().parents[2]
STARTER = ROOT / "blueprints" / "six_seats.yaml"
DEMO = ROOT / "blueprints" / "demo.yaml"

DESCRIPTION = """\
Callfloor is a contact centre in Python: telephones, the people who answer them, and everybody who
leads, teaches and plans. One YAML file describes a centre, one command runs it."""

EPILOG = """\
examples:
  callfloor demo                            a sample centre; open the page that it prints
  callfloor check my_centre.yaml            what is wrong with a file, with line and column
  callfloor serve my_centre.yaml --data d   a centre of your own, its data in the folder d

GET /healthz on the HTTP port answers 200 as soon as calls can be taken."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    from callfloor import __version__

    top = argparse.ArgumentParser(
        prog="callfloor",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"callfloor {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    serve = commands.add_parser("serve", help="run a centre", description="Run a centre.")
    serve.add_argument(
        "file",
        nargs="?",
        type=Path,
        help="the blueprint; else the one that the data folder was last started with, "
        "else a small one to begin with",
    )
    _add_running(serve, data="data")
    demo = commands.add_parser(
        "demo",
        help="run the sample centre with simulated callers and agents",
        description="Run a sample centre. Seats are free for you; the sign-ins are printed.",
    )
    demo.add_argument("file", nargs="?", type=Path, help="another blueprint with a `demo` section")
    _add_running(demo, data="data/demo")
    demo.add_argument("--quiet-floor", action="store_true", help="no simulated callers and agents")
    demo.add_argument(
        "--seed", type=int, default=1, help="another number makes another day (default 1)"
    )
    check = commands.add_parser(
        "check", help="say what is wrong with a blueprint", description="Check a blueprint."
    )
    check.add_argument("file", type=Path, help="the blueprint")
    return top


def _add_running(command: argparse.ArgumentParser, *, data: str) -> None:
    command.add_argument(
        "--data", type=Path, default=Path(data), help=f"folder of the data (default {data})"
    )
    command.add_argument(
        "--http", type=_port, default=8080, help="port of the pages (default 8080)"
    )
    command.add_argument("--sip", type=_port, default=5070, help="port of SIP (default 5070)")
    command.add_argument(
        "--host",
        default="127.0.0.1",
        help="address to listen on, for pages, SIP and audio (default 127.0.0.1)",
    )


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port; give a number from 1 to 65535")
    return int(text)


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return the exit status."""
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(str(part) for part in sys.version_info[:3])
        print(f"callfloor: Python 3.11 or newer is needed, this is {found}", file=sys.stderr)
        return 1
    options = parser().parse_args(arguments)
    if options.command == "check":
        return _check(options.file)
    from callfloor.app import serve

    return serve.run(serve.options_of(options, starter=STARTER, demo=DEMO))


def _check(path: Path) -> int:
    from callfloor.blueprint.check import check

    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        print(f"callfloor: {path} cannot be read: {error}", file=sys.stderr)
        return 1
    findings = check(text, file=str(path)).findings
    for finding in findings:
        print(finding)
    many = "1 finding" if len(findings) == 1 else f"{len(findings) or 'no'} findings"
    print(f"{path}: {many}")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
