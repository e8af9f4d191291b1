"""
How a case stands after its events, and how its two clocks stand: a fold, and nothing else.

Whoever has the events has the case: the columns of the records are made by this and can be made
again at will. Refuses: to know who may do what (`services`), and to read a clock.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from callfloor.core.calendars import Calendar
from callfloor.records.cases.rules import clock, kinds

GOALS = ("answer", "solve")
"""What is owed: a first answer, a solution."""
WARN_SHARE = 0.8
"""A warning comes when so much of the time is used."""

KINDS = (
    *("opened", "assigned", "offered", "paused", "resumed", "priority", "stage", "filled"),
    *("noted", "tried", "said", "wrote", "answered", "attached", "filed", "escalated"),
    *("acknowledged", "decided", "appealed", "named", "released"),
    *("linked", "unlinked", "switched"),
    *("told", "warned", "breached", "reopened", "closed"),
)
"""Kinds of events."""


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One event of a case, without what was written with it."""

    number: int
    at: float
    """UTC seconds."""
    kind: str
    by: str | None = None
    """None for the customer and the centre itself."""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class State:
    """How a case stands."""

    kind: str
    stage: str
    priority: str
    owner: str | None = None
    team: str | None = None
    level: int = 1
    waits_for: str = ""
    incident: str | None = None
    emergency: str = ""
    answered_at: float | None = None
    closed_at: float | None = None
    solved_at_once: bool = False
    decision: str = ""
    appealed: bool = False
    about: str | None = None
    """Who is complained about, also after the release."""
    released: bool = False
    promised_at: float | None = None
    reopened: int = 0
    alarms: frozenset[tuple[str, str]] = frozenset()
    """Pairs of warned or breached, and the goal, since the promise was last changed."""
    fields: Mapping[str, int] = field(default_factory=dict)
    """What is known, by the number of the event that says it."""

    @property
    def is_open(self) -> bool:
        """Whether somebody has to do with it."""
        return self.closed_at is None


@dataclass(frozen=True, kw_only=True)
class Promise:
    """What is promised for one kind of case."""

    calendar: Calendar | None
    answer: Mapping[str, float | None]
    """Priority to seconds of open time until the first answer."""
    solve: Mapping[str, float | None]
    warn_share: float = WARN_SHARE
    escalates: frozenset[str] = frozenset()
    """Goals that bring a case a level up when they are missed."""

    def target(self, *, goal: str, priority: str) -> float | None:
        """Give the seconds of a goal; None if nothing is promised."""
        return (self.answer if goal == "answer" else self.solve).get(priority)


@dataclass(frozen=True, kw_only=True)
class Clocks:
    """Both clocks of a case."""

    answer: clock.Reading
    solve: clock.Reading

    def of(self, goal: str) -> clock.Reading:
        """Give one of them."""
        return self.answer if goal == "answer" else self.solve

    @property
    def due_at(self) -> float | None:
        """When something is owed next; None while nothing is."""
        open_ones = [each.due_at for each in (self.answer, self.solve) if not each.is_stopped]
        return min((due for due in open_ones if due is not None), default=None)


def standard_promise(kind: str, *, calendar: Calendar | None) -> Promise:
    """Give what holds for a kind where the centre's file says nothing."""
    answer, solve = (
        {
            priority: kinds.standard_target(kind=kind, goal=goal, priority=priority)
            for priority in kinds.PRIORITIES
        }
        for goal in GOALS
    )
    return Promise(calendar=calendar, answer=answer, solve=solve)


def fold(happenings: Iterable[Happening]) -> State:
    """Give how a case stands after all its events, the first of which opens it."""
    state: State | None = None
    for each in happenings:
        if state is None:
            assert each.kind == "opened", "a case begins by being opened"
            state = _opened(each)
        else:
            state = replace(state, **_changes(state, each))
    assert state is not None, "a case without events"
    return state


def clocks(happenings: Sequence[Happening], *, promise: Promise, now: float) -> Clocks:
    """Read both clocks of a case at an instant."""
    answer, solve = (
        clock.read(
            list(_marks(happenings, promise=promise, goal=goal)),
            calendar=promise.calendar,
            now=now,
            warn_share=promise.warn_share,
        )
        for goal in GOALS
    )
    held = _at_promise(answer, happenings, warn_share=promise.warn_share, now=now)
    return Clocks(answer=held, solve=solve)


def look_at(state: State, found: Clocks) -> float | None:
    """Give the next instant at which somebody must be warned or alarmed; None if there is none."""
    return min((at for at, _kind, _goal in _alarms(state, found)), default=None)


def due_alarms(state: State, found: Clocks, *, now: float) -> list[tuple[str, str]]:
    """Give the alarms that are due and were not given, each as its kind and goal."""
    return [(kind, goal) for at, kind, goal in _alarms(state, found) if at <= now]


def _alarms(state: State, found: Clocks) -> list[tuple[float, str, str]]:
    rows: list[tuple[float, str, str]] = []
    for goal in GOALS:
        reading = found.of(goal)
        if reading.is_stopped or not reading.is_running:
            continue
        for kind, at in (("warned", reading.warn_at), ("breached", reading.due_at)):
            told = (kind, goal) in state.alarms or ("breached", goal) in state.alarms
            if at is not None and not told:
                rows.append((at, kind, goal))
    return sorted(rows)


def _at_promise(
    reading: clock.Reading, happenings: Sequence[Happening], *, warn_share: float, now: float
) -> clock.Reading:
    """Hold the first answer to what the customer was told, if that is earlier."""
    promised = happenings[0].data.get("promised_at")
    if promised is None:
        return reading
    until = now if reading.is_running else reading.ran_until
    is_late = until is not None and until > promised
    if not reading.is_running and not is_late:
        return reading
    due = promised if reading.due_at is None else min(promised, reading.due_at)
    warn = happenings[0].at + warn_share * (promised - happenings[0].at)
    return replace(
        reading,
        due_at=due,
        warn_at=warn if reading.warn_at is None else min(warn, reading.warn_at),
        is_breached=reading.is_breached or is_late,
    )


def _marks(happenings: Sequence[Happening], *, promise: Promise, goal: str) -> Iterable[clock.Mark]:
    is_over = False  # A first answer is given once: a case that is reopened owes no second one.
    for each in happenings:
        match each.kind:
            case "opened":
                target = promise.target(goal=goal, priority=each.data["priority"])
                yield clock.Mark(at=each.at, sign="run", target=target)
            case "priority":
                target = promise.target(goal=goal, priority=each.data["priority"])
                yield clock.Mark(at=each.at, sign="target", target=target)
            case "paused":
                yield clock.Mark(at=each.at, sign="rest")
            case "resumed" if not is_over:
                yield clock.Mark(at=each.at, sign="run")
            case "reopened" if not is_over:
                yield clock.Mark(at=each.at, sign="run")
            case "closed":
                yield clock.Mark(at=each.at, sign="stop")
            case _ if goal == "answer" and is_answer(each):
                is_over = True
                yield clock.Mark(at=each.at, sign="stop")


def is_answer(happening: Happening) -> bool:
    """Say whether an event tells the customer something that a person has thought of."""
    if happening.kind in ("answered", "acknowledged", "decided"):
        return True
    return happening.kind == "said" and happening.by is not None


def _opened(each: Happening) -> State:
    data = each.data
    return State(
        kind=data["kind"],
        stage=kinds.KINDS[data["kind"]].stages[0],
        priority=data["priority"],
        owner=data.get("owner"),
        team=data.get("team"),
        about=data.get("about"),
        promised_at=data.get("promised_at"),
    )


def _changes(state: State, each: Happening) -> dict[str, Any]:
    """Give the fields that one event changes."""
    data = each.data
    changes: dict[str, Any] = {}
    match each.kind:
        case "assigned" | "offered":
            changes = {"owner": data.get("owner"), "team": data.get("team")}
        case "paused":
            changes = {"waits_for": data["waits_for"]}
        case "resumed":
            changes = {"waits_for": ""}
        case "priority":
            changes = {"priority": data["priority"], "alarms": frozenset()}
        case "stage":
            changes = {"stage": data["stage"]}
        case "filled":
            changes = {"fields": {**state.fields, data["field"]: each.number}}
        case "escalated":
            changes = {
                "level": data["level"],
                "owner": data.get("owner"),
                "team": data.get("team"),
                "waits_for": "",
            }
        case "linked" | "unlinked":
            changes = {"incident": data.get("incident")}
        case "switched":
            changes = {"emergency": data["emergency"] if data["on"] else ""}
        case "warned" | "breached":
            changes = {"alarms": state.alarms | {(each.kind, data["goal"])}}
        case _:
            changes = _milestone(state, each)
    if state.answered_at is None and is_answer(each):
        changes["answered_at"] = each.at
    return changes


def _milestone(state: State, each: Happening) -> dict[str, Any]:
    """Give what a step of a complaint, a closing or a reopening changes."""
    stages = kinds.KINDS[state.kind].stages
    match each.kind:
        case "acknowledged":
            return {"stage": "acknowledged"} if state.stage == stages[0] else {}
        case "decided":
            return {"stage": "decided", "decision": each.data["decision"]}
        case "appealed":
            return {"stage": "appealed", "appealed": True, "decision": ""}
        case "named":
            return {"about": each.data["about"], "released": False}
        case "released":
            return {"released": True}
        case "closed":
            at_once = bool(each.data.get("at_once"))
            return {
                "stage": stages[-1],
                "closed_at": each.at,
                "waits_for": "",
                "solved_at_once": state.solved_at_once or at_once,
            }
        case "reopened":
            return {
                "stage": each.data.get("stage", stages[1]),
                "closed_at": None,
                "solved_at_once": False,
                "reopened": state.reopened + 1,
                "alarms": frozenset(alarm for alarm in state.alarms if alarm[1] == "answer"),
            }
        case _:
            return {}
