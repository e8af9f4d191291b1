"""
Taking a plan into the records: what the floor runs by is what people read.

Applying is idempotent. What left the plan becomes inactive and keeps its history.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callfloor.core import codec
from callfloor.core.events import EmergencySet
from callfloor.core.plan import FloorPlan, FlowPlan, NumberPlan, QueuePlan
from callfloor.kernel import access, audit, ports
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.kernel.names import Names
from callfloor.kernel.organisation import Organisation
from callfloor.records.people import services as people
from callfloor.records.people.services import ClientData, PersonData
from callfloor.records.routing import queries
from callfloor.records.routing.models import (
    CentreFile,
    Disposition,
    Flow,
    Number,
    PlanVersion,
    Queue,
)

NamesByKey = Mapping[str, Names]


@dataclass(frozen=True, kw_only=True)
class CentreNames:
    """What people call what the plan names by keys; a missing name is shown as its key."""

    centre: str
    clients: NamesByKey = field(default_factory=dict)
    teams: NamesByKey = field(default_factory=dict)
    skills: NamesByKey = field(default_factory=dict)
    queues: NamesByKey = field(default_factory=dict)
    away_reasons: NamesByKey = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class DispositionData:
    """A wrap-up code of a client; the order of the sequence is the order on the desk."""

    key: str
    client: str
    names: Names


@dataclass(frozen=True, kw_only=True)
class FileData:
    """The centre's file, in its canonical form."""

    version: str
    body: str
    source: str | None = None
    """The short hash of the author's own text."""
    by_page: bool = False
    on: str | None = None
    """The version that must hold still; None if nobody has looked at one."""


class Overtaken(Refusal):
    """Somebody else has changed the centre since it was looked at."""

    code = "centre.overtaken"
    message = _("Somebody else has changed the center meanwhile. Look at it again.")


@transaction.atomic
def apply_centre(
    *,
    plan: FloorPlan,
    people: Sequence[PersonData],
    names: CentreNames,
    dispositions: Sequence[DispositionData],
    now: datetime,
    by: str = "system",
    organisation: Organisation | None = None,
    file: FileData | None = None,
) -> None:
    """
    Bring the records to a plan and its people, in one transaction; a second time nothing changes.

    `people` are all who work here, agents of the plan included; their skills come from the plan.
    `file` is what all of it was read from.
    """
    _apply_people(plan, people, names, organisation, now=now)
    _apply_queues(plan.queues, names.queues)
    _apply_flows(plan)
    _apply_numbers(plan.numbers)
    _apply_dispositions(dispositions)
    if file is not None:
        _apply_file(file, now=now, by=by)
    _apply_version(plan, names, now=now, by=by)


def switch_emergency(*, person: Someone, key: str, on: bool, now: datetime) -> None:
    """
    Switch an emergency of the plan; it holds on the floor when this returns.

    Raises Forbidden without the duty, NotFound for an unknown one or one of foreign clients,
    FloorAway and FloorRefused.
    """
    if all(row.key != key for row in queries.emergencies(person=person)):
        raise access.NotFound
    ports.floor().command(by=person.key, event=EmergencySet(key=key, on=on, by=person.key))
    word = "on" if on else "off"
    audit.note(by=person.key, action=f"emergency.{word}", about=f"emergency:{key}", now=now)


def ensure_known(*, queues: Mapping[str, tuple[str, str]], now: datetime) -> None:
    """
    Make inactive rows for queues (key to client and channel) that no plan has brought.

    A fact is never refused: what the floor did is true even if the records learn of it late.
    """
    rows = [
        Queue(key=key, client_id=client, channel=channel, is_active=False)
        for key, (client, channel) in sorted(queues.items())
    ]
    Queue.objects.bulk_create(rows, ignore_conflicts=True)


def current_plan() -> FloorPlan | None:
    """Give the last plan that was applied, or None."""
    return queries.current_plan()


def _apply_people(
    plan: FloorPlan,
    data: Sequence[PersonData],
    names: CentreNames,
    organisation: Organisation | None,
    *,
    now: datetime,
) -> None:
    clients = [
        ClientData(
            key=client.key, names=names.clients.get(client.key, {}), languages=client.languages
        )
        for client in plan.clients
    ]
    teams = {agent.team for agent in plan.agents} | {person.team for person in data}
    skills = {skill for agent in plan.agents for skill, _ in agent.skills}
    needed = {need for queue in plan.queues for tier in queue.tiers for need, _ in tier.requires}
    people.apply_clients(clients)
    people.apply_teams(_named((team for team in teams if team), names.teams))
    people.apply_skills(_named(skills | needed, names.skills))
    by_agent = {agent.key: agent.skills for agent in plan.agents}
    people.apply_people(people=data, skills=by_agent, now=now, organisation=organisation)


def _named(keys: Iterable[str], names: NamesByKey) -> dict[str, Names]:
    return {key: names.get(key, {}) for key in sorted(keys)}


def _apply_queues(plans: Sequence[QueuePlan], names: NamesByKey) -> None:
    for plan in plans:
        values = {
            "client_id": plan.client,
            "names": dict(names.get(plan.key, {})),
            "channel": plan.channel,
            "goal_seconds": plan.goal_seconds,
            "goal_share": plan.goal_share,
            "short_abandon_seconds": plan.short_abandon_seconds,
            "ring_seconds": plan.ring_seconds,
            "wrap_up_seconds": plan.wrap_up_seconds,
            "choose": plan.choose,
            "tiers": [
                {"after_seconds": tier.after_seconds, "requires": [list(n) for n in tier.requires]}
                for tier in plan.tiers
            ],
            "is_active": True,
        }
        Queue.objects.update_or_create(key=plan.key, defaults=values)
    Queue.objects.exclude(key__in=[plan.key for plan in plans]).update(is_active=False)


def _apply_flows(plan: FloorPlan) -> None:
    for flow in plan.flows:
        values = {"client_id": _owner(flow, plan.numbers), "steps": codec.to_plain(flow.steps)}
        Flow.objects.update_or_create(key=flow.key, version=flow.version, defaults=values)


def _owner(flow: FlowPlan, numbers: Sequence[NumberPlan]) -> str | None:
    """Give the only client whose numbers lead into a flow; None if there are several."""
    clients = {number.client for number in numbers if number.flow == flow.key}
    return clients.pop() if len(clients) == 1 else None


def _apply_numbers(plans: Sequence[NumberPlan]) -> None:
    for plan in plans:
        values = {
            "client_id": plan.client,
            "flow": plan.flow,
            "language": plan.language,
            "is_active": True,
        }
        Number.objects.update_or_create(number=plan.number, defaults=values)
    Number.objects.exclude(number__in=[plan.number for plan in plans]).update(is_active=False)


def _apply_dispositions(data: Sequence[DispositionData]) -> None:
    kept = []
    for order, each in enumerate(data):
        values = {"names": dict(each.names), "order": order, "is_active": True}
        row, _ = Disposition.objects.update_or_create(
            client_id=each.client, key=each.key, defaults=values
        )
        kept.append(row.pk)
    Disposition.objects.exclude(pk__in=kept).update(is_active=False)


def _apply_file(file: FileData, *, now: datetime, by: str) -> None:
    last = CentreFile.objects.order_by("-pk").first()
    if file.on is not None and (last is None or last.version != file.on):
        raise Overtaken
    if last is not None and last.version == file.version:
        return
    CentreFile.objects.create(
        version=file.version,
        parent=last.version if last is not None else None,
        body=file.body,
        source=file.source,
        by_page=file.by_page,
        applied_at=now,
        applied_by=by,
    )
    audit.note(by=by, action="centre.changed", about=f"centre:{file.version}", now=now)


def _apply_version(plan: FloorPlan, names: CentreNames, *, now: datetime, by: str) -> None:
    called: dict[str, Any] = {
        "centre": names.centre or plan.centre,
        "timezone": plan.timezone,
        "away_reasons": [
            {
                "key": reason.key,
                "names": dict(names.away_reasons.get(reason.key, {})),
                "paid": reason.paid,
            }
            for reason in plan.away_reasons
        ],
    }
    last = PlanVersion.objects.order_by("-applied_at", "-version").first()
    same = last is not None and last.version == plan.version
    if same and all(getattr(last, name) == value for name, value in called.items()):
        return
    values = {**called, "body": codec.dumps(plan), "applied_at": now, "applied_by": by}
    PlanVersion.objects.update_or_create(version=plan.version, defaults=values)
    audit.note(by=by, action="plan.applied", about=f"plan:{plan.version}", now=now)
