"""
Days and hours as an author writes them: `mon-fri`, `08:00-12:30`, `2026-12-24`.

Refuses: to know what is open when; that is `core.calendars`.
"""

import itertools
import re
from datetime import date

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_OF_DAY = 1440
_PERIOD = re.compile(r"([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2})")


def weekdays(text: str) -> tuple[int, ...] | None:
    """Return the weekdays (Monday 0) of `mon` or `mon-fri`, or None if it is neither."""
    first, dash, last = text.strip().lower().partition("-")
    if first not in WEEKDAYS or (dash and last not in WEEKDAYS):
        return None
    begin = WEEKDAYS.index(first)
    end = WEEKDAYS.index(last) if dash else begin
    return tuple(range(begin, end + 1)) or None


def period(text: str) -> tuple[int, int] | None:
    """Return from and to in minutes of the day of `08:00-12:30`, or None if it is not so."""
    match = _PERIOD.fullmatch(text.strip())
    if match is None:
        return None
    from_hour, from_minute, to_hour, to_minute = (int(each) for each in match.groups())
    begin, end = from_hour * 60 + from_minute, to_hour * 60 + to_minute
    if from_minute > 59 or to_minute > 59 or not begin < end <= MINUTES_OF_DAY:
        return None
    return begin, end


def shift(text: str) -> tuple[int, int] | None:
    """
    Return from and to of `22:00-06:00`, in minutes of the day on which the shift begins.

    One that does not end after it begins ends on the next day. None if it is no period, or has no
    length.
    """
    match = _PERIOD.fullmatch(text.strip())
    if match is None:
        return None
    from_hour, from_minute, to_hour, to_minute = (int(each) for each in match.groups())
    begin, end = from_hour * 60 + from_minute, to_hour * 60 + to_minute
    if from_minute > 59 or to_minute > 59 or begin >= MINUTES_OF_DAY or end > MINUTES_OF_DAY:
        return None
    if begin == end:
        return None
    return (begin, end) if begin < end else (begin, end + MINUTES_OF_DAY)


def pause(text: str, within: tuple[int, int]) -> tuple[int, int] | None:
    """
    Return from and to of a shift's break, in minutes of the day on which the shift begins.

    In a shift that ends on the next day `02:00-02:30` is after midnight. None if it is no period.
    """
    if within[1] <= MINUTES_OF_DAY:
        return period(text)
    found = shift(text)
    if found is None or found[0] >= within[0]:
        return found
    return found[0] + MINUTES_OF_DAY, found[1] + MINUTES_OF_DAY


def day(text: str) -> date | None:
    """Return the date of `2026-12-24`, or None if there is no such day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def overlap(periods: list[tuple[int, int]]) -> bool:
    """Say whether two of the half-open periods share a minute."""
    ordered = sorted(periods)
    return any(one[1] > other[0] for one, other in itertools.pairwise(ordered))
