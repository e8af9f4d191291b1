"""
What a change of the centre's file changes: values by path, and the rights that it moves.

Refuses: to judge a change.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from callfloor.blueprint import organisation, values
from callfloor.blueprint.schema import Blueprint
from callfloor.blueprint.values import MISSING, ORDER, Leaves, Path
from callfloor.kernel.organisation import Right, moved

LINES_MAX = 400  # What a person reads; behind it the number of the others is told.
VALUE_CHARS_MAX = 72
HEADS: Right = ("person", "duty", "permission")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A value that differs."""

    path: Path
    before: Any
    """`values.MISSING` if there was none."""
    after: Any
    """`values.MISSING` if there is none any more."""

    def __str__(self) -> str:
        name = ".".join(self.path)
        if self.before is MISSING:
            return f"+ {name}: {_short(self.after)}"
        if self.after is MISSING:
            return f"- {name}: {_short(self.before)}"
        return f"~ {name}: {_short(self.before)} -> {_short(self.after)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """All that differs between two files."""

    changes: tuple[Change, ...]
    taken: tuple[Right, ...]
    """Rights that somebody loses, by person, duty and permission."""
    given: tuple[Right, ...]
    """Rights that somebody gets."""

    def __bool__(self) -> bool:
        return bool(self.changes)

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self) -> Iterator[str]:
        """Yield the difference as people read it; nothing if there is none."""
        yield from _at_most(tuple(map(str, self.changes)))
        if self.taken or self.given:
            yield ""
            yield "Rights that move:"
            yield from _at_most(tuple(_table(self.taken, self.given)))


def between(before: Blueprint | None, after: Blueprint) -> Difference:
    """Compare two files; against none everything is new, but no right moves."""
    if before is None:
        return Difference(changes=tuple(changes({}, _leaves(after))), taken=(), given=())
    taken, given = moved(organisation.of(before), organisation.of(after))
    found = tuple(changes(_leaves(before), _leaves(after)))
    return Difference(changes=found, taken=tuple(taken), given=tuple(given))


def changes(before: Leaves, after: Leaves) -> Iterator[Change]:
    """Yield what differs, in the order of the paths."""
    for path in sorted(before.keys() | after.keys()):
        old, new = before.get(path, MISSING), after.get(path, MISSING)
        if path[-1] == ORDER:
            if not _is_moved(old, new):
                continue
        elif old == new:
            continue
        yield Change(path=path, before=old, after=new)


def _leaves(blueprint: Blueprint) -> Leaves:
    return values.leaves(values.values_of(blueprint))


def _is_moved(old: Any, new: Any) -> bool:
    """Say whether keys that are there before and after stand in another order."""
    if old is MISSING or new is MISSING:
        return False
    return [key for key in old if key in new] != [key for key in new if key in old]


def _short(value: Any) -> str:
    text = values.shown(value)
    return text if len(text) <= VALUE_CHARS_MAX else f"{text[: VALUE_CHARS_MAX - 1]}…"


def _at_most(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:LINES_MAX]
    if len(lines) > LINES_MAX:
        yield f"… and {len(lines) - LINES_MAX} more"


def _table(taken: Sequence[Right], given: Sequence[Right]) -> Iterator[str]:
    rows = sorted([*((right, "-") for right in taken), *((right, "+") for right in given)])
    widths = [max(len(name[place]) for name in (HEADS, *taken, *given)) for place in (0, 1)]
    for right, sign in [(HEADS, " "), *rows]:
        person, duty, permission = right
        yield f"{sign} {person:<{widths[0]}}  {duty:<{widths[1]}}  {permission}"
