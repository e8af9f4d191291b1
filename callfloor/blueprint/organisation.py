"""
Who answers for what, read from a file: the standard organisation as the file changes it.

Standard departments, duties and roles are those of the manifests. Refuses: to say what is wrong
with it (`check.duties` does); what is not known opens nothing and is left out.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from callfloor.blueprint import schema
from callfloor.blueprint.schema import Blueprint
from callfloor.blueprint.texts import texts
from callfloor.kernel import department
from callfloor.kernel.organisation import Organisation, Part, Place

SEAT = frozenset({"calls.take", "floor.supervise"})
"""Whoever may do one of these has a seat on the floor; a leader hears into calls from his."""


def of(blueprint: Blueprint) -> Organisation:
    """Give the organisation of a file; the manifests must have been joined before."""
    holders = {key: tuple(sorted(person.roles)) for key, person in sorted(blueprint.people.items())}
    duties = {key: _duties(key, blueprint.roles.get(key)) for key in role_keys(blueprint)}
    homes, lines = _homes(blueprint, duties), None
    if blueprint.departments:
        lines = Lines(blueprint.departments)
    return Organisation(
        places=tuple(_places(blueprint.departments or _usual(homes), homes)),
        parts=tuple(
            _part(key, found, blueprint.roles.get(key), homes=homes, lines=lines)
            for key, found in duties.items()
        ),
        holders=holders,
    )


def seated(blueprint: Blueprint) -> frozenset[str]:
    """Give who has a seat on the floor."""
    return having(blueprint, SEAT)


def takers(blueprint: Blueprint) -> frozenset[str]:
    """Give who may be given calls."""
    return having(blueprint, frozenset({"calls.take"}))


def having(blueprint: Blueprint, permissions: frozenset[str]) -> frozenset[str]:
    """Give who may do at least one of the things."""
    opening = {
        key
        for key in role_keys(blueprint)
        if permissions & department.permissions_of_duties(_duties(key, blueprint.roles.get(key)))
    }
    return frozenset(key for key, who in blueprint.people.items() if opening & set(who.roles))


def _standard() -> Mapping[str, object]:
    assert department.departments(), "manifests are joined before a blueprint is read"
    return department.duties()


# --- Roles ----------------------------------------------------------------------------------------


def role_keys(blueprint: Blueprint) -> list[str]:
    """Give the keys of all roles: the standard ones first, then those of the file."""
    standard = [role.key for role in department.roles()]
    return [*standard, *sorted(set(blueprint.roles) - set(standard))]


def _duties(key: str, role: schema.Role | None) -> tuple[str, ...]:
    """Give a role's duties: those of the standard role, and what the file adds and takes away."""
    base = department.role((role.based_on if role else None) or key)
    found = dict.fromkeys(base.duties if base is not None else ())
    if role is not None:
        found |= dict.fromkeys(role.duties)
    without = set(role.without) if role is not None else set()
    return tuple(duty for duty in found if duty in _standard() and duty not in without)


def _part(
    key: str,
    duties: tuple[str, ...],
    role: schema.Role | None,
    *,
    homes: Mapping[str, str],
    lines: "Lines | None",
) -> Part:
    given = role or schema.Role()
    usual = department.home_of(given.based_on or key)
    if lines is not None:
        usual = lines.place(usual)
    return Part(
        key=key,
        names=texts(given.name),
        department=given.department or usual or _most(homes, duties),
        duties=duties,
        environment=given.environment,
    )


def _most(homes: Mapping[str, str], duties: tuple[str, ...]) -> str | None:
    """Say where most of the duties are; of equals the first, in the order of the duties."""
    counted = Counter(homes[duty] for duty in duties if duty in homes)
    return max(counted, key=lambda home: counted[home], default=None)


# --- Departments ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Something of the file by which a department answers for a duty."""

    department: str
    duty: str
    path: tuple[str, ...]
    is_single: bool
    """Whether the duty is named itself; else its whole department is."""


def claims(blueprint: Blueprint) -> Iterator[Claim]:
    """Yield what the file says about who answers, before single duties move from their homes."""
    by_department: dict[str, list[str]] = {}
    for duty in _standard():
        by_department.setdefault(duty.partition(".")[0], []).append(duty)
    for key, entry in blueprint.departments.items():
        path: tuple[str, ...] = ("departments", key)
        wholes = [(key, path)]
        wholes += [(m, (*path, "merges", str(i))) for i, m in enumerate(entry.merges)]
        for whole, place in wholes:
            for duty in by_department.get(whole, ()):
                yield Claim(department=key, duty=duty, path=place, is_single=False)
        for index, duty in enumerate(entry.duties):
            place = (*path, "duties", str(index))
            yield Claim(department=key, duty=duty, path=place, is_single=True)


def answering(blueprint: Blueprint) -> dict[str, list[Claim]]:
    """
    Give by duty who claims it; more than one is a fault.

    A duty that is named by itself leaves its home, and what `without` names nobody answers for.
    """
    found: dict[str, list[Claim]] = {}
    for claim in claims(blueprint):
        found.setdefault(claim.duty, []).append(claim)
    left_out = {duty for entry in blueprint.departments.values() for duty in entry.without}
    for duty, several in found.items():
        if any(claim.is_single for claim in several):
            found[duty] = [claim for claim in several if claim.is_single]
    return {duty: several for duty, several in found.items() if duty not in left_out}


def _homes(blueprint: Blueprint, duties: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Give by duty the department that answers for it."""
    if blueprint.departments:
        found = answering(blueprint)
        return {duty: found[duty][0].department for duty in _standard() if duty in found}
    roles = {role for person in blueprint.people.values() for role in person.roles}
    held = {duty for role in roles for duty in duties.get(role, ())}
    return {duty: duty.partition(".")[0] for duty in _standard() if duty in held}


def _usual(homes: Mapping[str, str]) -> dict[str, schema.Department]:
    """Give the standard departments in which somebody does something."""
    kept = set(homes.values())
    return {m.key: schema.Department() for m in department.departments() if m.key in kept}


def _places(entries: Mapping[str, schema.Department], homes: Mapping[str, str]) -> Iterator[Place]:
    lines = Lines(entries)
    for key, entry in sorted(entries.items()):
        yield Place(
            key=key,
            names=texts(entry.name),
            host=lines.host(key),
            supervised_by=lines.supervised_by(key),
            merges=tuple(entry.merges),
            duties=tuple(duty for duty, home in homes.items() if home == key),
            head=entry.head,
        )


class Lines:
    """The two lines between departments: what the file says, else what is usual."""

    def __init__(self, entries: Mapping[str, schema.Department]) -> None:
        self._entries = entries
        self._merged = {each: key for key, entry in entries.items() for each in entry.merges}
        self._standard = {manifest.key: manifest for manifest in department.departments()}

    def host(self, key: str) -> str | None:
        """Give the department in whose line another sits."""
        usual = self._standard.get(key)
        return self._end(self._entries[key].host or (usual.host if usual else None), key)

    def supervised_by(self, key: str) -> str | None:
        """Give the department that says what another is to reach, if it is not its host."""
        usual = self._standard.get(key)
        return self._end(
            self._entries[key].supervised_by or (usual.supervised_by if usual else None), key
        )

    def _end(self, wanted: str | None, key: str) -> str | None:
        """Follow a line to a department of this centre; a merged one is where it was merged."""
        found = self.place(wanted)
        return None if found == key else found

    def place(self, wanted: str | None) -> str | None:
        """Give the department of this centre that a department's key means now."""
        return wanted if wanted in self._entries else self._merged.get(wanted or "")
