"""Laws I1 to I5 hold in any storm, and a broken one is noticed."""

import pytest

from callfloor.core import facts, invariants
from callfloor.core.tests import centre, storm

pytestmark = pytest.mark.pure


class TestCheck:
    @pytest.mark.parametrize("seed", range(12))
    def test_holds_after_every_event_of_a_storm(self, seed):
        """Whatever happens in whatever order, nobody is lost, stuck, doubled or overlooked."""
        wild = storm.Storm(seed)
        for count in range(350):
            event = wild.step()
            try:
                invariants.check(wild.hands.exchange)
            except AssertionError as error:
                raise AssertionError(f"seed {seed}, event {count}: {event}") from error

    @pytest.mark.parametrize("seed", range(8))
    def test_holds_where_calls_lead_to_others(self, seed):
        """The same, where agents ask one another, confer, call out and are heard by leaders."""
        wild = storm.Storm(seed + 1000, talks=True)
        for count in range(350):
            event = wild.step()
            try:
                invariants.check(wild.hands.exchange)
            except AssertionError as error:
                raise AssertionError(f"seed {seed}, event {count}: {event}") from error

    @pytest.mark.parametrize("seed", range(4))
    def test_every_entry_and_every_item_ends_once(self, seed):
        """Offered is the sum of the outcomes and of who still waits; nobody closes twice."""
        wild = storm.Storm(seed + 100)
        for _ in range(400):
            wild.step()
        said = wild.hands.said
        waiting = [
            item
            for item in wild.hands.exchange.house.items.values()
            if item.entry is not None or item.leaving is not None
        ]
        assert len(said(facts.Queued)) == len(said(facts.Dequeued)) + len(waiting)
        closed = [fact.item for fact in said(facts.Closed)]
        assert len(closed) == len(set(closed))
        arrived = {fact.item for fact in said(facts.Arrived)}
        assert arrived == set(closed) | set(wild.hands.exchange.house.items)

    def test_notices_an_idle_agent_beside_a_waiting_item(self):
        """The check is able to fail: a pool that forgot somebody is found out."""
        hands = centre.Hands(centre.floor_plan(agents=[centre.agent("anna", "billing")]))
        hands.call()
        hands.do(centre.events.AgentSignedIn(agent="anna", ready=True))
        hands.exchange.house.agents["anna"].leg = "smuggled in"
        with pytest.raises(AssertionError, match="I4: anna"):
            invariants.check(hands.exchange)

    def test_notices_a_lost_item(self):
        """An item that waits nowhere and belongs to nobody is found out."""
        hands = centre.Hands(centre.floor_plan())
        item = hands.call()
        hands.exchange.house.items[item].entry = None
        with pytest.raises(AssertionError, match=f"I1: {item}"):
            invariants.check(hands.exchange)

    def test_notices_a_line_that_belongs_to_nobody(self):
        """A line that counts against a cap for ever is found out."""
        hands = centre.Hands(centre.floor_plan())
        ledger = hands.exchange.house.ledger
        ledger.dial(leg="smuggled", client="acme", trunk="t", cost_minute=0, now=hands.now)
        with pytest.raises(AssertionError, match="I3: line smuggled"):
            invariants.check(hands.exchange)

    def test_notices_a_call_that_is_not_found_by_its_caller(self):
        """A callback whose customer is on the line and is not seen there is found out."""
        hands = centre.Hands(centre.floor_plan())
        hands.call(caller="token")
        hands.exchange.house.calls_of.clear()
        with pytest.raises(AssertionError, match="I1: the calls of a caller"):
            invariants.check(hands.exchange)

    def test_notices_two_who_serve(self):
        """One item, one owner: a second one is found out."""
        hands = centre.Hands(centre.floor_plan(agents=[centre.agent("anna", "billing")]))
        hands.seat("anna")
        item = hands.call()
        hands.answer("anna")
        hands.exchange.house.items[item].works *= 2
        with pytest.raises(AssertionError, match="I2: i1 is with two"):
            invariants.check(hands.exchange)
