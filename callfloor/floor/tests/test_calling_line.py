"""Numbers that are dialed: what goes to the trunk, and what comes of it."""

import pytest

from callfloor.core import actions
from callfloor.floor.tests import outside, stand
from callfloor.floor.tests.outside import answer, dial, dialed, happened, invites

pytestmark = pytest.mark.twin


@pytest.fixture
def house(tmp_path):
    """Start a floor with two providers."""
    return outside.house_of(tmp_path)


def talking(house, **fields):
    """Bring a dialed number to its talk; give the INVITE."""
    dial(house, **fields)
    invite, _ = invites(house)[-1]
    answer(house, invite, 200, sdp=outside.SDP)
    return invite


class TestInvite:
    def test_goes_to_the_trunk_with_the_number_and_our_offer(self, house):
        dial(house)
        [(invite, target)] = invites(house)
        assert (target, invite.uri) == (outside.FIRST, f"sip:{outside.NUMBER}@192.0.2.9")
        assert invite.body.decode() == stand.OUR_SDP
        assert house.media.of("create") == [{"call": "i", "leg": "c:i"}]
        assert (invite.contact.uri.host, invite.via.host) == (stand.US, stand.US)

    def test_shows_the_clients_number_to_everybody(self, house):
        dial(house)
        [(invite, _)] = invites(house)
        assert invite.from_.uri.user == "+3617654321"
        assert invite.get("P-Asserted-Identity") == "<sip:+3617654321@192.0.2.9>"
        assert invite.get("Privacy") is None

    def test_shows_nobody_where_no_number_is_to_be_shown(self, house):
        dial(house, caller_id=None)
        [(invite, _)] = invites(house)
        assert str(invite.from_.uri) == "sip:anonymous@anonymous.invalid"
        assert invite.get("Privacy") == "id"
        assert invite.get("P-Asserted-Identity") == "<sip:ours@192.0.2.9>"

    def test_goes_the_way_that_the_trunk_names(self, tmp_path):
        house = outside.house_of(tmp_path, uri="sip:192.0.2.9:5070;transport=tcp")
        dial(house)
        [(invite, target)] = invites(house)
        assert target == ("192.0.2.9", 5070)
        assert house.sent_to[0].transport == invite.via.transport == "TCP"
        assert invite.contact.uri.params == {"transport": "tcp"}

    def test_a_name_that_is_not_known_is_a_trunk_that_is_down(self, tmp_path):
        house = outside.house_of(tmp_path, uri="sip:sip.example")
        dial(house)
        assert (invites(house), dialed(house)) == ([], ["trunk_down"])
        house.names["sip.example"] = ("192.0.2.9",)
        dial(house)
        assert [target for _, target in invites(house)] == [outside.FIRST]

    def test_a_number_that_cannot_be_read_is_not_dialed(self, house):
        dial(house)
        house.seals.close_item("i")
        dial_again = actions.Dial(
            item="j", leg="c:j", trunk="first", caller_id=None, sealed="x", seconds=45.0
        )
        house.hands.perform(dial_again)
        assert len(invites(house)) == 1
        assert dialed(house) == ["wrong_number"]

    def test_without_media_nobody_is_called(self, house):
        house.media.answer_sdp = None
        dial(house)
        assert (invites(house), dialed(house)) == ([], ["no_media"])


class TestOutcome:
    def test_ringing_then_sound_then_the_answer(self, house):
        dial(house)
        [(invite, _)] = invites(house)
        answer(house, invite, 100, tag="")
        answer(house, invite, 180)
        answer(house, invite, 183, sdp=outside.SDP)
        answer(house, invite, 200, sdp=outside.SDP)
        assert dialed(house) == ["DialRang", "DialRang", "DialAnswered"]
        early = [body for _, body in happened(house, "DialRang")]
        assert ['"early":true' in body for body in early] == [False, True]
        assert [each["sdp"] for each in house.media.of("answer")] == [outside.SDP] * 2
        assert house.requests()[-1].method == "ACK"

    @pytest.mark.parametrize(
        ("status", "reason"),
        [
            (486, "busy"),
            (600, "busy"),
            (408, "no_answer"),
            (480, "no_answer"),
            (603, "declined"),
            (404, "wrong_number"),
            (484, "wrong_number"),
            (488, "no_media"),
            (500, "trunk_down"),
            (503, "trunk_down"),
        ],
    )
    def test_a_refusal_says_why(self, house, status, reason):
        dial(house)
        answer(house, invites(house)[0][0], status)
        assert dialed(house) == [reason]
        assert house.requests()[-1].method == "ACK"
        assert house.media.of("delete") == [{"call": "i", "leg": "c:i"}]

    def test_a_silent_trunk_gives_way_within_4_seconds_and_nobody_is_called_twice(self, house):
        """F16: the late answer of the first trunk is acknowledged and ended at once."""
        dial(house)
        begun = house.now
        house.step(2.9)
        assert dialed(house) == []
        house.step(0.2)
        assert dialed(house) == ["trunk_down"]
        dial(house, trunk="second")
        assert house.now - begun < 4.0
        (first, _), (second, target) = invites(house)
        assert target == outside.SECOND
        answer(house, first, 200, sdp=outside.SDP, tag="late")
        late = [request.method for request in house.requests() if request.to.tag == "late"]
        assert late == ["ACK", "BYE"]
        answer(house, second, 200, sdp=outside.SDP, source=outside.SECOND)
        assert dialed(house) == ["trunk_down", "DialAnswered"]

    def test_a_silent_trunk_that_rings_too_late_gets_a_cancel(self, house):
        """F16: it must not ring on while the second trunk is tried."""
        dial(house)
        house.step(3.5)
        [(invite, _)] = invites(house)
        answer(house, invite, 180)
        assert house.requests()[-1].method == "CANCEL"
        assert dialed(house) == ["trunk_down"]

    def test_a_transport_that_fails_is_a_trunk_that_is_down(self, house):
        dial(house)
        [(invite, _)] = invites(house)
        house.signals.unsent(invite)
        assert dialed(house) == ["trunk_down"]


class TestPassword:
    def challenge(self, realm):
        """Write what a provider wants to have proven."""
        value = f'Digest realm="{realm}", nonce="n", algorithm=SHA-256, qop="auth"'
        return (("Proxy-Authenticate", value),)

    def test_is_proven_to_the_trunk(self, house):
        dial(house)
        answer(house, invites(house)[0][0], 407, headers=self.challenge("192.0.2.9"))
        invite = invites(house)[-1][0]
        assert (invite.cseq.number, len(invites(house))) == (2, 2)
        assert 'username="ours"' in (invite.get("Proxy-Authorization") or "")
        answer(house, invite, 200, sdp=outside.SDP)
        assert dialed(house) == ["DialAnswered"]

    def test_is_not_proven_to_whoever_else_asks(self, house):
        """R47: a far side that challenges collects no digest."""
        dial(house)
        answer(house, invites(house)[0][0], 407, headers=self.challenge("elsewhere.example"))
        assert len(invites(house)) == 1
        assert dialed(house) == ["trunk_down"]


class TestHangUp:
    def hang_up(self, house, leg="c:i"):
        """Let the exchange end the leg."""
        house.hands.perform(actions.HangUp(item="i", leg=leg, reason="normal"))

    def test_while_it_rings_cancels(self, house):
        dial(house)
        [(invite, _)] = invites(house)
        answer(house, invite, 180)
        self.hang_up(house)
        assert house.requests()[-1].method == "CANCEL"
        answer(house, invite, 487)
        assert dialed(house) == ["DialRang"]
        assert house.media.of("delete") == [{"call": "i", "leg": "c:i"}]

    def test_before_anything_came_cancels_as_soon_as_it_may(self, house):
        dial(house)
        self.hang_up(house)
        [(invite, _)] = invites(house)
        assert [request.method for request in house.requests()] == ["INVITE"]
        answer(house, invite, 180)
        assert house.requests()[-1].method == "CANCEL"

    def test_that_crosses_the_answer_sends_it_away(self, house):
        dial(house)
        [(invite, _)] = invites(house)
        answer(house, invite, 180)
        self.hang_up(house)
        answer(house, invite, 200, sdp=outside.SDP)
        assert [request.method for request in house.requests()][-2:] == ["ACK", "BYE"]
        assert dialed(house) == ["DialRang"]

    def test_before_the_media_has_a_leg_calls_nobody(self, house):
        made = []
        house.media.create = lambda *, then, **_: made.append(then)
        dial(house)
        self.hang_up(house)
        made[0](stand.OUR_SDP)
        assert invites(house) == []
        assert house.media.of("delete") == [{"call": "i", "leg": "c:i"}]

    def test_in_a_talk_says_goodbye(self, house):
        talking(house)
        self.hang_up(house)
        bye = house.requests()[-1]
        assert (bye.method, bye.to.tag) == ("BYE", "far")


class TestTalk:
    def bye(self, invite):
        """Write the far side's BYE."""
        return (
            f"BYE sip:callfloor@{stand.US} SIP/2.0\r\n"
            "Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKfar\r\n"
            f"From: {invite.need('To')};tag=far\r\nTo: {invite.need('From')}\r\n"
            f"Call-ID: {invite.call_id}\r\nCSeq: 1 BYE\r\nMax-Forwards: 70\r\n\r\n"
        )

    def test_the_customer_of_a_call_out_leaves_like_any_other(self, house):
        invite = talking(house)
        house.receive(self.bye(invite), outside.FIRST)
        assert house.statuses() == [200]
        assert "hung_up" in happened(house, "CustomerLeft")[0][1]
        assert house.hands.calls() == 0

    def test_somebody_who_was_brought_in_leaves_and_the_call_goes_on(self, house):
        invite = talking(house, leg="x:i:1")
        house.receive(self.bye(invite), outside.FIRST)
        assert '"x:i:1"' in happened(house, "PartyLeft")[0][1]
        assert happened(house, "CustomerLeft") == []

    def test_a_session_that_is_on_us_is_refreshed(self, house):
        dial(house)
        [(invite, _)] = invites(house)
        headers = (("Session-Expires", "120;refresher=uac"), ("Allow", "UPDATE"))
        answer(house, invite, 200, sdp=outside.SDP, headers=headers)
        house.step(61.0)
        assert house.requests()[-1].method == "UPDATE"

    def test_a_repeated_2xx_is_acknowledged_again(self, house):
        invite = talking(house)
        before = len([request for request in house.requests() if request.method == "ACK"])
        answer(house, invite, 200, sdp=outside.SDP)
        acks = [request for request in house.requests() if request.method == "ACK"]
        assert len(acks) == before + 1
        assert dialed(house) == ["DialAnswered"]


def test_the_trunk_counts_its_calls(house):
    provider = house.providers.of("first")
    dial(house)
    assert provider.calls == 1
    answer(house, invites(house)[0][0], 486)
    assert provider.calls == 0


def test_our_number_in_clear_is_nowhere_in_the_journal(house):
    talking(house)
    text = " ".join(body for _, body in happened(house, "DialAnswered", "DialRang", "DialFailed"))
    assert outside.NUMBER not in text
    assert outside.NUMBER.encode() not in (house.folder / "journal.db").read_bytes()
