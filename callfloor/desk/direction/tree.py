"""
The direction as a tree that can be walked both ways: mission, objectives, drivers, KPIs, targets.

Pure: what the centre's file says comes in as plain values. Refuses: to know a figure or a person.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from callfloor.core.plan import FloorPlan, has_proofs
from callfloor.kernel.names import Names

Kind = Literal["role", "team", "person", "queue"]
KINDS: tuple[Kind, ...] = ("role", "team", "person", "queue")
SEEN_IN = ("interview", "quality", "recognition")
"""Where a value must be seen, or it is a slogan."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """What somebody is to reach in a measure."""

    kpi: str
    kind: Kind
    key: str
    value: float


@dataclass(frozen=True, kw_only=True)
class Driver:
    """Something that moves objectives and that the centre can control."""

    key: str
    names: Names
    kpis: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Objective:
    """What is to be reached in the year."""

    key: str
    names: Names
    kpi: str
    target: float
    drivers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Value:
    """Something that the centre holds dear."""

    key: str
    names: Names
    seen_in: Mapping[str, Names]
    """Of `SEEN_IN` those that it has, with their texts."""

    @property
    def is_slogan(self) -> bool:
        """Say whether it is seen nowhere in the work."""
        return not self.seen_in


@dataclass(frozen=True, kw_only=True)
class Orphan:
    """Something that hangs on nothing."""

    kind: Literal["kpi", "driver", "target", "value"]
    key: str
    target: Target | None = None


@dataclass(frozen=True, kw_only=True)
class Year:
    """One year's part of the tree."""

    year: str
    objectives: tuple[Objective, ...]
    drivers: tuple[Driver, ...]
    targets: tuple[Target, ...]

    def drivers_of(self, objective: Objective) -> list[Driver]:
        """Give what moves an objective, in the order of the file."""
        return [driver for driver in self.drivers if driver.key in objective.drivers]

    def objectives_of(self, driver: Driver) -> list[Objective]:
        """Give the objectives that a driver moves."""
        return [each for each in self.objectives if driver.key in each.drivers]

    def targets_of(self, kpi: str) -> list[Target]:
        """Give who is to reach what in a measure."""
        return [target for target in self.targets if target.kpi == kpi]

    def ways_up(self, kpi: str) -> list[tuple[Driver, Objective]]:
        """Give every way from a measure up: through which driver to which objective."""
        return [
            (driver, objective)
            for driver in self.drivers
            if kpi in driver.kpis
            for objective in self.objectives_of(driver)
        ]

    def orphans(self) -> Iterator[Orphan]:
        """Yield KPIs without a target, drivers without an objective, targets without a driver."""
        seen = {kpi for driver in self.drivers for kpi in driver.kpis}
        aimed = {target.kpi for target in self.targets}
        for driver in self.drivers:
            if not self.objectives_of(driver):
                yield Orphan(kind="driver", key=driver.key)
        for kpi in sorted(seen - aimed):
            yield Orphan(kind="kpi", key=kpi)
        for target in self.targets:
            if target.kpi not in seen:
                yield Orphan(kind="target", key=target.kpi, target=target)


@dataclass(frozen=True, kw_only=True)
class Direction:
    """All of it."""

    mission: Names
    vision: Names
    values: tuple[Value, ...]
    years: tuple[Year, ...]
    """By year, the last one first."""

    def year(self, asked: str, *, now: str) -> Year | None:
        """Give the year asked for, else that of now, else the last one."""
        by_key = {each.year: each for each in self.years}
        return by_key.get(asked) or by_key.get(now) or next(iter(self.years), None)

    def slogans(self) -> list[Orphan]:
        """Give the values that are seen nowhere."""
        return [Orphan(kind="value", key=each.key) for each in self.values if each.is_slogan]


def of(section: Mapping[str, Any]) -> Direction:
    """Make the tree of what the section `direction` of a centre's file says."""
    years = section.get("years") or {}
    return Direction(
        mission=_names(section.get("mission")),
        vision=_names(section.get("vision")),
        values=tuple(_value(str(key), each) for key, each in (section.get("values") or {}).items()),
        years=tuple(_year(str(key), years[key]) for key in sorted(years, key=str, reverse=True)),
    )


def _year(key: str, values: Mapping[str, Any]) -> Year:
    return Year(
        year=key,
        objectives=tuple(
            Objective(
                key=name,
                names=_names(each["name"]),
                kpi=each["kpi"],
                target=float(each["target"]),
                drivers=tuple(each["drivers"]),
            )
            for name, each in (values.get("objectives") or {}).items()
        ),
        drivers=tuple(
            Driver(key=name, names=_names(each["name"]), kpis=tuple(each["kpis"]))
            for name, each in (values.get("drivers") or {}).items()
        ),
        targets=tuple(_target(each) for each in values.get("targets") or ()),
    )


def _target(values: Mapping[str, Any]) -> Target:
    kind = next(kind for kind in KINDS if values.get(kind))
    return Target(kpi=values["kpi"], kind=kind, key=str(values[kind]), value=float(values["value"]))


def _value(key: str, values: Mapping[str, Any]) -> Value:
    return Value(
        key=key,
        names=_names(values["name"]),
        seen_in={place: _names(values[place]) for place in SEEN_IN if values.get(place)},
    )


def _names(text: Any) -> Names:
    """Give a text by language; one that is for everybody stands as English."""
    if not text:
        return {}
    return {"en": text} if isinstance(text, str) else {str(key): str(text[key]) for key in text}


def queues_of(person: str, *, plan: FloorPlan) -> list[str]:
    """Give the queues whose work somebody may be given, by his clients and skills."""
    agent = next((agent for agent in plan.agents if agent.key == person), None)
    if agent is None:
        return []
    skills = dict(agent.skills)
    return [
        queue.key
        for queue in plan.queues
        if queue.client in agent.clients
        and has_proofs(agent, queue)
        and any(
            all(skills.get(skill, 0) >= level for skill, level in tier.requires)
            for tier in queue.tiers
        )
    ]
