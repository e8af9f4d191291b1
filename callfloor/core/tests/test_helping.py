"""Agents who ask for help: until somebody comes, or the work is over, and never for ever."""

import pytest

from callfloor.core import events, facts, helping
from callfloor.core.board import Board
from callfloor.core.tests import centre

pytestmark = pytest.mark.pure


@pytest.fixture
def hands():
    """Give a floor on which anna talks and a leader sits."""
    made = centre.Hands(centre.calling_plan("anna", "leader"))
    made.seat("anna")
    made.call()
    made.answer("anna")
    made.seat("leader")
    made.do(events.HelpAsked(agent="anna", on=True), after=5)
    return made


def told(hands: centre.Hands) -> list[tuple[str, str | None, str | None]]:
    """Give what was said of help: why, who came, at which item."""
    return [(fact.cause, fact.by, fact.item) for fact in hands.said(facts.HelpChanged)]


ASKED = ("asked", None, "i1")


class TestHelp:
    def test_is_asked_for_once(self, hands):
        assert hands.exchange.refusal(events.HelpAsked(agent="anna", on=True)) == "nothing_changes"
        hands.do(events.HelpAsked(agent="anna", on=True))
        assert told(hands) == [ASKED]

    def test_is_taken_back(self, hands):
        hands.do(events.HelpAsked(agent="anna", on=False))
        assert told(hands) == [ASKED, ("taken_back", None, "i1")]

    def test_is_answered_by_a_leader_who_says_that_he_comes(self, hands):
        hands.do(events.HelpAsked(agent="anna", on=False, by="leader"))
        assert told(hands) == [ASKED, ("answered", "leader", "i1")]

    def test_is_answered_by_a_leader_who_hears_into_the_call(self, hands):
        hands.do(events.SuperviseAsked(agent="leader", item="i1", of="anna", mode="listen"))
        assert told(hands) == [ASKED, ("answered", "leader", "i1")]

    def test_is_over_with_the_work(self, hands):
        hands.do(events.CustomerLeft(item="i1"))
        assert told(hands) == [ASKED]  # The note may be what he needs help with.
        hands.do(events.WorkFinished(agent="anna", item="i1", disposition="solved"))
        assert told(hands) == [ASKED, ("over", None, None)]

    def test_is_over_when_the_agent_leaves(self, hands):
        hands.do(events.AgentSignedOut(agent="anna"))
        assert told(hands)[1][0] == "over"

    def test_ends_by_itself(self, hands):
        hands.do(events.TimePassed(), after=helping.LEASE_SECONDS)
        assert told(hands) == [ASKED, ("lease", None, "i1")]

    def test_of_who_has_no_seat_is_refused(self, hands):
        hands.do(events.AgentSignedOut(agent="leader"))
        assert hands.exchange.refusal(events.HelpAsked(agent="leader", on=True)) == "not_signed_in"
        assert hands.exchange.refusal(events.HelpAsked(agent="nobody", on=True)) == "unknown_agent"


def test_a_leader_calls_somebody_back_to_work(hands):
    hands.do(events.AwayAsked(agent="leader", reason="lunch", by="boss"))
    hands.do(events.ReadyAsked(agent="leader", by="boss"))
    changed = hands.said(facts.AgentChanged)[-1]
    assert (changed.state, changed.by) == ("ready", "boss")


def test_the_board_shows_since_when():
    board = Board(centre.calling_plan("anna"))
    board.apply(facts.HelpChanged(agent="anna", on=True, cause="asked"), 100.0)
    assert board.view["agents"]["anna"]["help_since"] == 100.0
    board.apply(facts.HelpChanged(agent="anna", on=False, cause="lease"), 700.0)
    assert board.view["agents"]["anna"]["help_since"] is None


def test_a_board_of_an_earlier_version_is_taken_over():
    old = Board(centre.calling_plan("anna")).snapshot()
    del old["agents"]["anna"]["help_since"]
    assert (
        Board.restore(centre.calling_plan("anna"), old).view["agents"]["anna"]["help_since"] is None
    )
