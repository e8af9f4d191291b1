"""
Queues, numbers, flows and dispositions as pages show them.

Refuses: figures of the moment; those stand on the board.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, Q, QuerySet

from callfloor.core import codec
from callfloor.core.plan import FloorPlan
from callfloor.kernel import access, quick
from callfloor.kernel.access import Someone
from callfloor.kernel.names import pick
from callfloor.records.people import queries as people
from callfloor.records.people.models import Client, Skill
from callfloor.records.routing.models import (
    CentreFile,
    Disposition,
    Flow,
    Number,
    PlanVersion,
    Queue,
)

LATEST = "applied_at DESC, version DESC"
_held: dict[str, Any] = {}  # The plan that holds; one of six hundred people takes long to open.


@dataclass(frozen=True, kw_only=True)
class SkillNeed:
    """A skill that a tier asks for, and its lowest level."""

    key: str
    name: str
    level: int


@dataclass(frozen=True, kw_only=True)
class TierRow:
    """Who may be given a queue's items from a moment of waiting on."""

    after_seconds: float
    requires: tuple[SkillNeed, ...]


@dataclass(frozen=True, kw_only=True)
class QueueRow:
    """A queue and its rules."""

    key: str
    name: str
    client: str
    client_name: str
    channel: str
    goal_seconds: float
    goal_share: float
    short_abandon_seconds: float
    ring_seconds: float
    wrap_up_seconds: float
    choose: str
    tiers: tuple[TierRow, ...]
    is_active: bool


@dataclass(frozen=True, kw_only=True)
class DispositionRow:
    """A wrap-up code."""

    key: str
    name: str


@dataclass(frozen=True, kw_only=True)
class NumberRow:
    """A number of ours."""

    number: str
    client: str
    client_name: str
    flow: str
    language: str


@dataclass(frozen=True, kw_only=True)
class PublicNumber:
    """A number of ours as customers know it."""

    number: str
    client_name: str
    language_name: str


@dataclass(frozen=True, kw_only=True)
class FlowRow:
    """One version of a flow."""

    key: str
    version: int
    client: str | None
    steps: tuple[dict[str, Any], ...]
    """As core.codec writes them."""


@dataclass(frozen=True, kw_only=True)
class AwayRow:
    """Why an agent may be away."""

    key: str
    name: str
    paid: bool


@dataclass(frozen=True, kw_only=True)
class CentreRow:
    """The centre and the plan that holds."""

    name: str
    timezone: str
    plan_version: str
    applied_at: datetime


@dataclass(frozen=True, kw_only=True)
class FileRow:
    """The centre's file as it was applied."""

    version: str
    parent: str | None
    body: str
    by_page: bool
    applied_at: datetime
    applied_by: str


def current_file() -> FileRow | None:
    """Give the file that holds, or None before the first was applied."""
    return _file(CentreFile.objects.all())


def current_version() -> str | None:
    """Give the version of the file that holds, without its text."""
    return _last(CentreFile, "version", order="id DESC")


def file_of(version: str) -> FileRow | None:
    """Give a version of the centre's file that was applied once, or None."""
    return _file(CentreFile.objects.filter(version=version))


def held_sources() -> list[str]:
    """Give the hashes of all authors' texts that held before what holds now."""
    rows = CentreFile.objects.order_by("-pk").values_list("source", flat=True)
    return [source for source in rows[1:] if source is not None]


def last_authored_file() -> FileRow | None:
    """Give the last version that came from an author's file and not from a page."""
    return _file(CentreFile.objects.filter(by_page=False))


def last_of_version(version: str) -> FileRow | None:
    """Give when a version was applied last and what held before, without its text."""
    row = CentreFile.objects.filter(version=version).order_by("-pk").defer("body").first()
    return _file_row(row, body="") if row is not None else None


def file_history(*, limit: int = 50) -> list[FileRow]:
    """Give the latest versions, the last first, without their text."""
    rows = CentreFile.objects.order_by("-pk").defer("body")[:limit]
    return [_file_row(row, body="") for row in rows]


def _file(found: QuerySet[CentreFile]) -> FileRow | None:
    row = found.order_by("-pk").first()
    return _file_row(row, body=row.body) if row is not None else None


def _file_row(row: CentreFile, *, body: str) -> FileRow:
    return FileRow(
        version=row.version,
        parent=row.parent,
        body=body,
        by_page=row.by_page,
        applied_at=row.applied_at,
        applied_by=row.applied_by,
    )


def queues(*, person: Someone, active_only: bool = True) -> list[QueueRow]:
    """
    Give the queues of the person's clients, by client and key.

    Raises Forbidden without the duty.
    """
    access.check(person, "queues.read")
    which = "is_active" if active_only else "TRUE"
    found = access.read(person, Queue, which, then="ORDER BY client_id, key")
    client_names = people.client_names(person=person)
    skills = {row.key: pick(row.names, key=row.key) for row in quick.models(Skill, "")}
    return [_queue(row, client_names=client_names, skills=skills) for row in found]


def queue_names(*, person: Someone) -> dict[str, str]:
    """Give the names of the queues of the person's clients."""
    clients = sorted(person.rights.clients)
    return _queue_names(f"WHERE client_id IN {quick.marks(clients)}", clients)


@dataclass(frozen=True, kw_only=True)
class WrittenQueue:
    """A queue for what is written, as somebody chooses it to give a contact away."""

    key: str
    name: str
    client: str
    channel: str


def written_queues(*, person: Someone) -> list[WrittenQueue]:
    """Give the queues of the person's clients in which chats, mails and cases wait."""
    found = access.within(person, Queue.objects.filter(is_active=True)).exclude(channel="call")
    rows = [
        WrittenQueue(
            key=row.key,
            name=pick(row.names, key=row.key),
            client=row.client_id,
            channel=row.channel,
        )
        for row in found
    ]
    return sorted(rows, key=lambda row: (row.name.casefold(), row.key))


def queue_names_of(*, keys: Iterable[str]) -> dict[str, str]:
    """Give the names of queues that stand in a record that has been checked already."""
    wanted = sorted(set(keys))
    return _queue_names(f"WHERE key IN {quick.marks(wanted)}", wanted) if wanted else {}


def dispositions(*, person: Someone, client: str) -> list[DispositionRow]:
    """
    Give a client's wrap-up codes in their order.

    Raises NotFound for a foreign client.
    """
    if not person.rights.sees(client):
        raise access.NotFound
    found = Disposition.objects.filter(client_id=client, is_active=True).order_by("order", "key")
    return [DispositionRow(key=row.key, name=pick(row.names, key=row.key)) for row in found]


def choice_names(*, keys: Iterable[str]) -> dict[str, str]:
    """
    Give the names of what callers choose and type.

    A choice with the key of a skill is called as the skill is; any other is its key in words.
    """
    wanted = set(keys)
    skills = quick.models(Skill, f"WHERE key IN {quick.marks(wanted)}", sorted(wanted))
    words = {key: key.replace("_", " ") for key in wanted}
    return words | {row.key: pick(row.names, key=row.key) for row in skills}


def disposition_names_of(*, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Give names by client and key, also of codes that are no longer used."""
    wanted = {pair for pair in pairs if pair[1]}
    if not wanted:
        return {}
    clients, keys = sorted({pair[0] for pair in wanted}), sorted({pair[1] for pair in wanted})
    sql = f"SELECT client_id, key, names FROM {quick.table(Disposition)} WHERE client_id IN "
    tail = f"{quick.marks(clients)} AND key IN {quick.marks(keys)} ORDER BY id"
    found = quick.fetch(sql + tail, clients + keys)
    return {(client, key): pick(quick.json_names(names), key=key) for client, key, names in found}


def public_numbers() -> list[PublicNumber]:
    """Give the numbers that anybody may call, with whom one reaches there; no more than that."""
    clients = {row.key: pick(row.names, key=row.key) for row in Client.objects.all()}
    return [
        PublicNumber(
            number=row.number,
            client_name=clients.get(row.client_id, row.client_id),
            language_name=people.language_name(row.language),
        )
        for row in Number.objects.filter(is_active=True).order_by("client_id", "number")
        if not _is_written(row.number)
    ]


def _is_written(address: str) -> bool:
    """Say whether one writes to this address of ours, and cannot call it."""
    return any(sign in address for sign in ":@")


@dataclass(frozen=True, kw_only=True)
class ChatPlace:
    """Where a client's customers may write."""

    called: str
    """The address as in the plan's numbers, `chat:KEY`."""
    client: str
    client_name: str
    language: str


def chat_place(*, key: str) -> ChatPlace | None:
    """Give where whoever writes with a client's key arrives; None if the centre has no such."""
    row = Number.objects.filter(number=f"chat:{key}", is_active=True).first()
    if row is None:
        return None
    name = pick(Client.objects.get(key=row.client_id).names, key=row.client_id)
    return ChatPlace(
        called=row.number, client=row.client_id, client_name=name, language=row.language
    )


def first_chat(*, client: str | None = None) -> ChatPlace | None:
    """Give where whoever writes first arrives, in the order of the numbers; None if nowhere."""
    rows = Number.objects.filter(number__startswith="chat:", is_active=True).order_by("number")
    row = (rows if client is None else rows.filter(client_id=client)).first()
    return chat_place(key=row.number.removeprefix("chat:")) if row is not None else None


def call_number_of(*, client: str, language: str) -> str | None:
    """Give the number at which a client is called, in a language if there is one; None if none."""
    found = Number.objects.filter(client_id=client, is_active=True).order_by("number")
    calls = [row for row in found if not _is_written(row.number)]
    calls.sort(key=lambda row: row.language != language)
    return calls[0].number if calls else None


def mail_address_of(*, client: str, language: str) -> str | None:
    """Give the address at which a client is written to, in a language if there is one."""
    found = Number.objects.filter(client_id=client, is_active=True, number__contains="@")
    rows = sorted(found.order_by("number"), key=lambda row: row.language != language)
    return rows[0].number if rows else None


def numbers(*, person: Someone) -> list[NumberRow]:
    """
    Give the numbers that customers of the person's clients dial.

    Raises Forbidden without the duty.
    """
    found = access.visible(person, "queues.read", Number.objects.order_by("number"))
    client_names = people.client_names(person=person)
    return [
        NumberRow(
            number=row.number,
            client=row.client_id,
            client_name=client_names.get(row.client_id, row.client_id),
            flow=row.flow,
            language=row.language,
        )
        for row in found.filter(is_active=True)
    ]


def flow(*, person: Someone, key: str, version: int) -> FlowRow:
    """
    Give one version of a flow.

    Raises NotFound for an unknown or foreign one, Forbidden without the duty.
    """
    mine = Q(client_id__in=sorted(person.rights.clients)) | Q(client=None)
    row = Flow.objects.filter(mine, key=key, version=version).first()
    if row is None:
        raise access.NotFound
    access.check(person, "queues.read")
    return FlowRow(key=row.key, version=row.version, client=row.client_id, steps=tuple(row.steps))


@dataclass(frozen=True, kw_only=True)
class EmergencyRow:
    """What a leader may switch on."""

    key: str
    prompt: str
    clients: tuple[str, ...]
    """Whose callers hear it."""
    is_for_all: bool
    ends: bool
    hours_max: float


def emergencies(*, person: Someone) -> list[EmergencyRow]:
    """
    Give the emergencies of the plan that holds whose every caller is of the person's clients.

    Raises Forbidden without the duty.
    """
    access.check(person, "emergency.switch")
    plan = current_plan()
    if plan is None:
        return []
    all_clients = tuple(client.key for client in plan.clients)
    rows = [
        EmergencyRow(
            key=each.key,
            prompt=each.prompt,
            clients=each.clients or all_clients,
            is_for_all=not each.clients,
            ends=each.ends,
            hours_max=each.hours_max,
        )
        for each in plan.emergencies
    ]
    return [row for row in rows if all(person.rights.sees(client) for client in row.clients)]


def away_reasons() -> list[AwayRow]:
    """Give the reasons for being away that the plan knows, in its order."""
    version = quick.first(PlanVersion, f"ORDER BY {LATEST}", without=("body",))
    return [
        AwayRow(key=row["key"], name=pick(row["names"], key=row["key"]), paid=row["paid"])
        for row in (version.away_reasons if version else ())
    ]


def centre() -> CentreRow | None:
    """Give the centre and the plan that holds, or None before the first plan."""
    columns = ("centre", "timezone", "version", "applied_at")
    rows = PlanVersion.objects.order_by("-applied_at", "-version")
    row = rows.values_list(*columns).first()
    if row is None:
        return None
    name, timezone, version, applied_at = row
    return CentreRow(name=name, timezone=timezone, plan_version=version, applied_at=applied_at)


def zone() -> str | None:
    """Give the name of the centre's time zone, None before the first plan."""
    return _last(PlanVersion, "timezone", order=LATEST)


def plan_version() -> str | None:
    """Name the plan that holds, None before the first."""
    return _last(PlanVersion, "version", order=LATEST)


def current_plan() -> FloorPlan | None:
    """Give the last plan that was applied, whole, for the floor."""
    body = _last(PlanVersion, "body", order=LATEST)
    plan: FloorPlan | None = codec.loads(body) if body is not None else None
    return plan


def held_plan() -> FloorPlan | None:
    """Give the plan that holds, or None before the first; opened once for each version."""
    version = plan_version()
    if version is None:
        return None
    if _held.get("version") != version:
        _held.update(version=version, plan=current_plan())
    found: FloorPlan | None = _held["plan"]
    return found


def _last(model: type[Model], column: str, *, order: str) -> str | None:
    """Give what the last row says in a column, None if there is none."""
    sql = f"SELECT {column} FROM {quick.table(model)} ORDER BY {order} LIMIT 1"
    return next((str(value) for (value,) in quick.fetch(sql)), None)


def _queue_names(tail: str, parameters: list[str]) -> dict[str, str]:
    sql = f"SELECT key, names FROM {quick.table(Queue)} {tail} ORDER BY key"
    return {
        key: pick(quick.json_names(names), key=key) for key, names in quick.fetch(sql, parameters)
    }


def _queue(row: Queue, *, client_names: dict[str, str], skills: dict[str, str]) -> QueueRow:
    return QueueRow(
        key=row.key,
        name=pick(row.names, key=row.key),
        client=row.client_id,
        client_name=client_names.get(row.client_id, row.client_id),
        channel=row.channel,
        goal_seconds=row.goal_seconds,
        goal_share=row.goal_share,
        short_abandon_seconds=row.short_abandon_seconds,
        ring_seconds=row.ring_seconds,
        wrap_up_seconds=row.wrap_up_seconds,
        choose=row.choose,
        tiers=tuple(_tier(tier, skills=skills) for tier in row.tiers),
        is_active=row.is_active,
    )


def _tier(tier: dict[str, Any], *, skills: dict[str, str]) -> TierRow:
    needs = tuple(
        SkillNeed(key=key, name=skills.get(key, key), level=level)
        for key, level in tier["requires"]
    )
    return TierRow(after_seconds=tier["after_seconds"], requires=needs)
