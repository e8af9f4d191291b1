"""
With exponential times the twin says what Erlang says.

Two cases here; all ten with twenty seeds each run with --long and in bench/twin_erlang.py.
"""

import heapq
import statistics

import pytest

from bench import twin_erlang
from callfloor.twin import people, theory

pytestmark = pytest.mark.twin

FEW = 4
SMALL = (
    theory.Case(load=0.4, heads=1),
    theory.Case(load=6.0, heads=5, patience_seconds=50.0),
)


@pytest.mark.parametrize("case", SMALL)
def test_a_queue_waits_as_long_as_erlang_says(case):
    """Four short runs: the mean within 10 %, and at most one interval that does not cover it."""
    wanted = case.mean_wait
    found = [
        theory.mean_wait(case, theory.contacts(case, many=4_000, seed=seed))
        for seed in range(1, FEW + 1)
    ]
    assert statistics.fmean(each.mean for each in found) == pytest.approx(wanted, rel=0.1)
    assert sum(each.low <= wanted <= each.high for each in found) >= FEW - 1


@pytest.mark.parametrize("case", SMALL)
def test_each_caller_waits_as_the_line_says(case):
    """First come, first served by whoever is free first: nobody is a microsecond off."""
    many = 2_000
    seconds = many * case.gap_seconds
    demand = theory.demand_of(case, seconds=seconds)
    callers = people.callers(demand=demand, seed=4, start_at=0.0, seconds=seconds, timezone="UTC")
    free = [0.0] * case.heads
    for caller, found in zip(callers, theory.contacts(case, many=many, seed=4), strict=True):
        wait = max(0.0, free[0] - caller.at)
        assert found.answered == (wait <= caller.patience)
        assert found.waited == pytest.approx(min(wait, caller.patience), abs=1e-6)
        if found.answered:
            heapq.heapreplace(free, caller.at + wait + caller.talk)


def test_as_many_give_up_as_erlang_says():
    """Of an overloaded queue the share that gives up is Erlang A's."""
    case = theory.Case(load=6.0, heads=5, patience_seconds=50.0)
    found = theory.contacts(case, many=8_000, seed=3)
    gave_up = sum(not each.answered for each in found) / len(found)
    assert gave_up == pytest.approx(case.waiting().abandoned, rel=0.05)


@pytest.mark.long
@pytest.mark.parametrize(("case", "many"), twin_erlang.CASES)
def test_each_case_of_the_bench_is_within_a_hundredth(case, many):
    """The mean over twenty seeds is within 1 %, and 17 or more of twenty intervals cover it."""
    found = twin_erlang.try_case(case, many)
    assert abs(found["error"]) < twin_erlang.ERROR_MAX
    assert found["covered"] >= 17
