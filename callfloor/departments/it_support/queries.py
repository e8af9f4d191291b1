"""
How everything is, for one page: floor, trunks, telephones, audio, machine, processes, alarms.

Names and lines are those that the reader may know of, by client and team; of the others only how
many there are is told. Refuses: to ask the floor. What it said last is a second old.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from callfloor import __version__
from callfloor.core.plan import PROBE_TRUNK
from callfloor.departments.it_support import rules
from callfloor.kernel import access, machine, ports
from callfloor.kernel import health as beats
from callfloor.records.interactions import queries as interactions
from callfloor.records.people import queries as people

WORKER_SECONDS = 10.0  # As /healthz has it.
BAD_DAYS = 7  # Yesterday's bad line, and whether it was one last week.
LEGS_SHOWN_MAX = 50  # The worst; nobody reads more.
ALARMS_SHOWN_MAX = 20


@dataclass(frozen=True, kw_only=True)
class Trunk:
    """A line to the outside."""

    key: str
    state: str
    """up, registered, registering, refused, down or unknown."""
    until: dt.datetime | None
    """How long the registration holds."""
    calls: int | None
    calls_max: int | None

    @property
    def tone(self) -> str:
        """What the state means."""
        return rules.tone_of_trunk(self.state)


@dataclass(frozen=True, kw_only=True)
class Phone:
    """A telephone that is registered."""

    user: str
    name: str
    """Whose it is."""
    until: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class Leg:
    """How somebody is heard."""

    kind: str
    """seat, caller or outside."""
    name: str
    """The agent, or the client who is called."""
    loss_share: float
    jitter_ms: float
    mos: float

    @property
    def tone(self) -> str:
        """What callers think of it."""
        return rules.tone_of_mos(self.mos)


@dataclass(frozen=True, kw_only=True)
class BadLine:
    """The bad lines of an agent or a trunk on one day."""

    day: dt.date
    kind: str
    """seat, trunk or browser."""
    name: str
    """The agent, or the trunk's key."""
    count: int
    mos: float
    """Of the worst."""
    loss_share: float
    """Likewise."""
    interaction_id: str | None
    """The worst one, for whoever may read it."""

    @property
    def tone(self) -> str:
        """What callers think of it."""
        return rules.tone_of_mos(self.mos)


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """Something that went wrong."""

    at: dt.datetime
    name: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class Probe:
    """The last test call."""

    at: dt.datetime
    outcome: str
    """ok, or what failed."""
    delay_ms: float | None
    """From the answer to the first sound of the prompt."""
    is_late: bool


@dataclass(frozen=True, kw_only=True)
class Floor:
    """How the floor and the audio are; figures are None while the floor is away."""

    is_linked: bool
    version: str
    calls: int | None
    lag_ms: float | None
    commit_ms: float | None
    journal_stuck: bool
    media_up: bool
    media_legs: int | None
    media_lag_ms: float | None


@dataclass(frozen=True, kw_only=True)
class Engine:
    """The whole page."""

    version: str
    floor: Floor
    worker_up: bool
    disk: machine.Disk
    certificate_days: float | None
    trunks: tuple[Trunk, ...]
    phones: tuple[Phone, ...]
    legs: tuple[Leg, ...]
    legs_hidden: int
    processes: tuple[machine.Process, ...]
    bad_lines: tuple["BadLine", ...]
    """What was bad in the last days, the newest day first."""
    alarms: tuple[Alarm, ...]
    probe: Probe | None
    faults: tuple[str, ...]
    """What is wrong now, by name."""


def engine(*, person: people.Someone, now: dt.datetime) -> Engine:
    """
    Give how everything is.

    Raises Forbidden to whoever may not see it.
    """
    access.check(person, "engine.see")
    said = ports.health()
    floor = _floor(said)
    certificate = machine.certificate(settings.CERTIFICATE)
    disk, worker_up = machine.disk(settings.DATA), _worker_is_up(now)
    legs, hidden = _legs(said, person)
    trunks = tuple(_trunk(row) for row in said.get("trunks", []) if not _is_probe(row))
    probe = _probe(Path(settings.DATA), now)
    faults = _faults(floor=floor, worker_up=worker_up, disk=disk, trunks=trunks, probe=probe)
    if certificate is not None and certificate.ends_soon(now):
        faults += ("certificate",)
    return Engine(
        version=__version__,
        floor=floor,
        worker_up=worker_up,
        disk=disk,
        certificate_days=certificate.days_left(now) if certificate else None,
        trunks=trunks,
        phones=_phones(said, person),
        legs=legs,
        legs_hidden=hidden,
        processes=tuple(machine.processes(settings.DATA)),
        bad_lines=_bad_lines(person, now),
        alarms=_alarms(),
        probe=probe,
        faults=faults,
    )


def _floor(said: dict[str, Any]) -> Floor:
    media = said.get("media") or {}
    is_linked = bool(said.get("is_linked") and "lag_ms" in said)
    return Floor(
        is_linked=is_linked,
        version=str(said.get("version") or ""),
        calls=said.get("calls"),
        lag_ms=said.get("lag_ms"),
        commit_ms=said.get("commit_ms"),
        journal_stuck=bool(said.get("journal_stuck")),
        media_up=bool(is_linked and media.get("up")),
        media_legs=media.get("legs"),
        media_lag_ms=media.get("lag_ms"),
    )


def _worker_is_up(now: dt.datetime) -> bool:
    beat = beats.beats().get("worker")
    return beat is not None and (now - beat.at).total_seconds() <= WORKER_SECONDS


def _is_probe(row: Any) -> bool:
    return isinstance(row, dict) and row["key"] == PROBE_TRUNK


def _trunk(row: Any) -> Trunk:
    said = row if isinstance(row, dict) else {"key": row}
    return Trunk(
        key=str(said["key"]),
        state=str(said.get("state") or "unknown"),
        until=_instant(said.get("until")),
        calls=said.get("calls"),
        calls_max=said.get("calls_max"),
    )


def _phones(said: dict[str, Any], person: people.Someone) -> tuple[Phone, ...]:
    rows = said.get("phones", [])
    names = _colleagues(person, {str(row["agent"]) for row in rows})
    found = [
        Phone(user=str(row["user"]), name=names[row["agent"]], until=_instant(row.get("until")))
        for row in rows
        if row["agent"] in names
    ]
    return tuple(sorted(found, key=lambda phone: (phone.name, phone.user)))


def _legs(said: dict[str, Any], person: people.Someone) -> tuple[tuple[Leg, ...], int]:
    """Return the legs that the person may know of, worst first, and how many others there are."""
    rows = said.get("legs", [])
    owners = {str(row[0]): rules.owner_of(str(row[0])) for row in rows}
    names = _colleagues(person, {key for kind, key in owners.values() if kind == "seat"})
    clients = _clients_of_items(person)
    found = []
    for leg, packets, lost, jitter_us, mos in rows:
        kind, key = owners[leg]
        name = (names if kind == "seat" else clients).get(key)
        if name is not None:
            share = rules.loss_share(packets=packets, lost=lost)
            jitter = jitter_us / 1000
            found.append(
                Leg(kind=kind, name=name, loss_share=share, jitter_ms=jitter, mos=mos / 100)
            )
    found.sort(key=lambda leg: (leg.mos, leg.name))
    return tuple(found[:LEGS_SHOWN_MAX]), _count_hidden(owners, names, person)


def _bad_lines(person: people.Someone, now: dt.datetime) -> tuple[BadLine, ...]:
    since = now - dt.timedelta(days=BAD_DAYS)
    zone = timezone.get_current_timezone()
    found = interactions.bad_lines(person=person, since=since, zone=zone)
    names = _colleagues(person, {each.agent for each in found if each.agent})
    may_read = person.rights.may("interactions.read")
    shown = [
        BadLine(
            day=each.day,
            kind="seat" if each.agent else "trunk" if each.trunk else "browser",
            name=names[each.agent] if each.agent else each.trunk,
            count=each.count,
            mos=each.worst.mos,
            loss_share=each.worst.loss_share,
            interaction_id=each.worst.interaction_id if may_read else None,
        )
        for each in found
        if each.agent is None or each.agent in names
    ]
    return tuple(shown[:LEGS_SHOWN_MAX])


def _count_hidden(
    owners: dict[str, tuple[str, str]], names: dict[str, str], person: people.Someone
) -> int:
    """Count the legs of others; one whose call has just ended is nobody's any more."""
    board = _board()
    agents, items = board.get("agents", {}), board.get("items", {})
    return sum(
        key in agents and key not in names
        if kind == "seat"
        else key in items and not person.rights.sees(items[key]["client"])
        for kind, key in owners.values()
    )


def _colleagues(person: people.Someone, keys: set[str]) -> dict[str, str]:
    """Return names of agents whom the person may know of; of his team, if he has one."""
    names = people.names(person=person, keys=sorted(keys)) if keys else {}
    team = person.rights.team
    if team is None:
        return names
    agents = _board().get("agents", {})
    return {key: name for key, name in names.items() if agents.get(key, {}).get("team") == team}


def _clients_of_items(person: people.Someone) -> dict[str, str]:
    """Return the client's name for each call that the person may know of."""
    items = _board().get("items", {})
    seen = {k: row["client"] for k, row in items.items() if person.rights.sees(row["client"])}
    names = people.client_names_of(keys=sorted(set(seen.values()))) if seen else {}
    return {key: names.get(client, client) for key, client in seen.items()}


def _board() -> dict[str, Any]:
    return ports.floor().board() if ports.health().get("is_linked") else {}


def _alarms() -> tuple[Alarm, ...]:
    rows = _board().get("alarms", [])[-ALARMS_SHOWN_MAX:]
    return tuple(
        Alarm(
            at=dt.datetime.fromtimestamp(row["at"], dt.UTC),
            name=str(row["name"]),
            detail=str(row["detail"]),
        )
        for row in reversed(rows)
    )


def _probe(data: Path, now: dt.datetime) -> Probe | None:
    said = machine.probe(data)
    if said is None:
        return None
    age = (now - said.at).total_seconds()
    return Probe(
        at=said.at,
        outcome=said.outcome,
        delay_ms=said.delay_ms,
        is_late=rules.probe_is_late(age_seconds=age, every_seconds=said.every_seconds),
    )


def _faults(
    *,
    floor: Floor,
    worker_up: bool,
    disk: machine.Disk,
    trunks: tuple[Trunk, ...],
    probe: Probe | None,
) -> tuple[str, ...]:
    wrong = {
        "floor": not floor.is_linked,
        "media": floor.is_linked and not floor.media_up,
        "worker": not worker_up,
        "journal": floor.journal_stuck,
        "lag": floor.lag_ms is not None and rules.tone_of_lag(floor.lag_ms) == "bad",
        "disk": disk.is_low,
        "trunk": any(trunk.tone == "bad" for trunk in trunks),
        "probe": probe is not None and (probe.is_late or probe.outcome != "ok"),
    }
    return tuple(name for name, is_wrong in wrong.items() if is_wrong)


def _instant(seconds: Any) -> dt.datetime | None:
    return dt.datetime.fromtimestamp(seconds, dt.UTC) if seconds else None
