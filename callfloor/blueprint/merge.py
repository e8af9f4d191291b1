"""
Bringing a file and the records together that have both changed since the file was taken from them.

By path: what only one side changed is taken from that side, and what both changed to the same is no
conflict. Refuses: to choose where both changed the same value to something else.
"""

from dataclasses import dataclass

from callfloor.blueprint import values
from callfloor.blueprint.schema import Blueprint
from callfloor.blueprint.values import MISSING, ORDER, Leaves, Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A value that both sides changed, to different things."""

    path: Path
    ours: object
    """What the records hold; `values.MISSING` if they have it no more."""
    theirs: object
    """What the file says; `values.MISSING` if it has it no more."""

    def __str__(self) -> str:
        ours, theirs = values.shown(self.ours), values.shown(self.theirs)
        return f"! {'.'.join(self.path)}: {ours} in the records, {theirs} in the file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What came of it: a blueprint that is yet to be checked, or conflicts."""

    blueprint: Blueprint | None
    conflicts: tuple[Conflict, ...] = ()


def merge(*, base: Blueprint, ours: Blueprint, theirs: Blueprint) -> Merged:
    """
    Merge the records (`ours`) and a file (`theirs`) that both come from `base`.

    Raises pydantic.ValidationError if the values do not stand beside one another at all.
    """
    old, here, there = (_leaves(each) for each in (base, ours, theirs))
    found: Leaves = {}
    conflicts = []
    for path in dict.fromkeys([*there, *here]):
        before, mine, other = (side.get(path, MISSING) for side in (old, here, there))
        if other == before or mine == other:
            chosen = mine
        elif mine == before or path[-1] == ORDER:
            chosen = other
        else:
            conflicts.append(Conflict(path=path, ours=mine, theirs=other))
            continue
        if chosen is not MISSING:
            found[path] = chosen
    if conflicts:
        return Merged(
            blueprint=None, conflicts=tuple(sorted(conflicts, key=lambda each: each.path))
        )
    return Merged(blueprint=Blueprint.model_validate({"blueprint": 1, **values.tree(found)}))


def _leaves(blueprint: Blueprint) -> Leaves:
    return values.leaves(values.values_of(blueprint))
