"""
Who is told: made by a person for one client, switched off and on again, removed.

Whoever makes one may know himself of what it tells, and keeps that right: with the duty he loses,
the hook is switched off. Refuses: an address that may not be asked, as far as it can be seen.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from callfloor.connectors.webhook import client as asking
from callfloor.connectors.webhook import deliveries, keeping, signing
from callfloor.connectors.webhook.kinds import KINDS
from callfloor.connectors.webhook.models import Hook
from callfloor.kernel import access, audit, ids
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.records.people import queries as people

WRITE = "hooks.write"
NAME_CHARACTERS_MAX = 80
HOOKS_MAX = 50  # Of one client; each event is written once for every one of them.


class NoName(Refusal):
    """Nobody could tell it from others."""

    code = "hooks.no_name"
    message = _("Say in a few words which system this is.")


class NoKinds(Refusal):
    """Nothing would be told."""

    code = "hooks.no_kinds"
    message = _("Choose at least one kind of event.")


class WrongAddress(Refusal):
    """The address may not be asked."""

    code = "hooks.wrong_address"
    message = _("This address cannot be told: it must be https, and lead to the open internet.")


class TooMany(Refusal):
    """There are enough of them."""

    code = "hooks.too_many"
    message = _("This client has 50 of them. Remove one that is not needed any more.")


@dataclass(frozen=True, kw_only=True)
class Made:
    """What was just made."""

    id: str
    secret: str
    """As the other side writes it down; it is not shown again."""


@dataclass(frozen=True, kw_only=True)
class HookRow:
    """One of them in a list."""

    id: str
    name: str
    client: str
    client_name: str
    url: str
    kinds: tuple[str, ...]
    owner: str
    owner_name: str
    made_at: datetime
    is_on: bool
    off_reason: str
    off_at: datetime | None
    failing_since: datetime | None
    told_at: datetime | None
    waiting: int
    given_up: int


def make(
    *,
    person: Someone,
    client: str,
    name: str,
    url: str,
    kinds: Collection[str],
    allowed: Collection[str],
    secret: bytes,
    now: datetime,
    chance: bytes,
) -> Made:
    """
    Let another system be told of some kinds of event of a client.

    `secret` has 32 bytes drawn by whoever calls. Raises NotFound for a foreign client, Forbidden
    without the duty or the right to know of a kind, NoName, NoKinds, WrongAddress, TooMany.
    """
    access.check(person, WRITE, client=client)
    name = name.strip()
    if not 0 < len(name) <= NAME_CHARACTERS_MAX:
        raise NoName
    if not kinds or not set(kinds) <= KINDS.keys():
        raise NoKinds
    for kind in kinds:
        access.check(person, KINDS[kind].permission)
    _check_address(url, allowed=allowed)
    if Hook.objects.filter(client_id=client).count() >= HOOKS_MAX:
        raise TooMany
    id_ = ids.make(now=now.timestamp(), chance=chance)
    made = Hook(
        id=id_,
        client_id=client,
        owner_id=person.key,
        name=name,
        url=url,
        kinds=sorted(set(kinds)),
        secret=keeping.closed(secret, id_=id_),
        made_at=now,
    )
    with transaction.atomic():
        made.full_clean(exclude=["secret"])
        made.save(force_insert=True)
        _note(person, "made", made, now=now)
    return Made(id=id_, secret=signing.secret_text(secret))


def _check_address(url: str, *, allowed: Collection[str]) -> None:
    # Names are resolved when something is sent: what they lead to may change every minute.
    try:
        found = asking.place(url, allowed=allowed)
    except asking.Blocked as blocked:
        raise WrongAddress from blocked
    is_number = found.host not in allowed and asking.is_number(found.host)
    if is_number and not asking.is_public(found.host):
        raise WrongAddress


def switch(*, person: Someone, hook: str, on: bool, now: datetime) -> None:
    """
    Switch one off, or on again; what was given up meanwhile is told then.

    Raises NotFound, Forbidden, and Forbidden to switch on what one may not know oneself.
    """
    row = _require(person, hook)
    if row.is_on == on:
        return
    if on:
        for kind in row.kinds:
            access.check(person, KINDS[kind].permission)
    changed = Hook.objects.filter(id=row.id)
    with transaction.atomic():
        if on:
            changed.update(
                is_on=True, off_reason="", off_at=None, failing_since=None, owner_id=person.key
            )
            deliveries.again(hook=row.id, now=now)
        else:
            changed.update(is_on=False, off_reason="person", off_at=now)
        _note(person, "on" if on else "off", row, now=now)


def remove(*, person: Someone, hook: str, now: datetime) -> None:
    """Remove one with all that waits for it. Raises NotFound, Forbidden."""
    row = _require(person, hook)
    with transaction.atomic():
        _note(person, "removed", row, now=now)
        row.delete()


def hooks(*, person: Someone) -> list[HookRow]:
    """Give those of the person's clients, the latest first. Raises Forbidden."""
    rows = access.visible(person, WRITE, Hook.objects.order_by("-made_at", "id"))
    return _rows(rows)


def one(*, person: Someone, hook: str) -> HookRow:
    """Give one. Raises NotFound, Forbidden."""
    return _rows(Hook.objects.filter(id=_require(person, hook).id))[0]


def _rows(rows: QuerySet[Hook]) -> list[HookRow]:
    found = list(
        rows.annotate(
            waits=Count("deliveries", filter=Q(deliveries__state="waiting")),
            lost=Count("deliveries", filter=Q(deliveries__state="given_up")),
        )
    )
    clients = people.client_names_of(keys={row.client_id for row in found})
    owners = people.names_of(keys={row.owner_id for row in found})
    return [
        HookRow(
            id=row.id,
            name=row.name,
            client=row.client_id,
            client_name=clients.get(row.client_id, row.client_id),
            url=row.url,
            kinds=tuple(row.kinds),
            owner=row.owner_id,
            owner_name=owners.get(row.owner_id, row.owner_id),
            made_at=row.made_at,
            is_on=row.is_on,
            off_reason=row.off_reason,
            off_at=row.off_at,
            failing_since=row.failing_since,
            told_at=row.told_at,
            waiting=row.waits,
            given_up=row.lost,
        )
        for row in found
    ]


def _require(person: Someone, hook: str) -> Hook:
    return access.require(person, WRITE, Hook.objects.filter(id=hook))


def _note(person: Someone, what: str, row: Hook, *, now: datetime) -> None:
    audit.note(
        by=person.key,
        action=f"hook.{what}",
        about=f"hook:{row.id}",
        client=row.client_id,
        now=now,
        detail={"kinds": row.kinds},
    )
