"""
The API: what pages show, as JSON, for whoever is signed in; reading only.

Statuses stand here and in `ui/errors.py`. Refuses: writing, until somebody needs it.
"""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from ninja import NinjaAPI, Query, Schema
from ninja.security import django_auth
from pydantic import BaseModel, ConfigDict

from callfloor import __version__
from callfloor.kernel.errors import Refusal
from callfloor.records.interactions import queries as interactions
from callfloor.records.people import queries as people
from callfloor.records.routing import queries as routing
from callfloor.ui import errors
from callfloor.ui.requests import Request

PAGE_SIZE_MAX = 200  # As many rows as a query gives at once.

api = NinjaAPI(
    title="Callfloor",
    version=__version__,
    auth=django_auth,
    docs_url=None,  # Its page loads scripts from elsewhere, which the policy forbids.
    urls_namespace="api",
)


class Said(BaseModel):
    """
    What an answer is made of, read from the attributes of a query's rows.

    Pydantic's own model: ninja's looks at each attribute through Python, at five times the cost.
    """

    model_config = ConfigDict(from_attributes=True)


class Fault(Said):
    """Why a request was refused."""

    code: str
    message: str


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


class Queue(Said):
    """Where work waits."""

    key: str
    name: str
    client: str
    channel: str
    goal_seconds: float
    goal_share: float


class Interaction(Said):
    """One call, as in a list."""

    id: str
    client: str
    channel: str
    called: str
    customer_id: str | None
    language: str | None
    arrived_at: dt.datetime
    answered_at: dt.datetime | None
    ended_at: dt.datetime | None
    outcome: str | None
    queue: str | None
    agent: str | None
    disposition: str | None
    wait_seconds: float | None
    talk_seconds: float | None
    hold_seconds: float | None
    wrap_seconds: float | None
    short: bool
    interrupted: bool
    simulated: bool
    recorded: bool
    direction: str


class Step(Said):
    """One line of a timeline."""

    seq: int
    at: dt.datetime
    kind: str
    data: dict[str, Any]
    why: dict[str, Any] | None


class Recording(Said):
    """A recording; the sound is at /recordings/ID.wav."""

    id: str
    started_at: dt.datetime
    seconds: float | None
    partial: bool
    missing: bool


class InteractionWhole(Said):
    """One call with all that happened."""

    row: Interaction
    note: str | None
    may_listen: bool
    timeline: list[Step]
    recordings: list[Recording]


class InteractionPage(Said):
    """One page of calls, newest first."""

    rows: list[Interaction]
    page: int
    pages: int
    total: int


class Wanted(Schema):
    """Which calls are asked for."""

    client: str | None = None
    queue: str | None = None
    agent: str | None = None
    outcome: str | None = None
    arrived_from: dt.datetime | None = None
    arrived_to: dt.datetime | None = None
    include_simulated: bool = False
    page: int = 1
    size: int = 50


FAULTS = {400: Fault, 403: Fault, 404: Fault}


@api.exception_handler(Refusal)
def refused(request: Request, refusal: Refusal) -> HttpResponse:
    """Answer a refusal with its code, its words and the status owed."""
    body = {"code": refusal.code, "message": str(refusal.message)}
    return api.create_response(request, body, status=errors.status_of(refusal))


@api.get("/me", response={200: Me, **FAULTS})
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


@api.get("/people", response={200: list[Person], **FAULTS})
def list_people(request: Request, team: str | None = None) -> list[Any]:
    """Return those who share a client with the reader."""
    return people.people(person=request.user, team=team)


@api.get("/queues", response={200: list[Queue], **FAULTS})
def list_queues(request: Request) -> list[Any]:
    """Return the queues of the reader's clients."""
    return routing.queues(person=request.user)


@api.get("/interactions", response={200: InteractionPage, **FAULTS})
def list_interactions(request: Request, wanted: Query[Wanted]) -> Any:
    """Return calls, newest first."""
    filters = interactions.Filters(
        client=wanted.client,
        queue=wanted.queue,
        agent=wanted.agent,
        outcome=wanted.outcome,
        arrived_from=_aware(wanted.arrived_from),
        arrived_to=_aware(wanted.arrived_to),
        include_simulated=wanted.include_simulated,
    )
    found = interactions.search(
        person=request.user,
        filters=filters,
        now=timezone.now(),
        page=max(1, wanted.page),
        size=min(max(1, wanted.size), PAGE_SIZE_MAX),
    )
    return _written(InteractionPage, found)


@api.get("/interactions/{interaction_id}", response={200: InteractionWhole, **FAULTS})
def one_interaction(request: Request, interaction_id: str) -> Any:
    """Return one call whole."""
    found = interactions.detail(
        person=request.user, interaction_id=interaction_id, now=timezone.now()
    )
    return _written(InteractionWhole, found)


def _written(model: type[Said], found: object) -> HttpResponse:
    """Write a long answer at once; by way of dicts it took a quarter of the request."""
    body = model.model_validate(found).model_dump_json()
    return HttpResponse(body, content_type="application/json; charset=utf-8")


def _aware(value: dt.datetime | None) -> dt.datetime | None:
    """Return an instant with a zone: a time without one is the centre's."""
    return timezone.make_aware(value) if value and timezone.is_naive(value) else value
