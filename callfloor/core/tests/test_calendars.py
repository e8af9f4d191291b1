"""Calendars: lunch breaks to the second, exceptions, and the nights when clocks change."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callfloor.core import calendars, plan

pytestmark = pytest.mark.pure

BUDAPEST = ZoneInfo("Europe/Budapest")
WEEK = tuple((day, begin, end) for day in range(5) for begin, end in ((480, 750), (780, 1020)))


def calendar(**changes) -> calendars.Calendar:
    """Make a shop that is open on weekdays 8:00-12:30 and 13:00-17:00 in Budapest."""
    values = {"key": "shop", "timezone": "Europe/Budapest", "weekly": WEEK}
    return calendars.Calendar(plan.CalendarPlan(**(values | changes)))


def local(
    year: int, month: int, day: int, *time: int, zone: ZoneInfo = BUDAPEST, fold: int = 0
) -> float:
    """Give the instant of a wall clock's reading."""
    hour, minute, second = (*time, 0, 0, 0)[:3]
    wall = datetime.datetime(year, month, day, hour, minute, second, tzinfo=zone, fold=fold)
    return wall.timestamp()


class TestIsOpen:
    @pytest.mark.parametrize(
        ("time", "is_open"),
        [
            ((12, 29, 59), True),
            ((12, 30, 0), False),
            ((12, 30, 1), False),
            ((12, 59, 59), False),
            ((13, 0, 0), True),
            ((7, 59, 59), False),
            ((17, 0, 0), False),
        ],
    )
    def test_is_true_to_the_second_around_lunch(self, time, is_open):
        """Periods are half-open: their first second counts, their last instant does not."""
        assert calendar().is_open(local(2026, 11, 23, *time)) is is_open

    def test_weekends_are_closed(self):
        """A day without periods is closed."""
        assert not calendar().is_open(local(2026, 11, 22, 10))

    def test_an_exception_replaces_its_day(self):
        """A holiday is closed, a special day has its own hours, the next is as ever."""
        shop = calendar(exceptions=(("2026-12-24", ((480, 720),)), ("2026-12-25", ())))
        assert shop.is_open(local(2026, 12, 24, 11))
        assert not shop.is_open(local(2026, 12, 24, 14))
        assert not shop.is_open(local(2026, 12, 25, 10))
        assert shop.is_open(local(2026, 12, 28, 10))

    @pytest.mark.parametrize(("month", "day"), [(3, 29), (10, 25)])
    def test_opens_at_local_time_on_the_days_when_clocks_change(self, month, day):
        """The door opens when the clock on the wall says so, in both nights of the year."""
        shop = calendar(weekly=((6, 480, 1020),))
        assert not shop.is_open(local(2026, month, day, 7, 59, 59))
        assert shop.is_open(local(2026, month, day, 8))

    def test_an_hour_that_happens_twice_is_open_twice(self):
        """In the night of the repeated hour, 2:30 is open both times."""
        shop = calendar(weekly=((6, 120, 180),))
        assert shop.is_open(local(2026, 10, 25, 2, 30))
        assert shop.is_open(local(2026, 10, 25, 2, 30, fold=1))
        assert not shop.is_open(local(2026, 10, 25, 3, 0))


ZONES = ("Europe/Budapest", "America/New_York", "Australia/Lord_Howe", "Asia/Tehran", "UTC")
PERIODS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 1439), st.integers(1, 1440)), max_size=6
)
INSTANTS = st.integers(1_704_067_200, 1_893_456_000)  # 2024 to 2030.


class TestNextChange:
    def test_names_the_next_door_movement(self):
        """At lunch it is the afternoon's opening, on Friday evening the Monday's."""
        assert calendar().next_change(local(2026, 11, 23, 12, 45)) == local(2026, 11, 23, 13)
        assert calendar().next_change(local(2026, 11, 27, 18)) == local(2026, 11, 30, 8)

    def test_is_none_if_nothing_ever_changes(self):
        """A calendar that is never open has no next change."""
        assert calendar(weekly=()).next_change(local(2026, 11, 23, 12)) is None

    @settings(max_examples=60, deadline=None)
    @given(weekly=PERIODS, zone=st.sampled_from(ZONES), at=INSTANTS, part=st.floats(0, 0.999))
    def test_is_the_first_instant_that_differs(self, weekly, zone, at, part):
        """Up to the change the answer stays, at the change it turns, in every zone and night."""
        shop = calendar(timezone=zone, weekly=tuple(row for row in weekly if row[1] < row[2]))
        change = shop.next_change(float(at))
        if change is None:
            return
        assert change > at
        assert shop.is_open(at + (change - at) * part) == shop.is_open(at)
        assert shop.is_open(change) != shop.is_open(at)
        assert shop.is_open(change - 1e-3) == shop.is_open(at)


class TestDays:
    def test_a_day_with_a_change_is_shorter_or_longer(self):
        """Local days last 23, 24 or 25 hours, from midnight to midnight."""
        for day, hours in (((2026, 3, 29), 23), ((2026, 10, 25), 25), ((2026, 11, 23), 24)):
            noon = local(*day, 12)
            begin = calendars.day_begin(at=noon, zone=BUDAPEST)
            end = calendars.day_end(at=noon, zone=BUDAPEST)
            assert begin == local(*day)
            assert end - begin == hours * 3600
            assert calendars.local_day(at=begin, zone=BUDAPEST) == "-".join(
                f"{part:02}" for part in day
            )

    @given(at=INSTANTS, zone=st.sampled_from((*ZONES, "Asia/Kathmandu")))
    def test_half_hours_begin_on_the_local_half(self, at, zone):
        """A half hour holds its instant and begins at minute 0 or 30 of the wall clock."""
        begin = calendars.half_hour(at=float(at), zone=ZoneInfo(zone))
        assert begin <= at < begin + 1800
        offset = datetime.datetime.fromtimestamp(at, ZoneInfo(zone)).utcoffset()
        assert (begin + int(offset.total_seconds())) % 1800 == 0
