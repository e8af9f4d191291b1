"""Departments, roles, sites and teams: their names, their lines, and who answers for what."""

from collections import Counter
from collections.abc import Collection, Iterator

from callfloor.blueprint import organisation, schema
from callfloor.blueprint.check import calendars, out
from callfloor.blueprint.check.wording import unknown
from callfloor.blueprint.findings import Problem
from callfloor.blueprint.schema import Blueprint
from callfloor.kernel import department

Path = tuple[str, ...]


def problems(blueprint: Blueprint) -> Iterator[Problem]:
    """Find names that are nobody's, lines in a circle, and duties that two answer for."""
    yield from _sites(blueprint)
    yield from _teams(blueprint)
    yield from _people(blueprint)
    yield from _roles(blueprint)
    for key, entry in blueprint.departments.items():
        yield from _department(blueprint, key, entry)
    if blueprint.departments:
        yield from _circles(blueprint)
        yield from _twice(blueprint)


def known_departments(blueprint: Blueprint) -> Collection[str]:
    """Give what may be named: the file's departments and what they merge, else the usual ones."""
    if not blueprint.departments:
        return {manifest.key for manifest in department.departments()}
    merged = {each for entry in blueprint.departments.values() for each in entry.merges}
    return blueprint.departments.keys() | merged


def unknown_role(blueprint: Blueprint, name: str | None, path: Path) -> Iterator[Problem]:
    """Give a problem if a role is named that is neither standard nor the file's."""
    known = organisation.role_keys(blueprint)
    yield from unknown(fault="E082", kind="role", name=name, known=known, path=path)


def _unknown_duties(names: list[str], path: Path) -> Iterator[Problem]:
    known = department.duties()
    for index, name in enumerate(names):
        place = (*path, str(index))
        yield from unknown(fault="E080", kind="duty", name=name, known=known, path=place)


# --- Places and people ----------------------------------------------------------------------------


def _sites(blueprint: Blueprint) -> Iterator[Problem]:
    for key, site in blueprint.sites.items():
        if site.timezone is not None:
            yield from calendars.zone(site.timezone, ("sites", key, "timezone"))
        yield from out.country(site.country, ("sites", key, "country"))


def _teams(blueprint: Blueprint) -> Iterator[Problem]:
    departments = known_departments(blueprint)
    for key, team in blueprint.teams.items():
        for fault, kind, name, known in (
            ("E081", "department", team.department, departments),
            ("E084", "site", team.site, blueprint.sites),
            ("E019", "person", team.leader, blueprint.people),
        ):
            path = ("teams", key, kind if kind != "person" else "leader")
            yield from unknown(fault=fault, kind=kind, name=name, known=known, path=path)


def _people(blueprint: Blueprint) -> Iterator[Problem]:
    roles = set(organisation.role_keys(blueprint))
    for key, person in blueprint.people.items():
        for index, role in enumerate(person.roles):
            path = ("people", key, "roles", str(index))
            yield from unknown(fault="E082", kind="role", name=role, known=roles, path=path)
        yield from unknown(
            fault="E084",
            kind="site",
            name=person.site,
            known=blueprint.sites,
            path=("people", key, "site"),
        )


# --- Roles ----------------------------------------------------------------------------------------


def _roles(blueprint: Blueprint) -> Iterator[Problem]:
    standard = {role.key for role in department.roles()}
    departments = known_departments(blueprint)
    for key, role in blueprint.roles.items():
        path = ("roles", key)
        for kind, name, known, fault in (
            ("based_on", role.based_on, standard, "E082"),
            ("department", role.department, departments, "E081"),
        ):
            word = "standard role" if kind == "based_on" else kind
            yield from unknown(fault=fault, kind=word, name=name, known=known, path=(*path, kind))
        yield from _unknown_duties(role.duties, (*path, "duties"))
        yield from _unknown_duties(role.without, (*path, "without"))
        if key not in standard:
            yield from _own_role(key, role, path)


def _own_role(key: str, role: schema.Role, path: Path) -> Iterator[Problem]:
    if role.name is None:
        wrong = f"`{key}` is no standard role and has no name."
        yield Problem(id="E109", path=path, wrong=wrong, hint="Add `name:`, as people read it.")
    if role.based_on is None and not role.duties:
        wrong = f"Whoever is `{key}` has nothing to do."
        hint = "Add `based_on:` with a standard role, or `duties:`."
        yield Problem(id="E110", path=path, wrong=wrong, hint=hint)


# --- Departments ----------------------------------------------------------------------------------


def _department(blueprint: Blueprint, key: str, entry: schema.Department) -> Iterator[Problem]:
    path = ("departments", key)
    standard = {manifest.key for manifest in department.departments()}
    departments = known_departments(blueprint)
    for kind, name in (("host", entry.host), ("supervised_by", entry.supervised_by)):
        yield from unknown(
            fault="E081", kind="department", name=name, known=departments, path=(*path, kind)
        )
    for index, name in enumerate(entry.merges):
        place = (*path, "merges", str(index))
        yield from unknown(
            fault="E081", kind="standard department", name=name, known=standard, path=place
        )
    yield from _unknown_duties(entry.duties, (*path, "duties"))
    yield from _unknown_duties(entry.without, (*path, "without"))
    people = blueprint.people
    head = (*path, "head")
    yield from unknown(fault="E019", kind="person", name=entry.head, known=people, path=head)
    if key not in standard:
        yield from _own_department(key, entry, path)


def _own_department(key: str, entry: schema.Department, path: Path) -> Iterator[Problem]:
    if entry.name is None:
        wrong = f"`{key}` is no standard department and has no name."
        yield Problem(id="E109", path=path, wrong=wrong, hint="Add `name:`, as people read it.")
    if not entry.merges and not entry.duties:
        wrong = f"`{key}` answers for nothing."
        hint = "Add `merges:` with standard departments, or `duties:`."
        yield Problem(id="E110", path=path, wrong=wrong, hint=hint)


def _circles(blueprint: Blueprint) -> Iterator[Problem]:
    told: set[str] = set()
    for start in blueprint.departments:
        walk = _line(blueprint, start)
        if walk[-1] != start or len(walk) == 1 or told.intersection(walk):
            continue
        told.update(walk)
        wrong = f"`{start}` sits in its own line: {' → '.join(walk)}."
        hint = "Let the line end at a department without `host:`."
        yield Problem(id="E085", path=("departments", start, "host"), wrong=wrong, hint=hint)


def _line(blueprint: Blueprint, start: str) -> list[str]:
    """Walk up from a department to the top, or to the first that comes a second time."""
    lines = organisation.Lines(blueprint.departments)
    walk = [start]
    while walk.count(walk[-1]) == 1:
        is_own = blueprint.departments[walk[-1]].host == walk[-1]
        host = walk[-1] if is_own else lines.host(walk[-1])
        if host is None:
            break
        walk.append(host)
    return walk


def _twice(blueprint: Blueprint) -> Iterator[Problem]:
    told: dict[Path, tuple[str, str]] = {}
    many: Counter[Path] = Counter()
    for duty, claims in organisation.answering(blueprint).items():
        first, *others = sorted(claims, key=lambda claim: len(claim.path))
        for claim in others:
            if claim.department != first.department:
                told.setdefault(claim.path, (duty, first.department))
                many[claim.path] += 1
    for path, (duty, other) in told.items():
        more = f" and {many[path] - 1} more" if many[path] > 1 else ""
        wrong = f"`{duty}`{more} would be answered for here and by `{other}`."
        hint = "Leave each duty with one department."
        yield Problem(id="E086", path=path, wrong=wrong, hint=hint)
