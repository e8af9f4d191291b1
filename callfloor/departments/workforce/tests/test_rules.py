"""What may be asked of the twin, and what a difference means."""

import pytest

from callfloor.departments.workforce import rules
from callfloor.departments.workforce.rules import Estimate

pytestmark = pytest.mark.pure

KNOWN = rules.Known(
    queues={"billing": "acme", "orders": "acme", "help": "zeta"},
    teams=frozenset({"day"}),
    skills=frozenset({"french"}),
    people=frozenset({"anna", "bela"}),
)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ({"kind": "sick", "count": 3}, {"people": [], "count": 3, "team": None}),
        ({"kind": "sick", "count": 2, "team": "day"}, {"people": [], "count": 2, "team": "day"}),
        (
            {"kind": "sick", "people": ["bela", "anna"], "count": 7},
            {"people": ["anna", "bela"], "count": 2, "team": None},
        ),
        (
            {"kind": "merge", "into": "billing", "merged": "orders", "more": 1},
            {"into": "billing", "merged": "orders"},
        ),
        (
            {"kind": "tier", "queue": "help", "after_seconds": 30, "skill": "french", "level": 2},
            {"queue": "help", "after_seconds": 30.0, "skill": "french", "level": 2},
        ),
        (
            {"kind": "queue", "queue": "help", "goal_share": 0.9, "ring_seconds": None},
            {"queue": "help", "goal_share": 0.9},
        ),
        ({"kind": "more", "percent": -20}, {"percent": -20.0}),
        ({"kind": "file", "name": "new.yaml"}, {"name": "new.yaml"}),
    ],
)
def test_question_keeps_what_its_kind_needs(question, found):
    """Nothing else comes along."""
    assert rules.checked(question, known=KNOWN) == {"kind": question["kind"], **found}


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ({"kind": "magic"}, "kind"),
        ({"kind": "sick", "count": 0}, "count"),
        ({"kind": "sick", "count": 1.5}, "count"),
        ({"kind": "sick", "count": None}, "count"),
        ({"kind": "sick", "count": float("nan")}, "count"),
        ({"kind": "sick", "count": 1, "team": "night"}, "team"),
        ({"kind": "sick", "people": ["anna", "zoe"]}, "people"),
        ({"kind": "merge", "into": "billing", "merged": "billing"}, "merged"),
        ({"kind": "merge", "into": "billing", "merged": "help"}, "merged"),
        ({"kind": "merge", "into": None, "merged": "help"}, "into"),
        ({"kind": "tier", "queue": "x"}, "queue"),
        ({"kind": "tier", "queue": "help", "after_seconds": 0}, "after_seconds"),
        ({"kind": "queue", "queue": "help"}, "queue_values"),
        ({"kind": "queue", "queue": "help", "goal_share": 80}, "goal_share"),
        ({"kind": "more", "percent": 0}, "percent"),
        ({"kind": "more", "percent": -100}, "percent"),
        ({"kind": "file", "name": ""}, "file"),
    ],
)
def test_question_that_nobody_can_answer_is_refused_by_its_field(question, field):
    """The page marks that field."""
    with pytest.raises(rules.Wrong) as caught:
        rules.checked(question, known=KNOWN)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("low", "high", "direction", "verdict"),
    [
        (0.01, 0.05, 1, "better"),
        (0.01, 0.05, -1, "worse"),
        (-0.05, -0.01, 1, "worse"),
        (-0.05, -0.01, -1, "better"),
        (0.01, 0.05, 0, "more"),
        (-0.05, -0.01, 0, "less"),
        (-0.01, 0.05, 1, "unclear"),
        (0.0, 0.0, -1, "unclear"),
        (0.0, 0.05, 1, "unclear"),
    ],
)
def test_difference_is_clear_if_all_of_it_lies_on_one_side(low, high, direction, verdict):
    """Equal variants differ by exactly nothing, which is not clear."""
    found = Estimate(mean=(low + high) / 2, low=low, high=high)
    assert rules.verdict(found, direction=direction) == verdict


def test_difference_that_the_twin_calls_chance_is_none():
    """It asks for more than that the interval leaves out nothing."""
    found = Estimate(mean=-0.02, low=-0.04, high=-0.001, clear=False)
    assert rules.verdict(found, direction=1) == "unclear"
    assert rules.estimate({"mean": 1, "low": 0.5, "high": 2, "clear": False}).clear is False


def test_estimates_are_read_as_the_twin_writes_them():
    """A bare number has no limits; what is missing is nothing."""
    assert rules.estimate({"mean": 2, "low": 1, "high": 3}) == Estimate(mean=2, low=1, high=3)
    assert rules.estimate(0.5) == Estimate(mean=0.5, low=0.5, high=0.5)
    assert rules.estimate({"mean": None}) is None
    assert rules.estimate(None) is None
