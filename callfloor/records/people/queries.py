"""
Who works here, for whom, and what each may do.

A person sees those who share a client with him, and of them only what is shared.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from callfloor.kernel import access, audit, department, fields
from callfloor.kernel.access import Rights, Someone
from callfloor.kernel.keys import ring
from callfloor.kernel.names import pick
from callfloor.records.people.models import Client, Person, PersonClient, Team

RELATED = ("client_rows__client", "role_rows", "skill_rows__skill")


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
class DutyRow:
    """A duty that a person has through a role."""

    key: str
    name: str
    department_name: str


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
    found = _colleagues(person)
    if team is not None:
        found = found.filter(team_id=team)
    if active_only:
        found = found.filter(is_active=True)
    return _rows(list(found.select_related("team").prefetch_related(*RELATED)), person=person)


def detail(*, person: Someone, key: str, now: datetime) -> PersonDetail:
    """
    Give a person whole; reading about somebody else is noted.

    Raises NotFound for whoever shares no client, Forbidden without the duty.
    """
    found = _colleagues(person).filter(key=key).select_related("team")
    one = found.prefetch_related(*RELATED).first()
    if one is None:
        raise access.NotFound
    if key != person.key:
        access.check(person, "people.read")
        audit.note(by=person.key, action="person.read", about=f"person:{key}", now=now)
    return PersonDetail(
        row=_rows([one], person=person)[0],
        duties=_duties(one.role_keys),
        last_login_at=one.last_login,
    )


def names(*, person: Someone, keys: Iterable[str] | None = None) -> dict[str, str]:
    """Give the names of those who share a client with the person, of all or of some keys."""
    wanted = None if keys is None else list(keys)
    if wanted == [person.key]:
        return {person.key: own_name(person)}
    found = _colleagues(person).only("key", "name")
    if wanted is not None:
        found = found.filter(key__in=wanted)
    return _names(list(found))


def own_name(person: Someone) -> str:
    """Give the person's own name, read once for each request's person."""
    if not isinstance(person, Person):
        return names_of(keys=[person.key]).get(person.key, person.key)
    if person.shown_name is None:
        person.shown_name = _names([person])[person.key]
    return person.shown_name


def names_of(*, keys: Iterable[str]) -> dict[str, str]:
    """Give the names of people who stand in a record that has been checked already."""
    wanted = set(keys)
    found = Person.objects.filter(key__in=wanted).only("key", "name").order_by("key")
    return _names(list(found)) if wanted else {}


def teams(*, person: Someone) -> list[TeamRow]:
    """Give the teams of those who share a client with the person."""
    keys = _colleagues(person).exclude(team=None).values("team")
    found = Team.objects.filter(key__in=keys, is_active=True).order_by("key")
    return [TeamRow(key=team.key, name=pick(team.names, key=team.key)) for team in found]


def clients(*, person: Someone) -> list[ClientRow]:
    """Give the clients for whom the person works."""
    found = access.within(person, Client.objects.order_by("key"), client_field="key")
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
    return {client.key: client.name for client in clients(person=person)}


def client_names_of(*, keys: Iterable[str]) -> dict[str, str]:
    """Give the names of clients that stand in a record that has been checked already."""
    found = Client.objects.filter(key__in=set(keys)).order_by("key")
    return {client.key: pick(client.names, key=client.key) for client in found}


def language_name(code: str) -> str:
    """Give a language's own name."""
    return dict(settings.LANGUAGES).get(code, code)


def _colleagues(person: Someone) -> QuerySet[Person]:
    shared = PersonClient.objects.filter(client_id__in=sorted(person.rights.clients))
    mine = Q(key=person.key) | Q(key__in=shared.values("person_id"))
    return Person.objects.filter(mine).order_by("key")


def _names(found: list[Person]) -> dict[str, str]:
    keys = ring.get(subjects=[person.subject for person in found])
    return {
        person.key: fields.decrypt(person, "name", key=keys.get(person.subject)) or person.key
        for person in found
    }


def _rows(found: list[Person], *, person: Someone) -> list[PersonRow]:
    known = _names(found)
    return [_row(one, name=known[one.key], rights=person.rights) for one in found]


def _row(one: Person, *, name: str, rights: Rights) -> PersonRow:
    shared = sorted(
        (row.client for row in one.client_rows.all() if rights.sees(row.client_id)),
        key=lambda client: client.key,
    )
    return PersonRow(
        key=one.key,
        name=name,
        language=one.language,
        language_name=language_name(one.language),
        team=one.team_id,
        team_name=pick(one.team.names, key=one.team.key) if one.team else "",
        roles=one.role_keys,
        role_names=tuple(_role_name(key) for key in one.role_keys),
        clients=tuple(client.key for client in shared),
        client_names=tuple(pick(client.names, key=client.key) for client in shared),
        skills=_skills(one),
        is_active=one.is_active,
    )


def _role_name(key: str) -> str:
    role = department.role(key)
    return str(role.name) if role else key


def _skills(one: Person) -> tuple[SkillLevel, ...]:
    rows = sorted(one.skill_rows.all(), key=lambda row: row.skill_id)
    return tuple(
        SkillLevel(key=row.skill_id, name=pick(row.skill.names, key=row.skill_id), level=row.level)
        for row in rows
    )


def _duties(roles: tuple[str, ...]) -> tuple[DutyRow, ...]:
    return tuple(
        DutyRow(key=f"{place.key}.{duty.key}", name=str(duty.name), department_name=str(place.name))
        for place, duty in department.duties_of(roles)
    )
