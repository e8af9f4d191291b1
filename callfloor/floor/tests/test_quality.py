"""What the media worker says of its legs reaches the health message, and ages."""

import pytest

from callfloor.floor.quality import KEPT_SECONDS, Quality

pytestmark = pytest.mark.pure


def test_worst_leg_comes_first_and_old_ones_go():
    """Each leg stands once with its last report; a leg that is silent is forgotten."""
    clock = [100.0]
    quality = Quality(now=lambda: clock[0])
    quality.take([["c:1", 250, 0, 900, 441], ["a:ann:x", 200, 50, 30_000, 210]])
    assert [row[0] for row in quality.rows()] == ["a:ann:x", "c:1"]
    clock[0] += KEPT_SECONDS
    quality.take([["a:ann:x", 250, 0, 400, 440]])
    assert quality.rows() == [("a:ann:x", 250, 0, 400, 440), ("c:1", 250, 0, 900, 441)]
    clock[0] += 1
    assert quality.rows() == [("a:ann:x", 250, 0, 400, 440)]


@pytest.mark.parametrize("legs", [None, "c:1", [["c:1", 1]], [7]])
def test_what_is_no_report_is_passed_over(legs: object):
    """A worker of another version cannot stop the heartbeat of the floor."""
    quality = Quality(now=lambda: 0.0)
    quality.take(legs)
    assert quality.rows() == []
