"""
What was said to somebody, and what became of what he said.

Refuses: anybody else's. A text is opened with the reader's own key.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from callfloor.kernel import fields, pages, quick
from callfloor.kernel.access import Someone
from callfloor.kernel.keys import ring
from callfloor.kernel.names import pick
from callfloor.records.people.models import Notice, NoticeCopy, Team
from callfloor.records.people.queries.people import names_of

UNREAD_SHOWN_MAX = 20  # More than that nobody reads on a desk; the page of messages has them all.


@dataclass(frozen=True, kw_only=True)
class NoticeRow:
    """Something that was said."""

    id: str
    kind: str
    by: str
    by_name: str
    team_name: str
    """The team to which it was said; empty if it was said to one."""
    text: str
    place: str
    detail: dict[str, Any]
    sent_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Whether one of those to whom it was said has read it."""

    key: str
    name: str
    read_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class SentRow:
    """Something that one has said, with the receipts."""

    id: str
    text: str
    team_name: str
    sent_at: datetime
    receipts: tuple[Receipt, ...]
    read: int
    """How many have read it."""


SAID = ("message", "paragraph")
"""Kinds that a person says: his own words, and a paragraph of an article that he pushes."""


def unread_count(*, person: Someone) -> int:
    """Count what was said to somebody and is not read."""
    sql = f"SELECT count(*) FROM {quick.table(NoticeCopy)} WHERE person_id = %s AND read_at IS NULL"
    return int(quick.fetch(sql, [person.key])[0][0])


def unread(*, person: Someone) -> list[NoticeRow]:
    """Give what was said to somebody and is not read, the oldest first."""
    rows = _copies(person).filter(read_at=None).order_by("id")[:UNREAD_SHOWN_MAX]
    return _rows(list(rows))


def inbox(*, person: Someone, page: int = 1, size: int = 50) -> pages.Page[NoticeRow]:
    """Give what was said to somebody, the latest first."""
    return pages.cut(_copies(person).order_by("-id"), page=page, size=size, build=_rows)


def sent(*, person: Someone, page: int = 1, size: int = 20) -> pages.Page[SentRow]:
    """Give what somebody has said, the latest first, and who has read it."""
    rows = Notice.objects.filter(by=person.key, kind__in=SAID).order_by("-id")
    return pages.cut(rows, page=page, size=size, build=_sent_rows)


def _copies(person: Someone) -> Any:
    return NoticeCopy.objects.filter(person_id=person.key).select_related("notice")


def _rows(found: list[NoticeCopy]) -> list[NoticeRow]:
    names = names_of(keys={copy.notice.by for copy in found})
    teams = _team_names(copy.notice.team for copy in found)
    keys = ring.get(subjects=[f"person:{copy.person_id}" for copy in found])
    return [
        NoticeRow(
            id=copy.notice_id,
            kind=copy.notice.kind,
            by=copy.notice.by,
            by_name=names.get(copy.notice.by, copy.notice.by),
            team_name=teams.get(copy.notice.team or "", ""),
            text=fields.decrypt(copy, "text", key=keys.get(f"person:{copy.person_id}")) or "",
            place=copy.notice.place,
            detail=copy.notice.detail,
            sent_at=copy.notice.sent_at,
            read_at=copy.read_at,
        )
        for copy in found
    ]


def _sent_rows(found: list[Notice]) -> list[SentRow]:
    receipts = _receipts([row.pk for row in found])
    teams = _team_names(row.team for row in found)
    keys = ring.get(subjects=[f"person:{row.by}" for row in found])
    return [
        SentRow(
            id=row.pk,
            text=fields.decrypt(row, "text", key=keys.get(f"person:{row.by}")) or "",
            team_name=teams.get(row.team or "", ""),
            sent_at=row.sent_at,
            receipts=tuple(receipts.get(row.pk, ())),
            read=sum(each.read_at is not None for each in receipts.get(row.pk, ())),
        )
        for row in found
    ]


def _receipts(notices: list[str]) -> dict[str, list[Receipt]]:
    copies = list(NoticeCopy.objects.filter(notice_id__in=notices).order_by("person_id"))
    names = names_of(keys={copy.person_id for copy in copies})
    found: dict[str, list[Receipt]] = {}
    for copy in copies:
        name = names.get(copy.person_id, copy.person_id)
        receipt = Receipt(key=copy.person_id, name=name, read_at=copy.read_at)
        found.setdefault(copy.notice_id, []).append(receipt)
    return found


def _team_names(teams: Any) -> dict[str, str]:
    wanted = sorted({team for team in teams if team})
    rows = quick.models(Team, f"WHERE key IN {quick.marks(wanted)}", wanted) if wanted else []
    return {team.key: pick(team.names, key=team.key) for team in rows}
