"""
One case whole: its clocks, what is known, and one story of all that happened and was said.

Reading it is noted. What interactions say of themselves (recordings, transcripts, messages) stays
with them; the story links to each.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet

from callfloor.kernel import access, audit, fields, quick
from callfloor.kernel.access import Someone
from callfloor.records.cases.models import Case, CaseEvent, CaseFile, CaseInteraction
from callfloor.records.cases.queries import files, policy, rows
from callfloor.records.cases.queries.files import ContactFile
from callfloor.records.cases.queries.known import key_of
from callfloor.records.cases.queries.rows import CaseRow
from callfloor.records.cases.rules import kinds, state
from callfloor.records.cases.rules.clock import Reading
from callfloor.records.cases.rules.state import Happening
from callfloor.records.customers import queries as customers
from callfloor.records.interactions.models import Interaction
from callfloor.records.interactions.queries import InteractionRow
from callfloor.records.interactions.queries import rows as interactions
from callfloor.records.people import queries as people

NAMED = ("owner", "leader", "was", "about")
"""Where the data of an event say who somebody is."""
LINKED_SHOWN_MAX = 100  # Of an incident; more are counted.


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing in the story."""

    at: datetime
    kind: str
    """A kind of event, or `contact` for an interaction."""
    number: int
    """The event's number; 0 for an interaction."""
    by: str | None
    by_name: str
    """Empty for the customer and the centre itself."""
    text: str
    data: dict[str, Any]
    interaction: InteractionRow | None = None
    is_of_other: bool = False
    """Whether a mail came from somebody who is not known to be this case's customer."""


@dataclass(frozen=True, kw_only=True)
class ClockRow:
    """One of the two clocks, as people read it."""

    goal: str
    """answer, solve."""
    target_seconds: float | None
    used_seconds: float
    left_seconds: float | None
    due_at: datetime | None
    is_running: bool
    is_stopped: bool
    is_breached: bool


@dataclass(frozen=True, kw_only=True)
class FileRow:
    """A file of a case."""

    id: str
    name: str
    kind: str
    size_bytes: int
    is_public: bool
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Story:
    """A case with everything that hangs on it."""

    row: CaseRow
    clocks: tuple[ClockRow, ...]
    known: dict[str, str]
    """Fields of the kind, in clear."""
    missing: tuple[str, ...]
    """What must be known before it can be closed."""
    entries: tuple[Entry, ...]
    """In the order in which it happened."""
    files: tuple[FileRow, ...]
    """Put into the case itself."""
    contact_files: tuple[ContactFile, ...]
    """Sent in its contacts, for whoever may read those."""
    linked: tuple[CaseRow, ...]
    """Of an incident: its cases."""
    linked_total: int
    about: str | None
    """Who is complained about, also after the release."""
    about_name: str
    """Who is complained about; empty if nobody."""
    is_released: bool


def story(*, person: Someone, case_id: str, now: datetime) -> Story:
    """
    Give a case whole; the reading is noted.

    Raises NotFound for one of a foreign client or about the person himself, Forbidden without the
    duty.
    """
    case = rows.require(person, "cases.read", case_id)
    about = f"case:{case.id}"
    audit.note(by=person.key, action="case.read", about=about, client=case.client_id, now=now)
    events = quick.models(CaseEvent, "WHERE case_id = %s ORDER BY number", [case.id])
    key = key_of(case)
    known = {
        event.data["field"]: fields.decrypt(event, "text", key=key) or ""
        for event in events
        if event.kind == "filled"
    }
    linked = _linked(person, case) if case.kind == "incident" else None
    happenings = _happenings(events)
    complained = state.fold(happenings).about
    contacts = _contacts(person, case)
    return Story(
        row=rows.build([case])[0],
        clocks=_clocks(case, happenings, now=now),
        known=known,
        missing=kinds.missing(kind=case.kind, at="close", known=known),
        entries=_entries(case, contacts, events, key=key),
        files=tuple(_files(case, key=key)),
        contact_files=tuple(files.of_contacts(interaction_ids=[row.id for row in contacts])),
        linked=_latest(linked) if linked is not None else (),
        linked_total=linked.count() if linked is not None else 0,
        about=complained,
        about_name=people.names_of(keys=[complained]).get(complained, "") if complained else "",
        is_released=bool(complained) and case.hidden_from_id is None,
    )


def _linked(person: Someone, incident: Case) -> QuerySet[Case]:
    return rows.visible(person, "cases.read").filter(incident_id=incident.id)


def _latest(linked: QuerySet[Case]) -> tuple[CaseRow, ...]:
    return tuple(rows.build(list(linked.order_by("-opened_at", "-id")[:LINKED_SHOWN_MAX])))


def _happenings(events: Iterable[CaseEvent]) -> list[Happening]:
    return [
        Happening(
            number=event.number,
            at=event.at.timestamp(),
            kind=event.kind,
            by=event.by_id,
            data=event.data,
        )
        for event in events
    ]


def _clocks(case: Case, happenings: list[Happening], *, now: datetime) -> tuple[ClockRow, ...]:
    promise = policy.promise_of(kind=case.kind, client=case.client_id)
    found = state.clocks(happenings, promise=promise, now=now.timestamp())
    return tuple(_clock(goal, found.of(goal)) for goal in state.GOALS)


def _clock(goal: str, reading: Reading) -> ClockRow:
    due = None if reading.due_at is None else datetime.fromtimestamp(reading.due_at, UTC)
    return ClockRow(
        goal=goal,
        target_seconds=reading.target_seconds,
        used_seconds=reading.used_seconds,
        left_seconds=reading.left_seconds,
        due_at=due,
        is_running=reading.is_running,
        is_stopped=reading.is_stopped,
        is_breached=reading.is_breached,
    )


def _entries(
    case: Case, written: list[InteractionRow], events: list[CaseEvent], *, key: bytes | None
) -> tuple[Entry, ...]:
    names = people.names_of(keys=[key for key in _people_in(events) if key])
    found = [
        Entry(
            at=event.at,
            kind=event.kind,
            number=event.number,
            by=event.by_id,
            by_name=names.get(event.by_id or "", ""),
            text=fields.decrypt(event, "text", key=key) or "",
            data=_named(event.data, names),
        )
        for event in events
        if event.kind != "attached"
    ]
    others = _of_others(case, written)
    contacts = [
        Entry(
            at=row.arrived_at,
            kind="contact",
            number=0,
            by=row.agent,
            by_name=row.agent_name,
            text="",
            data={},
            interaction=row,
            is_of_other=row.id in others,
        )
        for row in written
    ]
    return tuple(sorted([*found, *contacts], key=lambda entry: (entry.at, entry.number)))


def _people_in(events: Iterable[CaseEvent]) -> set[str | None]:
    found: set[str | None] = set()
    for event in events:
        found |= {event.by_id, *(event.data.get(name) for name in NAMED)}
    return found


def _named(data: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """Put people's names beside their keys."""
    return data | {
        f"{name}_name": names.get(data[name], data[name]) for name in NAMED if data.get(name)
    }


def _contacts(person: Someone, case: Case) -> list[InteractionRow]:
    """Give the interactions of a case; whoever may read none sees that there were none."""
    if not person.rights.may("interactions.read"):
        return []
    theirs = f"SELECT interaction_id FROM {quick.table(CaseInteraction)} WHERE case_id = %s"
    order = "ORDER BY arrived_at, id"
    found = access.read(person, Interaction, f"id IN ({theirs})", [case.id], then=order)
    return interactions.build(found, person=person)


def _of_others(case: Case, contacts: list[InteractionRow]) -> set[str]:
    """Name the mails of whoever is not known to be the customer; he may be found to be later."""
    mails = {row.id: row.customer_id for row in contacts if row.channel == "mail"}
    if case.customer_id is None or not mails:
        return set()
    heads = customers.heads(ids=[case.customer_id, *mails.values()])
    mine = heads.get(case.customer_id)
    return {key for key, customer in mails.items() if heads.get(customer) != mine}


def _files(case: Case, *, key: bytes | None) -> Iterable[FileRow]:
    tail = "WHERE case_id = %s ORDER BY at, id"
    for row in quick.models(CaseFile, tail, [case.id], without=("body",)):
        yield FileRow(
            id=row.id,
            name=fields.decrypt(row, "name", key=key) or "",
            kind=row.kind,
            size_bytes=row.size_bytes,
            is_public=row.is_public,
            at=row.at,
        )
