"""
What may be changed of a calendar: the hours of each weekday, and days that differ.

Refuses: to judge hours; the file's own check does, at the field where they were typed.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from callfloor.desk.shaping import reading
from callfloor.kernel.ports import Keys

Edits = dict[Keys, Any]
NEW_DAYS = 3
"""So many days can be added at once."""


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day that differs."""

    date: dt.date
    text: str
    as_usual: bool
    """Whether it shall be taken out."""


class Form:
    """The calendar as it is, or as it was typed."""

    def __init__(
        self, key: str, said: Mapping[str, Any], typed: Mapping[str, Any] | None, *, today: dt.date
    ) -> None:
        self._key = key
        self._typed = typed
        self._days = reading.days(said.get("weekly") or {})
        self._exceptions: dict[str, list[str]] = {
            str(day): list(texts or ()) for day, texts in (said.get("exceptions") or {}).items()
        }
        self._today = today
        self.wrong: dict[str, Any] = {}
        self.edits: Edits = dict(self._edits()) if typed is not None else {}

    def week(self) -> list[str]:
        """Return the hours of Monday to Sunday as they stand in the fields."""
        if self._typed is None:
            return [", ".join(texts) for texts in self._days]
        return [str(self._typed.get(f"day.{day}", "")) for day in range(7)]

    def days(self) -> list[Day]:
        """Return the days to come that differ, the first first."""
        found = []
        for text in sorted(self._exceptions):
            day = _date(text)
            if day is not None and day >= self._today:
                found.append(self._day(text, day))
        return found

    def new(self) -> list[tuple[int, str, str]]:
        """Return the rows for days to add: number, date, hours."""
        typed = self._typed or {}
        return [
            (index, str(typed.get(f"new.{index}", "")), str(typed.get(f"hours.{index}", "")))
            for index in range(NEW_DAYS)
        ]

    def past(self) -> int:
        """Say how many days that differed are over; they stay in the file."""
        days = [_date(text) for text in self._exceptions]
        return sum(day is not None and day < self._today for day in days)

    def _day(self, text: str, day: dt.date) -> Day:
        typed = self._typed
        if typed is None:
            return Day(date=day, text=", ".join(self._exceptions[text]), as_usual=False)
        return Day(
            date=day, text=str(typed.get(f"on.{text}", "")), as_usual=f"usual.{text}" in typed
        )

    def _edits(self) -> Iterator[tuple[Keys, Any]]:
        assert self._typed is not None
        if "day.0" in self._typed:
            week = [sorted(reading.hours(text)) for text in self.week()]
            if week != self._days:
                yield ("calendars", self._key, "weekly"), reading.weekly(week)
        for text, held in self._exceptions.items():
            place = ("calendars", self._key, "exceptions", text)
            if f"usual.{text}" in self._typed:
                yield place, None
            elif f"on.{text}" in self._typed:
                wanted = reading.hours(str(self._typed[f"on.{text}"]))
                if wanted != held:
                    yield place, wanted
        for _index, day, hours in self.new():
            if day:
                yield ("calendars", self._key, "exceptions", day[:10]), reading.hours(hours)


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
