"""The table of agents' states: every state times every signal, and every command in every state."""

import pytest

from callfloor.core import events, facts, presence, state
from callfloor.core.tests import centre

pytestmark = pytest.mark.pure


@pytest.mark.parametrize("signal", presence.SIGNALS)
@pytest.mark.parametrize("before", presence.STATES)
def test_every_signal_in_every_state_moves_by_the_table_or_is_impossible(before, signal):
    """What stands in the table happens and is told; anything else is a fault of ours."""
    hands = centre.Hands(centre.floor_plan(agents=[centre.agent("anna", "billing")]))
    house = hands.exchange.house
    agent = house.agents["anna"]
    agent.state = before
    after = presence.TABLE[before].get(signal)
    if after is None:
        with pytest.raises(AssertionError, match=f"{signal} cannot happen"):
            presence.turn(house, agent, signal)
        assert agent.state == before
        assert hands.exchange.facts() == []
    else:
        presence.turn(house, agent, signal, reason="because")
        told = facts.AgentChanged(agent="anna", state=after, reason="because")
        assert hands.exchange.facts() == [told]
        assert agent.state == after


def test_the_table_knows_only_states_and_signals():
    """Every row and column has a name, every state can be reached and left."""
    assert set(presence.TABLE) == set(presence.STATES)
    targets = set()
    for row in presence.TABLE.values():
        assert set(row) <= set(presence.SIGNALS)
        assert row
        targets |= set(row.values())
    assert targets == set(presence.STATES)


def test_a_wish_does_not_begin_the_state_anew():
    """What is asked for after the work in hand leaves the time of the state as it was."""
    hands = centre.Hands(centre.floor_plan(agents=[centre.agent("anna", "billing")]))
    hands.seat("anna")
    hands.call()
    hands.answer("anna")
    since = hands.now
    hands.do(events.AwayAsked(agent="anna", reason="lunch"), after=30)
    assert hands.exchange.house.agents["anna"].since == since


COMMANDS = (
    events.AgentSignedIn(agent="anna"),
    events.AgentSignedOut(agent="anna"),
    events.DeviceUp(agent="anna", leg="new"),
    events.DeviceLost(agent="anna", leg="leg-anna"),
    events.ReadyAsked(agent="anna"),
    events.AwayAsked(agent="anna", reason="lunch"),
    events.OfferAnswered(agent="anna", offer="i1/1"),
    events.OfferDeclined(agent="anna", offer="i1/1"),
    events.HoldAsked(agent="anna", item="i1"),
    events.ResumeAsked(agent="anna", item="i1"),
    events.MuteAsked(agent="anna", item="i1", muted=True),
    events.KeysAsked(agent="anna", item="i1", count=1),
    events.TransferAsked(agent="anna", item="i1", queue="billing"),
    events.HangUpAsked(agent="anna", item="i1"),
    events.WrapUpExtended(agent="anna", item="i1"),
    events.WorkFinished(agent="anna", item="i1", disposition="ok"),
)

ALLOWED = {
    "signed_out": {"AgentSignedIn", "DeviceUp", "DeviceLost"},
    "ready": {"AgentSignedOut", "DeviceUp", "DeviceLost", "AwayAsked"},
    "away": {"AgentSignedOut", "DeviceUp", "DeviceLost", "ReadyAsked", "AwayAsked"},
    "missed": {"AgentSignedOut", "DeviceUp", "DeviceLost", "ReadyAsked", "AwayAsked"},
    "ringing": {
        "AgentSignedOut", "DeviceUp", "DeviceLost", "AwayAsked", "OfferAnswered", "OfferDeclined",
    },
    "talking": {
        "AgentSignedOut", "DeviceUp", "DeviceLost", "AwayAsked", "HoldAsked", "MuteAsked",
        "KeysAsked", "TransferAsked", "HangUpAsked",
    },
    "wrap_up": {
        "AgentSignedOut", "DeviceUp", "DeviceLost", "AwayAsked", "WrapUpExtended", "WorkFinished",
    },
    "reserved": {"AgentSignedOut", "DeviceUp", "DeviceLost", "AwayAsked"},
}  # fmt: skip


def brought_to(name: str) -> centre.Hands:
    """Bring anna to a state by what happens on a floor."""
    agents = [centre.agent("anna", "billing"), centre.agent("ben", "billing")]
    hands = centre.Hands(centre.floor_plan(agents=agents))
    if name == "signed_out":
        return hands
    if name == "reserved":
        hands.seat("ben")
        hands.call("other")
        hands.answer("ben")
        hands.seat("anna")
        hands.do(events.SuperviseAsked(agent="anna", item="other", of="ben", mode="listen"))
        return hands
    hands.seat("anna")
    if name == "away":
        hands.do(events.AwayAsked(agent="anna", reason="lunch"))
    if name in ("ringing", "missed", "talking", "wrap_up"):
        hands.call()
    if name == "missed":
        hands.wait(15)
        hands.do(events.CustomerLeft(item="i1"))
    if name in ("talking", "wrap_up"):
        hands.answer("anna")
    if name == "wrap_up":
        hands.do(events.CustomerLeft(item="i1"))
    return hands


@pytest.mark.parametrize("command", COMMANDS, ids=lambda each: type(each).__name__)
@pytest.mark.parametrize("before", presence.STATES)
def test_every_command_in_every_state_does_something_or_is_refused(before, command):
    """A command is refused with a code and changes nothing, or it changes the floor."""
    hands = brought_to(before)
    assert hands.state("anna") == before
    code = hands.exchange.refusal(command)
    done = hands.do(command)
    name = type(command).__name__
    if name in ALLOWED[before]:
        assert code is None
        assert done or (name, before) == ("DeviceLost", "signed_out")
    else:
        assert code
        assert done == []
        assert hands.state("anna") == before


def test_an_unseated_agent_is_not_seated():
    """Only a seat makes a presence."""
    agent = state.Agent(key="anna", plan=centre.agent("anna"))
    assert not presence.is_seated(agent)


def test_the_diagram_draws_every_move_of_the_table():
    """Each state is drawn with each of its ways out, and nothing else is."""
    drawn = presence.diagram()
    assert "    ringing --> missed: give_up\n" in drawn
    arrows = sum(len(set(row.values())) for row in presence.TABLE.values())
    assert drawn.count("-->") == arrows + 1
