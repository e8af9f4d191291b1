"""Whoever asks, the people who work here, and the queues."""

import datetime as dt
from typing import Any

from django.utils import timezone
from ninja import Query, Router

from callfloor.app.api import base
from callfloor.app.api.base import Paged, Said, Word
from callfloor.records.people import queries as people
from callfloor.records.routing import queries as routing
from callfloor.ui.requests import Request

router = Router(tags=["center"])


class Me(Said):
    """Whoever is signed in."""

    key: str
    name: str
    team: str | None
    clients: list[str]
    permissions: list[str]


class Person(Said):
    """Somebody who works here."""

    key: str
    name: str
    language: str
    team: str | None
    roles: list[str]
    clients: list[str]


class Skill(Said):
    """A skill and how well it is held, from 1 to 5."""

    key: str
    name: str
    level: int


class PersonPage(Said):
    """One page of people, by key."""

    rows: list[Person]
    page: int
    pages: int
    total: int


class PersonRow(Person):
    """The same with what somebody can do."""

    skills: list[Skill]
    is_active: bool


class Duty(Said):
    """What somebody is there to do."""

    key: str
    name: str
    department_name: str


class PersonWhole(Said):
    """Somebody who works here, whole."""

    row: PersonRow
    duties: list[Duty]
    last_login_at: dt.datetime | None


class Queue(Said):
    """Where work waits."""

    key: str
    name: str
    client: str
    channel: str
    goal_seconds: float
    goal_share: float


class AskedPeople(Paged):
    """Which people are asked for."""

    team: Word | None = None
    role: Word | None = None
    skill: Word | None = None
    department: Word | None = None


@base.read(router, "/me", Me)
def me(request: Request) -> Me:
    """Return whoever is signed in, and what the duties open."""
    rights = request.user.rights
    names = people.names(person=request.user, keys=[request.user.pk])
    return Me(
        key=request.user.pk,
        name=names.get(request.user.pk, request.user.pk),
        team=rights.team,
        clients=sorted(rights.clients),
        permissions=sorted(rights.permissions),
    )


@base.read(router, "/people", PersonPage)
def list_people(request: Request, wanted: Query[AskedPeople]) -> Any:
    """Return those who share a client with the reader, by key."""
    found = people.search(
        person=request.user,
        wanted=people.WantedPeople(
            team=wanted.team,
            role=wanted.role,
            skill=wanted.skill,
            department=wanted.department,
        ),
        order="key",
        page=wanted.page,
        size=wanted.size,
    )
    return base.written(PersonPage, found)


@base.read(router, "/people/{key}", PersonWhole)
def one_person(request: Request, key: Word) -> Any:
    """Return somebody whole."""
    found = people.detail(person=request.user, key=key, now=timezone.now())
    return base.written(PersonWhole, found)


@base.read(router, "/queues", list[Queue])
def list_queues(request: Request) -> list[Any]:
    """Return the queues of the reader's clients."""
    return routing.queues(person=request.user)
