"""Where pooling stops helping: what days of one pair of queues say of each share."""

import pytest

from callfloor.twin import pooling, tally

pytestmark = pytest.mark.pure

QUEUES = ("bills", "orders")
LUCK = (-3, 1, 2, -1, 3, -2, 0, 1, -1, 0)
"""What is by chance more or fewer in time on each of ten days; with any share the same."""


def tried(share, within, *, luck=LUCK, offered=100):
    """Give days on which so many of both queues were answered in time."""
    days = []
    for chance in luck:
        day = tally.Day()
        for queue in QUEUES:
            sums = day.of("queue", queue)
            sums.offered, sums.within = offered, within + chance
        person = day.of("person", "ann")
        person.busy, person.present = 60.0, 100.0
        days.append(day)
    return pooling.Tried(share=share, people=("ann", "ben"), days=days)


class TestEnough:
    def test_is_the_first_share_that_no_higher_one_is_clearly_better_than(self):
        curve = [tried(0.0, 70), tried(0.2, 80), tried(0.4, 86), tried(1.0, 86)]
        assert pooling.enough(curve, queues=QUEUES) == 0.4

    def test_is_none_while_the_last_step_still_helps(self):
        curve = [tried(0.0, 70), tried(0.5, 80), tried(1.0, 90)]
        assert pooling.enough(curve, queues=QUEUES) is None

    def test_is_nothing_where_what_differs_may_be_chance(self):
        other = tuple(reversed(LUCK))
        curve = [tried(0.0, 80), tried(0.5, 80, luck=other), tried(1.0, 80)]
        assert pooling.enough(curve, queues=QUEUES) == 0.0

    def test_a_share_that_is_worse_than_a_lower_one_is_not_enough_by_that(self):
        curve = [tried(0.0, 70), tried(0.5, 90), tried(1.0, 85)]
        assert pooling.enough(curve, queues=QUEUES) == 0.5


class TestPoint:
    def test_both_queues_are_added_and_each_is_held_to_its_goal(self):
        found = pooling.point(tried(0.5, 80), goals={"bills": 0.8, "orders": 0.81})
        assert found.service_level.mean == pytest.approx(0.8)
        assert found.service_level.low < 0.8 < found.service_level.high
        assert (found.heads, found.occupancy.mean, found.keeps) == (2, 0.6, False)
        assert pooling.point(tried(0.5, 80), goals=dict.fromkeys(QUEUES, 0.8)).keeps

    def test_of_days_without_callers_says_nothing(self):
        found = pooling.point(tried(0.5, 0, luck=(0, 0), offered=0), goals={"bills": 0.8})
        assert (found.service_level, found.keeps) == (None, False)
