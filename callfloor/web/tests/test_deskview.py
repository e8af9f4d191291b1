"""What an agent's desk shows of a call of more than two, and what it never shows."""

import random
from pathlib import Path

import pytest

from callfloor.core import events
from callfloor.web import deskview, view
from callfloor.web.groups import Changed
from callfloor.web.tests import small
from callfloor.web.tests.stage import Stage
from callfloor.web.view import Names, Sight

pytestmark = pytest.mark.page

NAMES = Names(
    agents={"anna": "Anna", "bela": "Bela"},
    queues={"help": "Help"},
    clients={"acme": "Acme"},
    clients_of={
        "anna": frozenset({"acme", "zeta"}),
        "bela": frozenset({"acme"}),
        "zoe": frozenset({"zeta"}),
    },
)
ACME = frozenset({"acme"})


@pytest.fixture
def stage():
    """Let anna talk with a caller of acme, and bela be there."""
    stage = small.stage()
    stage.seat("anna")
    stage.arrive("900")
    stage.happen(events.OfferAnswered(agent="anna", offer=offer(stage, "anna")["id"]))
    stage.happen(events.AgentSignedIn(agent="bela"))
    stage.happen(events.DeviceUp(agent="bela", leg="leg-b"))
    return stage


def item_of(stage):
    (item,) = stage.board.view["items"]
    return item


def offer(stage, agent):
    return stage.board.view["agents"][agent]["offer"]


def desk(stage, agent):
    return deskview.desk(stage.board.view, agent, clients=ACME, names=NAMES)


def ask(stage, *, answered=True):
    """Let anna ask bela about her customer."""
    item = item_of(stage)
    stage.happen(events.ConsultAsked(agent="anna", item=item, to_agent="bela"))
    if answered:
        stage.happen(events.OfferAnswered(agent="bela", offer=offer(stage, "bela")["id"]))
    return item


class TestWriting:
    """What is written stands beside the call, with what is needed to take and to finish it."""

    @pytest.fixture
    def writing(self):
        """Let anna talk with a caller and have a chat in hand, while another is offered."""
        stage = Stage(small.writing_plan(), data=Path(), now=small.NOW)
        stage.seat("anna")
        self.write(stage, "t1")
        stage.happen(events.OfferAnswered(agent="anna", offer=offer(stage, "anna")["id"]))
        stage.arrive("900")
        stage.happen(events.OfferAnswered(agent="anna", offer=offer(stage, "anna")["id"]))
        self.write(stage, "t2")
        return stage

    def write(self, stage, item):
        stage.happen(
            events.ItemArrived(
                item=item, channel="chat", called="chat:acme", leg="", customer="c1", language="en"
            )
        )

    def test_beside_a_call_stand_what_is_in_hand_and_what_is_offered(self, writing):
        seen = desk(writing, "anna")
        assert seen["item"]["direction"] == "in"
        assert seen["item"]["id"] not in ("t1", "t2")
        mine, offered = seen["texts"]
        assert (mine["id"], mine["state"], mine["offer"], mine["channel"]) == (
            "t1", "talking", None, "chat",
        )  # fmt: skip
        assert (mine["customer"], mine["client_name"], mine["queue"]) == ("c1", "Acme", "chats")
        assert (offered["id"], offered["state"]) == ("t2", "offered")
        assert offered["offer"] == seen["me"]["offer"]["id"]
        assert seen["me"]["offer"]["channel"] == "chat"

    def test_a_call_has_a_clock_and_a_note_of_its_own(self, writing):
        """What rings beside it hides no call, and what is written beside it no note."""
        call, talking = self.talking(writing)
        assert desk(writing, "anna")["me"]["state"] == "ringing"
        writing.now += 7.0
        writing.happen(events.OfferAnswered(agent="anna", offer=offer(writing, "anna")["id"]))
        assert desk(writing, "anna")["me"]["since"] > talking["since"]
        assert desk(writing, "anna")["item"]["work"] == talking
        writing.happen(events.CustomerLeft(item=call))
        seen = desk(writing, "anna")
        assert (seen["me"]["state"], seen["item"]["work"]["state"]) == ("talking", "wrap_up")
        assert seen["item"]["work"]["until"] > writing.now

    def talking(self, writing):
        """Return the call in hand, and what she does with it."""
        item = desk(writing, "anna")["item"]
        assert (item["work"]["state"], item["work"]["until"]) == ("talking", None)
        return item["id"], item["work"]

    def test_a_note_tells_until_when(self, writing):
        writing.happen(events.CustomerLeft(item="t1"))
        mine = desk(writing, "anna")["texts"][0]
        assert (mine["state"], mine["until"]) == ("wrap_up", writing.now + 30.0)

    def test_the_end_of_a_chat_touches_no_call_and_no_offer(self, writing):
        before = desk(writing, "anna")
        writing.happen(events.WorkFinished(agent="anna", item="t1", disposition="done"))
        after = desk(writing, "anna")
        assert [row["id"] for row in after["texts"]] == ["t2"]
        assert (after["item"], after["me"]["offer"]) == (before["item"], before["me"]["offer"])
        assert after["me"]["part"] == "serves"

    def test_who_only_writes_may_leave_and_who_talks_may_not(self, writing):
        board = writing.board.view
        assert deskview.on_a_call(board, "anna")
        call = desk(writing, "anna")["item"]["id"]
        writing.happen(events.OfferDeclined(agent="anna", offer=offer(writing, "anna")["id"]))
        writing.happen(events.CustomerLeft(item=call))
        writing.happen(events.WorkFinished(agent="anna", item=call, disposition="done"))
        assert desk(writing, "anna")["item"] is None
        assert not deskview.on_a_call(board, "anna")

    def test_queues_of_other_channels_are_named_for_handing_on(self, writing):
        found = deskview.whom(writing.board.view, "anna", clients=ACME, names=NAMES)
        assert [row["key"] for row in found["queues"]] == ["help"]
        assert [(row["key"], row["channel"]) for row in found["text_queues"]] == [("chats", "chat")]


class TestConsultation:
    def test_while_it_rings_both_see_who_asks_whom(self, stage):
        ask(stage, answered=False)
        mine, theirs = desk(stage, "anna"), desk(stage, "bela")
        assert (mine["item"]["consult"]["name"], mine["item"]["consult"]["state"]) == (
            "Bela",
            "ringing",
        )
        assert (theirs["me"]["offer"]["kind"], theirs["me"]["offer"]["by_name"]) == (
            "consult",
            "Anna",
        )
        assert mine["me"]["state"] == "talking"

    def test_whoever_answers_is_asked_and_does_not_serve(self, stage):
        ask(stage)
        assert desk(stage, "anna")["item"]["consult"]["state"] == "talking"
        assert desk(stage, "anna")["me"]["part"] == "serves"
        assert desk(stage, "bela")["me"]["part"] == "asked"
        assert desk(stage, "bela")["me"]["offer"] is None

    def test_a_colleague_who_declines_is_told_to_the_one_who_asked(self, stage):
        ask(stage, answered=False)
        stage.happen(events.OfferDeclined(agent="bela", offer=offer(stage, "bela")["id"]))
        shown = desk(stage, "anna")
        assert (shown["me"]["asked"]["outcome"], shown["me"]["asked"]["name"]) == (
            "declined",
            "Bela",
        )
        assert shown["item"]["consult"] is None
        assert desk(stage, "bela")["item"] is None

    def test_after_the_transfer_the_customer_is_the_colleagues(self, stage):
        item = ask(stage)
        stage.happen(events.TransferCompleted(agent="anna", item=item))
        assert desk(stage, "bela")["me"]["part"] == "serves"
        assert desk(stage, "bela")["item"]["agent"] == "bela"
        assert desk(stage, "anna")["me"]["state"] == "wrap_up"

    def test_in_a_conference_everybody_sees_the_others(self, stage):
        item = ask(stage)
        stage.happen(events.ConferenceAsked(agent="anna", item=item))
        assert [each["name"] for each in desk(stage, "anna")["item"]["parties"]] == ["Bela"]
        assert desk(stage, "bela")["me"]["part"] == "joins"
        stage.happen(events.ConferenceLeft(agent="anna", item=item))
        assert desk(stage, "bela")["me"]["part"] == "serves"
        assert desk(stage, "bela")["item"]["parties"] == []


class TestColleague:
    def test_a_colleagues_call_looks_like_one(self, stage):
        stage.happen(events.CustomerLeft(item=item_of(stage)))
        stage.happen(
            events.WorkFinished(
                agent="anna", item=stage.board.view["agents"]["anna"]["item"], disposition="solved"
            )
        )
        call = events.CallAsked(agent="anna", item="own", leg="", client="acme", to_agent="bela")
        assert stage.exchange.refusal(call) is None
        stage.happen(call)
        shown = desk(stage, "bela")
        assert (shown["me"]["offer"]["kind"], shown["me"]["offer"]["by"]) == ("colleague", "anna")
        assert shown["item"]["direction"] == "internal"
        stage.happen(events.OfferAnswered(agent="bela", offer=shown["me"]["offer"]["id"]))
        assert desk(stage, "anna")["me"]["state"] == desk(stage, "bela")["me"]["state"] == "talking"


class TestSupervision:
    @pytest.fixture
    def leader(self, stage):
        """Let bela hear into anna's call."""
        item = item_of(stage)
        stage.happen(events.SuperviseAsked(agent="bela", item=item, of="anna", mode="listen"))
        return "bela"

    def mode(self, stage, mode):
        item = item_of(stage)
        stage.happen(events.SuperviseAsked(agent="bela", item=item, of="anna", mode=mode))

    def test_the_leader_sees_what_he_hears(self, stage, leader):
        hears = desk(stage, leader)["me"]["hears"]
        assert (hears["name"], hears["mode"], hears["item"]) == ("Anna", "listen", item_of(stage))

    def test_the_agent_is_told_of_who_speaks_and_not_of_who_listens(self, stage, leader):
        assert desk(stage, "anna")["item"]["helpers"] == []
        self.mode(stage, "whisper")
        assert desk(stage, "anna")["item"]["helpers"] == [{"name": "Bela", "mode": "whisper"}]

    def test_only_those_see_it_on_the_floor_who_may_do_it(self, stage, leader):
        board = stage.board.view
        blind = view.whole(board, Sight(kind="floor", clients=ACME), NAMES)
        seeing = view.whole(board, Sight(kind="floor", clients=ACME, supervises=True), NAMES)
        assert "call" not in blind["agents"]["anna"]
        assert (blind["agents"]["bela"]["hears"], blind["agents"]["bela"]["queue"]) == (None, None)
        assert seeing["agents"]["bela"]["hears"] == "Anna"
        heard = seeing["agents"]["anna"]["call"]["heard_by"]
        assert heard == [{"key": "bela", "name": "Bela", "mode": "listen"}]

    def test_it_is_over_with_the_call(self, stage, leader):
        stage.happen(events.CustomerLeft(item=item_of(stage)))
        assert desk(stage, leader)["me"]["hears"] is None


def anything(stage, dice):
    """Let something happen that may happen now: what two agents can do with a caller, or a day."""
    board, item = stage.board.view, next(iter(stage.board.view["items"]), None)
    rows = board["agents"]
    talking = [key for key in ("anna", "bela") if rows[key]["state"] == "talking"]
    if not talking or item is None or dice.random() < 0.4:
        small.something(stage, dice)
        return
    agent = dice.choice(talking)
    item, other = rows[agent]["item"], "bela" if agent == "anna" else "anna"
    asked = events.ConsultAsked(agent=agent, item=item, to_agent=other)
    taken = rows[other]["offer"]
    answered = events.OfferAnswered(agent=other, offer=taken["id"]) if taken else asked
    supervised = events.SuperviseAsked(agent="zoe", item=item, of=agent, mode="whisper")
    happens = (
        *(asked, answered, supervised, events.HoldAsked(agent=agent, item=item)),
        events.MuteAsked(agent=agent, item=item, muted=dice.random() < 0.5),
        events.ResumeAsked(agent=agent, item=item),
        events.TransferCompleted(agent=agent, item=item),
        events.ConferenceAsked(agent=agent, item=item),
        events.ConferenceLeft(agent=agent, item=item),
        events.SuperviseEnded(agent="zoe", item=item),
        events.RecordingPauseAsked(agent=agent, item=item),
        events.HelpAsked(agent=agent, on=dice.random() < 0.5),
    )
    stage.happen(dice.choice(happens))


@pytest.mark.parametrize("seed", range(12))
def test_a_desk_that_no_fact_touched_is_the_desk_freshly_loaded(seed):
    """I10: only touched desks are made anew, so untouched ones must not differ but in the count."""
    stage, dice = small.stage(), random.Random(seed)
    sent = {key: desk(stage, key) for key in ("anna", "bela", "zoe")}
    kept = 0
    for _ in range(120):
        changed = Changed()
        with stage.noting(changed):
            anything(stage, dice)
        for agent, view_ in sent.items():
            fresh = desk(stage, agent)
            if deskview.is_touched(view_, agent, changed):
                sent[agent] = fresh
            else:
                kept += 1
                assert view_ | {"waiting": fresh["waiting"]} == fresh
    assert kept > 50


def test_whom_to_ask_are_colleagues_of_shared_clients_and_their_queues(stage):
    found = deskview.whom(stage.board.view, "bela", clients=ACME, names=NAMES)
    assert [(row["key"], row["state"]) for row in found["agents"]] == [("anna", "talking")]
    assert [row["key"] for row in found["queues"]] == ["help"]
