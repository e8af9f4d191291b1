"""Each figure is the formula that its sentence says, and nothing where nothing counts."""

import itertools
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callfloor.records.metrics import rules
from callfloor.records.metrics.rules import Sums

pytestmark = pytest.mark.pure

DAY = Sums(
    offered=20,
    answered=12,
    within_goal=9,
    abandoned=5,
    short_abandoned=2,
    waiting=3,
    answered_wait_seconds=240.0,
    abandoned_wait_seconds=55.0,
    longest_wait_seconds=61.0,
    handled=4,
    talk_seconds=400.0,
    hold_seconds=40.0,
    wrap_seconds=80.0,
    states={"ready": 1_800.0, "away": 600.0, "talking": 3_000.0, "wrap_up": 1_800.0},
    first_answered=10,
    first_one_agent=8,
    first_settled=5,
    first_no_return=4,
)


@pytest.mark.parametrize(
    ("figure", "value"),
    [
        (rules.service_level, 9 / 15),
        (rules.service_level_of_offered, 9 / 17),
        (rules.service_level_of_answered, 9 / 12),
        (rules.abandonment_rate, 3 / 18),
        (rules.answer_speed, 20.0),
        (rules.abandoned_wait, 11.0),
        (rules.longest_wait, 61.0),
        (rules.handling_time, 130.0),
        (rules.occupancy, 4_800 / 6_600),
        (rules.contacts_per_hour, 2.0),
        (rules.first_contact_one_agent, 0.8),
        (rules.first_contact_no_return, 0.8),
    ],
)
def test_figure_is_its_formula(figure, value):
    assert figure(DAY) == pytest.approx(value)
    assert figure(Sums()) is None


@pytest.mark.parametrize("outcome", list(rules.COUNTED_AS))
def test_each_wait_is_offered_and_ends_in_one_sum(outcome):
    sums = Sums(**rules.of_waits([("q", 1, outcome, False, False, 3, 2, 30.0, 12.0)]))
    assert (sums.offered, sums.contacts, sums.longest_wait_seconds) == (3, 2, 12.0)
    assert getattr(sums, rules.COUNTED_AS[outcome]) == 3
    assert sum(getattr(sums, name) for name in rules.COUNTED_AS.values()) == 3


def test_goal_counts_for_answers_and_short_for_abandonments_only():
    def of(outcome):
        return Sums(**rules.of_waits([("q", 1, outcome, True, True, 1, 1, 4.0, 4.0)]))

    assert (of("answered").within_goal, of("answered").short_abandoned) == (1, 0)
    left = of("abandoned_in_queue")
    assert (left.within_goal, left.short_abandoned) == (0, 1)


ROWS = [
    (queue, quarter, outcome, is_so, is_so, entries, first, 30 * entries, 7 * entries)
    for queue, quarter in itertools.product(("a", "b"), (0, 1, 90))
    for outcome, is_so in itertools.product(rules.COUNTED_AS, (False, True))
    for entries, first in ((1, 0), (3, 2))
]
GROUPS = st.lists(st.sampled_from(ROWS), max_size=6)
"""One draw for each row: this stays cheap where the machine is busy."""


@given(GROUPS)
def test_parts_add_up_to_the_whole_however_they_are_cut(groups):
    """By queue or by hour: the sums of the parts are the sums of all."""
    whole = Sums(**rules.of_waits(groups))
    for place in (0, 1):
        keys = {group[place] for group in groups}
        parts = [
            Sums(**rules.of_waits([each for each in groups if each[place] == key])) for key in keys
        ]
        assert rules.total(parts) == whole


def test_states_and_reasons_add_up():
    total = rules.total([DAY, Sums(states={"away": 100.0}, away={"lunch": 100.0})])
    assert (total.states["away"], total.away) == (700.0, {"lunch": 100.0})


@pytest.mark.parametrize(("first_weekday", "begins"), [(0, 16), (5, 21), (6, 22)])
def test_week_begins_with_the_weekday_of_the_language(first_weekday, begins):
    sunday = date(2026, 11, 22)
    assert rules.week_of(sunday, first_weekday=first_weekday) == date(2026, 11, begins)


PARTS = {
    ("a", 1): {"offered": 2, "longest_wait_seconds": 5.0},
    ("a", 2): {"offered": 3, "longest_wait_seconds": 4.0, "handled": 1},
    ("b", 1): {"offered": 4},
}


def test_parts_are_rolled_up_and_the_longest_wait_is_the_longest_of_all():
    assert rules.rolled(PARTS, by=lambda part: part[0]) == {
        "a": {"offered": 5, "longest_wait_seconds": 5.0, "handled": 1},
        "b": {"offered": 4},
    }
    assert PARTS["a", 1] == {"offered": 2, "longest_wait_seconds": 5.0}, "parts are left alone"


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ({"offered": 2}, {"offered": 2.0, "answered": 0}, True),
        ({"wait_seconds": 0.1 + 0.2}, {"wait_seconds": 0.3}, True),
        ({"offered": 2}, {"offered": 3}, False),
        ({}, {"wait_seconds": 0.001}, False),
    ],
)
def test_the_same_seconds_in_another_order_are_no_change(one, other, is_same):
    assert rules.is_same(one, other) is is_same
    assert rules.is_same(other, one) is is_same


DAYS = [
    pytest.param("Europe/Budapest", date(2026, 11, 23), "2026-11-23T23:00Z", id="winter"),
    pytest.param("Europe/Budapest", date(2026, 3, 29), "2026-03-29T22:00Z", id="23 hours"),
    pytest.param("Europe/Budapest", date(2026, 10, 25), "2026-10-25T23:00Z", id="25 hours"),
    pytest.param("Asia/Tehran", date(2026, 11, 23), "2026-11-23T20:30Z", id="half an hour"),
    pytest.param("America/Havana", date(2026, 3, 7), "2026-03-08T05:00Z", id="no midnight"),
    pytest.param("America/New_York", date(2026, 11, 1), "2026-11-02T05:00Z", id="west"),
]
"""Zone, local day, and the instant at which it ends."""


@pytest.mark.parametrize(("name", "day", "ends"), DAYS)
def test_a_day_closes_an_hour_after_its_last_midnight(name, day, ends):
    zone, closes = ZoneInfo(name), datetime.fromisoformat(ends) + timedelta(hours=1)
    assert rules.closes_at(day, zone=zone) == closes
    assert rules.last_closed(closes - timedelta(microseconds=1), zone=zone) < day
    assert rules.last_closed(closes, zone=zone) == day
    assert rules.last_closed(closes.astimezone(zone), zone=zone) == day
