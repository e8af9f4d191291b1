"""
Days as people ask for them: read from what was typed, laid out as a month, named by the calendar.

Pure: today and the language come in. Persian has the Jalali calendar and weeks from Saturday.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import jdatetime

WESTERN = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
JALALI_YEARS_MAX = 1700  # Below it a year is of the Jalali calendar: Gregorian 2320.
FIRST_WEEKDAYS = {"fa": 5}
"""Saturday; everybody else of the six begins with Monday, which is 0."""
WEEK_DAYS = 7


@dataclass(frozen=True, kw_only=True)
class Days:
    """Local days, both ends included."""

    first: date
    last: date

    @property
    def end(self) -> date:
        """The day after the last one."""
        return self.last + timedelta(days=1)

    @property
    def count(self) -> int:
        """How many there are."""
        return (self.last - self.first).days + 1

    def moved(self, by: int) -> "Days":
        """Give as many days before or after them."""
        step = timedelta(days=by * self.count)
        return Days(first=self.first + step, last=self.last + step)


def first_weekday(language: str) -> int:
    """Give the weekday with which a week begins, Monday being 0."""
    return FIRST_WEEKDAYS.get(language, 0)


def day_of(text: str) -> date | None:
    """Read a day as `2026-11-22` or `1405/09/01`, in any digits; None if it is none."""
    parts = text.strip().translate(WESTERN).replace("/", "-").split("-")
    if len(parts) != 3 or not all(part.isdecimal() and len(part) <= 4 for part in parts):
        return None
    year, month, day = (int(part) for part in parts)
    try:
        if year < JALALI_YEARS_MAX:
            return jdatetime.date(year, month, day).togregorian()  # type: ignore[no-any-return]
        return date(year, month, day)
    except ValueError:
        return None


def written(day: date, *, language: str) -> str:
    """Write a day so that it can be typed again: ISO, or in Persian by the Jalali calendar."""
    if language != "fa":
        return day.isoformat()
    jalali = jdatetime.date.fromgregorian(date=day)
    return f"{jalali.year}/{jalali.month:02}/{jalali.day:02}"


def week(day: date, *, language: str) -> Days:
    """Give the week of a day."""
    first = day - timedelta(days=(day.weekday() - first_weekday(language)) % WEEK_DAYS)
    return Days(first=first, last=first + timedelta(days=WEEK_DAYS - 1))


def month(day: date, *, language: str) -> Days:
    """Give the month of a day, by the calendar of the language."""
    first = day - timedelta(days=number_in_month(day, language=language) - 1)
    after = first + timedelta(days=31)
    last = after - timedelta(days=number_in_month(after, language=language))
    while number_in_month(last + timedelta(days=1), language=language) != 1:
        last += timedelta(days=1)
    return Days(first=first, last=last)


def number_in_month(day: date, *, language: str) -> int:
    """Give the number of a day in its month."""
    if language != "fa":
        return day.day
    return int(jdatetime.date.fromgregorian(date=day).day)


def weeks(of: date, *, language: str) -> Iterator[list[date]]:
    """Give the weeks that a sheet of a month shows, whole ones."""
    shown = month(of, language=language)
    day = week(shown.first, language=language).first
    while day <= shown.last:
        yield [day + timedelta(days=number) for number in range(WEEK_DAYS)]
        day += timedelta(days=WEEK_DAYS)
