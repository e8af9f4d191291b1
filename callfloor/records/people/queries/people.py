"""
Who works here, for whom, and what each may do.

A person sees those who share a client with him, and of them only what is shared.
"""

import contextlib
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.utils.translation import get_language_info

from callfloor.kernel import access, audit, fields, quick
from callfloor.kernel.access import Rights, Someone
from callfloor.kernel.keys import ring
from callfloor.kernel.names import pick
from callfloor.records.people.models import (
    Client,
    Person,
    PersonClient,
    PersonRole,
    PersonSkill,
    Skill,
    Team,
)
from callfloor.records.people.queries.duties import DutyRow, duties_of, role_names


@dataclass(frozen=True, kw_only=True)
class SkillLevel:
    """A skill that a person has."""

    key: str
    name: str
    level: int


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """A person in a list."""

    key: str
    name: str
    language: str
    language_name: str
    team: str | None
    team_name: str
    roles: tuple[str, ...]
    role_names: tuple[str, ...]
    clients: tuple[str, ...]
    client_names: tuple[str, ...]
    skills: tuple[SkillLevel, ...]
    is_active: bool


@dataclass(frozen=True, kw_only=True)
class PersonDetail:
    """A person on a page of his own."""

    row: PersonRow
    duties: tuple[DutyRow, ...]
    last_login_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class TeamRow:
    """A team."""

    key: str
    name: str


@dataclass(frozen=True, kw_only=True)
class ClientRow:
    """A client for whom the person works."""

    key: str
    name: str
    languages: tuple[str, ...]


def rights_of(*, key: str) -> Rights | None:
    """Give what a person may do at this moment; None if he is unknown or no longer active."""
    person = Person.objects.filter(key=key, is_active=True).first()
    return person.rights if person else None


def people(
    *, person: Someone, team: str | None = None, active_only: bool = True
) -> list[PersonRow]:
    """Give the people who share a client with the person, by key."""
    access.check(person, "people.read")
    tail, values = colleagues_tail(person)
    if team is not None:
        tail, values = f"{tail} AND team_id = %s", [*values, team]
    found = quick.models(Person, f"{tail} ORDER BY key", values)
    return rows_of([one for one in found if one.is_active or not active_only], person=person)


def detail(*, person: Someone, key: str, now: datetime) -> PersonDetail:
    """
    Give a person whole; reading about somebody else is noted.

    Raises NotFound for whoever shares no client, Forbidden without the duty.
    """
    tail, values = colleagues_tail(person)
    one = quick.first(Person, f"{tail} AND key = %s", [*values, key])
    if one is None:
        raise access.NotFound
    if key != person.key:
        access.check(person, "people.read")
        audit.note(by=person.key, action="person.read", about=f"person:{key}", now=now)
    row = rows_of([one], person=person)[0]
    return PersonDetail(
        row=row,
        duties=duties_of(roles=row.roles),
        last_login_at=one.last_login,
    )


def colleagues(*, person: Someone) -> frozenset[str]:
    """Give the keys of those who share a client with the person, without reading any name."""
    tail, values = colleagues_tail(person)
    found = quick.fetch(f"SELECT key FROM {quick.table(Person)} {tail} AND is_active", values)
    return frozenset(key for (key,) in found)


def names(*, person: Someone, keys: Iterable[str] | None = None) -> dict[str, str]:
    """Give the names of those who share a client with the person, of all or of some keys."""
    wanted = None if keys is None else list(keys)
    if wanted == [person.key]:
        return {person.key: own_name(person)}
    tail, values = colleagues_tail(person)
    if wanted is not None:
        tail, values = f"{tail} AND key IN {quick.marks(wanted)}", values + wanted
    return _read_names(tail, values)


def own_name(person: Someone) -> str:
    """Give the person's own name, read once for each request's person."""
    if not isinstance(person, Person):
        return names_of(keys=[person.key]).get(person.key, person.key)
    if person.shown_name is None:
        person.shown_name = opened_names([(person.key, person.name)])[person.key]
    return person.shown_name


def names_of(*, keys: Iterable[str]) -> dict[str, str]:
    """Give the names of people who stand in a record that has been checked already."""
    wanted = sorted(set(keys))
    return _read_names(f"WHERE key IN {quick.marks(wanted)}", wanted) if wanted else {}


def teams(*, person: Someone) -> list[TeamRow]:
    """Give the teams of those who share a client with the person."""
    tail, values = colleagues_tail(person)
    theirs = f"SELECT team_id FROM {quick.table(Person)} {tail} AND team_id IS NOT NULL"
    sql = f"SELECT key, names FROM {quick.table(Team)} WHERE is_active AND key IN ({theirs})"
    found = quick.fetch(f"{sql} ORDER BY key", values)
    return [TeamRow(key=key, name=pick(quick.json_names(names), key=key)) for key, names in found]


def clients(*, person: Someone) -> list[ClientRow]:
    """Give the clients for whom the person works."""
    keys = sorted(person.rights.clients)
    found = quick.models(Client, f"WHERE key IN {quick.marks(keys)} ORDER BY key", keys)
    return [
        ClientRow(
            key=client.key,
            name=pick(client.names, key=client.key),
            languages=tuple(client.languages),
        )
        for client in found
    ]


def client_names(*, person: Someone) -> dict[str, str]:
    """Give the names of the person's clients by key."""
    return client_names_of(keys=person.rights.clients)


def client_names_of(*, keys: Iterable[str]) -> dict[str, str]:
    """Give the names of clients that stand in a record that has been checked already."""
    wanted = sorted(set(keys))
    sql = f"SELECT key, names FROM {quick.table(Client)} WHERE key IN {quick.marks(wanted)}"
    found = quick.fetch(f"{sql} ORDER BY key", wanted) if wanted else []
    return {key: pick(quick.json_names(names), key=key) for key, names in found}


def language_name(code: str) -> str:
    """Give a language's own name."""
    return dict(settings.LANGUAGES).get(code, code)


def language_said(code: str) -> str:
    """Give a language's name in the reader's language."""
    with contextlib.suppress(KeyError):
        return str(get_language_info(code)["name_translated"])
    return code


def colleagues_tail(person: Someone) -> tuple[str, list[str]]:
    """Give the condition for those who share a client with the person, and its values."""
    clients = sorted(person.rights.clients)
    shared = f"SELECT person_id FROM {quick.table(PersonClient)} WHERE client_id IN "
    tail = f"WHERE (key = %s OR key IN ({shared}{quick.marks(clients)}))"
    return tail, [person.key, *clients]


def _read_names(tail: str, parameters: list[str]) -> dict[str, str]:
    sql = f"SELECT key, name FROM {quick.table(Person)} {tail} ORDER BY key"
    return opened_names(quick.fetch(sql, parameters))


def opened_names(sealed: Iterable[tuple[str, Any]]) -> dict[str, str]:
    """
    Open names; each comes as its person's key and the sealed value.

    Hundreds stand in the choices of many pages, so a process holds those that it has opened. Both
    the sealed value and the key are read anew each time, and a name is what they say or nothing:
    whose key is destroyed, or whose name is another one, is forgotten as he is next read.
    """
    rows = [(key, bytes(name or b""), Person.subject_of(key)) for key, name in sealed]
    keys = ring.wrapped(subjects=[subject for *_, subject in rows])
    found, new = {}, []
    for key, name, subject in rows:
        held = _held.get(key)
        if held is not None and held[1] == name and held[2] == keys.get(subject, b""):
            found[key] = held[0] or key
        else:
            new.append((key, name, subject))
    return found | _opened(new, keys) if new else found


Held = tuple[str, bytes, bytes]
"""A name as it reads, sealed, and the closed key that opens it."""
HELD_MAX = 5_000  # Eight times the people of the largest preset.
_held: dict[str, Held] = {}


def _opened(new: list[tuple[str, bytes, str]], wrapped: Mapping[str, bytes]) -> dict[str, str]:
    if len(_held) > HELD_MAX:
        _held.clear()
    subjects = {subject for *_, subject in new}
    keys = ring.unwrapped({each: key for each, key in wrapped.items() if each in subjects})
    place, found = fields.place_of(Person, "name", ""), {}
    for key, name, subject in new:
        text = fields.opened(name, place=f"{place}{key}", key=keys.get(subject)) or ""
        _held[key] = (text, name, wrapped.get(subject, b""))
        found[key] = text or key
    return found


def rows_of(
    found: list[Person], *, person: Someone, names: Mapping[str, str] | None = None
) -> list[PersonRow]:
    """Give the rows of people whom the person may see; names that are open already save time."""
    known = opened_names((one.key, one.name) for one in found) if names is None else names
    joined = _Joined([one.key for one in found], rights=person.rights)
    return [_row(one, name=known[one.key], joined=joined) for one in found]


class _Joined:
    """What people are joined to, each kind read once for all of them."""

    def __init__(self, keys: list[str], *, rights: Rights) -> None:
        shared, skill_rows = sorted(rights.clients), _of(PersonSkill, keys, "skill_id, level")
        clients = [row for row in _of(PersonClient, keys, "client_id") if row[1] in shared]
        self.clients = _by_person(clients)
        self.client_names = client_names_of(keys=shared)
        self.role_names = role_names()
        self.roles = _by_person(_of(PersonRole, keys, "role"))
        self.levels = {(person, skill): level for person, skill, level in skill_rows}
        self.skills = _by_person(skill_rows)
        self.skill_names = names_in(Skill)
        self.team_names = names_in(Team)
        self.languages = functools.cache(language_said)


def _of(model: type[Model], keys: list[str], columns: str) -> list[tuple[Any, ...]]:
    sql = f"SELECT person_id, {columns} FROM {quick.table(model)} WHERE person_id IN "
    return quick.fetch(sql + quick.marks(keys), keys)


def _by_person(rows: Iterable[tuple[Any, ...]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row[1])
    return {person: tuple(sorted(keys)) for person, keys in found.items()}


def names_in(model: type[Team] | type[Skill]) -> dict[str, str]:
    """Give the names of all teams or skills by key."""
    found = quick.fetch(f"SELECT key, names FROM {quick.table(model)}")
    return {key: pick(quick.json_names(names), key=key) for key, names in found}


def _row(one: Person, *, name: str, joined: _Joined) -> PersonRow:
    clients, roles = joined.clients.get(one.key, ()), joined.roles.get(one.key, ())
    return PersonRow(
        key=one.key,
        name=name,
        language=one.language,
        language_name=joined.languages(one.language),
        team=one.team_id,
        team_name=joined.team_names.get(one.team_id, "") if one.team_id else "",
        roles=roles,
        role_names=tuple(joined.role_names.get(key, key) for key in roles),
        clients=clients,
        client_names=tuple(joined.client_names[key] for key in clients),
        skills=tuple(
            SkillLevel(key=key, name=joined.skill_names[key], level=joined.levels[one.key, key])
            for key in joined.skills.get(one.key, ())
        ),
        is_active=one.is_active,
    )
