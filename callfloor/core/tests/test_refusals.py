"""Codes of refusals: stable, and each for its own reason."""

import pytest

from callfloor.core import events, plan
from callfloor.core.tests import centre

pytestmark = pytest.mark.pure


@pytest.fixture
def hands() -> centre.Hands:
    """Anna talks to i1; ben is seated; zoe works for another client; a foreign queue exists."""
    queues = [centre.queue(), centre.queue("full", length_max=0), centre.queue("zeta", client="z"),
              centre.queue("mail", channel="mail")]  # fmt: skip
    agents = [
        centre.agent("anna", "billing"),
        centre.agent("ben", "billing"),
        centre.agent("zoe", "zeta", clients=("z",)),
        centre.agent("out", "billing"),
    ]
    clients = tuple(plan.ClientPlan(key=key, languages=("en",)) for key in ("acme", "z"))
    hands = centre.Hands(centre.floor_plan(agents=agents, queues=queues, clients=clients))
    hands.seat("anna")
    hands.call()
    hands.answer("anna")
    hands.seat("ben", "zoe")
    return hands


def transfer(**target) -> events.TransferAsked:
    """Ask for a transfer of i1 by anna."""
    return events.TransferAsked(agent="anna", item="i1", **target)


CASES = [
    (events.AgentSignedIn(agent="nobody"), "unknown_agent"),
    (events.AgentSignedIn(agent="anna"), "already_signed_in"),
    (events.AgentSignedOut(agent="out"), "not_signed_in"),
    (events.AgentSignedOut(agent="nobody"), "unknown_agent"),
    (events.DeviceUp(agent="nobody", leg="x"), "unknown_agent"),
    (events.ReadyAsked(agent="ben"), "already_ready"),
    (events.ReadyAsked(agent="out"), "not_signed_in"),
    (events.AwayAsked(agent="ben", reason="fishing"), "unknown_reason"),
    (events.OfferAnswered(agent="ben", offer="i1/1"), "offer_gone"),
    (events.OfferAnswered(agent="nobody", offer="i1/1"), "unknown_agent"),
    (events.HoldAsked(agent="ben", item="i1"), "nothing_in_hand"),
    (events.HoldAsked(agent="anna", item="i2"), "not_yours"),
    (events.HoldAsked(agent="nobody", item="i1"), "unknown_agent"),
    (events.ResumeAsked(agent="anna", item="i1"), "not_held"),
    (events.WorkFinished(agent="anna", item="i1", disposition="x"), "still_talking"),
    (events.WorkFinished(agent="ben", item="i1", disposition="x"), "nothing_in_hand"),
    (events.WrapUpExtended(agent="anna", item="i1"), "not_in_wrap_up"),
    (events.WrapUpExtended(agent="ben", item="i1"), "nothing_in_hand"),
    (transfer(), "no_target"),
    (transfer(queue="billing", to_agent="ben"), "no_target"),
    (transfer(queue="nowhere"), "unknown_queue"),
    (transfer(queue="zeta"), "foreign_client"),
    (transfer(queue="mail"), "wrong_channel"),
    (transfer(queue="full"), "queue_full"),
    (transfer(to_agent="out"), "agent_not_there"),
    (transfer(to_agent="anna"), "to_yourself"),
    (transfer(to_agent="zoe"), "foreign_client"),
]


@pytest.mark.parametrize(("command", "code"), CASES)
def test_a_command_that_means_nothing_is_refused_and_does_nothing(hands, command, code):
    """The code says why, and the same command without asking changes nothing."""
    assert hands.exchange.refusal(command) == code
    assert hands.do(command) == []


def test_a_second_hold_is_refused(hands):
    """Who is on hold cannot be put on hold."""
    hold = events.HoldAsked(agent="anna", item="i1")
    hands.do(hold)
    assert hands.exchange.refusal(hold) == "already_held"


def test_a_hold_without_a_line_is_refused(hands):
    """While the agent's line is lost there is nobody who could hold."""
    hands.do(events.DeviceLost(agent="anna", leg="leg-anna"))
    assert hands.exchange.refusal(events.HoldAsked(agent="anna", item="i1")) == "no_device"


def test_holding_in_wrap_up_is_refused(hands):
    """The talk is over."""
    hands.do(events.CustomerLeft(item="i1"))
    assert hands.exchange.refusal(events.HoldAsked(agent="anna", item="i1")) == "not_talking"


def test_what_is_no_command_is_never_refused(hands):
    """Reports from outside are taken or pass; they have no sender who could be told."""
    assert hands.exchange.refusal(events.CustomerLeft(item="nobody")) is None
    assert hands.exchange.refusal(events.TimePassed()) is None
