"""Every entry is offered once and ends in one sum; half hours begin on the hour and between."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from callfloor.records.interactions import rules

pytestmark = pytest.mark.pure


def group(outcome, *, entries=3, short=False, within_goal=False):
    return rules.Group(
        outcome=outcome,
        short=short,
        within_goal=within_goal,
        entries=entries,
        wait_seconds=30.0,
        longest_wait_seconds=12.0,
    )


class TestCountersOf:
    @pytest.mark.parametrize("outcome", list(rules.COUNTER_OF))
    def test_each_outcome_is_offered_and_in_one_sum(self, outcome):
        sums = rules.counters_of(group(outcome))
        ends = {getattr(sums, name) for name in rules.COUNTER_OF.values()}
        assert sums.offered == 3
        assert getattr(sums, rules.COUNTER_OF[outcome]) == 3
        assert ends == {0, 3}

    def test_goal_counts_for_answers_and_short_for_abandonments_only(self):
        both = {"short": True, "within_goal": True}
        answered = rules.counters_of(group("answered", **both))
        abandoned = rules.counters_of(group("abandoned_in_queue", **both))
        assert (answered.within_goal, answered.short_abandoned) == (3, 0)
        assert (abandoned.within_goal, abandoned.short_abandoned) == (0, 3)

    def test_an_outcome_that_no_sum_knows_is_our_fault(self):
        with pytest.raises(KeyError):
            rules.counters_of(group("vanished"))


class TestTotal:
    def test_adds_up_and_keeps_the_longest_wait(self):
        total = rules.total(
            [rules.counters_of(group("answered", within_goal=True)), rules.counters_of(group(""))]
        )
        assert (total.offered, total.answered, total.waiting) == (6, 3, 3)
        assert (total.wait_seconds, total.longest_wait_seconds) == (60.0, 12.0)
        assert total.service_level == 1.0

    def test_of_nothing_is_nothing(self):
        assert rules.total([]) == rules.Counters()
        assert rules.total([]).service_level is None


class TestServiceLevel:
    def test_leaves_out_short_abandonments_and_what_waits(self):
        sums = rules.Counters(
            offered=10, answered=6, within_goal=4, abandoned=3, short_abandoned=1, waiting=1
        )
        assert sums.service_level == 0.5


class TestHalves:
    @pytest.mark.parametrize(("minute", "start"), [(0, 0), (29, 0), (30, 30), (59, 30)])
    @pytest.mark.parametrize("zone", ["UTC", "Europe/Budapest", "Asia/Tehran"])
    def test_begin_on_the_hour_and_between(self, minute, start, zone):
        at = datetime(2026, 3, 2, 9, minute, 59, tzinfo=UTC)
        half = rules.start_of(rules.quarter_of(at), zone=ZoneInfo(zone))
        assert half == datetime(2026, 3, 2, 9, start, tzinfo=UTC)

    @pytest.mark.parametrize(("minute", "start"), [(0, -15), (14, -15), (15, 15), (44, 15)])
    def test_begin_where_the_clock_on_the_wall_says_so(self, minute, start):
        """In Kathmandu it is 5:45 later than in Greenwich."""
        at = datetime(2026, 3, 2, 9, minute, tzinfo=UTC)
        half = rules.start_of(rules.quarter_of(at), zone=ZoneInfo("Asia/Kathmandu"))
        assert half == datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(minutes=start)

    @pytest.mark.parametrize(
        ("zone", "day", "count"),
        [
            ("Europe/Budapest", date(2026, 3, 28), 96),
            ("Europe/Budapest", date(2026, 3, 29), 92),
            ("Europe/Budapest", date(2026, 10, 25), 100),
            ("Asia/Tehran", date(2026, 3, 21), 96),
            ("Asia/Tehran", date(2021, 3, 22), 92),
            ("Australia/Lord_Howe", date(2026, 4, 5), 98),
        ],
    )
    def test_of_a_day_are_as_many_as_the_clock_makes(self, zone, day, count):
        first, end = rules.quarters(day, day + timedelta(days=1), zone=ZoneInfo(zone))
        assert end - first == count


class TestByDay:
    @pytest.mark.parametrize(
        ("zone", "days"),
        [
            ("Europe/Budapest", {28: 24, 29: 23, 30: 24}),
            ("Asia/Tehran", {28: 24, 29: 24, 30: 24}),
            ("Asia/Beirut", {28: 24, 29: 23, 30: 24}),
        ],
    )
    def test_cuts_at_local_midnights(self, zone, days):
        """In Beirut the day on which the clocks go forward has no midnight."""
        local = ZoneInfo(zone)
        since, until = (datetime(2026, 3, day, 12, tzinfo=local) for day in (27, 31))
        found = list(rules.by_day(since, until, zone=local))
        hours = {day.day: spent / 3_600_000_000 for day, spent in found}
        assert hours == {27: 12, **days, 31: 12}

    def test_nothing_has_no_day(self):
        at = datetime(2026, 3, 2, 9, tzinfo=UTC)
        assert list(rules.by_day(at, at, zone=ZoneInfo("UTC"))) == []
