"""Intervals cover what they say, and a difference is clear only if it is one."""

import random
import statistics

import pytest

from callfloor.twin import intervals

pytestmark = pytest.mark.twin


class TestStudent:
    @pytest.mark.parametrize(
        ("freedom", "level", "t"),
        [
            (1, 0.95, 12.7062), (2, 0.95, 4.3027), (9, 0.95, 2.2622), (10, 0.95, 2.2281),
            (30, 0.99, 2.7500), (120, 0.95, 1.9799), (9, 0.999, 4.7809),
        ],
    )  # fmt: skip
    def test_is_that_of_the_table(self, freedom, level, t):
        """The quantiles are those printed in every book."""
        assert intervals.student(freedom, level=level) == pytest.approx(t, abs=0.00006)


class TestEstimate:
    def test_gives_mean_and_interval(self):
        """1 to 5: mean 3, standard error 0.7071, t 2.7764."""
        found = intervals.estimate([1, 2, 3, 4, 5])
        assert found.mean == 3
        assert (found.low, found.high) == (pytest.approx(1.0368, abs=1e-4),
                                           pytest.approx(4.9632, abs=1e-4))  # fmt: skip

    def test_weighs_days_of_a_ratio(self):
        """Nine of ten on a busy day and none of two on a quiet one are nine of twelve."""
        assert intervals.estimate([9, 0], [10, 2]).mean == 0.75

    def test_says_nothing_of_what_never_happened(self):
        """Without anything under the line there is no ratio; one day has no interval."""
        assert intervals.estimate([0, 0], [0, 0]) is None
        assert intervals.estimate([3], [4]) == intervals.Interval(mean=0.75, low=None, high=None)

    def test_covers_as_often_as_it_says(self):
        """Of a thousand ratios of twenty days about 950 intervals cover the truth."""
        draw = random.Random(1)
        covered = 0
        for _ in range(1_000):
            offered = [draw.randint(50, 150) for _ in range(20)]
            within = [sum(draw.random() < 0.8 for _ in range(many)) for many in offered]
            found = intervals.estimate(within, offered)
            covered += found.low <= 0.8 <= found.high
        assert 930 <= covered <= 968


class TestDifference:
    def test_takes_what_both_share_out(self):
        """Days that differ by hundreds, and a change of one on each: the change is clear."""
        draw = random.Random(2)
        before = [draw.gauss(1000, 300) for _ in range(10)]
        after = [each + 1 + draw.gauss(0, 0.1) for each in before]
        found = intervals.difference((before, None), (after, None))
        assert found.mean == pytest.approx(1.0, abs=0.1)
        assert found.clear

    def test_is_not_clear_between_equals(self):
        """Two equal rows differ by exactly nothing."""
        same = ([1.0, 2.0, 4.0], [2.0, 3.0, 5.0])
        found = intervals.difference(same, same)
        assert (found.mean, found.low, found.high, found.clear) == (0.0, 0.0, 0.0, False)

    def test_is_rarely_clear_by_chance(self):
        """Of two thousand differences of nothing at most six are called clear."""
        draw = random.Random(3)
        rows = [[draw.gauss(0, 1) for _ in range(10)] for _ in range(4_000)]
        clear = sum(
            intervals.difference((one, None), (other, None)).clear
            for one, other in zip(rows[::2], rows[1::2], strict=True)
        )
        assert clear <= 6


class TestControlled:
    def test_takes_out_what_the_controls_moved(self):
        """A value that follows its controls has a far shorter interval with them."""
        draw = random.Random(4)
        controls = [[draw.gauss(0, 1) for _ in range(40)] for _ in range(2)]
        noise = [draw.gauss(0, 0.1) for _ in range(40)]
        values = [5 + 2 * a - b + c for a, b, c in zip(*controls, noise, strict=True)]
        found = intervals.controlled(values, controls)
        assert found.low < 5 < found.high
        assert found.high - found.low < 0.1 * statistics.stdev(values)
