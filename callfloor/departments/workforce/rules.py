"""
What may be asked of the twin, and what a difference means. Pure: values in, judgments out.

A difference is clear if its whole interval lies on one side of zero; everything else is chance,
and the page says so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

KINDS = ("sick", "merge", "tier", "queue", "more", "file", "page")
WITH_OTHER = ("file", "page")
"""What cannot be tried without a text beside the question: a file, or the edits of a page."""
SECTIONS = ("queues", "calendars", "flows")
"""What pages change of the centre's file."""
FILE_CHARACTERS_MAX = 4_000_000  # As blueprint/read.py: a centre of 10,000 people has 1.5 million.
DAYS_MIN = 3  # Two days leave limits so wide that nothing is ever clear.
DAYS_MAX = 60  # Sixty days of 10,000 contacts take ten minutes; more days narrow little.
DAYS_USUAL = 10
SEED_MAX = 2**31 - 1
SICK_MAX = 500
MORE_PERCENT = (-90, 500)
SECONDS_MAX = 3_600.0
LEVELS = (1, 5)
WAITING_MAX = 5
"""Of one person; whoever has so many in line waits for one to end."""
TRIES_MAX = 2
"""A trial that ended its process twice would end it a third time."""
ORPHAN_SECONDS = 10.0
"""Whoever runs a trial beats every second or so; after this he is gone."""
KEPT = 500
"""More finished trials than this nobody looks up; each holds some 100 kB."""

FAULTS = ("no_demand", "refused", "too_long", "ended", "too_large")
"""no demand in the file; the change is refused; time or memory ran out; the process ended."""

SHARES = frozenset({"service_level", "abandon_rate", "occupancy", "occupancy_spread"})
SECONDS = frozenset({"asa_seconds", "wait_spread_seconds"})
MEASURES: dict[str, int] = {
    "service_level": 1,
    "abandon_rate": -1,
    "asa_seconds": -1,
    "occupancy": 0,
    "offered": 0,
    "answered": 1,
    "abandoned": -1,
}
"""Measure to its good direction: 1 the more the better, -1 the less, 0 neither."""
TOTALS: dict[str, tuple[str, str]] = {
    "cost": ("centre", "cost"),
    "occupancy_spread": ("fairness", "occupancy_spread"),
    "wait_spread_seconds": ("fairness", "wait_spread_seconds"),
}
"""What is told of the whole centre, and where it stands in a result."""
NEITHER = frozenset({"cost"})
"""Totals of which less is not better by itself: who is ill costs nothing here, and is missed."""


class Wrong(Exception):
    """A question that nobody can answer; `field` says which part of it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the centre has, and of it what the asker may name."""

    queues: Mapping[str, str]
    """Queue to client."""
    teams: frozenset[str]
    skills: frozenset[str]
    people: frozenset[str]


Question = dict[str, Any]


def checked(question: Mapping[str, Any], *, known: Known) -> Question:
    """
    Give a question with exactly what its kind needs.

    Raises Wrong for what is missing, unknown or out of its limits.
    """
    kind = question.get("kind")
    if kind not in _CHECKS:
        raise Wrong("kind")
    return {"kind": kind, **_CHECKS[kind](question, known)}


def _sick(question: Mapping[str, Any], known: Known) -> Question:
    people = sorted(set(question.get("people") or ()))
    if people:
        if not known.people.issuperset(people) or len(people) > SICK_MAX:
            raise Wrong("people")
        return {"people": people, "count": len(people), "team": None}
    team = question.get("team") or None
    if team is not None and team not in known.teams:
        raise Wrong("team")
    return {"people": [], "count": _whole(question, "count", 1, SICK_MAX), "team": team}


def _merge(question: Mapping[str, Any], known: Known) -> Question:
    into = _one_of(question, "into", known.queues)
    merged = _one_of(question, "merged", known.queues)
    if merged == into or known.queues[into] != known.queues[merged]:
        raise Wrong("merged")
    return {"into": into, "merged": merged}


def _tier(question: Mapping[str, Any], known: Known) -> Question:
    return {
        "queue": _one_of(question, "queue", known.queues),
        "after_seconds": _number(question, "after_seconds", 1.0, SECONDS_MAX),
        "skill": _one_of(question, "skill", known.skills),
        "level": _whole(question, "level", *LEVELS),
    }


_QUEUE_LIMITS = {
    "goal_seconds": (1.0, SECONDS_MAX),
    "goal_share": (0.01, 1.0),
    "ring_seconds": (3.0, 120.0),
    "wrap_up_seconds": (0.0, SECONDS_MAX),
}


def _queue(question: Mapping[str, Any], known: Known) -> Question:
    found: Question = {"queue": _one_of(question, "queue", known.queues)}
    for field, (low, high) in _QUEUE_LIMITS.items():
        if question.get(field) is not None:
            found[field] = _number(question, field, low, high)
    if len(found) == 1:
        raise Wrong("queue_values")
    return found


def _more(question: Mapping[str, Any], known: Known) -> Question:
    percent = _number(question, "percent", *MORE_PERCENT)
    if percent == 0:
        raise Wrong("percent")
    return {"percent": percent}


def _file(question: Mapping[str, Any], known: Known) -> Question:
    name = str(question.get("name") or "")
    if not name:
        raise Wrong("file")
    return {"name": name[:120]}


def _page(question: Mapping[str, Any], known: Known) -> Question:
    section, key = question.get("section"), question.get("key")
    if section not in SECTIONS or not isinstance(key, str) or not key:
        raise Wrong("page")
    queues = sorted(set(question.get("queues") or ()))
    if not set(queues) <= set(known.queues):
        raise Wrong("page")
    return {"section": section, "key": key, "queues": queues}


_CHECKS: dict[str, Callable[[Mapping[str, Any], Known], Question]] = {
    "sick": _sick,
    "merge": _merge,
    "tier": _tier,
    "queue": _queue,
    "more": _more,
    "file": _file,
    "page": _page,
}


def _one_of(
    question: Mapping[str, Any], field: str, known: Mapping[str, str] | frozenset[str]
) -> str:
    value = question.get(field)
    if not isinstance(value, str) or value not in known:
        raise Wrong(field)
    return value


def _number(question: Mapping[str, Any], field: str, low: float, high: float) -> float:
    value = question.get(field)
    if not isinstance(value, int | float) or not low <= value <= high:
        raise Wrong(field)
    return float(value)


def _whole(question: Mapping[str, Any], field: str, low: int, high: int) -> int:
    value = _number(question, field, low, high)
    if value != int(value):
        raise Wrong(field)
    return int(value)


def queues_of(question: Question) -> tuple[str, ...]:
    """Give the queues that a question names."""
    named = (question[field] for field in ("queue", "into", "merged") if field in question)
    return (*named, *question.get("queues", ()))


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A mean with its 95 % interval."""

    mean: float
    low: float
    high: float
    clear: bool = True
    """Of a difference: whether the twin calls it more than chance; it asks for more than this
    interval does, for a page shows a hundred differences at once."""


def estimate(value: Any) -> Estimate | None:
    """Read a mean with its interval from a result; None if there is none."""
    if isinstance(value, int | float):
        return Estimate(mean=float(value), low=float(value), high=float(value))
    if not isinstance(value, dict) or value.get("mean") is None:
        return None
    mean = float(value["mean"])
    low, high = value.get("low"), value.get("high")
    return Estimate(
        mean=mean,
        low=mean if low is None else float(low),
        high=mean if high is None else float(high),
        clear=bool(value.get("clear", True)),
    )


def verdict(difference: Estimate | None, *, direction: int) -> str:
    """
    Say what a difference means: better, worse, more, less or unclear.

    `direction` is 1 if more is better, -1 if less is, 0 if neither.
    """
    if difference is None or not difference.clear or difference.low <= 0 <= difference.high:
        return "unclear"
    is_more = difference.low > 0
    if direction == 0:
        return "more" if is_more else "less"
    return "better" if is_more == (direction > 0) else "worse"
