"""
What is said to people of the house: by a leader to one or to a team, or by a department.

Durable, and each has a copy of his own, encrypted under his own key, with the instant when he read
it. Refuses: to answer, and to reach anybody who is not of the writer's own team and clients.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callfloor.kernel import access, audit, fields, ids, ports
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.kernel.keys import ring
from callfloor.records.people.models import Notice, NoticeCopy
from callfloor.records.people.queries import leading

CHARACTERS_MAX = 500  # Read between two calls; what is longer is an article.
MESSAGE = "message"
"""The kind that a person writes; departments have kinds of their own."""


class NothingSaid(Refusal):
    """The message has no words."""

    code = "people.nothing_said"
    message = _("Write what you want to say.")


class TooLong(Refusal):
    """The message is longer than one that is read between two calls."""

    code = "people.message_too_long"
    message = _("This message is too long. Write it in at most 500 characters.")


def send(
    *,
    person: Someone,
    text: str,
    now: datetime,
    chance: bytes,
    key: str | None = None,
    team: str | None = None,
) -> str:
    """
    Write to one of the own team, or to all of a team, and give the message's id.

    Raises NotFound for whoever is not of the own team and clients, Forbidden without the duty,
    NothingSaid, TooLong.
    """
    assert (key is None) != (team is None), "a message goes to a person or to a team"
    if key is not None:
        people = [leading.require(person=person, key=key, permission=leading.LEAD).key]
    else:
        people = leading.require_team(person=person, team=str(team), permission=leading.LEAD)
    said = text.strip()
    if not said:
        raise NothingSaid
    if len(said) > CHARACTERS_MAX:
        raise TooLong
    with transaction.atomic():
        made = _keep(people, kind=MESSAGE, by=person.key, team=team, text=said, now=now,
                     chance=chance)  # fmt: skip
        about = f"person:{key}" if key is not None else f"team:{team}"
        detail = {"notice": made, "people": len(people), "characters": len(said)}
        audit.note(by=person.key, action="message.sent", about=about, now=now, detail=detail)
    return made


def tell(
    *,
    people: Iterable[str],
    kind: str,
    by: str,
    now: datetime,
    chance: bytes,
    place: str = "",
    detail: Mapping[str, Any] | None = None,
    text: str | None = None,
) -> str | None:
    """
    Let a department say something of its kind to people; None if there is nobody to hear it.

    `place` is the page where it is to be seen, `detail` what its words need: keys and numbers;
    `text` is shown as it is, if the kind has no words of its own. Runs in the caller's transaction.
    """
    wanted = sorted(set(people))
    if not wanted:
        return None
    return _keep(
        wanted, kind=kind, by=by, place=place, detail=detail, text=text, now=now, chance=chance
    )


def read(*, person: Someone, notice: str, now: datetime) -> None:
    """
    Note that somebody has read what was said to him; a second time nothing changes.

    Raises NotFound for what was not said to him.
    """
    mine = NoticeCopy.objects.filter(notice_id=notice, person_id=person.key)
    if not mine.filter(read_at=None).update(read_at=now) and not mine.exists():
        raise access.NotFound


def forget(*, before: datetime, limit: int) -> int:
    """Delete some of what was said before an instant, read or not; give how many."""
    old = Notice.objects.filter(sent_at__lt=before).order_by("sent_at", "id")
    keys = list(old.values_list("id", flat=True)[:limit])
    Notice.objects.filter(id__in=keys).delete()  # The copies go with it.
    return len(keys)


def _keep(
    people: list[str],
    *,
    kind: str,
    by: str,
    now: datetime,
    chance: bytes,
    team: str | None = None,
    text: str | None = None,
    place: str = "",
    detail: Mapping[str, Any] | None = None,
) -> str:
    row = Notice(
        id=ids.make(now=now.timestamp(), chance=chance),
        kind=kind,
        by=by,
        team=team,
        place=place,
        detail=dict(detail or {}),
        sent_at=now,
    )
    copies = [NoticeCopy(id=_copy_id(row, key), notice=row, person_id=key) for key in people]
    if text is not None:
        keys = ring.get(subjects=[f"person:{key}" for key in {by, *people}])
        fields.encrypt(row, "text", text, key=keys[f"person:{by}"])
        for copy in copies:
            own = keys.get(f"person:{copy.person_id}")
            if own is not None:  # Whose key is destroyed is not here any more.
                fields.encrypt(copy, "text", text, key=own)
    row.full_clean(validate_unique=False)
    row.save(force_insert=True)
    NoticeCopy.objects.bulk_create(copies)
    transaction.on_commit(lambda: ports.nudge(people))
    return str(row.pk)


def _copy_id(row: Notice, key: str) -> str:
    return ids.derive(kind="copy", source=f"{row.pk}:{key}", at=row.sent_at.timestamp())
