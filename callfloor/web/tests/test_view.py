"""What each reader may see of the board: nothing foreign, and patches that lead to the whole."""

import dataclasses
import json
import random
from pathlib import Path

import pytest

from callfloor.core import events
from callfloor.kernel.access import Rights
from callfloor.web import deskview, supervision, view
from callfloor.web.groups import Changed, Group, Reader
from callfloor.web.tests import small
from callfloor.web.tests.stage import Stage
from callfloor.web.view import Names, Sight

pytestmark = pytest.mark.page

NAMES = Names(
    agents={"anna": "Anna"},
    queues={},
    clients={},
    clients_of={
        "anna": frozenset({"acme", "zeta"}),
        "bela": frozenset({"acme"}),
        "zoe": frozenset({"zeta"}),
    },
)
ACME = Sight(kind="floor", clients=frozenset({"acme"}))
ZETA = Sight(kind="floor", clients=frozenset({"zeta"}))


@pytest.fixture
def stage():
    return small.stage()


def talk(stage, called="901"):
    """Let anna take a call."""
    stage.seat("anna")
    item = stage.arrive(called)
    offer = stage.board.view["items"][item]["offer"]
    stage.happen(events.OfferAnswered(agent="anna", offer=offer))
    return item


def test_a_shared_agents_other_work_is_busy_and_no_more(stage):
    item = talk(stage)
    row = view.whole(stage.board.view, ACME, NAMES)["agents"]["anna"]
    assert (row["state"], row["queue"], row["until"]) == ("busy", None, None)
    assert item not in json.dumps(view.whole(stage.board.view, ACME, NAMES))
    assert view.whole(stage.board.view, ZETA, NAMES)["agents"]["anna"]["state"] == "talking"


@pytest.fixture
def writing():
    """Let anna answer a chat of acme."""
    stage = Stage(small.writing_plan(), data=Path(), now=small.NOW)
    stage.seat("anna")
    stage.happen(events.ItemArrived(item="t1", channel="chat", called="chat:acme", leg=""))
    offer = stage.board.view["agents"]["anna"]["offer"]["id"]
    stage.happen(events.OfferAnswered(agent="anna", offer=offer))
    return stage


def test_queues_say_their_channel_for_figures_of_calls_count_calls(writing):
    for kind in ("floor", "wallboard"):
        sight = Sight(kind=kind, clients=frozenset({"acme"}))
        queues = view.whole(writing.board.view, sight, NAMES)["queues"]
        assert {key: row["channel"] for key, row in queues.items()} == {
            "help": "call", "chats": "chat",
        }  # fmt: skip


def test_nobody_talks_in_a_letter_and_nobody_hears_into_it(writing):
    sight = Sight(kind="floor", clients=frozenset({"acme"}), supervises=True)
    row = view.whole(writing.board.view, sight, NAMES)["agents"]["anna"]
    assert (row["state"], row["channel"], row["queue"]) == ("writing", "chat", "chats")
    assert "call" not in row
    wallboard = Sight(kind="wallboard", clients=frozenset({"acme"}))
    seen = view.whole(writing.board.view, wallboard, NAMES)["agents"]["anna"]
    assert seen == {"state": "writing"}


class TestHidden:
    """A contact in which somebody complains about a reader is a count to him, and no more."""

    SIGHT = Sight(
        kind="floor",
        clients=frozenset({"acme"}),
        supervises=True,
        hidden=frozenset({"t1"}),
        reader="lea",
    )

    def test_whoever_works_on_it_is_busy_and_its_queue_counts_it(self, writing):
        board = writing.board.view
        open_ = dataclasses.replace(self.SIGHT, hidden=frozenset(), reader=None)
        assert view.whole(board, open_, NAMES)["agents"]["anna"]["queue"] == "chats"
        seen = view.whole(board, self.SIGHT, NAMES)
        row = seen["agents"]["anna"]
        assert (row["state"], row["queue"], row["until"]) == ("busy", None, None)
        assert not {"call", "channel", "direction"} & set(row)
        assert "t1" not in json.dumps(seen)
        assert seen["queues"] == view.whole(board, open_, NAMES)["queues"]

    def test_what_waits_is_counted(self, writing):
        writing.happen(events.AwayAsked(agent="anna", reason="lunch"))
        for item in ("t2", "t3"):
            writing.happen(
                events.ItemArrived(item=item, channel="chat", called="chat:acme", leg="")
            )
        sight = dataclasses.replace(self.SIGHT, hidden=frozenset({"t2"}))
        seen = view.whole(writing.board.view, sight, NAMES)
        assert seen["queues"]["chats"]["waiting"] == 2
        assert "t2" not in json.dumps(seen)

    def test_what_he_works_on_himself_stays_his(self, writing):
        sight = dataclasses.replace(self.SIGHT, reader="anna")
        row = view.whole(writing.board.view, sight, NAMES)["agents"]["anna"]
        assert (row["state"], row["queue"]) == ("writing", "chats")
        desk = deskview.desk(writing.board.view, "anna", clients=sight.clients, names=NAMES)
        assert [text["id"] for text in desk["texts"]] == ["t1"]

    def test_he_hears_into_it_no_more_and_not_at_all(self, stage):
        item = talk(stage, called="900")
        rights = Rights(
            person="bela", clients=frozenset({"acme"}), permissions=frozenset({"floor.supervise"})
        )
        asked = events.SuperviseAsked(agent="bela", item=item, of="anna", mode="listen")
        board = stage.board.view
        for hidden, may in ((frozenset(), True), (frozenset({item}), False)):
            assert supervision.may(board, rights, asked, leader="bela", hidden=hidden) == may
        stage.seat("bela")
        stage.happen(asked)
        taken = events.TakeOverAsked(agent="bela", item=item)
        board = stage.board.view
        for hidden, ended in ((frozenset(), None), (frozenset({item}), item)):
            given = {"leader": "bela", "hidden": hidden}
            assert supervision.ended_by_rights(board, rights, **given) == ended
            assert supervision.may(board, rights, taken, **given) == (ended is None)


def test_foreign_queues_and_people_are_not_there(stage):
    seen = view.whole(stage.board.view, ACME, NAMES)
    assert set(seen["queues"]) == {"help"}
    assert set(seen["agents"]) == {"anna", "bela"}


def test_a_leader_sees_the_own_team_only(stage):
    sight = Sight(kind="floor", clients=frozenset({"acme"}), team="day")
    assert set(view.whole(stage.board.view, sight, NAMES)["agents"]) == {"anna"}


def test_no_sealed_value_and_no_token_leaves(stage):
    stage.seat("bela")
    stage.happen(
        events.ItemArrived(
            item="i", channel="call", called="900", leg="l", caller="tok" * 8, sealed="SEALED"
        )
    )
    for kind in ("floor", "wallboard"):
        sight = Sight(kind=kind, clients=frozenset({"acme", "zeta"}))
        text = json.dumps(view.whole(stage.board.view, sight, NAMES))
        assert "SEALED" not in text
        assert "toktok" not in text


class Browser:
    """Merges patches as `live.js` does."""

    def __init__(self, group):
        self.view = json.loads(json.dumps(group._view))

    def take(self, message):
        for event in message.decode().split("\n\n"):
            if "event: patch" in event:
                self.merge(json.loads(event.partition("data: ")[2]))

    def merge(self, patch):
        patch.pop("now")
        for section, rows in patch.items():
            if not isinstance(rows, dict):
                self.view[section] = rows
                continue
            for key, row in rows.items():
                if row is None:
                    self.view[section].pop(key, None)
                else:
                    self.view[section][key] = row


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("kind", ["floor", "wallboard"])
def test_a_screen_after_events_is_the_screen_freshly_loaded(seed, kind):
    """I10, for random days of calls."""
    stage = small.stage()
    sight = Sight(kind=kind, clients=frozenset({"acme"}))
    group = Group(sight)
    group.reset(stage.board.view, NAMES, id_="1-0")
    reader, browser = Reader(), Browser(group)
    group.readers.add(reader)
    dice = random.Random(seed)
    for number in range(60):
        changed = Changed()
        with stage.noting(changed):
            small.something(stage, dice)
        group.update(stage.board.view, NAMES, changed, id_=f"1-{number + 1}", now=0.0)
        messages, is_behind = reader.take()
        assert not is_behind
        browser.take(messages)
    whole = json.loads(json.dumps(view.whole(stage.board.view, sight, NAMES)))
    assert browser.view == whole


class TestReader:
    def test_a_slow_one_gets_a_snapshot_instead_of_a_backlog(self):
        reader = Reader()
        for _ in range(200):
            reader.push(b"x" * 100)
        assert reader.take() == (b"", True)
        reader.push(b"next")
        assert reader.take() == (b"next", False)

    def test_a_few_large_messages_are_bounded_too(self):
        reader = Reader()
        for _ in range(3):
            reader.push(b"x" * 500_000)
        assert reader.take() == (b"", True)


class TestMissed:
    def test_one_who_comes_back_gets_only_what_he_missed(self, stage):
        group = Group(ACME)
        group.reset(stage.board.view, NAMES, id_="1-0")
        for number, agent in enumerate(("anna", "bela"), start=1):
            changed = Changed()
            with stage.noting(changed):
                stage.happen(events.AgentSignedIn(agent=agent))
            group.update(stage.board.view, NAMES, changed, id_=f"1-{number}", now=0.0)
        assert b'"bela"' in group.missed("1-1")
        assert b'"anna"' not in group.missed("1-1")
        assert group.missed("1-2") == b""
        assert group.missed("0-9") is None
