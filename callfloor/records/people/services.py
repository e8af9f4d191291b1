"""
Taking people, clients, teams, skills and the organisation into the records; what a person may
change of himself.

Applying is idempotent; nobody is deleted, because the past points to him.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
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

Skills = Mapping[str, Sequence[tuple[str, int]]]
"""Person to pairs of skill and level."""


@dataclass(frozen=True, kw_only=True)
class PersonData:
    """A person as the blueprint or the demo gives him, in clear."""

    key: str
    """The sign-in name, in lower case."""
    name: str
    roles: tuple[str, ...]
    clients: tuple[str, ...]
    language: str = "en"
    team: str | None = None
    password: str | None = None
    """Set only when the person has none yet; None leaves him without sign-in."""


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
    known = Person.objects.in_bulk([data.key for data in people])
    with transaction.atomic():
        apply_organisation(organisation or Organisation(parts=standard_parts()))
        for data in people:
            person = known.get(data.key) or Person(key=data.key, created_at=now)
            _apply(person, data, key=keys.get(f"person:{data.key}"))
            _join(person, data, skills=dict(skills.get(data.key, ())))
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


def _apply(person: Person, data: PersonData, *, key: bytes | None) -> None:
    assert data.key == data.key.lower(), "a sign-in name is written in lower case"
    person.language, person.team_id, person.is_active = data.language, data.team, True
    if key is not None and fields.decrypt(person, "name", key=key) != data.name:
        fields.encrypt(person, "name", data.name, key=key)
    is_awaited = data.password is not None and not person.has_usable_password()
    if not person.password or is_awaited:
        person.set_password(data.password)  # None makes it unusable.
    person.full_clean(validate_unique=False, validate_constraints=False)
    person.save()


def _join(person: Person, data: PersonData, *, skills: Mapping[str, int]) -> None:
    _keep_roles(person, set(data.roles))
    _keep_clients(person, set(data.clients))
    PersonSkill.objects.filter(person=person).exclude(skill_id__in=list(skills)).delete()
    for skill, level in skills.items():
        PersonSkill.objects.update_or_create(
            person=person, skill_id=skill, defaults={"level": level}
        )


def _keep_roles(person: Person, roles: set[str]) -> None:
    PersonRole.objects.filter(person=person).exclude(role__in=roles).delete()
    rows = [PersonRole(person=person, role=role) for role in sorted(roles)]
    PersonRole.objects.bulk_create(rows, ignore_conflicts=True)


def _keep_clients(person: Person, clients: set[str]) -> None:
    PersonClient.objects.filter(person=person).exclude(client_id__in=clients).delete()
    rows = [PersonClient(person=person, client_id=client) for client in sorted(clients)]
    PersonClient.objects.bulk_create(rows, ignore_conflicts=True)


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
    """Write only rows that differ: what is enforced changes by exactly what was moved."""
    wanted = {(part.key, duty) for part in parts for duty in part.duties}
    rows = RoleDuty.objects.values_list("role_id", "duty", "pk")
    known = {(role, duty): pk for role, duty, pk in rows}
    gone = [pk for pair, pk in known.items() if pair not in wanted]
    RoleDuty.objects.filter(pk__in=gone).delete()
    RoleDuty.objects.bulk_create(
        RoleDuty(role_id=role, duty=duty) for role, duty in sorted(wanted - known.keys())
    )
