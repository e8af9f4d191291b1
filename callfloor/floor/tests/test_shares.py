"""One trunk's flood leaves room for the others."""

import pytest

from callfloor.core import plan
from callfloor.floor import shares as shares_module
from callfloor.floor.shares import Shares
from callfloor.floor.tests import stand

pytestmark = pytest.mark.pure


def make(calls_max):
    """Give the shares of two trunks."""
    shares = Shares()
    lines = [plan.TrunkPlan(key=key, addresses=(key,), calls_max=calls_max) for key in ("a", "b")]
    shares.use(stand.stand_plan(trunks=tuple(lines)))
    return shares


def fill(shares, count, *, trunk="a"):
    """Let so many calls arrive; give their keys."""
    keys = [(trunk, str(number), "INVITE") for number in range(count)]
    for key in keys:
        shares.enter(trunk, key)
    return keys


def test_over_its_limit_a_trunk_gets_some_refusals_of_the_exchange_and_then_none():
    """R43, F11: each of those takes a line of the journal."""
    shares = make(3)
    fill(shares, 2)
    assert not shares.is_over("a", 0.0)
    shares.enter("a", ("a", "x", "INVITE"))
    asked = [shares.is_over("a", 0.0) for _ in range(30)]
    assert asked == [False] * 20 + [True] * 10
    assert [shares.is_over("a", 1.0) for _ in range(6)] == [False] * 5 + [True]
    assert not shares.is_over("b", 0.0)


def test_who_leaves_makes_room_once():
    shares = make(3)
    keys = fill(shares, 23)
    for _ in range(20):
        shares.is_over("a", 0.0)
    for key in keys[:20]:
        shares.leave(key)
        shares.leave(key)
    assert shares.is_over("a", 0.0)
    shares.leave(keys[20])
    assert not shares.is_over("a", 0.0)


def test_calls_without_an_answer_have_a_limit_of_their_own(monkeypatch):
    monkeypatch.setattr(shares_module, "FRESH_MAX", 5)
    shares = make(1_000)
    keys = fill(shares, 5)
    assert shares.is_over("a", 0.0)
    assert not shares.is_over("b", 0.0)
    shares.answered(keys[0])
    shares.answered(keys[0])
    assert not shares.is_over("a", 0.0)
    shares.enter("a", ("a", "x", "INVITE"))
    assert shares.is_over("a", 0.0)
