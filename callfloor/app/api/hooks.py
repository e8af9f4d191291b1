"""Who is told of what happens, and what other systems say."""

import datetime as dt
import os
from typing import Any

from django.conf import settings
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from callfloor.app.api import base
from callfloor.app.api.base import Said, Word
from callfloor.connectors.webhook import hooks, incoming, signing
from callfloor.connectors.webhook.kinds import KINDS
from callfloor.ui.requests import Request

router = Router(tags=["webhooks"])
KINDS_MAX = 50


class HookKind(Said):
    """What other systems may be told."""

    key: str
    name: str
    permission: str
    fields: list[str]


class Hook(Said):
    """A system that is told."""

    id: str
    name: str
    client: str
    url: str
    kinds: list[str]
    owner: str
    made_at: dt.datetime
    is_on: bool
    off_reason: str
    off_at: dt.datetime | None
    failing_since: dt.datetime | None
    told_at: dt.datetime | None
    waiting: int
    given_up: int


class NewHook(Schema):
    """Who is to be told of what."""

    client: Word
    name: Word
    url: Word
    kinds: list[Word] = Field(max_length=KINDS_MAX)


class HookMade(Said):
    """A system that is told from now on, and the secret with which it checks what it is told."""

    id: str
    secret: str


class Heard(Said):
    """What came of what was said; the same for the same message."""

    interaction: str | None
    case: str | None
    reference: str | None


base.place("hook_id", lambda person, id_: hooks.one(person=person, hook=id_))


@base.read(router, "/hooks", list[Hook])
def list_hooks(request: Request) -> Any:
    """Return the systems that are told of something, the latest first."""
    return hooks.hooks(person=request.user)


@base.read(router, "/hook-kinds", list[HookKind])
def list_kinds(request: Request) -> list[HookKind]:
    """Return what other systems may be told, with the fields of each."""
    return [
        HookKind(
            key=kind.key,
            name=str(kind.name),
            permission=kind.permission,
            fields=list(kind.fields),
        )
        for kind in KINDS.values()
    ]


@base.change(router, "/hooks", HookMade)
def make_hook(request: Request, new: NewHook) -> HookMade:
    """Let another system be told; the secret is shown this once."""
    made = hooks.make(
        person=request.user,
        client=new.client,
        name=new.name,
        url=new.url,
        kinds=new.kinds,
        allowed=settings.HOOK_HOSTS,
        secret=os.urandom(signing.SECRET_BYTES),
        now=timezone.now(),
        chance=os.urandom(10),
    )
    return HookMade(id=made.id, secret=made.secret)


@base.read(router, "/hooks/{hook_id}", Hook)
def one_hook(request: Request, hook_id: Word) -> Any:
    """Return one of them."""
    return hooks.one(person=request.user, hook=hook_id)


@base.change(router, "/hooks/{hook_id}/on")
def switch_on(request: Request, hook_id: Word) -> None:
    """Switch one on again; what was given up meanwhile is told then."""
    hooks.switch(person=request.user, hook=hook_id, on=True, now=timezone.now())


@base.change(router, "/hooks/{hook_id}/off")
def switch_off(request: Request, hook_id: Word) -> None:
    """Switch one off."""
    hooks.switch(person=request.user, hook=hook_id, on=False, now=timezone.now())


@base.change(router, "/hooks/{hook_id}/remove")
def remove_hook(request: Request, hook_id: Word) -> None:
    """Remove one with all that waits for it."""
    hooks.remove(person=request.user, hook=hook_id, now=timezone.now())


SIGNED = [
    {
        "in": "header",
        "name": name,
        "required": False,
        "description": "Standard Webhooks; without it nothing is taken.",
        "schema": {"type": "string", "maxLength": 500, "pattern": "^[!-~]+$"},
    }
    for name in (signing.ID, signing.TIMESTAMP, signing.SIGNATURE)
]


@router.post(
    "/in/{source_id}",
    response={200: Heard, **base.FAULTS},
    auth=None,
    openapi_extra={
        "parameters": SIGNED,
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": incoming.schema()}},
        },
    },
)
def hear(request: Request, source_id: Word) -> Heard:
    """Take a customer's message or a matter from another system, signed with its secret."""
    taken = incoming.receive(
        source=source_id,
        given={name: request.headers.get(name, "") for name in signing.HEADERS},
        body=request.body,
        now=timezone.now(),
        chance=os.urandom(10),
    )
    return Heard(**incoming.plain(taken))
