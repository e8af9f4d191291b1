"""Days and hours as an author writes them."""

import datetime

import pytest

from callfloor.blueprint import hours

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mon", (0,)),
        ("mon-fri", (0, 1, 2, 3, 4)),
        ("Sat-Sun", (5, 6)),
        ("fri-mon", None),
        ("monday", None),
        ("mon-", None),
        ("", None),
    ],
)
def test_days_are_read(text: str, expected: tuple[int, ...] | None):
    """A day or a span of days within one week, Monday first."""
    assert hours.weekdays(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("08:00-12:30", (480, 750)),
        ("00:00-24:00", (0, 1440)),
        ("12:30-08:00", None),
        ("08:00-08:00", None),
        ("08:60-09:00", None),
        ("08:00-24:01", None),
        ("8-12", None),
    ],
)
def test_hours_are_read(text: str, expected: tuple[int, int] | None):
    """From and to in minutes of the day; midnight at the end is 24:00."""
    assert hours.period(text) == expected


def test_touching_hours_do_not_overlap():
    """The end does not belong to the hours."""
    assert not hours.overlap([(750, 900), (480, 750)])
    assert hours.overlap([(480, 751), (750, 900)])


def test_day_is_a_real_day():
    """A date that no calendar has is none."""
    assert hours.day("2026-12-24") == datetime.date(2026, 12, 24)
    assert hours.day("2026-02-29") is None
