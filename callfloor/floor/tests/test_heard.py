"""What the media said of each leg in a talk is in the journal when it is over."""

import pytest

from callfloor.core import events, facts
from callfloor.floor.heard import Heard
from callfloor.floor.quality import Quality
from callfloor.floor.tests import stand
from callfloor.floor.tests.test_hands import talk

pytestmark = pytest.mark.twin

ANNA = "leg-anna"


class Room:
    """Legs that are followed, without a floor."""

    def __init__(self):
        self.quality = Quality(now=lambda: 0.0)
        self.told = []
        self.heard = Heard(quality=self.quality, happen=self.told.append)

    def settle(self, *told):
        """Let facts settle, one after the other."""
        for fact in told:
            self.heard.settled(fact)

    def report(self, leg, *, packets=250, lost=0, jitter=1_000, opinion=440):
        """Let the media report."""
        self.quality.take([[leg, packets, lost, jitter, opinion]])


def arrived(item="i1", *, channel="call", trunk="line"):
    return facts.Arrived(
        item=item, client="acme", channel=channel, called="900", flow="main", flow_version=1,
        language="en", trunk=trunk,
    )  # fmt: skip


def bridged(item="i1", leg=ANNA, *, again=False):
    return facts.Bridged(item=item, client="acme", queue="help", agent="anna", leg=leg, again=again)


def talk_ended(item="i1"):
    return facts.TalkEnded(
        item=item, client="acme", queue="help", agent="anna", talk_seconds=9.0, hold_seconds=0.0,
        ended_by="customer",
    )  # fmt: skip


CLOSED = facts.Closed(item="i1", client="acme", outcome="answered", queue="help")


def test_both_sides_are_told_when_they_end():
    """Sums of packets, means by packets, and the worst report."""
    room = Room()
    room.settle(arrived(), bridged())
    room.report("c:i1", packets=300, lost=0, jitter=2_000, opinion=440)
    room.report("c:i1", packets=100, lost=100, jitter=6_000, opinion=200)
    room.report(ANNA)
    room.settle(talk_ended())
    assert [(each.leg, each.agent, each.trunk) for each in room.told] == [(ANNA, "anna", None)]
    room.settle(CLOSED)
    assert room.told[1] == events.LineMeasured(
        item="i1", client="acme", leg="c:i1", agent=None, trunk="line", packets=400, lost=100,
        jitter_ms=3.0, mos=3.8, mos_worst=2.0,
    )  # fmt: skip
    assert len(room.heard) == 0


def test_only_what_is_reported_in_the_talk_counts():
    """An agent's leg stands all day: what was before his talk and is after it is not its."""
    room = Room()
    room.report(ANNA, lost=200)
    room.settle(arrived(), bridged())
    room.report(ANNA, packets=250)
    room.settle(talk_ended(), CLOSED)
    room.report(ANNA, lost=200)
    assert [(each.packets, each.lost) for each in room.told] == [(250, 0)]


def test_a_talk_that_nobody_reported_of_leaves_nothing():
    """A talk of a few seconds, and a side that is silent."""
    room = Room()
    room.settle(arrived(), bridged(), talk_ended(), CLOSED)
    assert room.told == []
    assert len(room.heard) == 0


def test_one_talk_after_a_reload_has_both_legs():
    """The agent's new leg is followed beside the old one, and each is told once."""
    room = Room()
    room.settle(arrived(), bridged(), bridged(again=True))
    room.report(ANNA)
    room.settle(bridged(leg="leg-new", again=True))
    room.report("leg-new", packets=50)
    room.settle(talk_ended(), CLOSED)
    assert [(each.leg, each.packets) for each in room.told] == [(ANNA, 250), ("leg-new", 50)]


def test_a_number_that_is_dialed_is_told_by_its_trunk():
    """The customer's leg of a call out has the trunk that it was dialed on."""
    room = Room()
    dialing = facts.Dialing(
        item="i1", client="acme", agent="anna", leg="c:i1", trunk="out", zone=None
    )
    room.settle(arrived(trunk=None), dialing)
    room.report("c:i1")
    room.settle(CLOSED)
    assert [(each.leg, each.trunk, each.packets) for each in room.told] == [("c:i1", "out", 250)]


def test_what_is_written_has_no_line():
    """Also when the agent who writes has his headset on, whose leg stands all day."""
    room = Room()
    room.settle(arrived(channel="chat"), bridged())
    room.report(ANNA)
    room.settle(talk_ended(), CLOSED)
    assert room.told == []
    assert len(room.heard) == 0


def test_the_journal_has_it_after_the_talk(tmp_path):
    """On the floor itself: the customer hangs up, and both lines are facts of his item."""
    house = stand.Stand(tmp_path).start()
    house.seat("anna")
    item, _ = talk(house)
    leg = house.facts("Bridged")[-1].leg
    house.quality.take([[leg, 250, 0, 900, 441], [f"c:{item}", 200, 50, 30_000, 310]])
    house.happen(events.CustomerLeft(item=item))
    assert [each.agent for each in house.facts("LineHeard")] == ["anna"]
    house.happen(events.WorkFinished(agent="anna", item=item, disposition="done"))
    found = house.facts("LineHeard")
    assert {(each.item, each.agent, each.packets, each.mos) for each in found} == {
        (item, "anna", 250, 4.41),
        (item, None, 200, 3.1),
    }
