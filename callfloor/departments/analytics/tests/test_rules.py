"""Days are read as people write them, and months are laid out by their calendars."""

from datetime import date

import pytest

from callfloor.departments.analytics import rules
from callfloor.departments.analytics.rules import Days

pytestmark = pytest.mark.pure

SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-22", SUNDAY),
        (" 2026/11/22 ", SUNDAY),
        ("1405/09/01", SUNDAY),
        ("۱۴۰۵/۰۹/۰۱", SUNDAY),
        ("1404-12-30", None),  # No leap year.
        ("2026-02-30", None),
        ("2026-11", None),
        ("", None),
        ("x-y-z", None),
        ("99999-1-1", None),
        ("0000-01-01", None),
    ],
)
def test_reads_a_day_or_nothing(text, day):
    assert rules.day_of(text) == day


@pytest.mark.parametrize("language", ["en", "fa"])
def test_reads_what_it_writes(language):
    assert rules.day_of(rules.written(SUNDAY, language=language)) == SUNDAY


def test_weeks_begin_by_language():
    assert rules.week(SUNDAY, language="hu") == Days(first=date(2026, 11, 16), last=SUNDAY)
    assert rules.week(SUNDAY, language="fa") == Days(
        first=date(2026, 11, 21), last=date(2026, 11, 27)
    )


@pytest.mark.parametrize(
    ("day", "language", "first", "last"),
    [
        (date(2026, 2, 10), "en", date(2026, 2, 1), date(2026, 2, 28)),
        (date(2028, 2, 29), "ru", date(2028, 2, 1), date(2028, 2, 29)),
        (SUNDAY, "fa", date(2026, 11, 22), date(2026, 12, 21)),
        (date(2026, 3, 20), "fa", date(2026, 2, 20), date(2026, 3, 20)),
        (date(2026, 3, 21), "fa", date(2026, 3, 21), date(2026, 4, 20)),
    ],
)
def test_months_are_those_of_the_calendar(day, language, first, last):
    assert rules.month(day, language=language) == Days(first=first, last=last)


def test_sheet_shows_whole_weeks():
    found = list(rules.weeks(SUNDAY, language="fa"))
    assert [week[0].weekday() for week in found] == [5] * len(found)
    assert found[0][0] == date(2026, 11, 21)
    assert date(2026, 12, 21) in found[-1]


def test_as_many_days_before():
    week = rules.week(SUNDAY, language="en")
    assert week.moved(-1) == Days(first=date(2026, 11, 9), last=date(2026, 11, 15))
