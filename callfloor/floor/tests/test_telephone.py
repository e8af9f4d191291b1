"""SIP as a server: who may call, which status is owed, what a call goes through."""

import pytest

from callfloor.core import actions, events, plan
from callfloor.floor import line_table
from callfloor.floor.tests import stand
from callfloor.wire.sip import auth
from callfloor.wire.sip import message as messages

pytestmark = pytest.mark.twin

STRANGER = ("203.0.113.9", 5060)


@pytest.fixture
def house(tmp_path):
    """Start a floor on the stand."""
    return stand.Stand(tmp_path).start()


def without_passwords():
    """Build a plan whose only trunk is known by its address."""
    return stand.stand_plan(trunks=(plan.TrunkPlan(key="line", addresses=(stand.TRUNK[0],)),))


class TestWhoMayCall:
    def test_a_trunk_by_its_address(self, house):
        house.receive(stand.invite())
        assert house.statuses() == [100, 200]
        assert house.facts("Arrived")[0].trunk == "line"

    def test_a_stranger_hears_nothing_where_no_trunk_takes_passwords(self, tmp_path):
        house = stand.Stand(tmp_path, floor_plan=without_passwords()).start()
        house.receive(stand.invite(), STRANGER)
        house.receive(stand.request("OPTIONS"), STRANGER)
        assert house.sent == []
        assert house.telephone.counts == {"stranger": 2}
        assert house.notes[-1] == ("sip_dropped", "stranger: 1")
        assert house.facts("Arrived") == []

    def test_a_trunk_by_its_password(self, house):
        house.receive(stand.invite(), STRANGER)
        challenge = house.answers()[-1]
        assert challenge.status == 401
        header = auth.answer(
            challenge,
            request=messages.parse(stand.invite().encode()),
            username="mobile",
            password="secret",
            cnonce="c",
        )
        assert header is not None
        proof = f"{header[0]}: {header[1]}\r\n"
        house.receive(stand.invite(cseq=2, branch="a2", headers=proof), STRANGER)
        assert house.statuses()[-2:] == [100, 200]
        assert house.facts("Arrived")[0].trunk == "mobile"

    def test_who_fails_five_times_is_not_heard_for_a_while(self, house):
        for number in range(5):
            house.receive(stand.invite(cseq=1, branch=f"x{number}", call_id=f"{number}"), STRANGER)
            wrong = auth.answer(
                house.answers()[-1],
                request=messages.parse(stand.invite().encode()),
                username="mobile",
                password="guess",
                cnonce="c",
            )
            assert wrong is not None
            proof = f"{wrong[0]}: {wrong[1]}\r\n"
            house.receive(
                stand.invite(cseq=2, branch=f"y{number}", call_id=f"{number}", headers=proof),
                STRANGER,
            )
        count = len(house.sent)
        house.receive(stand.invite(branch="z", call_id="z"), STRANGER)
        assert len(house.sent) == count
        house.now += 901.0
        house.receive(stand.invite(branch="zz", call_id="zz"), STRANGER)
        assert house.statuses()[-1] == 401


class TestRefusals:
    def test_an_unknown_number_gets_404_and_no_item(self, house):
        house.receive(stand.invite(number="901"))
        assert house.statuses() == [404]
        assert house.journal.read("SELECT count(*) FROM journal WHERE item IS NOT NULL") == [(0,)]

    def test_what_the_media_cannot_take_gets_488(self, house):
        video = stand.THEIR_SDP.replace("m=audio", "m=video")
        house.receive(stand.invite(body=video))
        house.receive(stand.invite(body="not sdp", branch="c", call_id="c"))
        assert house.statuses() == [488, 488]
        assert house.facts("Arrived") == []

    def test_a_journal_that_is_stuck_refuses_new_calls_only(self, house):
        house.receive(stand.invite())
        house.doors.stuck = True
        house.receive(stand.invite(branch="b", call_id="b"))
        refused = house.answers()[-1]
        assert (refused.status, refused.get("Retry-After")) == (503, "10")
        tag = house.answers()[1].to.tag
        house.receive(stand.request("BYE", cseq=2, branch="c", to_tag=tag))
        assert house.statuses()[-1] == 200

    def test_a_full_trunk_is_refused_and_counted(self, tmp_path):
        trunk = plan.TrunkPlan(key="line", addresses=(stand.TRUNK[0],), calls_max=1)
        house = stand.Stand(tmp_path, floor_plan=stand.stand_plan(trunks=(trunk,))).start()
        house.receive(stand.invite())
        house.receive(stand.invite(branch="b", call_id="b"))
        assert house.statuses() == [100, 200, 100, 503]
        assert house.facts("Closed")[-1].outcome == "refused_no_capacity"

    def test_a_dead_media_worker_gives_503_and_a_lost_item(self, house):
        house.media.answer_sdp = None
        house.receive(stand.invite())
        assert house.statuses() == [100, 503]
        assert house.facts("Closed")[-1].outcome == "lost_by_system"

    def test_no_more_lines_than_the_limit(self, house, monkeypatch):
        monkeypatch.setattr(line_table, "LINES_MAX", 0)
        house.receive(stand.invite())
        assert house.statuses() == [503]


class TestCall:
    def answered(self, house):
        """Bring a call to its ACK; give our tag."""
        house.receive(stand.invite())
        tag = house.answers()[-1].to.tag
        house.receive(stand.request("ACK", to_tag=tag))
        return tag

    def test_a_2xx_is_repeated_until_the_ack(self, house):
        house.receive(stand.invite())
        house.step(1.6)
        assert house.statuses() == [100, 200, 200, 200]
        house.receive(stand.request("ACK", to_tag=house.answers()[-1].to.tag))
        house.step(10.0)
        assert house.statuses() == [100, 200, 200, 200]

    def test_without_an_ack_the_call_ends_after_32_seconds(self, house):
        house.receive(stand.invite())
        house.step(33.0)
        assert house.requests()[0].method == "BYE"
        assert house.facts("Closed")[-1].outcome in ("left_in_flow", "abandoned_in_queue")
        left = house.journal.read("SELECT body FROM journal WHERE name = 'CustomerLeft'")
        assert "timed_out" in left[0][0]

    def test_a_repeated_invite_is_one_call(self, house):
        house.receive(stand.invite())
        house.receive(stand.invite())
        assert len(house.facts("Arrived")) == 1

    def test_a_cancel_before_the_answer(self, house):
        answers = []
        house.media.offer = lambda *, then, **_: answers.append(then)
        house.receive(stand.invite())
        house.receive(stand.request("CANCEL"))
        assert house.statuses() == [100, 200, 487]
        assert house.facts("Closed")[-1].outcome == "left_in_flow"
        answers[0](stand.OUR_SDP)  # The media's answer comes too late, and its leg is given back.
        assert house.statuses() == [100, 200, 487]
        assert house.media.of("delete")[-1]["leg"].startswith("c:")

    def test_the_caller_hangs_up(self, house):
        tag = self.answered(house)
        house.receive(stand.request("BYE", cseq=2, branch="b", to_tag=tag))
        assert house.statuses()[-1] == 200
        assert house.facts("Closed")[-1].outcome == "left_in_flow"
        assert house.media.names()[-1] == "delete"
        house.receive(stand.request("BYE", cseq=3, branch="c", to_tag=tag))
        assert house.statuses()[-1] == 481

    def test_our_bye_waits_for_the_ack(self, house):
        house.receive(stand.invite())
        leg = house.media.of("offer")[0]["leg"]
        tag = house.answers()[-1].to.tag
        house.hands.perform(actions.HangUp(item=leg[2:], leg=leg, reason="normal"))
        assert house.requests() == []
        house.receive(stand.request("ACK", to_tag=tag))
        bye = house.requests()[0]
        assert (bye.method, bye.uri) == ("BYE", "sip:nora@192.0.2.7:5062")
        assert house.sent[-1][1] == ("192.0.2.7", 5062)

    @pytest.mark.parametrize("status", [481, 408, None])
    def test_a_lost_bye_is_noticed_by_silence(self, house, status):
        """R13: a far side that does not know the call, or says nothing for 8 s, is gone."""
        self.answered(house)
        house.hands.on_lost(house.media.of("offer")[0]["leg"])
        asked = house.requests()[0]
        assert (asked.method, asked.to.tag) == ("OPTIONS", "theirs")
        assert house.facts("Closed") == []
        if status is None:
            house.step(8.5)
        else:
            house.receive(messages.respond(asked, status).encode())
        assert house.requests()[-1].method == "BYE"
        left = house.journal.read("SELECT body FROM journal WHERE name = 'CustomerLeft'")
        assert "lost" in left[0][0]

    def test_a_muted_caller_stays_and_is_asked_again(self, house):
        """R13: silence alone ends no call; that nothing is heard is told once."""
        self.answered(house)
        leg = house.media.of("offer")[0]["leg"]
        house.hands.on_lost(leg)
        for _ in range(2):
            house.receive(messages.respond(house.requests()[-1], 200).encode())
            house.step(20.0)
        assert [asked.method for asked in house.requests()] == ["OPTIONS"] * 3
        assert [fact.name for fact in house.facts("Alarmed")] == ["one_way_audio"]
        house.receive(messages.respond(house.requests()[-1], 200).encode())
        house.hands.on_up(leg)
        house.step(60.0)
        assert len(house.requests()) == 3
        assert house.facts("Closed") == []

    def test_a_hold_renews_the_leg_and_answers(self, house):
        tag = self.answered(house)
        held = stand.THEIR_SDP + "a=sendonly\r\n"
        house.receive(stand.invite(cseq=2, branch="b", to_tag=tag, body=held))
        assert house.media.of("offer")[-1]["sdp"] == held
        again = house.answers()[-1]
        assert (again.status, again.body.decode()) == (200, stand.OUR_SDP)
        assert len(house.facts("Arrived")) == 1

    def test_a_session_that_nobody_refreshes_is_ended(self, house):
        headers = "Session-Expires: 90;refresher=uac\r\nSupported: timer\r\n"
        house.receive(stand.invite(headers=headers))
        response = house.answers()[-1]
        assert response.get("Session-Expires") == "90;refresher=uac"
        house.receive(stand.request("ACK", to_tag=response.to.tag))
        house.step(50.0)
        refresh = stand.request(
            "UPDATE", cseq=2, branch="u", to_tag=response.to.tag, headers=headers
        )
        house.receive(refresh)
        assert house.statuses()[-1] == 200
        house.step(50.0)
        assert house.requests() == []
        house.step(15.0)
        assert house.requests()[0].method == "BYE"

    def test_a_refresh_that_is_on_us_is_sent_half_way(self, house):
        house.receive(stand.invite(headers="Session-Expires: 120\r\n"))
        response = house.answers()[-1]
        assert response.get("Session-Expires") == "120;refresher=uas"
        house.receive(stand.request("ACK", to_tag=response.to.tag))
        house.step(61.0)
        refresh = house.requests()[0]
        assert (refresh.method, refresh.body.decode()) == ("INVITE", stand.OUR_SDP)
        answer = messages.respond(refresh, 200).encode()
        house.receive(answer)
        assert house.requests()[-1].method == "ACK"
        house.step(61.0)
        assert [r.method for r in house.requests()][-1] == "INVITE"

    def test_a_refresh_that_meets_the_far_sides_own_is_sent_again(self, house):
        """RFC 3261 section 14.1: glare."""
        house.receive(stand.invite(headers="Session-Expires: 120\r\n"))
        house.receive(stand.request("ACK", to_tag=house.answers()[-1].to.tag))
        house.step(61.0)
        first = house.requests()[-1]
        house.receive(messages.respond(first, 491).encode())
        house.step(2.0)
        again = [r for r in house.requests() if r.method == "INVITE"][-1]
        assert again.cseq.number == first.cseq.number + 1
        house.receive(messages.respond(again, 200).encode())
        house.step(58.0)
        assert "BYE" not in [r.method for r in house.requests()]

    def test_two_byes_that_cross_are_both_answered(self, house):
        tag = self.answered(house)
        leg = house.media.of("offer")[0]["leg"]
        house.hands.perform(actions.HangUp(item=leg[2:], leg=leg, reason="normal"))
        house.receive(stand.request("BYE", cseq=2, branch="b", to_tag=tag))
        assert house.statuses()[-1] == 200
        bye = house.requests()[-1]
        house.receive(messages.respond(bye, 200).encode())
        house.receive(stand.request("BYE", cseq=3, branch="c", to_tag=tag))
        assert house.statuses()[-1] == 481

    def test_a_second_invite_beside_an_open_one_is_told_to_wait(self, house):
        tag = self.answered(house)
        house.media.offer = lambda **_: None
        house.receive(stand.invite(cseq=2, branch="b", to_tag=tag))
        house.receive(stand.invite(cseq=3, branch="c", to_tag=tag))
        refused = house.answers()[-1]
        assert refused.status == 500
        assert 0 <= int(refused.get("Retry-After") or -1) < 10

    def test_an_interval_that_is_too_small_gets_422(self, house):
        house.receive(stand.invite(headers="Session-Expires: 10\r\nSupported: timer\r\n"))
        assert house.statuses() == [100, 422]
        assert house.answers()[-1].get("Min-SE") == "90"
        assert house.facts("Closed")[-1].outcome == "left_in_flow"

    def test_a_key_by_info_chooses(self, house):
        tag = self.answered(house)
        house.played()
        info = stand.request(
            "INFO",
            cseq=2,
            branch="i",
            to_tag=tag,
            body="Signal=1\r\nDuration=160\r\n",
            content_type="application/dtmf-relay",
        )
        house.receive(info)
        assert house.statuses()[-1] == 200
        assert house.facts("Chose")[-1].choice == "help"

    def test_options_tell_what_is_understood(self, house):
        house.receive(stand.request("OPTIONS"))
        answer = house.answers()[-1]
        assert answer.status == 200
        assert "INVITE" in (answer.get("Allow") or "")

    def test_who_calls_is_sealed_and_its_token_is_the_blind_index(self, house):
        house.receive(stand.invite())
        arrived = house.facts("Arrived")[0]
        assert arrived.caller == house.seals.token("+3612345678")
        assert house.asked_who == [(arrived.item, arrived.caller)]

    def test_an_agent_who_hangs_up_ends_the_call(self, house):
        house.seat("anna")
        tag = self.answered(house)
        house.played()
        house.hands.on_key(house.media.of("offer")[-1]["leg"], "1")
        house.hands.on_key(house.media.of("offer")[-1]["leg"], "#")
        house.played()
        offer = house.facts("Ringing")[-1]
        house.happen(events.OfferAnswered(agent="anna", offer=offer.offer))
        house.happen(events.HangUpAsked(agent="anna", item=offer.item))
        bye = house.requests()[-1]
        assert (bye.method, bye.from_.tag) == ("BYE", tag)
        names = house.media.names()
        assert names.index("stop_recording") < len(names) - 1 - names[::-1].index("delete")
