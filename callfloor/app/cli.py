"""
The command line: `callfloor serve`, `demo`, `password`, and the commands of `app.commands`.

Refuses: to start anything itself (`app.serve` does) and to load what a command does not need.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from callfloor.app import commands as app_commands

OLDEST_PYTHON = (3, 11)
ROOT = Path(__file__).resolve().parents[2]
STARTER = ROOT / "blueprints" / "six_seats.yaml"
DEMO = ROOT / "blueprints" / "demo.yaml"

OWN = ("serve", "demo", "password")
"""Commands that stand here; `run` of the repository knows them by name."""

DESCRIPTION = """\
Callfloor is a contact centre in Python: telephones, the people who answer them, and everybody who
leads, teaches and plans. One YAML file describes a centre, one command runs it."""

EPILOG = """\
examples:
  callfloor demo                            a sample centre; open the page that it prints
  callfloor new --output my_centre.yaml     a file to begin with, after a few questions
  callfloor check my_centre.yaml            what is wrong with a file, with line and column
  callfloor try-flow my_centre.yaml         what callers meet, by the cases written beside the file
  callfloor serve my_centre.yaml --data d   a centre of your own, its data in the folder d
  callfloor serve my_centre.yaml --host 192.0.2.10 --tls self     for agents on other machines
  callfloor password desk-1 --new           a password for the telephone desk-1

GET /healthz on the HTTP port answers 200 as soon as calls can be taken."""


def parser(*, only: str | None = None) -> argparse.ArgumentParser:
    """Return the parser of the whole command line, or with no other of `app.commands` than one."""
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
        help="the blueprint, if it is not older than what the data folder holds; without one that "
        "is run, else a small one to begin with",
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
    app_commands.add(commands, only=only)
    _add_password(commands)
    return top


def _add_password(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    password = commands.add_parser(
        "password",
        help="keep the password of a telephone or trunk",
        description="Keep the password of a telephone, a trunk, the TURN relay, or of `metrics`, "
        "with which others may read /metrics. Blueprints never hold one. A running centre takes "
        "it at its next start.",
    )
    password.add_argument("user", help="the user name, as the blueprint says it")
    password.add_argument(
        "--data", type=Path, default=Path("data"), help="folder of the data (default data)"
    )
    password.add_argument("--passwords", type=Path, metavar="FILE", help="another file for them")
    password.add_argument(
        "--new", action="store_true", help="draw one and print it, instead of asking for it"
    )
    password.add_argument(
        "--md5", action="store_true", help="for a telephone that knows no SHA-256 (RFC 8760)"
    )


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
    _add_network(command.add_argument_group("beyond this machine (docs/howto/beyond-localhost.md)"))


def _add_network(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--advertise",
        metavar="ADDRESS",
        help="address by which others reach this machine, if it is not that of --host",
    )
    group.add_argument(
        "--name",
        action="append",
        default=[],
        help="a name under which the pages are asked for; may be repeated",
    )
    group.add_argument(
        "--tls",
        nargs="+",
        action=_Tls,
        metavar=("CERT", "KEY"),
        help="pages over HTTPS: certificate and key, or the word self for one of our own",
    )
    group.add_argument(
        "--sip-tls", type=_port, metavar="PORT", help="port of SIP over TLS, beside --sip"
    )
    group.add_argument(
        "--media-ports",
        type=_ports,
        default=(20_000, 29_999),
        metavar="FIRST-LAST",
        help="UDP ports of the audio (default 20000-29999)",
    )
    group.add_argument(
        "--turn",
        nargs=2,
        metavar=("URL", "USER"),
        help="a TURN relay for agents' browsers; `callfloor password USER` keeps its password",
    )
    group.add_argument(
        "--passwords",
        type=Path,
        metavar="FILE",
        help="passwords of telephones and trunks (default DATA/keys/passwords.json)",
    )
    group.add_argument(
        "--insecure",
        action="store_true",
        help="listen beyond this machine without TLS, for instance behind a proxy",
    )


class _Tls(argparse.Action):
    """Takes `self`, or a certificate and its key."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        if values != ["self"] and len(values) != 2:
            parser.error(f"{option_string} takes CERT KEY, or the word self")
        setattr(namespace, self.dest, values)


def _ports(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    if not first.isdigit() or not last.isdigit():
        raise argparse.ArgumentTypeError(f"{text} is no range; give it as 20000-29999")
    return int(first), int(last)


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
    words = sys.argv[1:] if arguments is None else arguments
    options = parser(only=_asked(words)).parse_args(words)
    if options.command not in OWN:
        return int(app_commands.module(options.command).run(options))
    if options.command == "password":
        return _password(options)
    from callfloor.app import serve
    from callfloor.app.options import options_of

    return serve.run(options_of(options, starter=STARTER, demo=DEMO))


def _asked(words: list[str]) -> str | None:
    """Return the command if the first word is one, so that no other is loaded."""
    first = words[0].replace("-", "_") if words else ""
    return first if first in {*OWN, *app_commands.names()} else None


def _password(options: argparse.Namespace) -> int:
    import getpass

    from callfloor.app import applying, passwords

    path = options.passwords or passwords.place(options.data)
    given = passwords.draw() if options.new else getpass.getpass(f"password of {options.user}: ")
    if not given:
        print("callfloor: nothing was typed, so nothing is changed", file=sys.stderr)
        return 1
    try:
        passwords.write(path, name=options.user, password=given, md5=options.md5)
    except (passwords.Unreadable, OSError) as error:
        print(f"callfloor: {error}", file=sys.stderr)
        return 1
    print(f"{options.user}  {given}" if options.new else f"{options.user}: kept in {path}")
    if applying.tell_passwords(options.data):
        print("It holds from now on.", file=sys.stderr)
    elif (options.data / "floor.sock").exists():
        print("The floor did not answer: it holds from its next start.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
