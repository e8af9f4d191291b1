"""
The centre's file in force, section by section, for the pages that show what it says.

A version never changes, so what was read of it is kept. Refuses: to judge the file, to change it,
and to read it whole: people and prompts of six hundred take seconds, a section milliseconds.
"""

from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML

from callfloor.core.plan import FloorPlan
from callfloor.kernel.names import pick
from callfloor.records.routing import queries

KEPT_MAX = 32  # A few sections of the latest versions; when it is full all are read again.
_kept: dict[tuple[str, str], dict[str, Any]] = {}


def version() -> str:
    """Give the version of the file in force; empty before the first."""
    return queries.current_version() or ""


def section(name: str) -> dict[str, Any]:
    """Give what the file in force says under a key; empty if it says nothing, or there is none."""
    place = (version(), name)
    if place not in _kept:
        file = queries.current_file()
        if file is None:
            return {}
        if len(_kept) >= KEPT_MAX:
            _kept.clear()
        _kept[file.version, name] = read(file.body, name)
        return _kept[file.version, name]
    return _kept[place]


def emergency_name(key: str) -> str:
    """Give what the file in force calls an emergency, in the reader's language."""
    name = (section("emergencies").get(key) or {}).get("name", {})
    return name if isinstance(name, str) else pick(name, key=key)


def plan() -> FloorPlan | None:
    """Give the plan that holds, or None before the first; opened once for each version."""
    return queries.held_plan()


def read(text: str, name: str) -> dict[str, Any]:
    """Give one section of a file's canonical text."""
    found = YAML(typ="safe", pure=True).load("\n".join(_lines(text, name))) or {}
    values: dict[str, Any] = found.get(name) or {}
    return values


def _lines(text: str, name: str) -> Iterator[str]:
    """Yield the lines of one section: from its key at the margin to the next one."""
    inside = False
    for line in text.splitlines():
        if line[:1] not in ("", " ", "-", "#", "\t"):
            inside = line.startswith(f"{name}:")
        if inside:
            yield line
