"""
`callfloor export --data D`: the centre's file as the records hold it.

Refuses: what no file holds; names of people, passwords and keys stay where they are.
"""

import argparse
import sys
from pathlib import Path

from callfloor.app.commands import DONE, REFUSED, WRONG_USE, Commands


def add(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add the parser."""
    parser = commands.add_parser(
        "export",
        help="print the centre's file as the records hold it",
        description="Print the centre's file as the records hold it, with the version that it is "
        "taken from: `callfloor apply` then knows whether it is older than the records.",
    )
    parser.add_argument("--data", type=Path, default=Path("data"), help="folder of the data")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write it there")


def run(options: argparse.Namespace) -> int:
    """Print or write the file."""
    from callfloor.app import applying
    from callfloor.app.folder import write_whole

    if not options.data.is_dir():
        print(f"callfloor: there is no data folder {options.data}", file=sys.stderr)
        return WRONG_USE
    applying.open_records(options.data.resolve())
    from callfloor.blueprint import export

    held = export.current()
    if held is None:
        print("callfloor: nothing has been applied here yet", file=sys.stderr)
        return REFUSED
    if options.output is None:
        sys.stdout.write(held.text())
    else:
        write_whole(options.output, held.text())
        print(f"{options.output}: version {held.version}", file=sys.stderr)
    return DONE
