"""Cases: lists, one whole, opening one, and the steps that a page offers as well."""

import datetime as dt
import os
from typing import Any, Literal

from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from callfloor.app.api import base
from callfloor.app.api.base import Paged, Said, Text, Word
from callfloor.records.cases import queries
from callfloor.records.cases.queries import rows
from callfloor.records.cases.services import complaints, escalation, work
from callfloor.ui.requests import Request

router = Router(tags=["cases"])
FIELDS_MAX = 20  # More than any kind of case asks for.


class Case(Said):
    """A matter, as in a list."""

    id: str
    reference: str
    client: str
    kind: str
    stage: str
    priority: str
    subject: str
    customer: str | None
    language: str
    owner: str | None
    team: str | None
    level: int
    waits_for: str
    incident: str | None
    code: str
    origin: str | None
    decision: str
    appealed: bool
    opened_at: dt.datetime
    answered_at: dt.datetime | None
    closed_at: dt.datetime | None
    promised_at: dt.datetime | None
    due_at: dt.datetime | None
    simulated: bool


class CasePage(Said):
    """One page of cases, what is owed first at the top."""

    rows: list[Case]
    page: int
    pages: int
    total: int


class Clock(Said):
    """How far a promise is; seconds of open time."""

    goal: str
    target_seconds: float | None
    used_seconds: float
    left_seconds: float | None
    due_at: dt.datetime | None
    is_running: bool
    is_stopped: bool
    is_breached: bool


class Contact(Said):
    """A contact that was about a case."""

    id: str
    channel: str


class Entry(Said):
    """One thing in the story of a case."""

    at: dt.datetime
    kind: str
    number: int
    by: str | None
    text: str
    data: dict[str, Any]
    interaction: Contact | None


class CaseWhole(Said):
    """A case with its clocks and its story."""

    row: Case
    clocks: list[Clock]
    known: dict[str, str]
    missing: list[str]
    entries: list[Entry]
    about: str | None
    """Who is complained about, also after it was shown to him."""
    linked: list[Case]
    linked_total: int


class Opened(Said):
    """A case that is there now."""

    id: str
    reference: str


class WantedCases(Paged):
    """Which cases are asked for."""

    state: Literal["open", "late", "resting", "closed", "all"] = "open"
    whose: Literal["", "mine", "team", "nobody"] = ""
    kind: Word | None = None
    client: Word | None = None
    customer: Word | None = None
    priority: Word | None = None
    reference: Word | None = None


class NewCase(Schema):
    """A matter that is opened, as whoever asks."""

    client: Word
    kind: Word
    customer: Word | None = None
    subject: Word
    details: Text = ""
    priority: Word = "normal"
    code: Word = Field("", max_length=64)
    known: dict[Word, Text] = Field({}, max_length=FIELDS_MAX)
    origin: Word | None = None
    about: Word | None = None
    """Who is complained about; the case does not exist for him."""


class CaseText(Schema):
    """What is written."""

    text: Text


class About(Schema):
    """Who is complained about; none if it is nobody in particular."""

    about: Word | None


class Tried(CaseText):
    """What was tried, and whether it helped."""

    worked: bool


class Owner(Schema):
    """Whose it is: somebody's, a team's, or nobody's."""

    owner: Word | None = None
    team: Word | None = None


class Stage(Schema):
    """To which stage."""

    stage: Word


class Urgency(Schema):
    """How urgent it is."""

    priority: Literal["low", "normal", "high", "urgent"]


class Waiting(Schema):
    """For whom the clock rests."""

    waits_for: Literal["customer", "supplier"]


class KnownField(Schema):
    """Something that must be known."""

    field: Word
    text: Text


class Contacted(Schema):
    """A contact."""

    interaction: Word


class Closing(Schema):
    """What is known at the end, and whether it was solved in the contact that opened it."""

    known: dict[Word, Text] = Field({}, max_length=FIELDS_MAX)
    at_once: bool = False


base.place("case_id", lambda person, id_: rows.require(person, "cases.read", id_))


@base.read(router, "/cases", CasePage)
def list_cases(request: Request, wanted: Query[WantedCases]) -> Any:
    """Return cases, what is owed first at the top."""
    filters = queries.Filters(
        whose=wanted.whose,
        state=wanted.state,
        kind=wanted.kind,
        client=wanted.client,
        customer=wanted.customer,
        priority=wanted.priority,
        reference=wanted.reference,
    )
    found = queries.search(
        person=request.user,
        filters=filters,
        now=timezone.now(),
        page=wanted.page,
        size=wanted.size,
    )
    return base.written(CasePage, found)


@base.change(router, "/cases", Opened)
def open_case(request: Request, new: NewCase) -> Opened:
    """Open a case; it belongs to whoever asks until it is given on."""
    asked = None
    if new.customer or new.origin:
        asked = queries.asked_for(
            person=request.user,
            customer_id=new.customer or "",
            interaction_id=new.origin or "",
        )
    row = work.open_for(
        person=request.user,
        client=new.client if asked is None else asked.client,
        kind=new.kind,
        customer_id=asked.customer if asked else None,
        subject=new.subject,
        details=new.details,
        priority=new.priority,
        code=new.code,
        known=new.known,
        origin=asked.interaction if asked else None,
        about=new.about,
        now=timezone.now(),
        chance=os.urandom(10),
    )
    return Opened(id=row.id, reference=row.reference)


@base.read(router, "/cases/{case_id}", CaseWhole)
def one_case(request: Request, case_id: Word) -> Any:
    """Return a case with its clocks and its story; the reading is noted."""
    found = queries.story(person=request.user, case_id=case_id, now=timezone.now())
    return base.written(CaseWhole, found)


@base.change(router, "/cases/{case_id}/messages")
def say(request: Request, case_id: Word, said: CaseText) -> None:
    """Write to the customer: on his page, and as mail where he has written one."""
    work.say(person=request.user, case_id=case_id, text=said.text, now=timezone.now())


@base.change(router, "/cases/{case_id}/notes")
def note(request: Request, case_id: Word, said: CaseText) -> None:
    """Keep a note that only colleagues read."""
    work.write_note(person=request.user, case_id=case_id, text=said.text, now=timezone.now())


@base.change(router, "/cases/{case_id}/tries")
def tried(request: Request, case_id: Word, said: Tried) -> None:
    """Keep what was tried and whether it helped."""
    work.write_try(
        person=request.user,
        case_id=case_id,
        text=said.text,
        worked=said.worked,
        now=timezone.now(),
    )


@base.change(router, "/cases/{case_id}/contacts")
def attach(request: Request, case_id: Word, said: Contacted) -> None:
    """Say that a contact was about a case."""
    work.attach_contact(
        person=request.user,
        case_id=case_id,
        interaction_id=said.interaction,
        now=timezone.now(),
    )


@base.change(router, "/cases/{case_id}/owner")
def assign(request: Request, case_id: Word, said: Owner) -> None:
    """Give a case to somebody, to a team, or to nobody."""
    work.assign(
        person=request.user,
        case_id=case_id,
        owner=said.owner,
        team=said.team,
        now=timezone.now(),
    )


@base.change(router, "/cases/{case_id}/take")
def take(request: Request, case_id: Word) -> None:
    """Make a case one's own."""
    work.take(person=request.user, case_id=case_id, now=timezone.now())


@base.change(router, "/cases/{case_id}/stage")
def set_stage(request: Request, case_id: Word, said: Stage) -> None:
    """Bring a case to another of its stages."""
    work.set_stage(person=request.user, case_id=case_id, stage=said.stage, now=timezone.now())


@base.change(router, "/cases/{case_id}/priority")
def set_priority(request: Request, case_id: Word, said: Urgency) -> None:
    """Change how urgent it is."""
    work.set_priority(
        person=request.user, case_id=case_id, priority=said.priority, now=timezone.now()
    )


@base.change(router, "/cases/{case_id}/pause")
def pause(request: Request, case_id: Word, said: Waiting) -> None:
    """Let the clock rest while somebody else is waited for."""
    work.pause(person=request.user, case_id=case_id, waits_for=said.waits_for, now=timezone.now())


@base.change(router, "/cases/{case_id}/resume")
def resume(request: Request, case_id: Word) -> None:
    """Let the clock go on."""
    work.resume(person=request.user, case_id=case_id, now=timezone.now())


@base.change(router, "/cases/{case_id}/known")
def fill(request: Request, case_id: Word, said: KnownField) -> None:
    """Say something that must be known."""
    work.fill(
        person=request.user,
        case_id=case_id,
        field=said.field,
        text=said.text,
        now=timezone.now(),
    )


@base.change(router, "/cases/{case_id}/answered")
def answered(request: Request, case_id: Word) -> None:
    """Note that the customer had his first answer by word of mouth."""
    work.answered(person=request.user, case_id=case_id, now=timezone.now())


@base.change(router, "/cases/{case_id}/escalate")
def escalate(request: Request, case_id: Word, said: CaseText) -> None:
    """Bring a case up, with a reason."""
    escalation.escalate(person=request.user, case_id=case_id, reason=said.text, now=timezone.now())


@base.change(router, "/cases/{case_id}/about")
def name(request: Request, case_id: Word, said: About) -> None:
    """Say who is complained about; from then on the case and its contacts are hidden from him."""
    complaints.name(person=request.user, case_id=case_id, about=said.about, now=timezone.now())


@base.change(router, "/cases/{case_id}/close")
def close(request: Request, case_id: Word, said: Closing) -> None:
    """Close a case."""
    work.close(
        person=request.user,
        case_id=case_id,
        known=said.known,
        at_once=said.at_once,
        now=timezone.now(),
    )


@base.change(router, "/cases/{case_id}/reopen")
def reopen(request: Request, case_id: Word, said: CaseText) -> None:
    """Open a closed case again, with a reason."""
    work.reopen(person=request.user, case_id=case_id, text=said.text, now=timezone.now())
