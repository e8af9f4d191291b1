"""What the floor page shows a leader of help and emergencies, and a desk of who listens."""

import dataclasses

import pytest

from callfloor.core import events
from callfloor.core.board import Board
from callfloor.core.facts import EmergencyChanged
from callfloor.web import deskview, view
from callfloor.web.groups import Changed, Group
from callfloor.web.tests import small
from callfloor.web.view import Emergency, Names, Sight

pytestmark = pytest.mark.page

NAMES = Names(
    agents={"anna": "Anna", "bela": "Bela", "lea": "Lea"},
    queues={},
    clients={},
    clients_of={"anna": frozenset({"acme", "zeta"}), "bela": frozenset({"acme"})},
    emergencies={
        "fire": Emergency(name="Fire", clients=frozenset({"acme", "zeta"})),
        "storm": Emergency(name="Storm", clients=frozenset({"zeta"})),
    },
)
ACME = Sight(kind="floor", clients=frozenset({"acme"}))


@pytest.fixture
def stage():
    """Let anna talk with a caller of acme."""
    made = small.stage()
    made.seat("anna")
    made.arrive("900")
    offer = made.board.view["agents"]["anna"]["offer"]["id"]
    made.happen(events.OfferAnswered(agent="anna", offer=offer))
    return made


class TestHelp:
    def test_is_shown_to_the_leader_and_on_the_own_desk(self, stage):
        stage.happen(events.HelpAsked(agent="anna", on=True))
        since = stage.board.view["agents"]["anna"]["help_since"]
        assert since is not None
        assert view.whole(stage.board.view, ACME, NAMES)["agents"]["anna"]["help_since"] == since
        shown = deskview.desk(stage.board.view, "anna", clients=ACME.clients, names=NAMES)
        assert shown["me"]["help_since"] == since

    def test_at_another_clients_call_is_not_shown(self, stage):
        stage.happen(events.HelpAsked(agent="anna", on=True))
        zeta = Sight(kind="floor", clients=frozenset({"zeta"}))
        assert view.whole(stage.board.view, zeta, NAMES)["agents"]["anna"]["help_since"] is None


class TestEmergencies:
    def on(self, stage, key: str) -> Board:
        """Let lea switch one on."""
        fact = EmergencyChanged(key=key, on=True, cause="asked", by="lea", since=10.0, until=7210.0)
        stage.board.apply(fact, 10.0)
        return stage.board

    def test_say_what_since_when_by_whom_until_when(self, stage):
        board = self.on(stage, "fire")
        assert view.whole(board.view, ACME, NAMES)["emergencies"] == [
            {"key": "fire", "name": "Fire", "by": "Lea", "since": 10.0, "until": 7210.0}
        ]

    def test_of_foreign_callers_and_on_a_wallboard_are_not_shown(self, stage):
        board = self.on(stage, "storm")
        assert view.whole(board.view, ACME, NAMES)["emergencies"] == []
        wall = Sight(kind="wallboard", clients=frozenset({"zeta"}))
        assert view.whole(board.view, wall, NAMES)["emergencies"] == []

    def test_reach_a_page_that_is_open(self, stage):
        group, changed = Group(ACME), Changed()
        group.reset(stage.board.view, NAMES, id_="1-0")
        board = self.on(stage, "fire")
        changed.add(board.view, {"is": "EmergencyChanged", "key": "fire"})
        assert changed
        assert [row["key"] for row in group._patch(board.view, NAMES, changed)["emergencies"]] == [
            "fire"
        ]
        assert not Changed()


@pytest.mark.parametrize(("announces", "shown"), [(True, ["listen"]), (False, [])])
def test_who_only_listens_is_shown_where_the_rules_announce_it(stage, announces, shown):
    stage.happen(events.AgentSignedIn(agent="bela"))
    stage.happen(events.DeviceUp(agent="bela", leg="leg-b"))
    (item,) = stage.board.view["items"]
    stage.happen(events.SuperviseAsked(agent="bela", item=item, of="anna", mode="listen"))
    names = dataclasses.replace(NAMES, announces=announces)
    seen = deskview.desk(stage.board.view, "anna", clients=ACME.clients, names=names)
    assert [each["mode"] for each in seen["item"]["helpers"]] == shown
