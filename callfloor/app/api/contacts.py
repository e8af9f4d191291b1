"""Calls, chats and mails: lists, one whole, what was written in it, and writing."""

import datetime as dt
from typing import Any, Literal

from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from callfloor.app.api import base
from callfloor.app.api.base import Instant, Paged, Said, Text, Word
from callfloor.kernel import ports
from callfloor.records.interactions import queries as interactions
from callfloor.records.interactions import services
from callfloor.records.interactions.queries import messages
from callfloor.ui.requests import Request
from callfloor.web import chat_desk

router = Router(tags=["contacts"])
NUMBER_MAX = 2**31 - 1


class Interaction(Said):
    """One contact, as in a list."""

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


class LineHeard(Said):
    """How well one leg was heard."""

    at: dt.datetime
    agent: str | None
    trunk: str
    packets: int
    lost: int
    loss_share: float
    jitter_ms: float
    mos: float
    mos_worst: float
    is_bad: bool


class InteractionWhole(Said):
    """One contact with all that happened."""

    row: Interaction
    note: str | None
    may_listen: bool
    timeline: list[Step]
    recordings: list[Recording]
    lines: list[LineHeard]


class InteractionPage(Said):
    """One page of contacts, newest first."""

    rows: list[Interaction]
    page: int
    pages: int
    total: int


class Message(Said):
    """Something that was written in a contact; files are at /interactions/ID/files/NUMBER."""

    id: str
    number: int
    direction: str
    author: str | None
    at: dt.datetime
    kind: str
    text: str
    state: str


class Written(Said):
    """A message that is kept."""

    number: int


class WantedInteractions(Paged):
    """Which contacts are asked for."""

    client: Word | None = None
    queue: Word | None = None
    agent: Word | None = None
    outcome: Word | None = None
    customer: Word | None = None
    arrived_from: Instant | None = None
    arrived_to: Instant | None = None
    include_simulated: bool = False


class After(Schema):
    """From where on messages are asked for."""

    after: int = Field(0, ge=0, le=NUMBER_MAX)


class NoteText(Schema):
    """What an agent has noted."""

    text: Text


class Writing(Schema):
    """What is written to the customer, or for colleagues."""

    text: Text = Field(min_length=1)
    direction: Literal["out", "note"] = "out"


def _check(person: Any, interaction_id: str) -> None:
    messages.messages(person=person, interaction_id=interaction_id, after=NUMBER_MAX)


base.place("interaction_id", _check)


@base.read(router, "/interactions", InteractionPage)
def list_interactions(request: Request, wanted: Query[WantedInteractions]) -> Any:
    """Return contacts, newest first."""
    filters = interactions.Filters(
        client=wanted.client,
        queue=wanted.queue,
        agent=wanted.agent,
        outcome=wanted.outcome,
        customer=wanted.customer,
        arrived_from=wanted.arrived_from,
        arrived_to=wanted.arrived_to,
        include_simulated=wanted.include_simulated,
    )
    found = interactions.search(
        person=request.user,
        filters=filters,
        now=timezone.now(),
        page=wanted.page,
        size=wanted.size,
    )
    return base.written(InteractionPage, found)


@base.read(router, "/interactions/{interaction_id}", InteractionWhole)
def one_interaction(request: Request, interaction_id: Word) -> Any:
    """Return one contact whole."""
    found = interactions.detail(
        person=request.user, interaction_id=interaction_id, now=timezone.now()
    )
    return base.written(InteractionWhole, found)


@base.read(router, "/interactions/{interaction_id}/messages", list[Message])
def list_messages(request: Request, interaction_id: Word, asked: Query[After]) -> Any:
    """Return what was written in a contact, in order, 500 at once; ask on after the last number."""
    person = request.user
    return messages.messages(person=person, interaction_id=interaction_id, after=asked.after)


@base.change(router, "/interactions/{interaction_id}/messages", Written)
def write_message(request: Request, interaction_id: Word, said: Writing) -> Written:
    """
    Write in a chat or mail that is in one's hands, as on the desk.

    A mail is sent; an answer in a chat waits there, and goes as mail if the customer has asked for
    it and is not there.
    """
    _check(request.user, interaction_id)
    work = chat_desk.answer_of(
        board=ports.floor().board(),
        agent=request.user.key,
        item=interaction_id,
        text=said.text,
        direction=said.direction,
        external=f"api:{base.own_key(request)}",
        customer_here=ports.is_here(interaction_id),
    )
    return Written(number=work()[-1]["number"])


@base.change(router, "/interactions/{interaction_id}/note")
def note_interaction(request: Request, interaction_id: Word, note: NoteText) -> None:
    """Keep the note on a contact, in place of the one before."""
    services.save_note(
        person=request.user, interaction_id=interaction_id, text=note.text, now=timezone.now()
    )
