"""
`callfloor new`: a file to begin with, after a few questions or from options.

Refuses: to write over a file, and to ask where nobody can answer.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from callfloor.app.commands import DONE, REFUSED, WRONG_USE

if TYPE_CHECKING:
    from callfloor.blueprint.starter import Wishes

Answer = TypeVar("Answer")
BUSINESSES = {
    "service": "one company's customers, one queue",
    "helpline": "a city's line for its people, five languages",
    "bank": "a bank with accounts, cards and loans, three languages",
    "outsourcer": "two companies that are not one another's business",
    "everything": "every department there is",
}
LANGUAGES = ("en", "hu", "es", "ru", "fa", "fr")
CHANNELS = ("call",)  # Chat, mail and cases come with their departments.
TRIES_MAX = 3  # Whoever answers wrongly so often is better served by --help.
SCHEMA = Path(__file__).resolve().parents[3] / "docs" / "reference" / "blueprint.schema.json"


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the parser."""
    parser = commands.add_parser(
        "new",
        help="write a blueprint to begin with",
        description="Write a commented blueprint that checks clean. What is not said by an option "
        "is asked on a terminal, and elsewhere taken as the preset has it.",
    )
    parser.add_argument("--output", type=Path, metavar="FILE", help="the file to write")
    parser.add_argument("--business", choices=BUSINESSES, help=_described(BUSINESSES))
    parser.add_argument("--size", type=_size, metavar="PEOPLE", help="how many people work there")
    parser.add_argument(
        "--channels", type=_channels, metavar="LIST", help=f"of {', '.join(CHANNELS)}"
    )
    parser.add_argument(
        "--languages",
        type=_languages,
        metavar="LIST",
        help=f"of {', '.join(LANGUAGES)}, the default first, as en,hu",
    )


def run(options: argparse.Namespace) -> int:
    """Ask what is not known, and write the file."""
    from callfloor.app import manifests

    manifests.read()
    from callfloor.blueprint import starter

    try:
        wishes = _wishes(options)
        output = options.output or _asked("Write it to which file?", Path, default="centre.yaml")
        text = starter.make(_with_schema(wishes, output))
        with output.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        return _refuse(f"{output} is there already and stays as it is", REFUSED)
    except OSError as error:
        return _refuse(f"{output} cannot be written: {error.strerror}", REFUSED)
    except (starter.CannotBegin, _NobodyAnswers) as error:
        return _refuse(str(error), WRONG_USE)
    print(f"{output} is written. Try it: callfloor check {output}", file=sys.stderr)
    return DONE


def _refuse(why: str, status: int) -> int:
    print(f"callfloor: {why}", file=sys.stderr)
    return status


def _with_schema(wishes: Wishes, output: Path) -> Wishes:
    import dataclasses

    if not SCHEMA.exists():
        return wishes
    return dataclasses.replace(wishes, schema=os.path.relpath(SCHEMA, output.resolve().parent))


def _wishes(options: argparse.Namespace) -> Wishes:
    from callfloor.blueprint import starter

    business = options.business or _asked(
        f"What does the centre do? {_described(BUSINESSES)}\n", _business, default="service"
    )
    least, languages = starter.size_of(business), starter.languages_of(business)
    size = options.size or _asked("How many people work there?", _size, default=str(least))
    if options.channels is None:
        _asked("Which channels?", _channels, default=",".join(CHANNELS))
    spoken = options.languages
    if spoken is None:
        usual = "en" if business == "service" else ",".join(languages)
        known = ", ".join(languages)
        spoken = _asked(f"Which languages, the default first? ({known})", _languages, default=usual)
    return starter.Wishes(business=business, size=size, languages=tuple(spoken))


# --- Questions ------------------------------------------------------------------------------------


class _NobodyAnswers(Exception):
    """A question was asked and not answered in a way that could be used."""


def _asked(question: str, read: Callable[[str], Answer], *, default: str) -> Answer:
    """Ask on a terminal; elsewhere, and for an empty line, take the default."""
    if not sys.stdin.isatty():
        return read(default)
    for _ in range(TRIES_MAX):
        print(f"{question} [{default}] ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            break
        try:
            return read(line.strip() or default)
        except argparse.ArgumentTypeError as error:
            print(error, file=sys.stderr)
    raise _NobodyAnswers("nothing was answered, so nothing is written")


def _described(choices: dict[str, str]) -> str:
    return "; ".join(f"{key}: {text}" for key, text in choices.items())


def _business(text: str) -> str:
    if text not in BUSINESSES:
        raise argparse.ArgumentTypeError(f"{text} is none of {', '.join(BUSINESSES)}")
    return text


def _size(text: str) -> int:
    if not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"{text} is no number of people")
    return int(text)


def _channels(text: str) -> list[str]:
    return _list(text, CHANNELS)


def _languages(text: str) -> list[str]:
    return _list(text, LANGUAGES)


def _list(text: str, known: tuple[str, ...]) -> list[str]:
    found = list(dict.fromkeys(each for each in text.replace(",", " ").split()))
    wrong = [each for each in found if each not in known]
    if wrong or not found:
        raise argparse.ArgumentTypeError(f"{text} is no list of {', '.join(known)}")
    return found
