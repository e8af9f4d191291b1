"""Customers: who they are, and what is changed of them; each change by the page's own service."""

import datetime as dt
import os
from typing import Any, Literal

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from callfloor.app.api import base
from callfloor.app.api.base import Made, Paged, Said, Text, Word
from callfloor.departments.management.queries import archive
from callfloor.records.customers import queries, services
from callfloor.ui.requests import Request

router = Router(tags=["customers"])
SECONDS_MAX = 86_400.0


class Customer(Said):
    """A customer, as in a list."""

    id: str
    client: str
    kind: str
    label: str
    language: str
    first_seen_at: dt.datetime
    last_seen_at: dt.datetime
    erased_at: dt.datetime | None
    simulated: bool


class CustomerPage(Said):
    """One page of customers, who came last first."""

    rows: list[Customer]
    page: int
    pages: int
    total: int


class Identity(Said):
    """What a customer is known by."""

    id: str
    customer: str
    kind: str
    value: str
    evidence: str
    confidence: str
    shared: bool
    added_at: dt.datetime


class CustomerNote(Said):
    """A note about a customer."""

    id: str
    customer: str
    at: dt.datetime
    author: str
    text: str
    removed_at: dt.datetime | None


class Consent(Said):
    """What a customer said about one purpose."""

    id: str
    purpose: str
    channel: str
    given: bool
    at: dt.datetime
    evidence: str
    words: str
    kept_by: str | None
    counts: bool


class Merge(Said):
    """That two customers were found to be one, and perhaps not to be."""

    id: str
    kept: str
    customer: str
    why: str
    at: dt.datetime
    by: str
    undone_at: dt.datetime | None


class CustomerWhole(Said):
    """A customer with all that is known of him; `id` names the one whom he was merged into."""

    id: str
    client: str
    kind: str
    name: str
    label: str
    language: str
    first_seen_at: dt.datetime
    last_seen_at: dt.datetime
    erased_at: dt.datetime | None
    tags: list[str]
    priority_seconds: float
    preferred_agent: str | None
    held_at: dt.datetime | None
    simulated: bool
    together: list[str]
    identities: list[Identity]
    notes: list[CustomerNote]
    consents: list[Consent]
    merges: list[Merge]


class Met(Said):
    """Who has this identity now."""

    id: str
    is_new: bool
    candidates: list[str]


class WantedCustomers(Paged):
    """Which customers are asked for."""

    q: Word | None = None
    number: Word | None = None
    client: Word | None = None
    tag: Word | None = None
    kind: Word | None = None
    include_simulated: bool = False


class Introduced(Schema):
    """Whom there is, by what he is known by; a name and a language are those of a new one only."""

    client: Word
    kind: Literal["number", "address", "handle", "external"]
    value: Word
    name: Word = ""
    language: Word = Field("en", max_length=12)


class CustomerName(Schema):
    """A name; empty takes it away."""

    name: Word


class CustomerKind(Schema):
    """What a customer is."""

    kind: Literal["person", "organisation", "household"]


class Treatment(Schema):
    """How a customer is served."""

    priority_seconds: float = Field(ge=0, le=SECONDS_MAX)
    preferred_agent: Word | None = None


class NewIdentity(Schema):
    """By what else a customer is known."""

    kind: Literal["number", "address", "handle", "external"]
    value: Word


class CustomerText(Schema):
    """What is to be kept."""

    text: Text


class Tagged(Schema):
    """A tag."""

    tag: Word


class NewConsent(Schema):
    """What a customer has just said."""

    purpose: Word
    channel: Word
    given: bool
    words: Text = ""


class Into(Schema):
    """Who it is; `sure` passes over identities that differ."""

    into: Word
    sure: bool = False


base.place("customer_id", lambda person, id_: queries.require(person=person, customer_id=id_))


@base.read(router, "/customers", CustomerPage)
def list_customers(request: Request, wanted: Query[WantedCustomers]) -> Any:
    """Return customers, who came last first."""
    found = queries.find(
        person=request.user,
        now=timezone.now(),
        number=wanted.number,
        text=wanted.q,
        tag=wanted.tag,
        kind=wanted.kind,
        client=wanted.client,
        include_simulated=wanted.include_simulated,
        page=wanted.page,
        size=wanted.size,
    )
    return base.written(CustomerPage, found)


@base.change(router, "/customers", Met)
def introduce(request: Request, who: Introduced) -> Met:
    """Give the customer who has an identity, or make him; the same one each time."""
    met = services.introduce(
        person=request.user,
        client=who.client,
        kind=who.kind,
        value=who.value,
        name=who.name,
        language=who.language,
        now=timezone.now(),
        chance=os.urandom(10),
    )
    return Met(id=met.customer_id, is_new=met.is_new, candidates=list(met.candidates))


@base.read(router, "/customers/{customer_id}", CustomerWhole)
def one_customer(request: Request, customer_id: Word) -> Any:
    """Return a customer with notes, consents and merges; the reading is noted."""
    found = queries.detail(person=request.user, customer_id=customer_id, now=timezone.now())
    whole = {
        **{
            name: getattr(found, name)
            for name in CustomerWhole.model_fields
            if hasattr(found, name)
        },
        # A visitor's secret opens his chat, and is nobody's business.
        "identities": [row for row in found.identities if row.kind != "visitor"],
        "notes": queries.notes_of(customer_ids=found.together),
        "consents": queries.consents_of(customer_ids=found.together),
        "merges": queries.merges_of(customer_ids=found.together),
    }
    return base.written(CustomerWhole, whole)


@router.get(
    "/customers/{customer_id}/export",
    response={200: bytes, **base.FAULTS},
    openapi_extra={
        "responses": {200: {"content": {"application/zip": {"schema": {"type": "string"}}}}}
    },
)
def export(request: Request, customer_id: Word) -> HttpResponse:
    """Return everything about a customer as one file; it is noted."""
    made = archive.archive(person=request.user, customer_id=customer_id, now=timezone.now())
    response = HttpResponse(made.content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    response["Cache-Control"] = "no-store"
    return response


@base.change(router, "/customers/{customer_id}/name")
def rename(request: Request, customer_id: Word, said: CustomerName) -> None:
    """Give a customer a name."""
    services.rename(
        person=request.user, customer_id=customer_id, name=said.name, now=timezone.now()
    )


@base.change(router, "/customers/{customer_id}/kind")
def set_kind(request: Request, customer_id: Word, said: CustomerKind) -> None:
    """Say whether a customer is a person, an organization or a household."""
    services.set_kind(
        person=request.user, customer_id=customer_id, kind=said.kind, now=timezone.now()
    )


@base.change(router, "/customers/{customer_id}/treatment")
def set_treatment(request: Request, customer_id: Word, said: Treatment) -> None:
    """Say how many seconds of waiting a customer is worth, and who should have him."""
    services.set_treatment(
        person=request.user,
        customer_id=customer_id,
        priority_seconds=said.priority_seconds,
        preferred_agent=said.preferred_agent,
        now=timezone.now(),
    )


@base.change(router, "/customers/{customer_id}/identities")
def add_identity(request: Request, customer_id: Word, said: NewIdentity) -> None:
    """Keep what a customer is known by."""
    services.add_identity(
        person=request.user,
        customer_id=customer_id,
        kind=said.kind,
        value=said.value,
        now=timezone.now(),
    )


@base.change(router, "/identities/{identity_id}/remove")
def remove_identity(request: Request, identity_id: Word) -> None:
    """Take an identity away from its customer."""
    services.remove_identity(person=request.user, identity_id=identity_id, now=timezone.now())


@base.change(router, "/customers/{customer_id}/notes", Made)
def add_note(request: Request, customer_id: Word, said: CustomerText) -> Made:
    """Keep a note about a customer."""
    note = services.add_note(
        person=request.user,
        customer_id=customer_id,
        text=said.text,
        now=timezone.now(),
        chance=os.urandom(10),
    )
    return Made(id=note)


@base.change(router, "/notes/{note_id}/remove")
def remove_note(request: Request, note_id: Word) -> None:
    """Take a note away."""
    services.remove_note(person=request.user, note_id=note_id, now=timezone.now())


@base.change(router, "/customers/{customer_id}/tags")
def add_tag(request: Request, customer_id: Word, said: Tagged) -> None:
    """Put a customer under a tag."""
    services.add_tag(person=request.user, customer_id=customer_id, tag=said.tag, now=timezone.now())


@base.change(router, "/customers/{customer_id}/tags/remove")
def remove_tag(request: Request, customer_id: Word, said: Tagged) -> None:
    """Take a customer out from under a tag."""
    services.remove_tag(
        person=request.user, customer_id=customer_id, tag=said.tag, now=timezone.now()
    )


@base.change(router, "/customers/{customer_id}/consents")
def write_consent(request: Request, customer_id: Word, said: NewConsent) -> None:
    """Write down what a customer has just allowed or forbidden."""
    services.write_consent(
        person=request.user,
        customer_id=customer_id,
        purpose=said.purpose,
        channel=said.channel,
        given=said.given,
        now=timezone.now(),
        words=said.words,
    )


@base.change(router, "/customers/{customer_id}/merge", Made)
def merge(request: Request, customer_id: Word, said: Into) -> Made:
    """Say that two customers are one; the answer is the id of the merge, by which it is undone."""
    made = services.merge(
        person=request.user,
        customer_id=customer_id,
        kept_id=said.into,
        sure=said.sure,
        now=timezone.now(),
        chance=os.urandom(10),
    )
    return Made(id=made)


@base.change(router, "/merges/{merge_id}/undo")
def undo_merge(request: Request, merge_id: Word) -> None:
    """Take a merge back."""
    services.undo_merge(person=request.user, merge_id=merge_id, now=timezone.now())
