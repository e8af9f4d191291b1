"""What is healthy and what is not."""

import pytest

from callfloor.departments.it_support import rules

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("mos", "tone"), [(4.4, "good"), (4.03, "good"), (4.02, "warn"), (3.6, "warn"), (3.59, "bad")]
)
def test_line_is_judged_as_the_standard_does(mos: float, tone: str):
    """ITU-T G.107, table B.1: 80 satisfied, 70 some dissatisfied, below it many."""
    assert rules.tone_of_mos(mos) == tone


@pytest.mark.parametrize(
    ("leg", "owner"),
    [
        ("a:anna:f00", ("seat", "anna")),
        ("c:0190-7", ("caller", "0190-7")),
        ("o:0190-7:2", ("outside", "0190-7")),
    ],
)
def test_leg_tells_whose_it_is(leg: str, owner: tuple[str, str]):
    """The floor's names of legs are enough to know the seat or the call."""
    assert rules.owner_of(leg) == owner


def test_loss_is_a_share_of_what_was_sent():
    """Lost of all; nothing lost of nothing."""
    assert rules.loss_share(packets=190, lost=10) == 0.05
    assert rules.loss_share(packets=0, lost=0) == 0.0


def test_floor_and_journal_have_their_limits():
    """R12: a loop later than 250 ms is bad; a journal that takes nothing is, however quick."""
    assert [rules.tone_of_lag(ms) for ms in (250, 251)] == ["good", "bad"]
    assert rules.tone_of_commit(100, is_stuck=False) == "good"
    assert rules.tone_of_commit(101, is_stuck=False) == "warn"
    assert rules.tone_of_commit(1, is_stuck=True) == "bad"
    assert rules.tone_of_trunk("down") == "bad"
    assert rules.tone_of_trunk("something new") == "neutral"


def test_missing_test_calls_are_a_fault_too():
    """A probe that has stopped is told after two and a half times its pause."""
    assert not rules.probe_is_late(age_seconds=750, every_seconds=300)
    assert rules.probe_is_late(age_seconds=751, every_seconds=300)
