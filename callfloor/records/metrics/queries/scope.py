"""
Which days, queues and people a question is about, as far as whoever asks may know of them.

Refuses: to add anything up.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from callfloor.kernel import access, lists, quick
from callfloor.kernel.access import Someone
from callfloor.kernel.names import pick
from callfloor.records.interactions import rules as halves
from callfloor.records.interactions.models import Interaction
from callfloor.records.people.models import Client, Person, PersonClient
from callfloor.records.routing import queries as routing
from callfloor.records.routing.models import Queue

QUEUES = ("reports.see", "wallboard.see", "interactions.read")
"""Permissions of which each opens the figures of queues."""
AGENTS = ("reports.agents",)
"""What opens the figures of single agents."""
_ALL_CLIENTS = f"SELECT key FROM {quick.table(Client)} ORDER BY key"
DAYS_MAX = 400  # A year beside the one before; more is asked of the database itself.


@dataclass(frozen=True, kw_only=True)
class QueueSeen:
    """A queue whose figures may be seen."""

    key: str
    name: str
    client: str
    goal_seconds: float
    goal_share: float
    is_active: bool


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What a question is about, checked."""

    day_from: date
    day_to: date
    """Exclusive."""
    zone: ZoneInfo
    clients: tuple[str, ...]
    queues: tuple[QueueSeen, ...]
    agents: tuple[str, ...] | None = None
    """None if no figures of single agents are asked for."""
    include_simulated: bool = False
    is_of_one_queue: bool = False
    """Whether one queue was asked for, so that what belongs to none is left out."""
    as_of: datetime | None = None
    """What happened later in the queues is not known; None if all of it is."""

    @property
    def quarters(self) -> tuple[int, int]:
        """The quarter hours, half-open."""
        return halves.quarters(self.day_from, self.day_to, zone=self.zone)

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """The instants, half-open."""
        return bounds(self.day_from, self.day_to, zone=self.zone)

    @property
    def queue_keys(self) -> tuple[str, ...]:
        """The keys of the queues."""
        return tuple(queue.key for queue in self.queues)


def bounds(day_from: date, day_to: date, *, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Give the instants at which local days begin and end, half-open."""
    first, end = halves.quarters(day_from, day_to, zone=zone)
    return halves.at_quarter(first), halves.at_quarter(end)


def scope(
    *,
    person: Someone,
    day_from: date,
    day_to: date | None = None,
    client: str | None = None,
    queue: str | None = None,
    include_simulated: bool = False,
) -> Scope:
    """
    Ask about the queues of the person's clients, or of one client, or about one queue.

    `day_to` is exclusive; without it the question is about one day. More than DAYS_MAX days are
    cut off at the end. Raises Forbidden without a duty, NotFound for a foreign client or queue.
    """
    access.check_any(person, *QUEUES, client=client)
    clients = sorted(person.rights.clients) if client is None else [client]
    found = _queues(clients)
    if queue is not None:
        found = [each for each in found if each.key == queue]
        if not found:
            raise access.NotFound
    return Scope(
        day_from=day_from,
        day_to=_end(day_from, day_to),
        zone=ZoneInfo(routing.zone() or "UTC"),
        clients=tuple(clients),
        queues=tuple(found),
        include_simulated=include_simulated,
        is_of_one_queue=queue is not None,
    )


def everything(*, day: date, as_of: datetime) -> Scope:
    """Ask about all queues of a day as it stood at an instant: for what the house itself keeps."""
    clients = tuple(key for (key,) in quick.fetch(_ALL_CLIENTS))
    return Scope(
        day_from=day,
        day_to=_end(day, None),
        zone=ZoneInfo(routing.zone() or "UTC"),
        clients=clients,
        queues=tuple(_queues(clients)),
        as_of=as_of,
    )


def has_simulated(*, person: Someone, day_from: date, day_to: date) -> bool:
    """Say whether the twin has made contacts in these days (half-open) that may be looked at."""
    zone = ZoneInfo(routing.zone() or "UTC")
    days = [lists.instant(at) for at in bounds(day_from, day_to, zone=zone)]
    clients = sorted(person.rights.clients)
    made = (
        f"SELECT 1 FROM {quick.table(Interaction)} WHERE client_id IN {quick.marks(clients)} "
        "AND arrived_at >= %s AND arrived_at < %s AND simulated LIMIT 1"
    )
    return bool(quick.fetch(made, [*clients, *days]))


def scope_of_agents(
    *,
    person: Someone,
    day_from: date,
    day_to: date | None = None,
    team: str | None = None,
    include_simulated: bool = False,
) -> Scope:
    """
    Ask about agents: those who share a client, and for whoever has a team those of the team only.

    Raises Forbidden without the duty, NotFound for another's team.
    """
    access.check_any(person, *AGENTS)
    own = person.rights.team
    if own is not None and team not in (None, own):
        raise access.NotFound
    seen = _agents(person, team=own or team)
    return Scope(
        day_from=day_from,
        day_to=_end(day_from, day_to),
        zone=ZoneInfo(routing.zone() or "UTC"),
        clients=tuple(sorted(person.rights.clients)),
        queues=(),
        agents=tuple(sorted(seen)),
        include_simulated=include_simulated,
    )


def _agents(person: Someone, *, team: str | None) -> list[str]:
    """Give those who share a client, also who has left: he stands in the figures of his days."""
    clients = sorted(person.rights.clients)
    shared = f"SELECT person_id FROM {quick.table(PersonClient)} WHERE client_id IN "
    sql = f"SELECT key FROM {quick.table(Person)} WHERE key IN ({shared}{quick.marks(clients)})"
    values: list[str] = clients
    if team is not None:
        sql, values = f"{sql} AND team_id = %s", [*clients, team]
    return [key for (key,) in quick.fetch(f"{sql} ORDER BY key", values)]


def _end(day_from: date, day_to: date | None) -> date:
    end = day_from + timedelta(days=1) if day_to is None else day_to
    return min(max(end, day_from), day_from + timedelta(days=DAYS_MAX))


def _queues(clients: Collection[str]) -> list[QueueSeen]:
    columns = "key, names, client_id, goal_seconds, goal_share, is_active"
    sql = f"SELECT {columns} FROM {quick.table(Queue)} WHERE client_id IN {quick.marks(clients)}"
    return [
        QueueSeen(
            key=key,
            name=pick(quick.json_names(names), key=key),
            client=client,
            goal_seconds=goal_seconds,
            goal_share=goal_share,
            is_active=bool(is_active),
        )
        for key, names, client, goal_seconds, goal_share, is_active in quick.fetch(
            f"{sql} ORDER BY client_id, key", list(clients)
        )
    ]
