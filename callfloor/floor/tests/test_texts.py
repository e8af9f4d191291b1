"""Chats and mails through the floor: entered once, kept over a kill, refused by name."""

import dataclasses

import pytest

from callfloor.core import events, invariants, plan
from callfloor.floor.tests import stand
from callfloor.floor.tests.test_requests import Desk

pytestmark = pytest.mark.twin

CHAT, MAIL = "chat:acme", "help@acme.example"
TIERS = (plan.TierPlan(after_seconds=0.0, requires=(("help", 1),)),)


def text_plan(**changes):
    """Make the stand's plan with a chat and a mail address, and agents who write."""
    base = stand.stand_plan()
    queues = (
        plan.QueuePlan(key="chats", client="acme", channel="chat", tiers=TIERS, ring_seconds=60.0),
        plan.QueuePlan(
            key="mails", client="acme", channel="mail", tiers=TIERS, goal_seconds=86_400.0
        ),
    )
    flows = tuple(
        plan.FlowPlan(key=key, version=1, first="wait",
                      steps=(plan.Enqueue(key="wait", queue=key),))
        for key in ("chats", "mails")
    )  # fmt: skip
    numbers = tuple(
        plan.NumberPlan(number=number, client="acme", flow=flow, language="en")
        for number, flow in ((CHAT, "chats"), (MAIL, "mails"))
    )
    capacity = (("call", 1), ("chat", 2), ("mail", 1))
    fields = {
        "agents": tuple(
            dataclasses.replace(each, capacity=capacity, beside_call=1) for each in base.agents
        ),
        "queues": base.queues + queues,
        "flows": base.flows + flows,
        "numbers": base.numbers + numbers,
    }
    return dataclasses.replace(base, **{**fields, **changes})


@pytest.fixture
def desk(tmp_path):
    """Start a floor on the stand."""
    return Desk(stand.Stand(tmp_path, floor_plan=text_plan()).start())


def chat(item, **fields):
    """Describe a chat as the worker does."""
    return {"item": item, "channel": "chat", "called": CHAT, "customer": "c1", **fields}


def again(desk):
    """Kill the floor and start another on the same journal."""
    desk.house.journal.close()
    later = stand.Stand(desk.house.folder, floor_plan=desk.house.floor.plan)
    later.now = desk.house.now + 5.0
    return Desk(later.start())


def offer_of(house, agent):
    """Give what rings for an agent."""
    return house.floor.exchange.house.agents[agent].offer


def take(house, agent):
    """Let an agent take what rings for him."""
    house.happen(events.OfferAnswered(agent=agent, offer=offer_of(house, agent).id))


def inputs(desk):
    """Count the arrivals that were journaled."""
    return desk.house.journal.read("SELECT count(*) FROM journal WHERE name = 'ItemArrived'")[0][0]


class TestArrive:
    def test_what_is_offered_again_enters_once(self, desk):
        """Before and after its end, and in one message."""
        desk.ask("texts", items=[chat("t1"), chat("t1")])
        desk.ask("texts", items=[chat("t1")])
        desk.ask("left", items=[{"item": "t1"}])
        assert desk.house.facts("Closed")[-1].outcome == "abandoned_in_queue"
        answer = desk.ask("texts", items=[chat("t1")])
        assert inputs(desk) == 1
        assert answer == [{"type": "done", "id": "1", "seq": desk.house.floor.seq, "refused": {}}]

    def test_it_keeps_the_instant_at_which_it_reached_us(self, desk):
        desk.ask("texts", items=[chat("t1", since=stand.START - 90.0)])
        assert desk.house.facts("Queued")[-1].born_at == stand.START - 90.0

    def test_an_address_that_nobody_knows_is_named_and_not_journaled(self, desk):
        """What came beside it enters all the same."""
        strange = chat("t1", called="chat:other")
        [answer] = desk.ask("texts", items=[strange, chat("t2", called=MAIL), chat("t3")])
        assert answer["refused"] == {"t1": "no_such_address", "t2": "wrong_channel"}
        assert [fact.item for fact in desk.house.facts("Arrived")] == ["t3"]
        assert inputs(desk) == 1

    @pytest.mark.parametrize(
        "fields",
        [{"channel": "call"}, {"called": None}, {"since": "now"}, {"due": float("nan")}],
    )
    def test_an_item_that_says_nonsense_harms_no_other(self, desk, fields):
        [answer] = desk.ask("texts", items=[chat("t1", **fields), chat("t2")])
        assert answer["refused"] == {"t1": "malformed"}
        assert [fact.item for fact in desk.house.facts("Arrived")] == ["t2"]

    def test_a_message_without_items_is_malformed(self, desk):
        for items in (None, ["t1"], [{"item": 7}], [chat(f"t{n}") for n in range(201)]):
            assert desk.ask("texts", items=items)[0]["code"] == "malformed"
        assert inputs(desk) == 0

    def test_a_chat_rings_on_no_telephone_and_needs_no_sound(self, desk):
        house = desk.house
        house.happen(events.AgentSignedIn(agent="anna", ready=True))
        desk.ask("texts", items=[chat("t1")])
        take(house, "anna")
        assert house.facts("Bridged")[-1].agent == "anna"
        assert house.media.asked == []
        assert house.facts("Recognised")[-1].customer == "c1"


class TestLeave:
    def test_lets_nobody_leave_who_calls(self, desk):
        desk.house.receive(stand.invite())
        item = desk.house.facts("Arrived")[-1].item
        assert desk.ask("left", items=[{"item": item}])[0]["type"] == "done"
        assert desk.house.facts("Closed") == []

    def test_ends_the_talk_and_leaves_the_agent_his_note(self, desk):
        house = desk.house
        house.happen(events.AgentSignedIn(agent="anna", ready=True))
        desk.ask("texts", items=[chat("t1")])
        take(house, "anna")
        desk.ask("left", items=[{"item": "t1"}])
        desk.ask("left", items=[{"item": "t1"}])
        assert [fact.ended_by for fact in house.facts("TalkEnded")] == ["customer"]
        house.happen(events.WorkFinished(agent="anna", item="t1", disposition="solved"))
        assert house.facts("Finished")[-1].disposition == "solved"
        assert house.facts("Closed")[-1].outcome == "answered"


class TestAfterAKill:
    """A floor that was killed goes on with every written item where it was."""

    def test_those_who_wait_keep_their_place_and_are_counted_once(self, desk):
        for name, since in (("t1", 0.0), ("t2", -60.0), ("t3", -30.0)):
            desk.ask("texts", items=[chat(name, since=stand.START + since)])
        later = again(desk)
        house = later.house
        assert house.facts("Interrupted") == house.facts("Queued") == []
        order = []
        house.happen(events.AgentSignedIn(agent="anna", ready=True))
        for _ in range(3):
            order.append(offer_of(house, "anna").item.id)
            take(house, "anna")
            house.happen(events.WorkFinished(agent="anna", item=order[-1], disposition="done"))
        assert order == ["t2", "t3", "t1"]
        invariants.check(house.floor.exchange)
        today = house.floor.board.view["queues"]["chats"]["today"]
        assert (today["offered"], today["answered"], today["waiting"]) == (3, 3, 0)

    def test_who_had_a_chat_in_hand_gets_it_back_before_all_others(self, desk):
        house = desk.house
        for agent in ("anna", "bela"):
            house.happen(events.AgentSignedIn(agent=agent, ready=True))
        desk.ask("texts", items=[chat("t1")])
        taker = "anna" if offer_of(house, "anna") is not None else "bela"
        other = "bela" if taker == "anna" else "anna"
        take(house, taker)
        house.happen(events.AwayAsked(agent=other, reason="lunch"))
        desk.ask("texts", items=[chat("t2", since=stand.START - 500.0)])
        if offer_of(house, taker) is not None:
            house.happen(events.OfferDeclined(agent=taker, offer=offer_of(house, taker).id))
        later = again(desk).house
        assert offer_of(later, taker).item.id == "t1"
        [ended] = later.facts("TalkEnded")
        assert (ended.agent, ended.ended_by) == (taker, "lost")
        assert [fact.item for fact in later.facts("Queued")] == ["t1"]
        take(later, taker)
        later.happen(events.WorkFinished(agent=taker, item="t1", disposition="done"))
        assert later.facts("Closed")[-1].outcome == "answered"
        invariants.check(later.floor.exchange)

    def test_what_was_in_hand_goes_to_another_if_its_agent_does_not_come_back(self, desk):
        house = desk.house
        house.happen(events.AgentSignedIn(agent="anna", ready=True))
        desk.ask("texts", items=[chat("t1")])
        take(house, "anna")
        later = again(desk).house
        later.happen(events.OfferDeclined(agent="anna", offer=offer_of(later, "anna").id))
        later.happen(events.AgentSignedIn(agent="bela", ready=True))
        assert offer_of(later, "bela").item.id == "t1"

    def test_a_note_that_was_being_written_is_over_and_the_chat_is_closed(self, desk):
        house = desk.house
        house.happen(events.AgentSignedIn(agent="anna", ready=True))
        desk.ask("texts", items=[chat("t1")])
        take(house, "anna")
        desk.ask("left", items=[{"item": "t1"}])
        later = again(desk).house
        assert [(f.item, f.outcome) for f in later.facts("Closed")] == [("t1", "answered")]
        assert [f.agent for f in later.facts("Finished")] == ["anna"]
        assert later.floor.exchange.house.items == {}

    def test_a_mail_keeps_its_deadline(self, desk):
        due = stand.START + 50_000.0
        desk.ask("texts", items=[{"item": "m1", "channel": "mail", "called": MAIL, "due": due}])
        later = again(again(desk))
        [item] = later.house.floor.exchange.house.items.values()
        assert (item.due, item.entry.key) == (due, due - 3600.0)

    def test_two_kills_in_a_row_count_nothing_twice(self, desk):
        house = desk.house
        house.happen(events.AgentSignedIn(agent="anna", ready=True))
        desk.ask("texts", items=[chat("t1"), chat("t2")])
        take(house, "anna")
        later = again(again(desk)).house
        today = later.floor.board.view["queues"]["chats"]["today"]
        assert today["offered"] == today["answered"] + today["waiting"] == 3
        invariants.check(later.floor.exchange)
