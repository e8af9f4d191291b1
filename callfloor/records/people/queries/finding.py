"""
People who are looked for: by name, team, role, skill and department, in the reader's order.

Names are sealed, so whoever sorts or searches by them opens those of all colleagues; everything
else is read for one page. Refuses: to find anybody who shares no client with the person.
"""

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from callfloor.kernel import access, collation, quick
from callfloor.kernel.access import Someone
from callfloor.kernel.names import pick
from callfloor.kernel.pages import Page, part
from callfloor.records.people.models import (
    Department,
    Person,
    PersonRole,
    PersonSkill,
    RoleDuty,
    Skill,
    Team,
)
from callfloor.records.people.queries.duties import department_names, role_names
from callfloor.records.people.queries.people import (
    PersonRow,
    colleagues_tail,
    language_said,
    names_in,
    opened_names,
    rows_of,
    teams,
)

Pairs = list[tuple[str, str]]
Key = Callable[[str], str]


@dataclass(frozen=True, kw_only=True)
class WantedPeople:
    """Who is looked for; what is None is not asked."""

    words: str = ""
    """Parts of the name, in any order, with or without accents."""
    team: str | None = None
    role: str | None = None
    skill: str | None = None
    department: str | None = None
    """Whoever has a duty of it."""


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What may be asked for, as pairs of key and name in the reader's order."""

    team: Pairs
    role: Pairs
    skill: Pairs
    department: Pairs


Row = tuple[str, str, str | None, str]
"""Key, name, team and language: what a list is sorted by."""


def search(
    *, person: Someone, wanted: WantedPeople, order: str = "name", page: int = 1, size: int = 50
) -> Page[PersonRow]:
    """
    Give a page of the active people who share a client with the person.

    `order` is name, team, role or language, with a minus before it for the other way round, or
    key: then words are not looked for, and only the names of the page are opened.
    Raises Forbidden without the duty.
    """
    access.check(person, "people.read")
    tail, values = _tail(person, wanted)
    if order == "key":
        return _by_key(person, tail, values, page=page, size=size)
    all_, names = _sorted(tail, values, wanted=wanted, order=order)
    return part(
        all_,
        page=page,
        size=size,
        build=lambda keys: _rows(keys, person=person, names=names),
    )


def found(*, person: Someone, wanted: WantedPeople, order: str = "name") -> list[PersonRow]:
    """Give all of them, for a file. Raises Forbidden without the duty."""
    access.check(person, "people.read")
    tail, values = _tail(person, wanted)
    keys, names = _sorted(tail, values, wanted=wanted, order=order)
    return _rows(keys, person=person, names=names)


def choices(*, person: Someone) -> Choices:
    """Give what people may be looked for by."""
    skills = quick.fetch(f"SELECT key, names FROM {quick.table(Skill)}")
    return Choices(
        team=_ordered((row.key, row.name) for row in teams(person=person)),
        role=_ordered(role_names().items()),
        skill=_ordered((key, pick(quick.json_names(names), key=key)) for key, names in skills),
        department=_ordered(department_names().items()),
    )


def _ordered(pairs: Iterable[tuple[str, str]]) -> Pairs:
    key = _collated()
    return sorted(pairs, key=lambda pair: (key(pair[1]), pair[0]))


def _collated() -> Key:
    return collation.order((get_language() or "en").partition("-")[0])


def _tail(person: Someone, wanted: WantedPeople) -> tuple[str, list[str]]:
    """Give the condition for those who are looked for, but for their names."""
    tail, values = colleagues_tail(person)
    tail = f"{tail} AND is_active"
    if wanted.team:
        tail, values = f"{tail} AND team_id = %s", [*values, wanted.team]
    for model, column, key in (
        (PersonRole, "role", wanted.role),
        (PersonSkill, "skill_id", wanted.skill),
    ):
        if key:
            of = f"SELECT person_id FROM {quick.table(model)} WHERE {column} = %s"
            tail, values = f"{tail} AND key IN ({of})", [*values, key]
    if wanted.department:
        duties = _duties_of(wanted.department)
        of = (
            f"SELECT r.person_id FROM {quick.table(PersonRole)} r "
            f"JOIN {quick.table(RoleDuty)} d ON d.role_id = r.role "
            f"WHERE d.duty IN {quick.marks(duties)}"
        )
        tail, values = f"{tail} AND key IN ({of})", [*values, *duties]
    return tail, values


def _duties_of(department: str) -> list[str]:
    sql = f"SELECT duties FROM {quick.table(Department)} WHERE key = %s"
    return [
        duty for (duties,) in quick.fetch(sql, [department]) for duty in quick.json_list(duties)
    ]


def _by_key(
    person: Someone, tail: str, values: list[str], *, page: int, size: int
) -> Page[PersonRow]:
    keys = quick.fetch(f"SELECT key FROM {quick.table(Person)} {tail} ORDER BY key", values)
    return part(
        [key for (key,) in keys],
        page=page,
        size=size,
        build=lambda shown: _rows(shown, person=person, names=None),
    )


def _sorted(
    tail: str, values: list[str], *, wanted: WantedPeople, order: str
) -> tuple[list[str], dict[str, str]]:
    """Give the keys of whoever is found, in order, and their names."""
    columns = "key, name, team_id, language"
    rows = quick.fetch(f"SELECT {columns} FROM {quick.table(Person)} {tail}", values)
    names = opened_names(row[:2] for row in rows)
    all_ = [(key, names[key], team, language) for key, _, team, language in rows]
    if words := [collation.bare(word) for word in wanted.words.split()]:
        all_ = [row for row in all_ if _is_called(row[1], words)]
    all_.sort(key=_key(order.removeprefix("-")), reverse=order.startswith("-"))
    return [row[0] for row in all_], names


def _is_called(name: str, words: list[str]) -> bool:
    plain = collation.bare(name)
    return all(word in plain for word in words)


def _key(order: str) -> Callable[[Row], Any]:
    """Give what people are sorted by; whoever is equal stands by name, then by key."""
    key = _collated()
    if order == "team":
        named = names_in(Team)
        return lambda row: (key(named.get(row[2] or "", "")), key(row[1]), row[0])
    if order == "language":
        said = functools.cache(language_said)
        return lambda row: (key(said(row[3])), key(row[1]), row[0])
    if order == "role":
        roles = _roles()
        return lambda row: (key(roles.get(row[0], "")), key(row[1]), row[0])
    return lambda row: (key(row[1]), row[0])


def _roles() -> dict[str, str]:
    """Give everybody's roles as one text, as the list shows them."""
    names = role_names()
    rows = quick.fetch(f"SELECT person_id, role FROM {quick.table(PersonRole)} ORDER BY 1, 2")
    made: dict[str, list[str]] = {}
    for person, role in rows:
        made.setdefault(person, []).append(names.get(role, role))
    return {person: " ".join(roles) for person, roles in made.items()}


def _rows(keys: list[str], *, person: Someone, names: dict[str, str] | None) -> list[PersonRow]:
    found = quick.models(Person, f"WHERE key IN {quick.marks(keys)}", keys)
    place = {key: at for at, key in enumerate(keys)}
    found.sort(key=lambda one: place[one.key])
    return rows_of(found, person=person, names=names)
