"""A provider that wants our offer in the 2xx and answers in its ACK (RFC 3261 section 13.2.1)."""

import pytest

from callfloor.floor.tests import stand

pytestmark = pytest.mark.twin


@pytest.fixture
def house(tmp_path):
    """Start a floor on the stand."""
    return stand.Stand(tmp_path).start()


def answered(house, *, ack=stand.THEIR_SDP):
    """Bring such a call to its ACK; give our tag."""
    house.receive(stand.invite(body=""))
    tag = house.answers()[-1].to.tag
    house.receive(stand.request("ACK", to_tag=tag, body=ack))
    return tag


def test_our_offer_is_in_the_2xx_and_the_answer_goes_to_the_media(house):
    answered(house)
    assert house.statuses() == [100, 200]
    assert house.answers()[-1].body.decode() == stand.OUR_SDP
    assert house.media.of("offer") == []
    (answer,) = house.media.of("answer")
    assert answer["sdp"] == stand.THEIR_SDP
    assert answer["leg"] == house.media.of("create")[0]["leg"]
    assert len(house.facts("Arrived")) == 1
    assert house.facts("Closed") == []


def test_an_ack_that_comes_twice_answers_once(house):
    tag = answered(house)
    house.receive(stand.request("ACK", to_tag=tag, body=stand.THEIR_SDP))
    assert len(house.media.of("answer")) == 1


@pytest.mark.parametrize(
    "ack",
    ["", "not sdp", stand.THEIR_SDP.replace("m=audio", "m=video")],
    ids=["none", "?", "video"],
)
def test_without_an_answer_the_call_is_ended_by_us(house, ack):
    answered(house, ack=ack)
    assert [each.method for each in house.requests()] == ["BYE"]
    assert house.media.of("answer") == []
    assert len(house.facts("Closed")) == 1


def test_a_call_that_we_ended_meanwhile_gets_its_bye_and_no_sound(house):
    house.receive(stand.invite(body=""))
    (item,) = [fact.item for fact in house.facts("Arrived")]
    house.hands.parties.hang_up(house.hands.parties.customer_of(item).leg, "done")
    tag = house.answers()[-1].to.tag
    house.receive(stand.request("ACK", to_tag=tag, body=stand.THEIR_SDP))
    assert [each.method for each in house.requests()] == ["BYE"]
    assert house.media.of("answer") == []


class TestInATalk:
    def ask_again(self, house, tag):
        house.receive(stand.invite(cseq=2, branch="b", to_tag=tag, body=""))
        return house.answers()[-1]

    def test_a_call_that_moves_at_the_provider_is_heard_where_it_went(self, house):
        tag = answered(house)
        again = self.ask_again(house, tag)
        assert (again.status, again.body.decode()) == (200, stand.OUR_SDP)
        moved = stand.THEIR_SDP.replace("192.0.2.7", "192.0.2.70")
        house.receive(stand.request("ACK", cseq=2, branch="c", to_tag=tag, body=moved))
        assert house.media.of("answer")[-1]["sdp"] == moved

    def test_an_ack_without_an_answer_leaves_the_talk_as_it_was(self, house):
        tag = answered(house)
        self.ask_again(house, tag)
        house.receive(stand.request("ACK", cseq=2, branch="c", to_tag=tag))
        assert len(house.media.of("answer")) == 1
        assert house.facts("Closed") == []
        assert house.requests() == []

    def test_an_offer_of_theirs_after_it_makes_ours_void(self, house):
        tag = answered(house)
        self.ask_again(house, tag)
        house.receive(stand.request("ACK", cseq=2, branch="c", to_tag=tag))
        held = stand.THEIR_SDP + "a=sendonly\r\n"
        house.receive(stand.invite(cseq=3, branch="d", to_tag=tag, body=held))
        house.receive(stand.request("ACK", cseq=3, branch="e", to_tag=tag))
        assert house.media.of("offer")[-1]["sdp"] == held
        assert len(house.media.of("answer")) == 1
        assert house.facts("Closed") == []
