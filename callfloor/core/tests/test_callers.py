"""Customers: recognized late, restored after a stop, cut off by the media, gone at any step."""

from typing import Any

import pytest

from callfloor.core import actions, events, facts, invariants, plan
from callfloor.core.tests import centre, storm

pytestmark = pytest.mark.pure


def floor(*agents: str) -> centre.Hands:
    """Make a floor of one queue with seated agents."""
    plan_ = centre.floor_plan(agents=[centre.agent(key, "billing") for key in agents])
    hands = centre.Hands(plan_)
    hands.seat(*agents)
    return hands


class TestRecognize:
    def test_asks_by_token_and_takes_the_answer_late(self):
        """The call goes on without the answer, and takes its language when it comes."""
        hands = floor()
        item = hands.call(caller="token")
        assert hands.acted(actions.AskWho) == [actions.AskWho(item=item, caller="token")]
        hands.do(events.CallerRecognised(item=item, customer="c1", language="hu"), after=9)
        assert hands.said(facts.Recognised)[0].customer == "c1"
        assert hands.said(facts.LanguageSet)[0].language == "hu"

    def test_of_a_call_that_is_gone_means_nothing(self):
        """An answer after the call has no item to belong to."""
        hands = floor()
        item = hands.call(caller="token")
        hands.do(events.CustomerLeft(item=item))
        assert hands.do(events.CallerRecognised(item=item, customer="c1")) == []

    def test_is_not_asked_about_a_withheld_number(self):
        """Without a token there is nothing to ask."""
        hands = floor()
        hands.call()
        assert hands.acted(actions.AskWho) == []


class TestRestore:
    def restored(self, **fields) -> centre.Hands:
        """Start a new epoch with one open item of the one before."""
        mail = centre.queue("mail", channel="mail")
        flow = centre.flow(plan.Enqueue(key="w", queue="mail"), key="mail")
        number = plan.NumberPlan(number="mail", client="acme", flow="mail", language="en")
        floor_plan = centre.floor_plan(
            agents=[centre.agent("anna", "billing", "mail", capacity=(("call", 1), ("mail", 1)))],
            queues=[mail, centre.queue()],
            flows=[flow],
            numbers=(number,),
        )
        hands = centre.Hands(floor_plan)
        hands.do(events.FloorStarted(epoch=2, code_version="x", plan=floor_plan))
        values: dict[str, Any] = {
            "item": "old", "channel": "call", "client": "acme", "called": "900",
                  "arrived_at": centre.T0 - 100}  # fmt: skip
        hands.do(events.ItemRestored(**(values | fields)))
        return hands

    def test_marks_a_cut_call_in_a_queue_as_lost(self):
        """Its entry ends as lost_by_system with its whole wait, and so does the item."""
        hands = self.restored(queue="billing", queued_at=centre.T0 - 60, entries=2)
        assert hands.said(facts.Interrupted)[0].cause == "floor_restarted"
        (left,) = hands.said(facts.Dequeued)
        assert (left.outcome, left.entry, left.waited_seconds) == ("lost_by_system", 2, 60.0)
        assert hands.said(facts.Queued) == []
        assert hands.facts[-1].outcome == "lost_by_system"

    def test_lets_a_callback_wait_on(self):
        """Nobody was on the line, so nothing was cut: it stands where it stood, and is dialed."""
        hands = self.restored(
            direction="callback", queue="billing", queued_at=centre.T0 - 60, entries=1,
            leg="b", sealed="number", interrupted=False,
        )  # fmt: skip
        assert hands.said(facts.Interrupted) == []
        assert hands.said(facts.Queued) == []
        hands.seat("anna")
        assert hands.acted(actions.Ring)[-1].kind == "callback"
        hands.answer("anna")
        assert hands.said(facts.Dequeued)[-1].waited_seconds == 60.0

    @pytest.mark.parametrize("direction", ["out", "internal", "callback"])
    def test_closes_other_calls_that_began_here(self, direction):
        """A line that was dialed is gone with the floor that dialed it."""
        hands = self.restored(direction=direction, answered=direction == "callback")
        assert hands.said(facts.Interrupted)[0].cause == "floor_restarted"
        assert hands.exchange.house.items == {}

    def test_closes_an_answered_call_as_answered(self):
        """Who had an agent was answered, though interrupted."""
        hands = self.restored(answered=True)
        assert len(hands.said(facts.Interrupted)) == 1
        assert hands.facts[-1].outcome == "answered"

    def test_does_not_mark_a_call_that_was_over(self):
        """Of a call in wrap-up nothing was cut."""
        hands = self.restored(answered=True, interrupted=False)
        assert hands.said(facts.Interrupted) == []
        assert hands.facts[-1].outcome == "answered"

    def test_lets_deferred_work_wait_on_from_its_birth(self):
        """Mail goes on waiting at its old place and is counted once."""
        hands = self.restored(
            channel="mail", called="mail", queue="mail", queued_at=centre.T0 - 100, entries=1,
            interrupted=False,
        )  # fmt: skip
        assert hands.said(facts.Queued) == []
        hands.call("new", called="mail", channel="mail")
        hands.seat("anna")
        assert hands.rings() == {"anna": "old"}
        hands.answer("anna")
        (left,) = hands.said(facts.Dequeued)
        assert (left.entry, left.queued_at) == (1, centre.T0 - 100)

    def test_begins_with_nobody_seated(self):
        """A start of the floor is told with its epoch."""
        hands = self.restored()
        assert hands.said(facts.PlanApplied) == [facts.PlanApplied(version="1", epoch=2)]


class TestMediaLost:
    def test_interrupts_what_it_carried_and_nothing_else(self):
        """Carried calls are marked and closed, agents come back by their devices."""
        hands = floor("anna", "ben")
        talked, waited, other = hands.call(), hands.call(), hands.call()
        hands.answer("anna")
        legs = (f"leg-{talked}", "leg-anna", f"leg-{waited}")
        hands.do(events.MediaLost(legs=legs), after=5)
        assert {fact.item for fact in hands.said(facts.Interrupted)} == {talked, waited}
        assert {hang.item for hang in hands.acted(actions.HangUp)} == {talked, waited}
        assert hands.said(facts.TalkEnded)[0].ended_by == "lost"
        assert hands.rings() == {"ben": other}
        assert hands.state("anna") == "wrap_up"
        hands.wait(30)
        outcomes = {fact.item: fact.outcome for fact in hands.said(facts.Closed)}
        assert outcomes == {waited: "lost_by_system", talked: "answered"}
        assert hands.state("anna") == "ready"
        hands.call()
        assert "anna" not in hands.rings()
        hands.do(events.DeviceUp(agent="anna", leg="new"))
        assert "anna" in hands.rings()

    def test_keeps_a_customer_whose_leg_is_alive(self):
        """If only the agent's leg was lost, the customer is kept for him."""
        hands = floor("anna")
        hands.call()
        hands.answer("anna")
        hands.do(events.MediaLost(legs=("leg-anna",)))
        assert hands.said(facts.Held)[0].reason == "device_lost"
        assert hands.said(facts.Interrupted) == []


class TestLeave:
    @pytest.mark.parametrize("moment", range(0, 240, 3))
    def test_at_any_step_of_any_state_leaves_nobody_ringing(self, moment):
        """In a storm stopped anywhere, hanging up every caller leaves no ring and no lost item."""
        wild = storm.Storm(moment, faults=False)
        for _ in range(moment):
            wild.step()
        hands = wild.hands
        for item in callers(hands):
            hands.do(events.CustomerLeft(item=item.id))
            invariants.check(hands.exchange)
        assert not {item.id for item in callers(hands)} & set(hands.rings().values())
        hands.wait(200)  # Every wrap-up runs out.
        assert callers(hands) == []


def callers(hands):
    """Give the open items of those who called."""
    items = hands.exchange.house.items.values()
    return [item for item in items if item.channel == "call" and item.direction == "in"]
