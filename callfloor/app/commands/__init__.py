"""
The commands of `callfloor` that do one thing and end, a module each.

A module `try_flow` is the command `try-flow`. It has `add(commands)`, which adds its parser, and
`run(options) -> int`, which does it and gives the exit status: 0 for done, 1 if the file or the
centre refuses, 2 for a wrong use. Only the module of the command that is asked for is loaded, and
its own imports of Django, pydantic or numpy stand inside `run`. What is for a person goes to
stderr, the answer to stdout.

Refuses: to keep the list by hand; a module of this folder is a command.
"""

import argparse
import importlib
import pkgutil
from types import ModuleType
from typing import Any

Commands = argparse._SubParsersAction  # argparse has no public name for it.
FIRST = ("new", "check", "try_flow", "simulate", "diff", "apply", "export")
"""In the order in which somebody meets them; the others follow by name."""

DONE, REFUSED, WRONG_USE = 0, 1, 2


def names() -> list[str]:
    """Give the modules of all commands, in the order of the help."""
    found = {module.name for module in pkgutil.iter_modules(__path__) if not module.ispkg}
    return [*(name for name in FIRST if name in found), *sorted(found.difference(FIRST))]


def module(name: str) -> ModuleType:
    """Load the module of a command, by the module's name or by the command's."""
    return importlib.import_module(f"{__name__}.{name.replace('-', '_')}")


def add(commands: Any, *, only: str | None = None) -> None:
    """Add the parsers of all commands, or of one alone, which is faster."""
    for name in names():
        if only is None or name == only.replace("-", "_"):
            module(name).add(commands)
