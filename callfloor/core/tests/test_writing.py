"""Chats, mails and cases on the floor: beside calls, by deadline, each with a note of its own."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callfloor.core import actions, events, facts, invariants, plan
from callfloor.core.tests import centre

pytestmark = pytest.mark.pure

CAPACITY = (("call", 1), ("chat", 3), ("mail", 1))


def floor(*agents: str, beside_call: int = 0, **changes) -> centre.Hands:
    """Make a floor with a queue for each channel, and agents who take of all."""
    queues = [
        centre.queue(),
        centre.queue("chats", channel="chat", tiers=TIER, ring_seconds=60.0, **changes),
        centre.queue("more_chats", channel="chat", tiers=TIER),
        centre.queue("mails", channel="mail", tiers=TIER, goal_seconds=86_400.0),
    ]
    flows = [
        centre.flow(plan.Enqueue(key="wait", queue="billing")),
        centre.flow(plan.Enqueue(key="wait", queue="chats"), key="chats"),
        centre.flow(plan.Enqueue(key="wait", queue="mails"), key="mails"),
    ]
    numbers = [
        plan.NumberPlan(number=number, client="acme", flow=flow, language="en")
        for number, flow in (("900", "main"), ("chat:acme", "chats"), ("a@acme.example", "mails"))
    ]
    hands = centre.Hands(
        centre.floor_plan(
            agents=[
                centre.agent(key, "billing", capacity=CAPACITY, beside_call=beside_call)
                for key in agents
            ],
            queues=queues,
            flows=flows,
            numbers=tuple(numbers),
        )
    )
    hands.seat(*agents)
    return hands


TIER = (plan.TierPlan(after_seconds=0.0, requires=(("billing", 1),)),)


def chat(hands: centre.Hands, item: str, **fields) -> str:
    """Let somebody write."""
    return hands.call(item, channel="chat", called="chat:acme", leg="", **fields)


def mail(hands: centre.Hands, item: str, **fields) -> str:
    """Let a mail come."""
    return hands.call(item, channel="mail", called="a@acme.example", leg="", **fields)


def finish(hands: centre.Hands, agent: str, item: str) -> None:
    """Let an agent be done with something."""
    hands.do(events.WorkFinished(agent=agent, item=item, disposition="done"))
    invariants.check(hands.exchange)


class TestCapacity:
    def test_chats_lie_side_by_side_up_to_the_capacity(self):
        hands = floor("anna")
        for n in range(4):
            chat(hands, f"t{n}")
        for n in range(3):
            assert hands.rings() == {"anna": f"t{n}"}
            hands.answer("anna")
        assert hands.rings() == {}
        finish(hands, "anna", "t1")
        assert hands.rings() == {"anna": "t3"}

    def test_who_writes_gets_no_call_and_who_calls_no_chat_if_the_plan_says_nothing(self):
        """F05: three chats and no telephone, if that is his capacity."""
        hands = floor("anna", "bela")
        chat(hands, "t1")
        hands.answer("anna")
        hands.call("c1")
        assert hands.rings() == {"bela": "c1"}
        hands.answer("bela")
        for n in range(2, 5):
            chat(hands, f"t{n}")
            if hands.rings():
                assert hands.rings() == {"anna": f"t{n}"}
                hands.answer("anna")
        assert hands.rings() == {}

    def test_so_many_chats_lie_beside_a_call_as_the_plan_says(self):
        """With two in hand the call still rings; with three it does not, and in a call no third."""
        hands = floor("anna", beside_call=2)
        for n in range(2):
            chat(hands, f"t{n}")
            hands.answer("anna")
        hands.call("c1")
        assert hands.rings() == {"anna": "c1"}
        hands.answer("anna")
        chat(hands, "t2")
        assert hands.rings() == {}
        finish(hands, "anna", "t0")
        assert hands.rings() == {"anna": "t2"}
        invariants.check(hands.exchange)

    def test_a_call_beside_three_chats_waits_until_one_is_done(self):
        hands = floor("anna", beside_call=2)
        for n in range(3):
            chat(hands, f"t{n}")
            hands.answer("anna")
        hands.call("c1")
        assert hands.rings() == {}
        finish(hands, "anna", "t1")
        assert hands.rings() == {"anna": "c1"}

    def test_a_chat_rings_longer_and_on_no_telephone(self):
        hands = floor("anna")
        chat(hands, "t1")
        [ring] = hands.acted(actions.Ring)
        assert (ring.channel, ring.seconds) == ("chat", 60.0)
        hands.wait(59.0)
        assert hands.rings() == {"anna": "t1"}

    def test_whose_device_is_lost_goes_on_writing(self):
        hands = floor("anna", beside_call=1)
        chat(hands, "t1")
        hands.answer("anna")
        hands.call("c1")
        hands.answer("anna")
        hands.do(events.DeviceLost(agent="anna", leg="leg-anna"))
        hands.wait(30.0)
        invariants.check(hands.exchange)
        assert hands.state("anna") == "talking"
        works = hands.exchange.house.agents["anna"].works
        assert [work.item.id for work in works] == ["t1"]
        assert hands.exchange.house.items["c1"].entry.credit > 0

    def test_whose_device_is_lost_may_take_the_chat_that_rings(self):
        hands = floor("anna", beside_call=1)
        hands.call("c1")
        hands.answer("anna")
        hands.do(events.DeviceLost(agent="anna", leg="leg-anna"))
        chat(hands, "t1")
        hands.wait(15.0)
        invariants.check(hands.exchange)
        hands.answer("anna")
        assert hands.state("anna") == "talking"
        invariants.check(hands.exchange)

    def test_who_signs_out_gives_his_chats_to_the_next_before_all_others(self):
        hands = floor("anna", "bela")
        chat(hands, "t1")
        hands.answer("anna")
        hands.do(events.AwayAsked(agent="bela", reason="lunch"))
        chat(hands, "t0", since=centre.T0 - 900.0)
        hands.do(events.OfferDeclined(agent="anna", offer="t0/1"))
        hands.do(events.AgentSignedOut(agent="anna"))
        hands.do(events.ReadyAsked(agent="bela"))
        assert hands.rings() == {"bela": "t1"}


class TestNote:
    def test_is_written_beside_other_chats_and_keeps_its_disposition(self):
        hands = floor("anna")
        for n in range(2):
            chat(hands, f"t{n}")
            hands.answer("anna")
        hands.do(events.CustomerLeft(item="t0"))
        [note] = hands.said(facts.NoteBegun)
        assert (note.item, note.until) == ("t0", hands.now + 30.0)
        assert hands.state("anna") == "talking"
        hands.wait(12.0)
        finish(hands, "anna", "t0")
        [done] = hands.said(facts.Finished)
        assert (done.disposition, done.wrap_seconds) == ("done", 12.0)

    def test_takes_its_place_until_it_is_written(self):
        hands = floor("anna")
        for n in range(4):
            chat(hands, f"t{n}")
            if hands.rings():
                hands.answer("anna")
        hands.do(events.CustomerLeft(item="t0"))
        assert hands.rings() == {}
        hands.wait(31.0)
        assert hands.rings() == {"anna": "t3"}

    def test_is_all_that_is_left_when_the_last_chat_ends(self):
        hands = floor("anna")
        for n in range(2):
            chat(hands, f"t{n}")
            hands.answer("anna")
        hands.do(events.CustomerLeft(item="t0"))
        hands.do(events.HangUpAsked(agent="anna", item="t1"), after=5.0)
        assert hands.state("anna") == "wrap_up"
        finish(hands, "anna", "t1")
        assert hands.state("anna") == "wrap_up"
        finish(hands, "anna", "t0")
        assert hands.state("anna") == "ready"

    def test_can_be_extended_beside_other_work(self):
        hands = floor("anna")
        for n in range(2):
            chat(hands, f"t{n}")
            hands.answer("anna")
        hands.do(events.CustomerLeft(item="t0"))
        hands.do(events.WrapUpExtended(agent="anna", item="t0"))
        assert hands.said(facts.NoteBegun)[-1].until == hands.now + 60.0

    def test_of_a_call_is_written_beside_the_chats(self):
        hands = floor("anna", beside_call=1)
        chat(hands, "t1")
        hands.answer("anna")
        hands.call("c1")
        hands.answer("anna")
        hands.do(events.CustomerLeft(item="c1"), after=60.0)
        hands.call("c2")
        assert hands.rings() == {}
        finish(hands, "anna", "c1")
        assert hands.rings() == {"anna": "c2"}


class TestDeadline:
    def test_a_mail_stands_in_line_as_if_it_came_an_hour_before_it_is_due(self):
        """Until then everybody who comes goes before it, from then on nobody."""
        hands = floor("anna")
        hands.do(events.AwayAsked(agent="anna", reason="lunch"))
        mail(hands, "soon", due=centre.T0 + 3700.0)
        mail(hands, "late", due=centre.T0 + 80_000.0)
        hands.wait(50.0)
        hands.call("early")
        hands.wait(100.0)
        hands.call("later")
        order = []
        hands.do(events.ReadyAsked(agent="anna"))
        for _ in range(4):
            order.append(hands.rings()["anna"])
            hands.answer("anna")
            hands.do(events.HangUpAsked(agent="anna", item=order[-1]))
            finish(hands, "anna", order[-1])
        assert order == ["early", "soon", "later", "late"]

    def test_without_one_of_its_own_it_is_what_the_queue_promises(self):
        hands = floor("anna")
        mail(hands, "m1", since=centre.T0 - 1000.0)
        assert hands.said(facts.Queued)[-1].due == centre.T0 - 1000.0 + 86_400.0

    def test_it_never_stands_before_the_instant_at_which_it_came(self):
        hands = floor()
        mail(hands, "m1", due=centre.T0 - 50_000.0)
        assert hands.said(facts.Queued)[-1].born_at == centre.T0

    def test_answered_before_it_is_within_the_goal_however_long_it_waited(self):
        hands = floor("anna")
        hands.do(events.AwayAsked(agent="anna", reason="lunch"))
        mail(hands, "m1", due=centre.T0 + 5000.0)
        mail(hands, "m2", due=centre.T0 + 10.0)
        hands.wait(4000.0)
        hands.do(events.ReadyAsked(agent="anna"))
        for _ in range(2):
            hands.answer("anna")
            finish(hands, "anna", hands.said(facts.Bridged)[-1].item)
        told = {fact.item: fact.within_goal for fact in hands.said(facts.Dequeued)}
        assert told == {"m1": True, "m2": False}

    def test_a_full_queue_refuses_a_chat_and_never_a_mail(self):
        hands = floor(length_max=1)
        queues = hands.exchange.house.matcher.queues
        for n in range(3):
            chat(hands, f"t{n}")
            mail(hands, f"m{n}")
        outcomes = [fact.outcome for fact in hands.said(facts.Closed)]
        assert outcomes == ["refused_no_capacity"] * 2
        assert len(queues["mails"].order) == 3


class TestBacklog:
    @settings(max_examples=60, deadline=None)
    @given(
        steps=st.lists(
            st.sampled_from(["chat", "take", "finish", "wait", "leave", "decline"]), max_size=60
        )
    )
    def test_is_given_out_first_come_first_served_whenever_somebody_is_free(self, steps):
        """R18: an agent who frees up gets the oldest that waits, and never a newer one."""
        hands = floor("anna", "bela")
        made = 0
        for step in steps:
            items = hands.exchange.house.items
            works = [work for item in items.values() for work in item.works]
            if step == "chat":
                chat(hands, f"t{made:02}")
                made += 1
            elif step == "wait":
                hands.wait(1.5)
            elif step == "leave" and items:
                hands.do(events.CustomerLeft(item=next(iter(items))))
            elif step == "finish" and works:
                finish(hands, works[0].agent.key, works[0].item.id)
            else:
                answer(hands, step)
            waits = [item.id for item in items.values() if _waits(item)]
            rings = [item.id for item in items.values() if item.entry and item.entry.offer]
            declined = {fact.item for fact in hands.said(facts.RingEnded)}
            older = [key for key in waits if rings and key < max(rings)]
            assert set(older) <= declined
            invariants.check(hands.exchange)


def answer(hands: centre.Hands, step: str) -> None:
    """Let whoever is offered something take it, or not."""
    for key, agent in hands.exchange.house.agents.items():
        if agent.offer is not None and step in ("take", "decline"):
            kind = events.OfferAnswered if step == "take" else events.OfferDeclined
            hands.do(kind(agent=key, offer=agent.offer.id))
            return


def _waits(item) -> bool:
    return item.entry is not None and item.entry.offer is None


class TestTransfer:
    def test_to_a_queue_keeps_the_place_and_leaves_a_note(self):
        hands = floor("anna", "bela")
        chat(hands, "t1")
        hands.answer("anna")
        hands.do(events.TransferAsked(agent="anna", item="t1", queue="more_chats"), after=60.0)
        assert hands.said(facts.Queued)[-1].born_at == centre.T0
        assert hands.rings() == {"bela": "t1"}
        assert hands.state("anna") == "wrap_up"

    def test_to_a_colleague_rings_for_him_alone(self):
        hands = floor("anna", "bela", "cili")
        chat(hands, "t1")
        hands.answer("anna")
        hands.do(events.TransferAsked(agent="anna", item="t1", to_agent="cili"))
        assert hands.rings() == {"cili": "t1"}

    def test_to_a_queue_of_calls_is_refused(self):
        hands = floor("anna")
        chat(hands, "t1")
        hands.answer("anna")
        asked = events.TransferAsked(agent="anna", item="t1", queue="billing")
        assert hands.exchange.refusal(asked) == "wrong_channel"

    def test_what_comes_back_to_him_while_he_writes_his_note_is_one_work(self):
        hands = floor("anna")
        for n in range(2):
            chat(hands, f"t{n}")
            hands.answer("anna")
        hands.do(events.TransferAsked(agent="anna", item="t0", queue="more_chats"))
        hands.answer("anna")
        works = hands.exchange.house.agents["anna"].works
        assert [(work.item.id, work.phase) for work in works] == [
            ("t1", "talking"), ("t0", "talking"),
        ]  # fmt: skip
        invariants.check(hands.exchange)


class TestFlow:
    def test_what_is_written_passes_what_is_said_and_leaves_a_menu_by_its_other_way(self):
        choice = plan.Choice(digit="1", name="help", next="message")
        steps = (
            plan.Notice(key="notice", prompt="notice", next="hello"),
            plan.Say(key="hello", prompt="hello", next="ask"),
            plan.Ask(key="ask", prompt="ask", label="number", next="menu"),
            plan.Menu(key="menu", prompt="menu", choices=(choice,), otherwise="wait"),
            plan.Enqueue(key="wait", queue="chats"),
            plan.TakeMessage(key="message", prompt="message", queue="chats"),
        )
        hands = walked(steps)
        assert [fact.step for fact in hands.said(facts.StepEntered)] == [
            "notice", "hello", "ask", "menu", "wait",
        ]  # fmt: skip
        assert hands.actions == []

    def test_a_message_that_is_asked_for_has_been_written_already(self):
        steps = (plan.TakeMessage(key="message", prompt="message", queue="chats"),)
        hands = walked(steps)
        [closed] = hands.said(facts.Closed)
        assert (closed.outcome, closed.queue) == ("message_left", "chats")
        assert hands.actions == []

    def test_too_long_a_wait_ends_in_a_message(self):
        steps = (
            plan.Enqueue(key="wait", queue="chats"),
            plan.TakeMessage(key="message", prompt="message", queue="chats"),
        )
        hands = walked(steps, wait_seconds_max=120.0, overflow="message")
        hands.wait(121.0)
        assert [fact.outcome for fact in hands.said(facts.Dequeued)] == ["message_left"]
        assert [fact.outcome for fact in hands.said(facts.Closed)] == ["message_left"]
        invariants.check(hands.exchange)

    def test_nobody_calls_an_address_and_an_unknown_one_is_alarmed(self):
        hands = floor()
        hands.call("c1", channel="call", called="chat:acme")
        assert [each.reason for each in hands.acted(actions.Refuse)] == ["no_such_number"]
        chat(hands, "t1")
        hands.call("t2", channel="chat", called="chat:nobody", leg="")
        [alarm] = hands.said(facts.Alarmed)
        assert (alarm.name, alarm.detail) == ("no_such_address", "t2: chat:nobody")
        assert [fact.item for fact in hands.said(facts.Arrived)] == ["t1"]


def walked(steps: tuple[plan.Step, ...], **changes) -> centre.Hands:
    """Let a chat come to a flow of these steps, with nobody there."""
    hands = centre.Hands(
        centre.floor_plan(
            queues=[centre.queue("chats", channel="chat", tiers=TIER, **changes)],
            flows=[centre.flow(*steps)],
            numbers=(
                plan.NumberPlan(number="chat:acme", client="acme", flow="main", language="en"),
            ),
        )
    )
    chat(hands, "t1")
    return hands
