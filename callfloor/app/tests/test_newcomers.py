"""Who has just become ready is left room for his own call."""

import pytest

from callfloor.app.demo.newcomers import HOLD_BACK_SECONDS, Newcomers
from callfloor.blueprint.check import check
from callfloor.blueprint.compile import compile_plan
from callfloor.blueprint.tests.samples import GOOD
from callfloor.core import facts

pytestmark = pytest.mark.pure


@pytest.fixture
def newcomers() -> Newcomers:
    """Give a centre with one free seat, Ann's, who works for the client north."""
    blueprint = check(GOOD, file="small.yaml").blueprint
    assert blueprint is not None
    return Newcomers(floor_plan=compile_plan(blueprint, years=[2026]), free={"ann"})


def test_nobody_there_holds_nobody_back(newcomers: Newcomers):
    """An empty seat does not quieten the demo."""
    assert newcomers.may_call("north", now=0.0)


def test_fresh_newcomer_is_left_room(newcomers: Newcomers):
    """For some seconds no simulated customer calls his client; others are not held back."""
    newcomers.take(facts.AgentChanged(agent="ann", state="ready"), now=100.0)
    assert not newcomers.may_call("north", now=100.0 + HOLD_BACK_SECONDS - 0.1)
    assert newcomers.may_call("south", now=100.0)
    assert newcomers.may_call("north", now=100.0 + HOLD_BACK_SECONDS)


def test_busy_newcomer_holds_nobody_back(newcomers: Newcomers):
    """Somebody who talks gets no call anyway; the others go on."""
    newcomers.take(facts.AgentChanged(agent="ann", state="ready"), now=100.0)
    newcomers.take(facts.AgentChanged(agent="ann", state="talking"), now=101.0)
    assert newcomers.may_call("north", now=102.0)


def test_simulated_agents_do_not_count(newcomers: Newcomers):
    """Only free seats matter."""
    newcomers.take(facts.AgentChanged(agent="bob", state="ready"), now=100.0)
    assert newcomers.may_call("north", now=100.0)


def test_board_of_a_welcome_is_seen(newcomers: Newcomers):
    """After a restart of the demo a newcomer who is ready already is known."""
    board = {"agents": {"ann": {"state": "ready"}, "bob": {"state": "ready"}}}
    newcomers.see(board, now=50.0)
    assert not newcomers.may_call("north", now=51.0)
    newcomers.see({"agents": {"ann": {"state": "away"}}}, now=52.0)
    assert newcomers.may_call("north", now=53.0)
