"""
Reading manifests without what they join: modules that are there by name, and empty.

A manifest names the functions and events behind its duties; whoever only wants the duties need not
load tables, pages and the framework behind them, which take most of a second. Refuses: to stay.
What was read so is forgotten, so that whoever wants the whole later gets it.
"""

import contextlib
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Any

ROOT = "callfloor"
THERE = (
    "callfloor.app",
    "callfloor.departments",
    "callfloor.desk",
    "callfloor.kernel",
)
"""Packages whose own modules may be loaded; deeper only what PARTS name."""
PARTS = (
    *("callfloor.app.wiring", "callfloor.desk.places"),
    *(f"callfloor.kernel.{name}" for name in ("competences", "department", "duties", "kpis")),
)
KEPT = frozenset({"callfloor.app", "callfloor.kernel", "callfloor.kernel.department"})
"""What nobody reads another time: it holds what was joined."""


class Nothing:
    """Whatever is asked of it, it is that, and does nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *args: Any, **fields: Any) -> Any:
        """Be what comes of it."""
        return self


NOTHING = Nothing()


class Absent(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds an empty module for everything of ours that a manifest need not have."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Take over what is not among the parts; None leaves it to Python."""
        if name.partition(".")[0] != ROOT or _is_there(name):
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def exec_module(self, module: ModuleType) -> None:
        """Let every name of the module be nothing."""
        module.__getattr__ = _nothing  # type: ignore[method-assign]


def _is_there(name: str) -> bool:
    if name in THERE or name in PARTS:
        return True
    parts = name.split(".")  # callfloor.departments.<key>, and its department.py
    return parts[1] == "departments" and (len(parts) == 3 or parts[3:] == ["department"])


def _nothing(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return NOTHING


@contextlib.contextmanager
def everything_else() -> Iterator[None]:
    """Let whatever manifests do not need be absent, and forget afterwards what was read so."""
    finder, before = Absent(), set(sys.modules)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in [each for each in sys.modules if each not in before]:
            if name.startswith(f"{ROOT}.") and name not in KEPT:
                _forget(name)


def _forget(name: str) -> None:
    del sys.modules[name]
    parent, _, own = name.rpartition(".")
    holder = sys.modules.get(parent)
    if holder is not None and own in vars(holder):
        delattr(holder, own)
