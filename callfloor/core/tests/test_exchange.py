"""The exchange as a whole: one call from its arrival to its close, and its five verbs."""

import pytest

from callfloor.core import actions, events, exchange, facts, plan
from callfloor.core.tests import centre

pytestmark = pytest.mark.pure


def kinds(hands: centre.Hands, item: str) -> list[str]:
    """Name the facts about an item, in order."""
    return [type(fact).__name__ for fact in hands.facts if getattr(fact, "item", None) == item]


@pytest.fixture
def hands() -> centre.Hands:
    """A floor with two agents of one queue."""
    agents = [centre.agent("anna", "billing"), centre.agent("ben", "billing")]
    return centre.Hands(centre.floor_plan(agents=agents))


class TestOneCall:
    def test_goes_from_arrival_to_close_through_every_fact(self, hands):
        """A call that is answered leaves exactly these facts, in this order."""
        hands.seat("anna")
        item = hands.call()
        hands.answer("anna", after=2)
        hands.do(events.CustomerLeft(item=item), after=60)
        hands.do(events.WorkFinished(agent="anna", item=item, disposition="paid"), after=5)
        assert kinds(hands, item) == [
            "Arrived", "StepEntered", "Queued", "Explained", "Ringing", "AgentChanged",
            "Dequeued", "AgentChanged", "Bridged", "TalkEnded", "AgentChanged", "Finished",
            "Closed",
        ]  # fmt: skip
        assert hands.facts[-1] == facts.Closed(
            item=item, client="acme", outcome="answered", queue="billing"
        )
        assert hands.exchange.house.items == {}

    def test_tells_the_seconds_of_wait_talk_and_wrap_up(self, hands):
        """Every duration is counted between the events that it lies between."""
        hands.seat("anna")
        item = hands.call()
        hands.answer("anna", after=2)
        hands.do(events.CustomerLeft(item=item), after=60)
        hands.do(events.WorkFinished(agent="anna", item=item, disposition="paid"), after=5)
        (left,) = hands.said(facts.Dequeued)
        assert (left.waited_seconds, left.within_goal, left.short) == (2.0, True, False)
        (talk,) = hands.said(facts.TalkEnded)
        assert (talk.talk_seconds, talk.hold_seconds, talk.ended_by) == (60.0, 0.0, "customer")
        (done,) = hands.said(facts.Finished)
        assert (done.wrap_seconds, done.disposition) == (5.0, "paid")

    def test_connects_both_ways(self, hands):
        """At the bridge customer and agent hear one another, and nobody else is in it."""
        hands.seat("anna")
        item = hands.call()
        hands.answer("anna")
        (mix,) = hands.acted(actions.Mix)
        assert mix.legs == (f"leg-{item}", "leg-anna")
        assert {(row.ear, row.mouth) for row in mix.hears} == {
            (f"leg-{item}", "leg-anna"),
            ("leg-anna", f"leg-{item}"),
        }

    def test_waits_for_an_agent_who_comes_later(self, hands):
        """Somebody who becomes ready gets the one who waits, and the record says why."""
        item = hands.call()
        (nobody,) = hands.said(facts.Explained)
        assert nobody.offer is None
        assert nobody.why["nobody"] == "nobody_signed_in"
        hands.wait(30)
        hands.seat("ben")
        assert hands.rings() == {"ben": item}
        assert hands.said(facts.Explained)[-1].why["rule"] == "first_in_line"

    def test_is_refused_without_a_number(self, hands):
        """A call to a number that is not in the plan never becomes an item."""
        hands.call("x", called="555")
        assert hands.facts == []
        assert hands.actions == [actions.Refuse(item="x", leg="leg-x", reason="no_such_number")]

    def test_is_refused_beyond_the_trunk(self):
        """More calls at once than a trunk carries are refused, and counted."""
        trunk = plan.TrunkPlan(key="t", calls_max=1)
        hands = centre.Hands(centre.floor_plan(trunks=(trunk,)))
        first = hands.call(trunk="t")
        second = hands.call(trunk="t")
        assert hands.acted(actions.Refuse) == [
            actions.Refuse(item=second, leg=f"leg-{second}", reason="no_capacity")
        ]
        assert hands.facts[-1] == facts.Closed(
            item=second, client="acme", outcome="refused_no_capacity"
        )
        hands.do(events.CustomerLeft(item=first))
        hands.call(trunk="t")
        assert len(hands.acted(actions.Refuse)) == 1


class TestClock:
    def test_fires_timers_at_their_due_instants(self, hands):
        """A late loop changes no decision: what was due carries the instant when it was due."""
        hands.seat("anna", "ben")
        hands.call()
        hands.wait(100)
        missed = [
            at - centre.T0
            for at, fact in zip(hands.times, hands.facts, strict=True)
            if isinstance(fact, facts.RingEnded)
        ]
        assert missed == [15.0, 30.0]

    def test_names_the_next_lease(self, hands):
        """The driver is told when to come back, and that it need not."""
        assert hands.exchange.timer() is None
        hands.seat("anna")
        hands.call()
        assert hands.exchange.timer() == centre.T0 + 15.0

    def test_never_goes_back(self, hands):
        """An earlier instant is a fault of the driver."""
        hands.wait(10)
        with pytest.raises(AssertionError, match="never goes back"):
            hands.exchange.receive(events.TimePassed(), hands.now - 1)

    def test_hands_over_once(self, hands):
        """Facts and actions are drained by asking for them."""
        machine = exchange.Exchange(centre.floor_plan(agents=[centre.agent("anna", "billing")]))
        machine.receive(events.AgentSignedIn(agent="anna"), centre.T0)
        assert [fact.state for fact in machine.facts()] == ["away"]
        assert machine.facts() == []
        assert machine.actions() == []
