"""Offers: one agent at a time, each outcome, and nobody ringing for nobody."""

import pytest

from callfloor.core import actions, events, facts
from callfloor.core.tests import centre

pytestmark = pytest.mark.pure


def floor(*agents: str, missed_away_after: int = 1, **queue) -> centre.Hands:
    """Make a floor of one queue whose agents are seated and ready."""
    hands = centre.Hands(
        centre.floor_plan(
            agents=[centre.agent(key, "billing") for key in agents],
            queues=[centre.queue(**queue)],
            missed_away_after=missed_away_after,
        )
    )
    hands.seat(*agents)
    return hands


class TestMissed:
    def test_shows_the_agent_as_missed_and_rings_the_next(self):
        """After the ring lease the next agent rings; the caller's wait goes on from his arrival."""
        hands = floor("anna", "ben")
        item = hands.call()
        hands.wait(15)
        assert hands.state("anna") == "missed"
        assert hands.rings() == {"ben": item}
        hands.answer("ben", after=1)
        assert hands.said(facts.Dequeued)[0].waited_seconds == 16.0
        assert len(hands.said(facts.Queued)) == 1
        assert [stop.reason for stop in hands.acted(actions.StopRing)] == ["missed", "answered"]

    def test_counts_only_those_in_a_row(self):
        """Three in a row make missed; an answer in between begins the count anew."""
        hands = floor("anna", missed_away_after=2, wrap_up_seconds=0.0)
        hands.call()
        hands.wait(15)
        assert hands.state("anna") == "ready"
        hands.wait(2)  # The only one is asked again after a breath.
        item = hands.rings()["anna"]
        hands.answer("anna")
        hands.do(events.CustomerLeft(item=item))
        hands.call()
        hands.wait(15)
        assert hands.state("anna") == "ready"
        hands.wait(17)
        assert hands.state("anna") == "missed"

    def test_one_click_brings_him_back(self):
        """Who was missed gets what waits as soon as he says that he is there."""
        hands = floor("anna")
        item = hands.call()
        hands.wait(60)
        hands.do(events.ReadyAsked(agent="anna"))
        assert hands.rings() == {"anna": item}


class TestDeclined:
    def test_goes_to_the_next_and_not_back_for_half_a_minute(self):
        """The decliner stays ready and is not asked for the same item again at once."""
        hands = floor("anna", "ben")
        item = hands.call()
        offer = hands.said(facts.Ringing)[0].offer
        hands.do(events.OfferDeclined(agent="anna", offer=offer), after=1)
        assert hands.state("anna") == "ready"
        assert hands.rings() == {"ben": item}
        second = hands.said(facts.Ringing)[1].offer
        hands.do(events.OfferDeclined(agent="ben", offer=second), after=1)
        assert hands.rings() == {}
        assert hands.said(facts.Explained)[-1].why["nobody"] == "declined"
        hands.wait(28.9)
        assert hands.rings() == {}
        hands.wait(0.1)
        assert hands.rings() == {"anna": item}

    def test_may_have_another_item_at_once(self):
        """Declining one item says nothing about the next."""
        hands = floor("anna", "ben")
        first = hands.call()
        hands.do(events.OfferDeclined(agent="anna", offer=f"{first}/1"))
        second = hands.call()
        assert hands.rings() == {"ben": first, "anna": second}

    def test_the_only_one_is_asked_again_soon(self):
        """If nobody else could take it, he is asked again after two seconds."""
        hands = floor("anna")
        item = hands.call()
        hands.do(events.OfferDeclined(agent="anna", offer=f"{item}/1"))
        assert hands.rings() == {}
        hands.wait(2)
        assert hands.rings() == {"anna": item}


class TestCallerLeft:
    def test_stops_the_ringing_and_keeps_the_agents_place(self):
        """The agent is free at once, and still the one who is idle longest."""
        hands = floor("anna", "ben")
        item = hands.call()
        hands.do(events.CustomerLeft(item=item), after=3)
        assert hands.acted(actions.StopRing) == [
            actions.StopRing(agent="anna", item=item, offer=f"{item}/1", reason="caller_left")
        ]
        assert hands.state("anna") == "ready"
        second = hands.call()
        assert hands.rings() == {"anna": second}

    def test_an_answer_that_comes_too_late_is_refused(self):
        """The offer is gone: the desk is told, and nothing happens."""
        hands = floor("anna")
        item = hands.call()
        hands.do(events.CustomerLeft(item=item))
        answer = events.OfferAnswered(agent="anna", offer=f"{item}/1")
        assert hands.exchange.refusal(answer) == "offer_gone"
        assert hands.do(answer) == []


class TestWithdrawn:
    @pytest.mark.parametrize(
        "event",
        [
            events.AwayAsked(agent="anna", reason="lunch"),
            events.AgentSignedOut(agent="anna"),
            events.DeviceLost(agent="anna", leg="leg-anna"),
        ],
    )
    def test_by_an_agent_who_cannot_take_it(self, event):
        """Whatever takes the agent away sends the item on with its place."""
        hands = floor("anna", "ben")
        item = hands.call()
        hands.do(event, after=2)
        assert hands.rings() == {"ben": item}
        assert [fact.outcome for fact in hands.said(facts.RingEnded)] == ["withdrawn"]

    def test_toggling_makes_no_storm(self):
        """Fifty changes a second for ten seconds ring at most once a second (FreeSWITCH 800)."""
        hands = floor("anna")
        for _ in range(20):
            hands.call()
        for _ in range(250):
            hands.do(events.AwayAsked(agent="anna", reason="lunch"), after=0.02)
            hands.do(events.ReadyAsked(agent="anna"), after=0.02)
        assert 5 <= len(hands.said(facts.Ringing)) <= 12


class TestRing:
    def test_two_answers_connect_one(self):
        """Of two answers to one item, the one that it rings for counts; the other is refused."""
        hands = floor("anna", "ben")
        item = hands.call()
        other = events.OfferAnswered(agent="ben", offer=f"{item}/1")
        assert hands.exchange.refusal(other) == "offer_gone"
        hands.do(other)
        hands.answer("anna")
        hands.do(events.OfferAnswered(agent="anna", offer=f"{item}/1"))
        assert [fact.agent for fact in hands.said(facts.Bridged)] == ["anna"]

    def test_every_offer_has_a_lease(self):
        """Nobody rings for longer than the queue says, whatever is never reported."""
        hands = floor("anna", ring_seconds=7.0)
        hands.call()
        assert hands.said(facts.Ringing)[0].until == hands.now + 7.0
        assert hands.acted(actions.Ring)[0].seconds == 7.0
        hands.wait(7)
        assert hands.rings() == {}
