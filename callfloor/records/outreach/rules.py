"""Which slots a queue has, and whether a promise was kept. Pure: calendars and instants in."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from callfloor.core import calendars
from callfloor.core.calendars import Calendar

OPEN = ("booked", "handed")
"""States in which the customer is still owed his call."""
DUE = ("kept", "late", "broken")
"""States of what was promised and whose time has come."""
TIME, WINDOW, SOON = "time", "window", "soon"
"""Kinds of promises: a slot that takes a place, some hours, as soon as somebody is free."""
WINDOW_SECONDS = 7_200.0  # People who wait for a call stay near it for two hours, not for a day.
WINDOW_DAYS = 3  # Today and what comes next also over most nights; who wants later takes a slot.
SOON_SECONDS = 14_400.0  # Half a working day of open time: more is not soon.
SOON_LEFT_SECONDS = 1_800.0
"""Less than this before closing, and a call is promised for the next open time."""
WITHDRAWN = "diverted"
"""How a callback ends whose customer called himself and was answered."""


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A time in which a customer may be promised to be called, UTC seconds, half-open."""

    begin: float
    end: float


def slots(calendar: Calendar, *, seconds: float, after: float, until: float) -> Iterator[Slot]:
    """
    Give the slots that begin after one instant and before another, in order.

    In each open period the first begins when it opens; what is too short for one is left out.
    """
    at: float | None = calendars.day_begin(at=after, zone=calendar.zone)
    if at is not None and not calendar.is_open(at):
        at = calendar.next_change(at)
    while at is not None and at < until:
        closes = calendar.next_change(at)
        end = math.inf if closes is None else closes
        yield from _within(at, end, seconds=seconds, after=after, until=until)
        at = None if closes is None else calendar.next_change(closes)


def soon(calendar: Calendar, *, now: float) -> float | None:
    """
    Give the instant by which whoever asks now is called; None for hours that never open.

    Half a working day of open time at most, and not after closing time.
    """
    at: float | None = now if calendar.is_open(now) else calendar.next_change(now)
    if at is None:
        return None
    closes = calendar.next_change(at)
    if closes is not None and closes - at < SOON_LEFT_SECONDS:
        at = calendar.next_change(closes)
        closes = None if at is None else calendar.next_change(at)
    if at is None:
        return None
    return min(at + SOON_SECONDS, math.inf if closes is None else closes)


def places(kind: str, *, at_once: int, slot_seconds: float, seconds: float) -> int:
    """Give how many may be promised a call within a time of some seconds."""
    if kind == TIME:
        return at_once
    return max(1, at_once * int(seconds // slot_seconds))


def _within(
    begin: float, end: float, *, seconds: float, after: float, until: float
) -> Iterator[Slot]:
    at = begin
    while at + seconds <= end and at < until:
        if at > after:
            yield Slot(begin=at, end=at + seconds)
        at += seconds


def settled(*, answered_at: float | None, outcome: str, by: float) -> tuple[str, str] | None:
    """
    Give state and reason of a promise from how its call went; None while nobody knows.

    Kept if the customer had somebody on the line by then, or called himself and was answered.
    """
    if answered_at is not None:
        return ("kept", "") if answered_at <= by else ("late", "")
    if not outcome:
        return None
    if outcome == WITHDRAWN:
        return "kept", "customer_called"
    return "broken", outcome[:32]
