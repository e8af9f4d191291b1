"""Who has just become ready is left room for his own call."""

import pytest

from callfloor.app.demo.newcomers import HOLD_BACK_SECONDS, LEFT_TO_NEWCOMER_SECONDS, Newcomers
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
    found = Newcomers(
        floor_plan=compile_plan(blueprint, years=[2026]),
        free={"ann"},
        is_simulated=lambda token: token == "simulated",
    )
    found.take(facts.DeviceChanged(agent="ann", up=True), now=0.0)
    return found


def arrived(caller: str | None) -> facts.Arrived:
    return facts.Arrived(
        item="i1",
        client="north",
        channel="call",
        called="100",
        flow="main",
        flow_version=1,
        language="en",
        caller=caller,
    )


def test_nobody_there_holds_nobody_back(newcomers: Newcomers):
    """An empty seat does not quieten the demo."""
    assert newcomers.may_call("north", now=0.0)


def test_fresh_newcomer_is_left_room(newcomers: Newcomers):
    """For some seconds no simulated customer calls his client; others are not held back."""
    newcomers.take(facts.AgentChanged(agent="ann", state="ready"), now=100.0)
    assert not newcomers.may_call("north", now=100.0 + HOLD_BACK_SECONDS - 0.1)
    assert newcomers.may_call("south", now=100.0)
    assert newcomers.may_call("north", now=100.0 + HOLD_BACK_SECONDS)


def test_customer_calls_as_soon_as_a_newcomer_is_ready(newcomers: Newcomers):
    ready = facts.AgentChanged(agent="ann", state="ready")
    assert newcomers.wants_calls_of(ready) == ("north",)
    newcomers.take(ready, now=100.0)
    assert newcomers.wants_calls_of(ready) == ()
    assert newcomers.wants_calls_of(facts.AgentChanged(agent="bob", state="ready")) == ()


def test_own_call_on_its_way_is_the_next(newcomers: Newcomers):
    newcomers.take(facts.AgentChanged(agent="ann", state="wrap_up"), now=100.0)
    newcomers.take(arrived(None), now=101.0)
    assert newcomers.wants_calls_of(facts.AgentChanged(agent="ann", state="ready")) == ()
    assert newcomers.is_own_call_there("north", now=102.0)
    assert not newcomers.is_own_call_there("south", now=102.0)


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
    board = {"agents": {"ann": {"state": "ready", "device": True}, "bob": {"state": "ready"}}}
    newcomers.see(board, now=50.0)
    assert not newcomers.may_call("north", now=51.0)
    newcomers.see({"agents": {"ann": {"state": "away", "device": True}}}, now=52.0)
    assert newcomers.may_call("north", now=53.0)
    newcomers.see({"agents": {"ann": {"state": "ready", "device": False}}}, now=54.0)
    assert newcomers.may_call("north", now=55.0)


def test_own_call_is_left_to_the_newcomer(newcomers: Newcomers):
    """A call that nobody simulated placed waits for who sits there, and the others hold back."""
    newcomers.take(facts.AgentChanged(agent="ann", state="wrap_up"), now=100.0)
    newcomers.take(arrived(None), now=200.0)
    assert newcomers.is_left("i1", now=201.0)
    assert not newcomers.may_call("north", now=201.0)
    assert newcomers.may_call("south", now=201.0)
    assert not newcomers.is_left("i1", now=200.0 + LEFT_TO_NEWCOMER_SECONDS)
    newcomers.take(facts.Closed(item="i1", client="north", outcome="left_in_flow"), now=202.0)
    assert newcomers.may_call("north", now=202.0)


def test_own_call_without_a_newcomer_is_anybodys(newcomers: Newcomers):
    """With nobody in the free seats simulated agents serve every caller."""
    newcomers.take(arrived("somebody"), now=200.0)
    assert not newcomers.is_left("i1", now=200.0)
    newcomers.take(facts.AgentChanged(agent="ann", state="away"), now=201.0)
    assert not newcomers.is_left("i1", now=201.0)


def test_closed_tab_is_nobody(newcomers: Newcomers):
    """Somebody whose audio is gone is not waited for."""
    newcomers.take(facts.AgentChanged(agent="ann", state="ready"), now=100.0)
    newcomers.take(arrived(None), now=200.0)
    newcomers.take(facts.DeviceChanged(agent="ann", up=False), now=201.0)
    assert not newcomers.is_left("i1", now=202.0)


def test_simulated_call_is_nobodys_own(newcomers: Newcomers):
    """A simulated customer is served by whoever is free."""
    newcomers.take(facts.AgentChanged(agent="ann", state="talking"), now=100.0)
    newcomers.take(arrived("simulated"), now=200.0)
    assert not newcomers.is_left("i1", now=200.0)


def written(item: str) -> facts.Arrived:
    return facts.Arrived(
        item=item,
        client="north",
        channel="chat",
        called="chat:north",
        flow="main",
        flow_version=1,
        language="en",
    )


def test_what_somebody_writes_himself_is_left_to_him_and_quietens_no_telephone(
    newcomers: Newcomers,
):
    newcomers.take(facts.AgentChanged(agent="ann", state="talking"), now=0.0)
    newcomers.take(written("w1"), now=0.0)
    assert newcomers.is_left("w1", now=1.0)
    assert newcomers.may_call("north", now=1.0)
    assert not newcomers.is_left("w1", now=LEFT_TO_NEWCOMER_SECONDS)
    newcomers.take(facts.Closed(item="w1", client="north", outcome="answered"), now=2)
    assert not newcomers.is_left("w1", now=3.0)
