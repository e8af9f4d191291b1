"""
Tokens for programs: made by a person for himself, used, revoked.

A token never opens more than its person has: no duty and no client that he has not, neither when it
is made nor later. Refuses: to keep a secret, and a token without an end.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callfloor.kernel import access, audit, fields, ids
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.kernel.keys import ring
from callfloor.records.people.models import ApiToken, Person
from callfloor.records.people.queries import tokens as queries
from callfloor.records.people.queries.people import colleagues

NAME_CHARACTERS_MAX = 80
DAYS_MAX = 366  # Whoever has left a program alone for a year has forgotten it.
TOKENS_MAX = 50  # Of one person, those that still open something; more nobody looks through.
USED_EVERY = timedelta(minutes=1)  # A program asks a hundred times a second; this writes once.


class NoName(Refusal):
    """The token has no name, or a very long one."""

    code = "tokens.no_name"
    message = _("Say in a few words what the token is for.")


class NothingToOpen(Refusal):
    """No duty or no client was chosen."""

    code = "tokens.nothing_to_open"
    message = _("Choose at least one duty and one client.")


class NotOnesOwn(Refusal):
    """A duty or client was chosen that the person has not."""

    code = "tokens.not_ones_own"
    message = _("A token can have no duty and no client that you do not have yourself.")


class WrongEnd(Refusal):
    """The token would end too late, or has ended already."""

    code = "tokens.wrong_end"
    message = _("A token holds for 1 to 366 days.")


class TooManyTokens(Refusal):
    """Nobody keeps so many apart."""

    code = "tokens.too_many"
    message = _("You have 50 tokens. Revoke one that is not needed any more.")


@dataclass(frozen=True, kw_only=True)
class Made:
    """A token that was just made."""

    id: str
    text: str
    """What the program sends; it cannot be read again."""


def make_token(
    *,
    person: Someone,
    name: str,
    duties: Collection[str],
    clients: Collection[str],
    days: int,
    secret: str,
    now: datetime,
    chance: bytes,
) -> Made:
    """
    Make a token for a program that asks in the person's name.

    `secret` has 43 characters drawn by whoever calls. Raises Forbidden, NoName, NothingToOpen,
    NotOnesOwn, WrongEnd, TooManyTokens.
    """
    access.check(person, queries.MAKE)
    name = name.strip()
    if not 0 < len(name) <= NAME_CHARACTERS_MAX:
        raise NoName
    if not 1 <= days <= DAYS_MAX:
        raise WrongEnd
    row = Person.objects.get(key=person.key)
    _check_own(row, person, duties=set(duties), clients=set(clients))
    if ApiToken.objects.filter(person=row, revoked_at=None, expires_at__gt=now).count() >= (
        TOKENS_MAX
    ):
        raise TooManyTokens
    made = ApiToken(
        id=ids.make(now=now.timestamp(), chance=chance),
        person=row,
        name=name,
        digest=queries.digest(secret),
        duties=sorted(set(duties)),
        clients=sorted(set(clients)),
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    made.full_clean()
    made.save(force_insert=True)
    detail = {"duties": made.duties, "clients": made.clients, "days": days}
    about = f"token:{made.id}"
    audit.note(by=person.key, action="token.made", about=about, now=now, detail=detail)
    return Made(id=made.id, text=queries.written(id_=made.id, secret=secret))


def _check_own(row: Person, person: Someone, *, duties: set[str], clients: set[str]) -> None:
    if not duties or not clients:
        raise NothingToOpen
    if not duties <= row.duty_keys or not clients <= person.rights.clients:
        raise NotOnesOwn


def revoke_token(*, person: Someone, token: str, now: datetime) -> None:
    """
    Let a token open nothing any more: one's own, or with the duty a colleague's.

    Raises NotFound, Forbidden without either duty.
    """
    seen = Q(person_id=person.key)
    if person.rights.may(queries.REVOKE):
        seen |= Q(person_id__in=colleagues(person=person))
    row = ApiToken.objects.filter(seen, id=token).first()
    if row is None:
        raise access.NotFound
    access.check_any(person, queries.MAKE, queries.REVOKE)
    changed = ApiToken.objects.filter(id=row.id, revoked_at=None)
    if changed.update(revoked_at=now, revoked_by=person.key):
        about = f"token:{row.id}"
        detail = {"of": row.person_id}
        audit.note(by=person.key, action="token.revoked", about=about, now=now, detail=detail)


def note_use(*, bearer: queries.Bearer, address: str, now: datetime) -> None:
    """Keep when and from where a token was used, at most once in USED_EVERY."""
    if bearer.used_at is not None and now - bearer.used_at < USED_EVERY:
        return
    row = ApiToken(id=bearer.token, person_id=bearer.person.key)
    key = ring.get(subjects=[row.subject]).get(row.subject)
    if key is not None:
        fields.encrypt(row, "used_from", address, key=key)
    ApiToken.objects.filter(id=bearer.token).update(used_at=now, used_from=row.used_from)
