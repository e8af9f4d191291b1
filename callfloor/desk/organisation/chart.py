"""
The organization as a chart: each department in its host's line, and whom else it answers to.

Pure over `kernel.organisation`. Refuses: to know a person; keys come in and go out.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from callfloor.kernel.organisation import Organisation, Part, Place


@dataclass(frozen=True, kw_only=True)
class Node:
    """A department with those that sit in its line."""

    place: Place
    people: tuple[str, ...]
    """Who has a role here, sorted."""
    teams: tuple[str, ...]
    below: tuple["Node", ...] = ()
    functions: tuple[str, ...] = ()
    """The departments that this one supervises and that sit elsewhere: the second line."""


@dataclass(frozen=True, kw_only=True)
class Chart:
    """All departments, and what nobody answers for."""

    roots: tuple[Node, ...]
    ownerless: tuple[tuple[str, str], ...]
    """Department and duty, for each duty that nobody has."""


@dataclass(frozen=True)
class _Known:
    places: Mapping[str, Place]
    people: Mapping[str, tuple[str, ...]]
    teams: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def of(organisation: Organisation, *, teams: Mapping[str, tuple[str, ...]]) -> Chart:
    """Draw the chart; `teams` are by department. Who stands in his own line stands at the top."""
    places = {place.key: place for place in organisation.places}
    known = _Known(places, _people(organisation), teams)
    seen: set[str] = set()
    tops = [place for place in organisation.places if place.host not in places]
    roots = [_node(place, known, seen) for place in tops]
    roots += [_node(place, known, seen) for place in organisation.places if place.key not in seen]
    return Chart(roots=tuple(roots), ownerless=tuple(_ownerless(organisation)))


def home(part: Part, places: Mapping[str, Place]) -> str | None:
    """Give the department of a role: the one it names, else the one with most of its duties."""
    merged = {old: place.key for place in places.values() for old in place.merges}
    if part.department in places:
        return part.department
    if part.department in merged:
        return merged[part.department]
    owners = {duty: place.key for place in places.values() for duty in place.duties}
    held = Counter(owners[duty] for duty in part.duties if duty in owners)
    return max(sorted(held), key=lambda key: held[key]) if held else None


def _people(organisation: Organisation) -> dict[str, tuple[str, ...]]:
    places = {place.key: place for place in organisation.places}
    homes = {part.key: home(part, places) for part in organisation.parts}
    found: dict[str, set[str]] = {}
    for person, roles in organisation.holders.items():
        for role in roles:
            if (place := homes.get(role)) is not None:
                found.setdefault(place, set()).add(person)
    return {place: tuple(sorted(people)) for place, people in found.items()}


def _node(place: Place, known: _Known, seen: set[str]) -> Node:
    seen.add(place.key)
    below = [each for each in known.places.values() if each.host == place.key]
    return Node(
        place=place,
        people=known.people.get(place.key, ()),
        teams=tuple(known.teams.get(place.key, ())),
        below=tuple(_node(each, known, seen) for each in below if each.key not in seen),
        functions=tuple(
            each.key
            for each in known.places.values()
            if each.supervised_by == place.key and each.host != place.key
        ),
    )


def _ownerless(organisation: Organisation) -> list[tuple[str, str]]:
    roles = {role for held in organisation.holders.values() for role in held}
    owned = {duty for part in organisation.parts if part.key in roles for duty in part.duties}
    return [
        (place.key, duty)
        for place in organisation.places
        for duty in place.duties
        if duty not in owned
    ]
