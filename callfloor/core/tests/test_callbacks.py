"""Callbacks: asked for in a call, served in order of arrival, tried again by rule."""

import pytest

from callfloor.core import actions, events, facts, invariants, plan
from callfloor.core.tests import centre
from callfloor.core.tests.test_outward import floor

pytestmark = pytest.mark.pure


class TestCallback:
    def asked(self, hands: centre.Hands, born: float = -300.0) -> None:
        """Let somebody have asked to be called back."""
        hands.do(
            events.CallbackArrived(
                item="b1", leg="leg-b1", client="acme", queue="billing", of="i9",
                born_at=centre.T0 + born, language="hu", zone="near", sealed="number",
            )
        )  # fmt: skip

    def test_keeps_its_place_and_is_dialed_when_taken(self):
        """It stands before who came later, makes no sound, and counts in its queue's sums."""
        hands = floor()
        hands.do(events.AwayAsked(agent="anna", reason="lunch"))
        hands.call()
        before = len(hands.acted(actions.Play))
        self.asked(hands)
        assert len(hands.acted(actions.Play)) == before
        queued = hands.said(facts.Queued)[-1]
        assert (queued.position, queued.born_at) == (1, centre.T0 - 300.0)
        hands.do(events.ReadyAsked(agent="anna"))
        assert hands.acted(actions.Ring)[-1].kind == "callback"
        hands.answer("anna", after=2)
        assert hands.said(facts.Dequeued)[-1].outcome == "answered"
        assert hands.acted(actions.Dial)[-1].leg == "leg-b1"
        hands.far_answers("b1", after=3)
        hands.do(events.HangUpAsked(agent="anna", item="b1"), after=20)
        ended = hands.said(facts.TalkEnded)[-1]
        assert (ended.queue, ended.dial_seconds, ended.talk_seconds) == ("billing", 3.0, 20.0)

    def test_is_tried_again_at_its_place_as_often_as_the_rule_says(self):
        """F09: busy twice and then no answer: closed with the reason, never an endless loop."""
        hands = floor()
        self.asked(hands)
        for reason in ("busy", "no_answer", "busy"):
            hands.answer("anna")
            hands.do(events.DialFailed(item="b1", leg="leg-b1", reason=reason))
            hands.do(events.WorkFinished(agent="anna", item="b1", disposition="later"), after=10)
            invariants.check(hands.exchange)
            assert hands.rings() == {}
            hands.wait(880.0)
            assert hands.rings() == {}
            hands.wait(11.0)
        told = [(fact.reason, fact.calls) for fact in hands.said(facts.CallbackPostponed)]
        assert told == [("busy", 1), ("no_answer", 2)]
        assert len({fact.born_at for fact in hands.said(facts.Queued)}) == 1
        assert [fact.entry for fact in hands.said(facts.Queued)] == [1, 2, 3]
        (last,) = hands.said(facts.CallbackGivenUp)
        assert (last.reason, last.calls) == ("busy", 3)
        assert hands.said(facts.Closed)[-1].outcome == "not_reached"
        assert hands.exchange.house.items == {}

    def test_that_rested_when_the_floor_ended_is_tried_when_its_time_has_come(self):
        hands = floor()
        hands.do(
            events.ItemRestored(
                item="b1", channel="call", client="acme", called="", arrived_at=centre.T0 - 300.0,
                queue="billing", entries=1, calls=1, rest_until=centre.T0 + 60.0,
                direction="callback", leg="leg-b1", zone="near", sealed="number",
                interrupted=False,
            )
        )  # fmt: skip
        invariants.check(hands.exchange)
        hands.wait(59.0)
        assert hands.rings() == {}
        hands.wait(1.0)
        assert hands.rings() == {"anna": "b1"}
        queued = hands.said(facts.Queued)[-1]
        assert (queued.entry, queued.born_at) == (2, centre.T0 - 300.0)

    def test_of_a_number_that_is_wrong_closes_as_not_reached(self):
        hands = floor()
        self.asked(hands)
        hands.answer("anna")
        hands.do(events.DialFailed(item="b1", leg="leg-b1", reason="wrong_number"))
        hands.wait(30)
        assert hands.said(facts.Closed)[-1].outcome == "not_reached"

    def test_is_not_dialed_twice_after_a_transfer(self):
        """Once the customer is there, the next agent takes him like any other."""
        hands = floor("ben")
        hands.do(events.AwayAsked(agent="ben", reason="lunch"))
        self.asked(hands)
        hands.answer("anna")
        hands.far_answers("b1")
        hands.do(events.ReadyAsked(agent="ben"))
        hands.do(events.TransferAsked(agent="anna", item="b1", queue="sales"))
        assert hands.acted(actions.Ring)[-1].kind == "queue"
        hands.answer("ben")
        assert len(hands.acted(actions.Dial)) == 1

    def test_passes_the_same_gates(self):
        """Who leaves the number of a dear zone is not called, and a person is told why."""
        hands = floor(client={"zones": ("far",)})
        self.asked(hands)
        hands.answer("anna")
        assert hands.acted(actions.Dial) == []
        (alarm,) = hands.acted(actions.Alarm)
        assert (alarm.name, alarm.detail) == ("callback_not_dialed", "b1: zone_not_allowed")
        assert hands.said(facts.CallbackGivenUp)[0].reason == "zone_not_allowed"
        assert hands.said(facts.TalkEnded)[0].ended_by == "not_reached"
        hands.wait(30)
        assert hands.said(facts.Closed)[0].outcome == "not_reached"

    def test_of_a_client_who_has_gone_is_not_dialed(self):
        """A new plan may have no such client any more; nothing breaks."""
        hands = floor()
        hands.do(events.AwayAsked(agent="anna", reason="lunch"))
        self.asked(hands)
        other = plan.ClientPlan(key="zeta", languages=("en",))
        tiers = (plan.TierPlan(after_seconds=0.0, requires=()),)
        queues = [centre.queue("tech", client="zeta", tiers=tiers)]
        numbers = (plan.NumberPlan(number="900", client="zeta", flow="main", language="en"),)
        flows = [centre.flow(plan.Enqueue(key="wait", queue="tech"))]
        hands.do(
            events.PlanChanged(
                plan=centre.calling_plan(
                    "anna", version="2", clients=(other,), queues=queues, numbers=numbers,
                    flows=flows,
                )
            )
        )  # fmt: skip
        hands.do(events.ReadyAsked(agent="anna"))
        hands.answer("anna")
        assert hands.acted(actions.Alarm)[0].detail == "b1: foreign_client"
        invariants.check(hands.exchange)

    def test_waits_through_a_change_of_plan(self):
        """It is filed again like every item that waits."""
        hands = floor()
        hands.do(events.AwayAsked(agent="anna", reason="lunch"))
        self.asked(hands)
        hands.do(events.PlanChanged(plan=centre.calling_plan("anna", version="2")))
        hands.do(events.ReadyAsked(agent="anna"))
        assert hands.rings() == {"anna": "b1"}

    def test_promised_to_somebody_goes_to_her_first_and_shows_its_hour(self):
        """F09.4: an appointment that has come."""
        hands = floor("ben")
        hands.do(
            events.CallbackArrived(
                item="b1", leg="leg-b1", client="acme", queue="billing", of="a1",
                born_at=centre.T0 - 9000.0, language="hu", zone="near", sealed="number",
                due=centre.T0, preferred="ben",
            )
        )  # fmt: skip
        assert hands.rings() == {"ben": "b1"}
        assert hands.said(facts.Queued)[-1].due == centre.T0

    def test_that_its_agent_gave_up_is_said_to_be_so(self):
        hands = floor()
        self.asked(hands)
        hands.answer("anna")
        hands.do(events.HangUpAsked(agent="anna", item="b1"), after=3)
        assert hands.said(facts.CallbackGivenUp)[0].reason == "given_up"
