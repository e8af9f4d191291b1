"""Lots are spread as they should be, and belong to their names."""

import statistics

import pytest

from callfloor.twin import lots

pytestmark = pytest.mark.pure


def drawn(name="a", *, many=20_000):
    """Draw many times from one name."""
    row = lots.Lots(name)
    return [row.draw() for _ in range(many)]


class TestLots:
    def test_are_the_same_for_the_same_name(self):
        """A name has one row of draws; another name has another."""
        assert drawn(many=20) == drawn(many=20)
        assert drawn(many=20) != drawn("b", many=20)

    def test_are_even_and_independent(self):
        """Mean 1/2, variance 1/12, and no draw says anything of the next."""
        found = drawn()
        assert min(found) >= 0.0
        assert max(found) < 1.0
        assert statistics.mean(found) == pytest.approx(0.5, abs=0.01)
        assert statistics.variance(found) == pytest.approx(1 / 12, rel=0.03)
        assert abs(statistics.correlation(found[:-1], found[1:])) < 0.03


class TestTimes:
    def test_have_the_mean_and_spread_asked_for(self):
        """Exponential and log-normal times are what their names say."""
        found = [lots.exponential(luck, mean=100.0) for luck in drawn()]
        assert statistics.mean(found) == pytest.approx(100, rel=0.03)
        assert statistics.stdev(found) == pytest.approx(100, rel=0.05)
        found = [lots.lognormal(luck, mean=200.0, spread=0.5) for luck in drawn()]
        assert statistics.mean(found) == pytest.approx(200, rel=0.02)
        assert statistics.stdev(found) == pytest.approx(100, rel=0.05)

    def test_grow_with_their_mean_one_by_one(self):
        """The same luck is longer if the mean is, so that a change moves everybody one way."""
        for luck in (0.0, 0.1, 0.5, 0.999):
            short = lots.lognormal(luck, mean=100.0, spread=0.6)
            assert short < lots.lognormal(luck, mean=101.0, spread=0.6)

    def test_without_spread_are_the_mean(self):
        """No spread, no chance."""
        assert lots.lognormal(0.3, mean=100.0, spread=0.0) == 100.0
        assert lots.gamma("x", spread=0.0) == 1.0


class TestGamma:
    def test_has_mean_one_and_the_spread_asked_for(self):
        """Days are as busy as usual in the mean, and differ as much as is told."""
        found = [lots.gamma(f"day {n}", spread=0.2) for n in range(4_000)]
        assert statistics.mean(found) == pytest.approx(1.0, abs=0.01)
        assert statistics.stdev(found) == pytest.approx(0.2, rel=0.05)
