"""The floor's clock never jumps, and tells when the wall clock did."""

import pytest

from callfloor.floor.clock import Clock

pytestmark = pytest.mark.pure


class Hands:
    """A monotonic and a wall clock that are moved by hand."""

    def __init__(self):
        self.monotonic = 100.0
        self.wall = 1_790_000_000.0
        self.clock = Clock(monotonic=lambda: self.monotonic, wall=lambda: self.wall)

    def pass_time(self, seconds):
        """Let both go on."""
        self.monotonic += seconds
        self.wall += seconds


def test_now_is_utc_as_it_was_at_the_start():
    hands = Hands()
    hands.pass_time(5.0)
    assert hands.clock.now() == 1_790_000_005.0


def test_a_jump_of_the_wall_clock_moves_nothing_and_is_told_once():
    hands = Hands()
    hands.wall += 3_600.0
    hands.pass_time(1.0)
    assert hands.clock.now() == 1_790_000_001.0
    assert hands.clock.jump() == pytest.approx(3_600.0)
    assert hands.clock.jump() is None


def test_a_jump_back_is_told_as_well():
    hands = Hands()
    hands.wall -= 1_800.0
    assert hands.clock.jump() == pytest.approx(-1_800.0)


def test_a_slew_is_told_when_it_has_become_a_second():
    hands = Hands()
    hands.wall += 0.9
    assert hands.clock.jump() is None
    hands.wall += 0.2
    assert hands.clock.jump() == pytest.approx(1.1)
