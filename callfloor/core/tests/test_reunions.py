"""A customer who calls in while his callback waits is one item, not two."""

from typing import Any

import pytest

from callfloor.core import actions, events, facts, invariants
from callfloor.core.tests import centre
from callfloor.core.tests.test_outward import floor

pytestmark = pytest.mark.pure


def asked(hands: centre.Hands, item: str = "b1", **fields: Any) -> None:
    """Let somebody have asked to be called back five minutes ago."""
    values: dict[str, Any] = {
        "queue": "billing",
        "born_at": centre.T0 - 300.0,
        "caller": "token",
    } | fields
    hands.do(
        events.CallbackArrived(
            item=item, leg=f"leg-{item}", client="acme", of="i9", language="hu", zone="near",
            sealed="number", **values,
        )
    )  # fmt: skip


def busy() -> centre.Hands:
    """Give a floor whose only agent is at lunch."""
    hands = floor()
    hands.do(events.AwayAsked(agent="anna", reason="lunch"))
    return hands


class TestCallsIn:
    """F09: one item, not two."""

    def test_he_takes_the_callbacks_place_and_it_is_withdrawn_with_a_reason(self):
        hands = busy()
        asked(hands)
        first = hands.call("before")
        his = hands.call("his", caller="token")
        invariants.check(hands.exchange)
        (held,) = hands.said(facts.CallbackHeld)
        assert (held.item, held.by) == ("b1", his)
        queued = hands.said(facts.Queued)[-1]
        assert (queued.item, queued.position, queued.born_at) == (his, 1, centre.T0 - 300.0)
        hands.do(events.ReadyAsked(agent="anna"), after=30)
        assert hands.rings() == {"anna": his}
        hands.answer("anna")
        (withdrawn,) = hands.said(facts.CallbackWithdrawn)
        assert (withdrawn.item, withdrawn.reason, withdrawn.by) == ("b1", "customer_called", his)
        (closed,) = hands.said(facts.Closed)
        assert (closed.item, closed.outcome) == ("b1", "diverted")
        assert set(hands.exchange.house.items) == {first, his}
        assert hands.acted(actions.Dial) == []
        assert hands.exchange.house.promised == {}

    def test_the_explain_record_says_whose_place_it_is(self):
        hands = busy()
        asked(hands)
        hands.call("his", caller="token")
        why = {fact.item: fact.why for fact in hands.said(facts.Explained)}
        assert why["b1"]["nobody"] == "customer_calls"
        place = next(fact.why for fact in hands.said(facts.Explained) if fact.item == "his")
        assert place == {
            "rule": "callbacks_place", "callback": "b1", "since": centre.T0 - 300.0,
        }  # fmt: skip

    def test_if_he_hangs_up_before_an_answer_the_callback_stands_again(self):
        """At the place it had, and somebody calls him."""
        hands = busy()
        asked(hands)
        his = hands.call("his", caller="token")
        hands.do(events.CustomerLeft(item=his), after=20)
        (returned,) = hands.said(facts.CallbackReturned)
        assert (returned.item, returned.by) == ("b1", his)
        hands.wait(0.0)
        invariants.check(hands.exchange)
        queued = hands.said(facts.Queued)[-1]
        assert (queued.item, queued.born_at) == ("b1", centre.T0 - 300.0)
        hands.do(events.ReadyAsked(agent="anna"))
        assert hands.rings() == {"anna": "b1"}
        waits = [(fact.item, fact.outcome) for fact in hands.said(facts.Dequeued)]
        assert waits == [("b1", "diverted"), (his, "abandoned_in_queue")]

    def test_it_no_longer_rings_for_an_agent(self):
        """She was just about to call who is calling."""
        hands = floor()
        asked(hands)
        assert hands.rings() == {"anna": "b1"}
        his = hands.call("his", caller="token")
        assert hands.said(facts.RingEnded)[-1].outcome == "withdrawn"
        assert hands.rings() == {"anna": his}

    def test_between_two_tries_he_has_its_place_too_and_the_next_try_waits(self):
        hands = floor()
        asked(hands)
        hands.answer("anna")
        hands.do(events.DialFailed(item="b1", leg="leg-b1", reason="busy"))
        hands.do(events.WorkFinished(agent="anna", item="b1", disposition="later"), after=10)
        hands.do(events.AwayAsked(agent="anna", reason="lunch"))
        his = hands.call("his", caller="token")
        assert hands.said(facts.Queued)[-1].born_at == centre.T0 - 300.0
        hands.wait(900.0)
        assert hands.exchange.house.items["b1"].entry is None
        hands.do(events.CustomerLeft(item=his))
        hands.wait(0.0)
        assert hands.said(facts.Queued)[-1].item == "b1"

    def test_whose_line_was_busy_because_he_called_is_not_called_again(self):
        """Both dialed at once: his call is answered, and that is all he wanted."""
        hands = floor("ben")
        hands.do(events.AwayAsked(agent="ben", reason="lunch"))
        asked(hands)
        hands.answer("anna")
        his = hands.call("his", caller="token")
        hands.do(events.DialFailed(item="b1", leg="leg-b1", reason="busy"))
        invariants.check(hands.exchange)
        hands.do(events.ReadyAsked(agent="ben"))
        hands.answer("ben")
        assert hands.said(facts.CallbackWithdrawn)[0].by == his
        hands.do(events.WorkFinished(agent="anna", item="b1", disposition="later"))
        assert hands.said(facts.Closed)[0].outcome == "diverted"

    def test_about_another_matter_leaves_the_callback_its_place(self):
        """What another queue answers is not what he waits for; it stands again afterwards."""
        hands = busy()
        asked(hands, queue="sales")
        his = hands.call("his", caller="token")
        assert hands.said(facts.Queued)[-1].born_at == centre.T0
        hands.do(events.ReadyAsked(agent="anna"))
        hands.answer("anna")
        assert hands.said(facts.CallbackWithdrawn) == []
        hands.do(events.CustomerLeft(item=his), after=60)
        hands.wait(0.0)
        assert hands.said(facts.Queued)[-1].item == "b1"

    def test_somebody_else_is_somebody_else(self):
        """Another number, no number, another client's customer of the same number."""
        hands = busy()
        asked(hands)
        hands.call("one", caller="other")
        hands.call("two")
        assert hands.said(facts.CallbackHeld) == []

    def test_twice_he_is_waited_for_until_both_calls_are_over(self):
        hands = busy()
        asked(hands)
        one, two = hands.call("one", caller="token"), hands.call("two", caller="token")
        hands.do(events.CustomerLeft(item=one), after=5)
        invariants.check(hands.exchange)
        assert [fact.by for fact in hands.said(facts.CallbackHeld)] == [one, two]
        hands.do(events.CustomerLeft(item=two), after=5)
        hands.wait(0.0)
        assert hands.said(facts.Queued)[-1].item == "b1"


class TestAsksTwice:
    def test_two_callbacks_of_one_number_in_one_queue_are_one(self):
        hands = busy()
        asked(hands)
        asked(hands, "b2", born_at=centre.T0)
        (joined,) = hands.said(facts.CallbackJoined)
        assert (joined.item, joined.of) == ("b1", "i9")
        assert set(hands.exchange.house.items) == {"b1"}

    def test_in_two_queues_they_are_two(self):
        hands = busy()
        asked(hands)
        asked(hands, "b2", queue="sales")
        assert set(hands.exchange.house.items) == {"b1", "b2"}

    def test_who_asks_again_in_the_call_that_took_its_place_waits_where_he_waited(self):
        hands = busy()
        asked(hands)
        his = hands.call("his", caller="token")
        hands.do(events.CustomerLeft(item=his), after=5)
        asked(hands, "b2", born_at=centre.T0)
        hands.wait(0.0)
        assert set(hands.exchange.house.items) == {"b1"}
        assert hands.said(facts.Queued)[-1].born_at == centre.T0 - 300.0

    def test_nobody_without_a_number_is_taken_for_another(self):
        hands = busy()
        asked(hands, caller=None)
        asked(hands, "b2", caller=None)
        assert set(hands.exchange.house.items) == {"b1", "b2"}


class TestStart:
    def test_what_stood_aside_when_the_floor_ended_stands_again(self):
        """The call was cut; the callback is what is left of him."""
        hands = busy()
        hands.do(
            events.ItemRestored(
                item="b1", channel="call", client="acme", called="", arrived_at=centre.T0 - 300.0,
                queue="billing", entries=1, rest_until=centre.T0 - 10.0, direction="callback",
                leg="leg-b1", zone="near", sealed="number", caller="token", interrupted=False,
            )
        )  # fmt: skip
        hands.wait(0.0)
        assert hands.said(facts.Queued)[-1].born_at == centre.T0 - 300.0
        hands.call("his", caller="token")
        assert hands.said(facts.CallbackHeld)[0].item == "b1"
