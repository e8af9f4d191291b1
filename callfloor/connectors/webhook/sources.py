"""
Who may say something: another system with a secret, for one client.

Refuses: to take anything in (`incoming`).
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from callfloor.connectors.webhook import keeping, signing
from callfloor.connectors.webhook.hooks import (
    HOOKS_MAX,
    NAME_CHARACTERS_MAX,
    WRITE,
    Made,
    NoName,
    TooMany,
)
from callfloor.connectors.webhook.models import Source
from callfloor.kernel import access, audit, ids
from callfloor.kernel.access import Someone
from callfloor.records.people import queries as people

MAKES = ("customers.write", "cases.write")
"""What whoever lets another system say something must be allowed himself."""


@dataclass(frozen=True, kw_only=True)
class SourceRow:
    """One of them in a list."""

    id: str
    name: str
    client: str
    client_name: str
    owner: str
    owner_name: str
    made_at: datetime
    is_on: bool
    off_at: datetime | None
    heard_at: datetime | None


def make(
    *, person: Someone, client: str, name: str, secret: bytes, now: datetime, chance: bytes
) -> Made:
    """
    Let another system open contacts and cases of a client.

    `secret` has 32 bytes drawn by whoever calls. Raises NotFound for a foreign client, Forbidden
    without the duty or without the right to open either oneself, NoName, TooMany.
    """
    access.check(person, WRITE, client=client)
    for permission in MAKES:
        access.check(person, permission)
    name = name.strip()
    if not 0 < len(name) <= NAME_CHARACTERS_MAX:
        raise NoName
    if Source.objects.filter(client_id=client).count() >= HOOKS_MAX:
        raise TooMany
    id_ = ids.make(now=now.timestamp(), chance=chance)
    made = Source(
        id=id_,
        client_id=client,
        owner_id=person.key,
        name=name,
        secret=keeping.closed(secret, id_=id_),
        made_at=now,
    )
    with transaction.atomic():
        made.full_clean(exclude=["secret"])
        made.save(force_insert=True)
        _note(person, "made", made, now=now)
    return Made(id=id_, secret=signing.secret_text(secret))


def switch(*, person: Someone, source: str, on: bool, now: datetime) -> None:
    """Take nothing more from one, or again. Raises NotFound, Forbidden."""
    row = _require(person, source)
    if row.is_on == on:
        return
    for permission in MAKES if on else ():
        access.check(person, permission)
    with transaction.atomic():
        Source.objects.filter(id=row.id).update(is_on=on, off_at=None if on else now)
        _note(person, "on" if on else "off", row, now=now)


def remove(*, person: Someone, source: str, now: datetime) -> None:
    """Remove one; what it has opened stays. Raises NotFound, Forbidden."""
    row = _require(person, source)
    with transaction.atomic():
        _note(person, "removed", row, now=now)
        row.delete()


def sources(*, person: Someone) -> list[SourceRow]:
    """Give those of the person's clients, the latest first. Raises Forbidden."""
    found = list(access.visible(person, WRITE, Source.objects.order_by("-made_at", "id")))
    clients = people.client_names_of(keys={row.client_id for row in found})
    owners = people.names_of(keys={row.owner_id for row in found})
    return [
        SourceRow(
            id=row.id,
            name=row.name,
            client=row.client_id,
            client_name=clients.get(row.client_id, row.client_id),
            owner=row.owner_id,
            owner_name=owners.get(row.owner_id, row.owner_id),
            made_at=row.made_at,
            is_on=row.is_on,
            off_at=row.off_at,
            heard_at=row.heard_at,
        )
        for row in found
    ]


def _require(person: Someone, source: str) -> Source:
    return access.require(person, WRITE, Source.objects.filter(id=source))


def _note(person: Someone, what: str, row: Source, *, now: datetime) -> None:
    about = f"source:{row.id}"
    audit.note(by=person.key, action=f"source.{what}", about=about, client=row.client_id, now=now)
