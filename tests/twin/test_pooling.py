"""
Pooling in the twin: as many heads as Erlang says at both ends, and fewer than two Erlangs between.

Loads are those at which one head more or less moves the share in time far enough from the goal to
be told from chance in so many contacts. More loads with more seeds run with --long.
"""

import pytest

from callfloor.core import staffing
from callfloor.twin import theory

pytestmark = pytest.mark.twin

GOAL = staffing.Goal(share=0.8, seconds=theory.GOAL_SECONDS)
FEW = [(0.5, 1_500, 1), (0.5, 1_500, 2), (1.0, 2_000, 1), (1.0, 2_000, 2), (3.5, 3_000, 1)]
MANY = [(load, 30_000, seed) for load in (1.0, 3.5, 6.0, 12.0) for seed in range(1, 4)]


def erlang(load: float) -> int:
    """Give the heads that one queue of such a load needs."""
    return staffing.heads_c(load=load, handling_seconds=theory.HANDLING_SECONDS, goal=GOAL)


def level(load, heads, share, *, many, seed):
    """Give the lowest share in time of both queues, as the twin finds it."""
    pair = theory.Pair(load=load, heads=heads, share=share)
    return min(pair.level(many=many, seed=seed).values())


def fewest(load, *, share, step, many, seed):
    """Find the fewest heads with which the twin keeps both goals, from the fewest that could."""
    heads = step * (int(2 * load / step) + 1)
    while level(load, heads, share, many=many, seed=seed) < GOAL.share:
        heads += step
    return heads


def agrees(load, many, seed):
    """Say whether the twin's heads are Erlang's without pooling, and with everybody pooled."""
    apart = fewest(load, share=0.0, step=2, many=many, seed=seed)
    pooled = fewest(load, share=1.0, step=1, many=many, seed=seed)
    return (apart, pooled) == (2 * erlang(load), erlang(2 * load))


@pytest.mark.parametrize(("load", "many", "seed"), FEW)
def test_f29_2_needs_as_many_heads_as_erlang_says_at_both_ends(load, many, seed):
    """Two queues apart need two Erlangs of the load, one of everybody an Erlang of twice it."""
    assert agrees(load, many, seed)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("load", [0.5, 1.0, 3.5])
def test_f29_2_a_fifth_trained_keeps_goals_with_a_head_less_than_two_erlangs(load, seed):
    """With nobody trained a side falls below its goal with that head less."""
    heads = 2 * erlang(load) - 1
    apart, a_fifth = (level(load, heads, share, many=1_500, seed=seed) for share in (0.0, 0.2))
    assert apart < GOAL.share <= a_fifth


def test_f29_2_the_first_share_gains_more_than_all_that_follow():
    """Pooling stops helping: half of the people trained is nearly as good as all of them."""
    nobody, half, everybody = (
        sum(level(1.0, 5, share, many=1_500, seed=seed) for seed in (1, 2)) / 2
        for share in (0.0, 0.5, 1.0)
    )
    assert half - nobody > 2 * (everybody - half)
    assert everybody >= half


@pytest.mark.long
@pytest.mark.parametrize(("load", "many", "seed"), MANY)
def test_f29_2_needs_as_many_heads_as_erlang_says_at_more_loads(load, many, seed):
    assert agrees(load, many, seed)
