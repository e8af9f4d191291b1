"""Each figure is the formula that its sentence says, and nothing where nothing counts."""

from datetime import date

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


GROUPS = st.lists(
    st.tuples(
        st.sampled_from(("a", "b")),
        st.integers(0, 200),
        st.sampled_from(list(rules.COUNTED_AS)),
        st.booleans(),
        st.booleans(),
        st.integers(1, 9),
        st.integers(0, 1),
        st.integers(0, 1_000),
        st.integers(0, 500),
    ),
    max_size=12,
)


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
