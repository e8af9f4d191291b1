"""A long hold is noticed: by the agent, by the caller, by the leader."""

import pytest

from callfloor.core import actions, events, facts
from callfloor.core.tests import centre, test_consults

pytestmark = pytest.mark.pure


def held() -> tuple[centre.Hands, str]:
    """Put a customer on hold."""
    hands, item = test_consults.talk("ben")
    hands.do(events.HoldAsked(agent="anna", item=item), after=10)
    return hands, item


class TestReminder:
    def test_comes_twice(self):
        """After a minute the agent, after three the leader; the caller hears that it goes on."""
        hands, item = held()
        hands.wait(59)
        assert hands.said(facts.HoldReminded) == []
        hands.wait(1)
        assert hands.acted(actions.Play)[-1].prompts == ("one_moment",)
        hands.do(events.PromptEnded(item=item, play=hands.acted(actions.Play)[-1].play), after=3)
        assert hands.acted(actions.Play)[-1].loop
        hands.wait(117)
        told = [(fact.level, fact.held_seconds) for fact in hands.said(facts.HoldReminded)]
        assert told == [(1, 60.0), (2, 180.0)]
        assert hands.acted(actions.Alarm) == [actions.Alarm(name="long_hold", detail=item)]
        hands.wait(3600)
        assert len(hands.said(facts.HoldReminded)) == 2

    @pytest.mark.parametrize(
        "end",
        [
            events.ResumeAsked(agent="anna", item="i1"),
            events.CustomerLeft(item="i1"),
            events.HangUpAsked(agent="anna", item="i1"),
            events.AgentSignedOut(agent="anna"),
        ],
    )
    def test_ends_with_the_hold(self, end):
        """Nobody is reminded of what is over."""
        hands, _ = held()
        hands.do(end, after=59)
        hands.wait(300)
        assert hands.said(facts.HoldReminded) == []

    def test_begins_anew_with_the_next_hold(self):
        """Each hold has its own minute."""
        hands, item = held()
        hands.do(events.ResumeAsked(agent="anna", item=item), after=59)
        hands.do(events.HoldAsked(agent="anna", item=item), after=1)
        hands.wait(59)
        assert hands.said(facts.HoldReminded) == []
        hands.wait(1)
        assert len(hands.said(facts.HoldReminded)) == 1

    def test_counts_through_a_question_and_a_reload(self):
        """For the customer it is one wait, whatever happens at the other end."""
        hands, item = held()
        hands.do(events.ConsultAsked(agent="anna", item=item, to_agent="ben"), after=20)
        hands.do(events.DeviceLost(agent="anna", leg="leg-anna"), after=5)
        hands.do(events.DeviceUp(agent="anna", leg="new"), after=5)
        hands.wait(30)
        assert [fact.held_seconds for fact in hands.said(facts.HoldReminded)] == [60.0]
