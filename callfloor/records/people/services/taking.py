"""
Taking people, clients, teams, skills and the organisation into the records; what a person may
change of himself.

Applying is idempotent; nobody is deleted, because the past points to him.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from callfloor.kernel import fields
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.kernel.keys import ring
from callfloor.kernel.names import Names
from callfloor.kernel.organisation import Organisation, Part, Place, standard_parts
from callfloor.records.people.models import (
    Client,
    Department,
    Person,
    PersonClient,
    PersonRole,
    PersonSkill,
    Role,
    RoleDuty,
    Skill,
    Team,
)

Pairs = AbstractSet[tuple[str, str]]
Skills = Mapping[str, Sequence[tuple[str, int]]]
"""Person to pairs of skill and level."""


_LEVEL = ("person_id", "skill_id", "level", "proof", "proved_by", "proved_on", "proved_until")
"""The columns of a person's skill."""
_OWN = ("name", "team_id", "is_active", "password")
"""What applying may change in a person's own row."""


@dataclass(frozen=True, kw_only=True)
class ProofData:
    """What shows that somebody has a skill."""

    skill: str
    kind: str
    """certificate, test or observation."""
    by: str
    """Who vouches for it."""
    on: date
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class PersonData:
    """A person as the blueprint or the demo gives him, in clear."""

    key: str
    """The sign-in name, in lower case."""
    name: str | None
    """None leaves the name that the records have; who has none is called by his key."""
    roles: tuple[str, ...]
    clients: tuple[str, ...]
    language: str = "en"
    """What somebody new reads; afterwards it is his own choice."""
    team: str | None = None
    password: str | None = None
    """Set only when the person has none yet; None leaves him without sign-in."""
    proofs: tuple[ProofData, ...] = ()
    """Of skills that he has."""


@dataclass(frozen=True, kw_only=True)
class ClientData:
    """A client as the plan gives it."""

    key: str
    names: Names
    languages: tuple[str, ...]


class UnknownLanguage(Refusal):
    """The pages do not speak this language."""

    code = "people.unknown_language"
    message = _("The pages do not speak this language.")


def set_language(*, person: Someone, language: str) -> None:
    """
    Set the language in which the person reads.

    Raises UnknownLanguage.
    """
    if language not in dict(settings.LANGUAGES):
        raise UnknownLanguage
    Person.objects.filter(key=person.key).update(language=language)


def apply_clients(clients: Sequence[ClientData]) -> None:
    """Take the plan's clients in; those that are gone become inactive."""
    for data in clients:
        values = {
            "names": dict(data.names),
            "languages": list(data.languages),
            "is_active": True,
        }
        Client.objects.update_or_create(key=data.key, defaults=values)
    gone = Client.objects.exclude(key__in=[data.key for data in clients])
    gone.update(is_active=False)


def apply_teams(teams: Mapping[str, Names]) -> None:
    """Take teams in by key; those that are gone become inactive."""
    for key, names in teams.items():
        Team.objects.update_or_create(key=key, defaults={"names": dict(names), "is_active": True})
    Team.objects.exclude(key__in=list(teams)).update(is_active=False)


def apply_skills(skills: Mapping[str, Names]) -> None:
    """Take skills in by key; those that are gone stay with their history."""
    for key, names in skills.items():
        Skill.objects.update_or_create(key=key, defaults={"names": dict(names)})


def apply_organisation(organisation: Organisation) -> None:
    """
    Bring departments, roles and their duties to what a centre says; a second time nothing changes.

    Runs in the caller's transaction. Who has which role comes with the people themselves.
    """
    _keep_departments(organisation.places)
    _keep_parts(organisation.parts)
    _keep_duties(organisation.parts)


def apply_people(
    *,
    people: Sequence[PersonData],
    skills: Skills,
    now: datetime,
    organisation: Organisation | None = None,
) -> None:
    """
    Take people in with roles, clients and skills; those who are gone can no longer sign in.

    Clients, teams and skills must have been applied before. Without an organisation the standard
    roles hold, and nothing is said of departments.
    """
    keys = ring.create(subjects=[f"person:{data.key}" for data in people], now=now)
    with transaction.atomic():
        apply_organisation(organisation or Organisation(parts=standard_parts()))
        _keep_people(people, keys=keys, now=now)
        _join(people, skills)
        Person.objects.exclude(key__in=[data.key for data in people]).update(is_active=False)


def ensure_known(*, clients: set[str], people: set[str], now: datetime) -> None:
    """
    Make inactive rows for keys that a fact names and no plan has brought.

    A fact is never refused: what the floor did is true even if the records learn of it late.
    """
    Client.objects.bulk_create(
        [Client(key=key, is_active=False) for key in sorted(clients)], ignore_conflicts=True
    )
    rows = [_unknown(key, now=now) for key in sorted(people)]
    Person.objects.bulk_create(rows, ignore_conflicts=True)


def _unknown(key: str, *, now: datetime) -> Person:
    person = Person(key=key, is_active=False, created_at=now)
    person.set_unusable_password()
    return person


def _apply(person: Person, data: PersonData, *, key: bytes | None) -> bool:
    """Bring a person's own row to the data; say whether it differs from what it was."""
    assert data.key == data.key.lower(), "a sign-in name is written in lower case"
    before = [getattr(person, field) for field in _OWN]
    person.team_id, person.is_active = data.team, True
    if key is not None:
        known = fields.decrypt(person, "name", key=key)
        wanted = data.name or known or data.key
        if known != wanted:
            fields.encrypt(person, "name", wanted, key=key)
    if not person.password or (data.password and not person.has_usable_password()):
        person.set_password(data.password)  # None makes it unusable.
    return before != [getattr(person, field) for field in _OWN]


def _keep_people(people: Sequence[PersonData], *, keys: Mapping[str, bytes], now: datetime) -> None:
    """Write the rows that differ, so that six hundred people hold the database but a moment."""
    known = Person.objects.in_bulk([data.key for data in people])
    differ = []
    for data in people:
        new = Person(key=data.key, language=data.language, created_at=now)
        person = known.get(data.key, new)
        if _apply(person, data, key=keys.get(person.subject)):
            person.full_clean(validate_unique=False, validate_constraints=False)
            differ.append(person)
    Person.objects.bulk_create([person for person in differ if person.key not in known])
    Person.objects.bulk_update([person for person in differ if person.key in known], _OWN)


def _join(people: Sequence[PersonData], skills: Skills) -> None:
    keys = [data.key for data in people]
    _keep_pairs(
        PersonRole.objects.filter(person_id__in=keys),
        columns=("person_id", "role"),
        wanted={(data.key, role) for data in people for role in data.roles},
    )
    _keep_pairs(
        PersonClient.objects.filter(person_id__in=keys),
        columns=("person_id", "client_id"),
        wanted={(data.key, client) for data in people for client in data.clients},
    )
    _keep_levels(skills, people)


def _keep_pairs(rows: QuerySet[Any], *, columns: tuple[str, str], wanted: Pairs) -> None:
    """Write only rows that differ: what is enforced changes by exactly what was moved."""
    model = rows.model
    known = {(one, other): pk for one, other, pk in rows.values_list(*columns, "pk")}
    gone = [pk for pair, pk in known.items() if pair not in wanted]
    model.objects.filter(pk__in=gone).delete()
    missing = sorted(wanted - known.keys())
    model.objects.bulk_create(model(**dict(zip(columns, pair, strict=True))) for pair in missing)


def _keep_levels(skills: Skills, people: Sequence[PersonData]) -> None:
    wanted = {row[:2]: row for data in people for row in _levels(data, skills.get(data.key, ()))}
    rows = PersonSkill.objects.filter(person_id__in=[data.key for data in people])
    known = {tuple(row): pk for pk, *row in rows.values_list("pk", *_LEVEL)}
    gone = [pk for row, pk in known.items() if wanted.get(row[:2]) != row]
    PersonSkill.objects.filter(pk__in=gone).delete()
    PersonSkill.objects.bulk_create(
        PersonSkill(**dict(zip(_LEVEL, row, strict=True)))
        for _, row in sorted(wanted.items())
        if row not in known
    )


def _levels(data: PersonData, skills: Sequence[tuple[str, int]]) -> Iterator[tuple[Any, ...]]:
    proofs = {proof.skill: proof for proof in data.proofs}
    for skill, level in skills:
        proof = proofs.get(skill)
        if proof is None:
            yield data.key, skill, level, None, None, None, None
        else:
            yield data.key, skill, level, proof.kind, proof.by, proof.on, proof.until


def _keep_departments(places: Sequence[Place]) -> None:
    Department.objects.exclude(key__in=[place.key for place in places]).delete()
    for order, place in enumerate(places):
        values = {
            "names": dict(place.names),
            "host": place.host,
            "supervised_by": place.supervised_by,
            "merges": list(place.merges),
            "duties": list(place.duties),
            "head": place.head,
            "order": order,
        }
        Department.objects.update_or_create(key=place.key, defaults=values)


def _keep_parts(parts: Sequence[Part]) -> None:
    Role.objects.exclude(key__in=[part.key for part in parts]).delete()
    for order, part in enumerate(parts):
        values = {
            "names": dict(part.names),
            "department": part.department,
            "duties": list(part.duties),
            "environment": part.environment,
            "order": order,
        }
        Role.objects.update_or_create(key=part.key, defaults=values)


def _keep_duties(parts: Sequence[Part]) -> None:
    _keep_pairs(
        RoleDuty.objects.all(),
        columns=("role_id", "duty"),
        wanted={(part.key, duty) for part in parts for duty in part.duties},
    )
