"""Simulated people are drawn as they are described, and the same for the same seed."""

import statistics

import pytest

from callfloor.twin import people

pytestmark = pytest.mark.pure


def drawn(number: people.NumberDemand, *, hours: float = 24.0, seed: int = 1):
    """Draw the callers of one number from midnight UTC on."""
    demand = people.Demand(numbers=(number,))
    return people.callers(
        demand=demand,
        seed=seed,
        start_at=1_795_392_000.0,
        seconds=hours * 3600,
        timezone="UTC",
    )


class TestCallers:
    def test_come_at_the_rate_of_their_hour(self):
        """A number that rings in two hours only has callers in these hours only."""
        per_hour = tuple(200.0 if hour in (9, 10) else 0.0 for hour in range(24))
        found = drawn(people.NumberDemand(number="900", per_hour=per_hour))
        hours = {int((caller.at - 1_795_392_000.0) // 3600) for caller in found}
        assert hours == {9, 10}
        assert 340 < len(found) < 460

    def test_are_the_same_for_the_same_seed(self):
        """Equal seeds draw equal people, other seeds other people."""
        number = people.NumberDemand(number="900", per_hour=(50.0,))
        assert drawn(number) == drawn(number)
        assert drawn(number) != drawn(number, seed=2)

    def test_talk_and_wait_as_long_as_described(self):
        """Means and spread of talk and patience are those of the demand."""
        number = people.NumberDemand(
            number="900", per_hour=(1000.0,), handling_seconds=200.0, patience_seconds=60.0
        )
        found = drawn(number)
        talks = [caller.talk for caller in found]
        assert statistics.mean(talks) == pytest.approx(200, rel=0.03)
        assert statistics.stdev(talks) / statistics.mean(talks) == pytest.approx(0.6, rel=0.06)
        assert statistics.mean(caller.patience for caller in found) == pytest.approx(60, rel=0.03)

    def test_nobody_dials_a_number_without_a_rate(self):
        """A rate of nothing draws nobody and ends."""
        assert drawn(people.NumberDemand(number="900", per_hour=(0.0,))) == []

    def test_call_again_with_other_patience(self):
        """A second try is the same person at another moment."""
        (first, *_) = drawn(people.NumberDemand(number="900", per_hour=(50.0,)))
        second = people.again(first, at=5.0, seed=3)
        assert (second.token, second.tries, second.at) == (first.token, 2, 5.0)
        assert second.patience != first.patience
