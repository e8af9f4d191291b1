"""
Figures as functions of sums: the same formula on a wallboard, in a report and in a file. Pure.

Sums of waits count an entry of a queue in the half hour in which it began; sums of work count an
agent's part in the half hour in which its talk ended.
Refuses: rounding. Whoever shows a figure rounds it, at the end.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

BUSY_STATES = ("talking", "wrap_up")
"""What an agent is while he serves somebody."""
SECONDS_AN_HOUR = 3_600.0

COUNTED_AS = {
    "answered": "answered",
    "abandoned_in_queue": "abandoned",
    "callback_asked": "callback_asked",
    "message_left": "message_left",
    "diverted": "diverted",
    "lost_by_system": "lost",
    "": "waiting",
}
"""Which sum a queue entry with this outcome belongs to."""


@dataclass(frozen=True, kw_only=True)
class Sums:
    """Everything that figures are made of; what was not asked for is nothing."""

    offered: int = 0
    contacts: int = 0
    """First entries: whoever was transferred counts once."""
    answered: int = 0
    within_goal: int = 0
    abandoned: int = 0
    """With the short ones."""
    short_abandoned: int = 0
    callback_asked: int = 0
    message_left: int = 0
    diverted: int = 0
    lost: int = 0
    waiting: int = 0
    wait_seconds: float = 0.0
    answered_wait_seconds: float = 0.0
    abandoned_wait_seconds: float = 0.0
    longest_wait_seconds: float = 0.0
    handled: int = 0
    """Parts of agents who served a customer."""
    talk_seconds: float = 0.0
    hold_seconds: float = 0.0
    wrap_seconds: float = 0.0
    states: Mapping[str, float] = field(default_factory=dict)
    """Seconds in each state of agents."""
    away: Mapping[str, float] = field(default_factory=dict)
    """Seconds away by reason."""
    missed: int = 0
    declined: int = 0
    first_answered: int = 0
    """Contacts of customers that were answered."""
    first_one_agent: int = 0
    """Of these, those that one agent finished alone."""
    first_settled: int = 0
    """Of these, those whose days for coming back are over."""
    first_no_return: int = 0
    """Of the settled ones, those after which the customer did not come back."""
    first_cases: int = 0
    """Cases whose days for a second contact are over."""
    first_cases_alone: int = 0
    """Of these, those to which no second contact came."""
    promises_due: int = 0
    """Callbacks and appointments that are over."""
    promises_kept: int = 0
    """Of these, those whose customer had somebody on the line in time."""

    @property
    def signed_in_seconds(self) -> float:
        """Time in any state but signed out."""
        return sum(self.states.values())

    @property
    def busy_seconds(self) -> float:
        """Time with contacts."""
        return sum(self.states.get(state, 0.0) for state in BUSY_STATES)


MAPPINGS = ("states", "away")
LONGEST = "longest_wait_seconds"
PLAIN = tuple(each.name for each in fields(Sums) if each.name not in (*MAPPINGS, LONGEST))

SETTLING = timedelta(hours=1)
"""Who waits or talks at midnight belongs to the day that ends, his wrap-up too."""
SAME_WITHIN = 1e-6  # A database may add the same seconds up in another order.

Fields = dict[str, Any]
"""Fields of Sums, as far as they are something."""
WaitGroup = tuple[str, int, str, bool, bool, int, int, float, float]
"""Queue, quarter, outcome, short, within goal; entries, first ones, seconds in all, the longest."""


def of_waits(groups: Iterable[WaitGroup]) -> Fields:
    """Add queue entries up that are alike; give the fields of Sums."""
    sums: defaultdict[str, Any] = defaultdict(int)
    longest = 0.0
    for _queue, _quarter, outcome, short, within_goal, entries, first, waited, most in groups:
        name = COUNTED_AS[outcome]
        sums["offered"] += entries
        sums["contacts"] += first
        sums[name] += entries
        sums["wait_seconds"] += waited
        if name == "answered":
            sums["answered_wait_seconds"] += waited
            if within_goal:
                sums["within_goal"] += entries
        elif name == "abandoned":
            sums["abandoned_wait_seconds"] += waited
            if short:
                sums["short_abandoned"] += entries
        longest = max(longest, most)
    return {**sums, LONGEST: longest} if sums else {}


def total(parts: Sequence[Sums]) -> Sums:
    """Add sums up; the longest wait is the longest of all."""
    values: dict[str, Any] = {name: sum(getattr(part, name) for part in parts) for name in PLAIN}
    values[LONGEST] = max((part.longest_wait_seconds for part in parts), default=0.0)
    for name in MAPPINGS:
        together: dict[str, float] = {}
        for part in parts:
            for key, seconds in getattr(part, name).items():
                together[key] = together.get(key, 0.0) + seconds
        values[name] = together
    return Sums(**values)


def rolled(parts: Mapping[Any, Fields], *, by: Callable[[Any], Any]) -> dict[Any, Fields]:
    """Add parts up whose keys `by` takes for the same; the longest wait is the longest of all."""
    found: dict[Any, Fields] = {}
    for key, part in parts.items():
        whole = by(key)
        if whole not in found:
            found[whole] = dict(part)
            continue
        sums = found[whole]
        for name, value in part.items():
            known = sums.get(name, 0)
            sums[name] = max(known, value) if name == LONGEST else known + value
    return found


def is_same(one: Fields, other: Fields) -> bool:
    """Say whether fields hold the same numbers; a missing one is nothing."""
    return all(
        math.isclose(one.get(name, 0), other.get(name, 0), abs_tol=SAME_WITHIN)
        for name in one.keys() | other.keys()
    )


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None


# --- Waiting ---


def service_level(sums: Sums) -> float | None:
    """Answered within the goal, of all whose wait is over, short abandonments left out."""
    return _share(sums.within_goal, sums.offered - sums.short_abandoned - sums.waiting)


def service_level_of_offered(sums: Sums) -> float | None:
    """Answered within the goal, of all whose wait is over."""
    return _share(sums.within_goal, sums.offered - sums.waiting)


def service_level_of_answered(sums: Sums) -> float | None:
    """Answered within the goal, of all answered."""
    return _share(sums.within_goal, sums.answered)


def abandonment_rate(sums: Sums) -> float | None:
    """Abandoned, of all offered; short ones are left out of both."""
    return _share(sums.abandoned - sums.short_abandoned, sums.offered - sums.short_abandoned)


def answer_speed(sums: Sums) -> float | None:
    """What the answered waited, divided by their number."""
    return _share(sums.answered_wait_seconds, sums.answered)


def abandoned_wait(sums: Sums) -> float | None:
    """What the abandoned waited, divided by their number."""
    return _share(sums.abandoned_wait_seconds, sums.abandoned)


def longest_wait(sums: Sums) -> float | None:
    """The longest wait that has ended; None if none has."""
    return sums.longest_wait_seconds if sums.offered > sums.waiting else None


# --- Work ---


def handling_time(sums: Sums) -> float | None:
    """Talk, hold and wrap-up, divided by the parts of agents who served."""
    seconds = sums.talk_seconds + sums.hold_seconds + sums.wrap_seconds
    return _share(seconds, sums.handled)


def occupancy(sums: Sums) -> float | None:
    """Time with contacts, of all the time signed in and not away."""
    return _share(sums.busy_seconds, sums.signed_in_seconds - sums.states.get("away", 0.0))


def contacts_per_hour(sums: Sums) -> float | None:
    """Parts of agents who served, in an hour signed in."""
    return _share(sums.handled, sums.signed_in_seconds / SECONDS_AN_HOUR)


# --- The first contact ---


def first_contact_no_return(sums: Sums) -> float | None:
    """Settled contacts after which the customer did not come back, of all settled ones."""
    return _share(sums.first_no_return, sums.first_settled)


def first_contact_one_agent(sums: Sums) -> float | None:
    """Contacts that one agent finished alone, of all answered ones."""
    return _share(sums.first_one_agent, sums.first_answered)


def first_contact_by_case(sums: Sums) -> float | None:
    """Settled cases to which no second contact came, of all settled ones."""
    return _share(sums.first_cases_alone, sums.first_cases)


# --- Promises ---


def is_kept(*, outcome: str, answered_at: datetime | None, due_at: datetime | None) -> bool:
    """Say whether a callback's customer got his answer, by the time that he was promised."""
    if outcome == "diverted":  # He called himself, and was answered.
        return True
    return answered_at is not None and (due_at is None or answered_at <= due_at)


def promises_kept(sums: Sums) -> float | None:
    """Customers who had somebody on the line in time, of all who were promised a call."""
    return _share(sums.promises_kept, sums.promises_due)


# --- Days ---


def closes_at(day: date, *, zone: ZoneInfo) -> datetime:
    """Give the instant from which on a local day stands still, but for what comes late."""
    midnight = datetime.combine(day + timedelta(days=1), time(), zone)
    return midnight.astimezone(UTC) + SETTLING


def last_closed(now: datetime, *, zone: ZoneInfo) -> date:
    """Give the last local day that has closed, whatever the clocks did in it."""
    settled = (now.astimezone(UTC) - SETTLING).astimezone(zone)
    return settled.date() - timedelta(days=1)


def week_of(day: date, *, first_weekday: int) -> date:
    """Give the first day of a day's week, where weeks begin with a weekday (Monday is 0)."""
    return day - timedelta(days=(day.weekday() - first_weekday) % 7)
