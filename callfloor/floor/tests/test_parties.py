"""Parties outside: one leg each, let go once, and nobody speaks for a leg that is gone."""

import pytest

from callfloor.core import actions, plan
from callfloor.floor.tests import outside, stand
from callfloor.floor.tests.outside import dial, dialed, happened
from callfloor.floor.tests.test_hands import call

pytestmark = pytest.mark.twin


@pytest.fixture
def house(tmp_path):
    """Start a floor with two providers and a line by which callers come."""
    line = plan.TrunkPlan(key="line", addresses=(stand.TRUNK[0],))
    floor_plan = stand.stand_plan(trunks=(line, *outside.trunks()))
    return stand.Stand(tmp_path, floor_plan=floor_plan).start()


class Browser:
    """A line that is no telephone."""

    kind = "webrtc"
    offer = stand.THEIR_SDP

    def __init__(self):
        self.said = []

    def named(self, item, leg):
        self.said.append("named")

    def accepted(self):
        self.said.append("accepted")

    def answer(self, sdp):
        self.said.append("answer")

    def refuse(self, reason):
        self.said.append(f"refuse {reason}")

    def hang_up(self, reason):
        self.said.append(f"hang_up {reason}")

    def probe(self, then):
        raise AssertionError("a browser that is silent is gone")


def test_a_silent_browser_is_gone_at_once(house):
    line = Browser()
    party = house.hands.arrive(line, called=stand.NUMBER, number=None, name=None, trunk=None)
    house.hands.on_lost(party.leg)
    assert line.said == ["named", "accepted", "answer", "hang_up lost"]
    assert len(house.hands.parties) == 0
    assert happened(house, "CustomerLeft")


def test_a_leg_that_is_gone_says_nothing(house):
    _, leg = call(house)
    house.hands.left(leg, "hung_up")
    before = len(house.told)
    offers = []
    house.hands.renew(leg, stand.THEIR_SDP, offers.append)
    house.hands.left(leg, "hung_up")
    house.hands.on_lost(leg)
    house.hands.perform(actions.HangUp(item=leg[2:], leg=leg, reason="normal"))
    house.hands.perform(actions.Refuse(item=leg[2:], leg=leg, reason="no_capacity"))
    assert (offers, len(house.told)) == ([None], before)


def test_who_is_dialed_makes_no_sound_that_could_be_missed(house):
    """R13 is for talks: a number that rings for 20 s is no lost caller."""
    dial(house)
    house.hands.on_lost("c:i")
    assert [request.method for request in house.requests()] == ["INVITE"]


def test_a_dialed_leg_that_leaves_before_it_answered_is_no_answer(house):
    dial(house)
    house.hands.left("c:i", "lost")
    assert dialed(house) == ["no_answer"]


def test_keys_of_somebody_who_was_brought_in_choose_nothing(house):
    dial(house, leg="x:i:1")
    invite, _ = outside.invites(house)[-1]
    outside.answer(house, invite, 200, sdp=outside.SDP)
    house.hands.on_key("x:i:1", "1")
    assert happened(house, "ChoiceMade", "DigitsEntered") == []


def test_every_leg_ends_with_the_floor(house):
    call(house)
    dial(house)
    house.hands.hang_up_all()
    assert len(house.hands.parties) == 0
    assert len(house.media.of("delete")) == 2
