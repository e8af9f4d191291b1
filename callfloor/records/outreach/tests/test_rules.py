"""Slots follow a queue's hours; a promise is kept by when it was promised."""

import datetime
from zoneinfo import ZoneInfo

import pytest

from callfloor.core.calendars import Calendar
from callfloor.core.plan import CalendarPlan
from callfloor.records.outreach import rules

pytestmark = pytest.mark.pure

ZONE = ZoneInfo("Europe/Budapest")


def at(text: str) -> float:
    """Read an instant of the wall clock."""
    return datetime.datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp()


def offered(after: str, until: str, *, minutes: int = 60) -> list[str]:
    """Give the begins of the slots of an office with a lunch break and a holiday."""
    weekly = tuple((day, *each) for day in range(5) for each in ((540, 730), (780, 900)))
    plan = CalendarPlan(
        key="office", timezone="Europe/Budapest", weekly=weekly, exceptions=(("2026-11-24", ()),)
    )
    found = rules.slots(Calendar(plan), seconds=minutes * 60, after=at(after), until=at(until))
    return [f"{datetime.datetime.fromtimestamp(each.begin, ZONE):%a %H:%M}" for each in found]


class TestSlots:
    def test_begin_when_it_opens_and_leave_out_what_is_too_short(self):
        """Three hours and ten minutes in the morning, two in the afternoon, no holiday."""
        told = offered("2026-11-23 00:00", "2026-11-25 13:30")
        monday = ["Mon 09:00", "Mon 10:00", "Mon 11:00", "Mon 13:00", "Mon 14:00"]
        assert told == [*monday, "Wed 09:00", "Wed 10:00", "Wed 11:00", "Wed 13:00"]

    def test_of_today_begin_after_now(self):
        told = offered("2026-11-23 10:00", "2026-11-23 23:00")
        assert told == ["Mon 11:00", "Mon 13:00", "Mon 14:00"]

    def test_of_a_calendar_that_never_closes_go_on(self):
        plan = CalendarPlan(
            key="always", timezone="Europe/Budapest",
            weekly=tuple((day, 0, 1440) for day in range(7)),
        )  # fmt: skip
        found = list(
            rules.slots(
                Calendar(plan), seconds=3600, after=at("2026-11-23 22:30"),
                until=at("2026-11-24 01:30"),
            )
        )  # fmt: skip
        assert [each.begin for each in found] == [
            at("2026-11-23 23:00"), at("2026-11-24 00:00"), at("2026-11-24 01:00"),
        ]  # fmt: skip


class TestSettled:
    @pytest.mark.parametrize(
        ("answered", "outcome", "told"),
        [
            (99.0, "", ("kept", "")),
            (100.0, "answered", ("kept", "")),
            (101.0, "answered", ("late", "")),
            (None, "", None),
            (None, "diverted", ("kept", "customer_called")),
            (None, "not_reached", ("broken", "not_reached")),
            (None, "lost_by_system", ("broken", "lost_by_system")),
        ],
    )
    def test_is_kept_if_somebody_was_on_the_line_by_then(self, answered, outcome, told):
        assert rules.settled(answered_at=answered, outcome=outcome, by=100.0) == told
