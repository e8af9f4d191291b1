"""
A blueprint as plain values by path: what is compared, merged and changed.

What is left out of a file means its default, so a default has no path here. Refuses: to say what a
value means.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from callfloor.blueprint.canonical import ORDERED, RESOLVED
from callfloor.blueprint.schema import Blueprint

Path = tuple[str, ...]
"""The keys from the top of the file."""
Leaves = dict[Path, Any]
"""Path to what stands there: a value that holds no further keys."""
ORDER = "(order)"
"""The last part of a path that holds in which order the keys of a map stand."""


class _Missing:
    """What stands at a path that a file does not have; null is a value."""

    def __repr__(self) -> str:
        return "nothing"


MISSING = _Missing()


def values_of(blueprint: Blueprint) -> dict[str, Any]:
    """Give all that differs from the defaults, as dicts, lists and single values."""
    values = blueprint.model_dump(exclude_defaults=True)
    for key in RESOLVED:
        values.pop(key, None)
    return values


def leaves(values: Mapping[str, Any]) -> Leaves:
    """Give every value by its path; a list is one value, an empty map as well."""
    return dict(_leaves(values, ()))


def tree(flat: Leaves) -> dict[str, Any]:
    """Build the values again from their paths."""
    values: dict[str, Any] = {}
    orders = {path[:-1]: value for path, value in flat.items() if path[-1] == ORDER}
    for path, value in flat.items():
        if path[-1] != ORDER:
            _put(values, path, value)
    for path, order in orders.items():
        _sort(values, path, order)
    return values


def shown(value: Any) -> str:
    """Write a value in one line, as people read it in a comparison."""
    if isinstance(value, str):
        return value
    return repr(value) if value is MISSING else json.dumps(value, ensure_ascii=False)


def _leaves(values: Mapping[str, Any], path: Path) -> Iterator[tuple[Path, Any]]:
    for key, value in values.items():
        here = (*path, str(key))
        if isinstance(value, dict) and value:
            if key in ORDERED:
                yield (*here, ORDER), list(value)
            yield from _leaves(value, here)
        else:
            yield here, value


def _put(values: dict[str, Any], path: Path, value: Any) -> None:
    for key in path[:-1]:
        below = values.setdefault(key, {})
        if not isinstance(below, dict):  # Empty on one side, filled on the other.
            below = values[key] = {}
        values = below
    if not (value == {} and isinstance(values.get(path[-1]), dict)):
        values[path[-1]] = value


def _sort(values: dict[str, Any], path: Path, order: list[str]) -> None:
    """Let the keys of a map stand in an order; what the order does not name comes last."""
    for key in path[:-1]:
        values = values.get(key, {})
    found = values.get(path[-1])
    if isinstance(found, dict):
        known = [key for key in order if key in found]
        rest = [key for key in found if key not in known]
        values[path[-1]] = {key: found[key] for key in (*known, *rest)}
