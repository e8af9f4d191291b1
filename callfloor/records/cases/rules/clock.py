"""
By when something is owed: a pure function of what happened, of a target and of a calendar.

Time counts while the clock runs (opened or resumed, not paused, not stopped) and the calendar is
open. It is counted in real seconds between instants, so a day that a change of daylight saving
makes longer is longer, and hours that are open from nine o'clock begin at nine by the wall.

Laws, each a test: a pause never makes it due earlier; a mark that changes nothing changes nothing;
pause and resumption at one instant are nothing; time used is kept to the second over pauses and
changes of the target.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from callfloor.core.calendars import Calendar, day_end

DAYS_MAX = 400  # A calendar that never opens in a year is taken as closed for good.
TURNS_MAX = 20_000  # Four turns a day, and twelve years: a target beyond that is never due.

Sign = Literal["run", "rest", "stop", "target"]


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Something that happened to a clock."""

    at: float
    """UTC seconds."""
    sign: Sign
    """run (opened, resumed, reopened), rest (paused), stop (answered, closed), target."""
    target: float | None = None
    """With `run` at the opening and with `target`: seconds of open time; None for no target."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How a clock stands."""

    used_seconds: float
    """Open time that has passed while it ran."""
    target_seconds: float | None
    due_at: float | None
    """When it is due if nothing happens; None if it rests, was stopped in time, has no target."""
    warn_at: float | None
    """When the warning before that is due."""
    is_running: bool
    is_stopped: bool
    ran_until: float | None
    """When it last rested or was stopped; None while it runs, and if it never ran."""
    is_breached: bool
    """Whether it ran on beyond the instant at which it was due."""

    @property
    def left_seconds(self) -> float | None:
        """Open time that is left; below zero when it is late, None without a target."""
        return None if self.target_seconds is None else self.target_seconds - self.used_seconds


def read(
    marks: Iterable[Mark], *, calendar: Calendar | None, now: float, warn_share: float = 0.8
) -> Reading:
    """
    Read a clock at an instant; marks come in order, and those after `now` count as not yet said.

    A target that is lowered below what was used already is due when it was lowered, not before.
    Without a calendar it is always open.
    """
    state = _walk([mark for mark in marks if mark.at <= now])
    used = sum(worked(calendar, begin, min(end, now)) for begin, end in state.spans)
    due = _due(state, calendar, state.target)
    warn = _due(state, calendar, None if state.target is None else state.target * warn_share)
    ends = [end for _begin, end in state.spans if end != ENDLESS]
    ran_until = ends[-1] if ends and not state.is_running else None
    return Reading(
        used_seconds=used,
        target_seconds=state.target,
        due_at=due,
        warn_at=warn,
        is_running=state.is_running,
        is_stopped=state.is_stopped,
        ran_until=ran_until,
        is_breached=due is not None and (now if ran_until is None else ran_until) > due,
    )


def worked(calendar: Calendar | None, begin: float, end: float) -> float:
    """Give the open seconds between two instants."""
    if calendar is None:
        return max(0.0, end - begin)
    spans = _open(calendar, begin)
    total = 0.0
    for opened, closed in spans:
        if opened >= end:
            break
        total += min(closed, end) - opened
    return total


def after(calendar: Calendar | None, begin: float, seconds: float) -> float | None:
    """Give the first instant by which so many open seconds have passed; None if it never comes."""
    if seconds <= 0:
        return begin
    if calendar is None:
        return begin + seconds
    for opened, closed in _open(calendar, begin):
        if closed - opened >= seconds:
            return opened + seconds
        seconds -= closed - opened
    return None


def promised(calendar: Calendar | None, at: float, *, hours: float) -> float:
    """
    Give the instant by which an answer "within so many hours" is owed: on days that are open.

    Hours of a local day on which the calendar never opens do not count, all others do: what comes
    at ten to midnight before a weekend is owed by ten to midnight on Monday.
    """
    if calendar is None:
        return at + hours * 3600
    left, day_at = hours * 3600, at
    for _ in range(DAYS_MAX):
        midnight = day_end(at=day_at, zone=calendar.zone)
        span = midnight - day_at if calendar.opens_on_day_of(day_at) else 0.0
        if span >= left:
            return day_at + left
        left, day_at = left - span, midnight
    return at + hours * 3600  # It never opens again: the wall clock is the only one left.


@dataclass(frozen=True, kw_only=True)
class _State:
    spans: Sequence[tuple[float, float]]
    """When it ran; the last is endless if it runs still."""
    target: float | None
    targeted_at: float
    """When the target became what it is."""
    is_running: bool
    is_stopped: bool


ENDLESS = float("inf")


def _walk(marks: Sequence[Mark]) -> _State:
    spans: list[tuple[float, float]] = []
    since: float | None = None
    target: float | None = None
    targeted_at, is_stopped = float("-inf"), False
    for mark in marks:
        says = mark.sign == "target" or (mark.sign == "run" and mark.target is not None)
        if says and mark.target != target:  # Said again it is the same: nothing is due anew.
            target, targeted_at = mark.target, mark.at
        if mark.sign == "run":
            since, is_stopped = mark.at if since is None else since, False
        elif mark.sign in ("rest", "stop"):
            if since is not None and mark.at > since:
                spans.append((since, mark.at))
            since, is_stopped = None, is_stopped or mark.sign == "stop"
    if since is not None:
        spans.append((since, ENDLESS))
    return _State(
        spans=_joined(spans),
        target=target,
        targeted_at=targeted_at,
        is_running=since is not None,
        is_stopped=is_stopped,
    )


def _joined(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Join what touches: a pause of no length is none."""
    found: list[tuple[float, float]] = []
    for begin, end in spans:
        if found and found[-1][1] == begin:
            found[-1] = (found[-1][0], end)
        else:
            found.append((begin, end))
    return found


def _due(state: _State, calendar: Calendar | None, target: float | None) -> float | None:
    if target is None:
        return None
    left = target
    for begin, end in state.spans:
        found = after(calendar, begin, left)
        if found is not None and found <= end:
            return max(found, state.targeted_at)
        if end == ENDLESS:
            return None
        left -= worked(calendar, begin, end)
    return None


def _open(calendar: Calendar, begin: float) -> Iterator[tuple[float, float]]:
    """Yield the open spans from an instant on; the last may be endless."""
    if calendar.is_always_open:
        yield begin, ENDLESS
        return
    at, is_open = begin, calendar.is_open(begin)
    for _ in range(TURNS_MAX):
        turn = calendar.next_change(at)
        if is_open:
            yield at, ENDLESS if turn is None else turn
        if turn is None:
            return
        at, is_open = turn, not is_open
