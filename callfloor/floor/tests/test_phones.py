"""An agent's telephones are one device: they ring together, and one of them is taken."""

import dataclasses

import pytest

from callfloor.core import events
from callfloor.floor.tests import handsets, stand
from callfloor.floor.tests.handsets import Handset

pytestmark = pytest.mark.pure


@pytest.fixture
def house(tmp_path):
    """Start a floor whose agents have telephones."""
    made = stand.Stand(tmp_path, floor_plan=handsets.phone_plan()).start()
    made.happen(events.AgentSignedIn(agent="anna", ready=True))
    return made


@pytest.fixture
def desk(house):
    """Register anna's desk telephone."""
    phone = Handset(house, "anna-desk")
    assert phone.register() == 200
    return phone


@pytest.fixture
def mobile(house):
    """Register anna's mobile, which knows MD5 only."""
    phone = Handset(house, "anna-mobile", port=6_001, algorithm="MD5")
    assert phone.register() == 200
    return phone


def talking(house, phone):
    """Let a customer be taken on a telephone."""
    call = handsets.caller(house)
    assert phone.rings()
    phone.lift()
    assert phone.methods() == ["ACK"]
    return call


class TestRegistering:
    def test_a_registered_telephone_is_its_agents_device(self, house):
        assert house.facts("DeviceChanged") == []
        assert Handset(house, "anna-desk").register() == 200
        assert [(f.agent, f.up) for f in house.facts("DeviceChanged")] == [("anna", True)]

    def test_it_counts_once_its_agent_is_seated(self, house):
        Handset(house, "bela-desk").register()
        assert house.facts("DeviceChanged") == []
        house.happen(events.AgentSignedIn(agent="bela", ready=True))
        assert house.facts("DeviceChanged")[-1].agent == "bela"

    def test_it_is_still_the_device_after_signing_out_and_in(self, house, desk):
        house.happen(events.AgentSignedOut(agent="anna"))
        house.happen(events.AgentSignedIn(agent="anna", ready=True))
        handsets.caller(house)
        assert desk.rings()

    def test_after_a_start_it_counts_when_it_registers_again(self, house, desk):
        later = house.again()
        phone = Handset(later, "anna-desk")
        assert phone.register() == 200
        handsets.caller(later)
        assert phone.rings()

    def test_the_last_one_that_goes_takes_the_device_along(self, house, desk, mobile):
        desk.register(seconds=0)
        assert house.facts("DeviceChanged")[-1].up
        house.step(301.0)
        assert not house.facts("DeviceChanged")[-1].up

    @pytest.mark.parametrize(("user", "password"), [("anna-desk", "wrong"), ("nobody", "pw")])
    def test_a_wrong_password_and_an_unknown_name_are_told_the_same(self, house, user, password):
        phone = Handset(house, user, password=password)
        assert phone.register() == 401
        words = [
            (r.status, r.reason, [n for n, _ in r.headers if n not in ("Via", "From", "To")])
            for r in house.answers()[-2:]
        ]
        assert words[0] == words[1]

    def test_md5_only_where_the_secret_allows_it(self, house):
        assert Handset(house, "anna-desk", algorithm="MD5").register() == 401
        assert Handset(house, "anna-mobile", algorithm="MD5").register() == 200

    def test_a_new_password_holds_at_once_and_the_old_one_no_more(self, house, desk, mobile):
        """The telephone that had registered with the old one rings no more; others still do."""
        assert house.facts("DeviceChanged")[-1].up
        house.keep_passwords(**{"anna-desk": "new"})
        here = house.hands.phones.registrar.telephones("anna", house.now)
        assert [each.contact.uri.user for each in here] == ["anna-mobile-0x1"]
        assert desk.register() == 401
        assert Handset(house, "anna-desk", password="new").register() == 200
        assert len(house.hands.phones.registrar.telephones("anna", house.now)) == 2

    def test_the_proof_of_an_old_password_is_worth_nothing_after_it(self, house, desk):
        """A nonce of before the change proves nothing either."""
        asked = desk._register(300, None)
        refusal = desk.send(asked)
        house.keep_passwords(**{"anna-desk": "new"})
        assert desk.send(desk.proven(asked, refusal)).status == 401

    def test_nobody_registers_for_somebody_else(self, house):
        assert Handset(house, "anna-desk").register(to="bela-desk") == 403

    def test_after_five_wrong_tries_nothing_is_heard(self, house):
        thief = Handset(house, "anna-desk", password="guess")
        for _ in range(5):
            thief.register()
        assert thief.send(thief._register(300, None)) is None

    def test_a_repeated_register_is_answered_alike(self, house):
        phone = Handset(house, "anna-desk")
        first = phone._register(300, None)
        proven = phone.proven(first, phone.send(first))
        assert [phone.send(proven).status for _ in range(2)] == [200, 200]

    def test_a_browser_that_is_heard_comes_first(self, house, desk):
        leg = house.facts("DeviceChanged") and house.hands.devices.current("anna")
        browser = []
        house.hands.connect_device(
            "anna", kind="webrtc", sdp=stand.THEIR_SDP, then=lambda leg, _: browser.append(leg)
        )
        house.hands.on_up(browser[0])
        assert house.hands.devices.current("anna") == browser[0] != leg
        handsets.caller(house)
        assert not desk.rings()
        house.hands.on_lost(browser[0])
        house.step(4.9)
        assert house.hands.devices.current("anna") == browser[0]
        house.step(0.1)
        assert house.hands.devices.current("anna") not in (None, browser[0])

    def test_a_browser_that_comes_back_soon_stays_the_device(self, house, desk):
        """R41: a line that is bad for some seconds must not ring another telephone."""
        browser = []
        house.hands.connect_device(
            "anna", kind="webrtc", sdp=stand.THEIR_SDP, then=lambda leg, _: browser.append(leg)
        )
        house.hands.on_up(browser[0])
        house.hands.on_lost(browser[0])
        house.step(3.0)
        house.hands.on_up(browser[0])
        house.step(10.0)
        assert house.hands.devices.current("anna") == browser[0]

    def test_a_plan_without_it_makes_it_nobodys(self, house, desk):
        bare = dataclasses.replace(
            house.floor.plan,
            agents=tuple(dataclasses.replace(a, phones=()) for a in house.floor.plan.agents),
        )
        house.floor.happen(events.PlanChanged(plan=bare))
        house.telephone.use(bare)
        assert not house.facts("DeviceChanged")[-1].up
        assert desk.register() == 401


class TestRinging:
    def test_all_ring_on_one_description_and_one_is_taken(self, house, desk, mobile):
        """R8: exactly one is bridged, the other gets CANCEL and counts as nothing."""
        handsets.caller(house)
        assert desk.rings()
        assert mobile.rings()
        assert desk.invite.body == mobile.invite.body == stand.OUR_SDP.encode()
        assert desk.invite.uri == str(desk.contact.uri)
        assert len(house.media.of("create")) == 1
        mobile.lift()
        assert mobile.methods() == ["ACK"]
        cancel = next(m for m in desk.heard() if getattr(m, "method", "") == "CANCEL")
        assert "elsewhere" in cancel.get("Reason")
        assert len(house.facts("Bridged")) == 1
        assert house.facts("RingEnded") == []
        answered = house.media.of("answer")
        assert [fields["sdp"] for fields in answered] == [handsets.sdp_of(6_001)]

    def test_one_that_answers_too_late_is_hung_up(self, house, desk, mobile):
        """R1, R8: two that answer in the same moment."""
        handsets.caller(house)
        assert desk.rings()
        assert mobile.rings()
        desk.lift()
        mobile.lift()
        assert desk.methods() == ["ACK"]
        assert mobile.methods()[-2:] == ["ACK", "BYE"]
        assert len(house.facts("Bridged")) == 1
        assert house.facts("RingEnded") == []

    def test_a_caller_who_gives_up_stops_it(self, house, desk):
        """R4: no telephone rings for a caller who has gone."""
        call = handsets.caller(house)
        desk.rings()
        handsets.goodbye(house, *call)
        assert desk.give_in() == ["CANCEL"]
        assert house.media.names()[-2:].count("delete") >= 1
        desk.lift()
        assert house.facts("Bridged") == []

    def test_only_when_all_decline_the_offer_is_declined(self, house, desk, mobile):
        handsets.caller(house)
        desk.rings()
        mobile.rings()
        desk.answer(486)
        assert house.facts("RingEnded") == []
        mobile.answer(603)
        assert [f.outcome for f in house.facts("RingEnded")] == ["declined"]

    def test_a_telephone_that_says_nothing_is_no_device(self, house, desk):
        handsets.caller(house)
        assert desk.methods() == ["INVITE"]
        house.step(5.0)
        assert [f.outcome for f in house.facts("RingEnded")] == ["withdrawn"]
        assert not house.facts("DeviceChanged")[-1].up
        desk.register()
        assert house.facts("DeviceChanged")[-1].up
        assert desk.rings()

    def test_what_the_desk_takes_rings_until_it_is_lifted(self, house, desk):
        handsets.caller(house)
        desk.rings()
        offer = house.facts("Ringing")[-1].offer
        house.happen(events.OfferAnswered(agent="anna", offer=offer))
        assert desk.methods() == []
        desk.lift()
        assert desk.methods() == ["ACK"]
        assert len(house.facts("Bridged")) == 1


class TestTalk:
    def test_the_leg_in_the_mix_is_the_telephones(self, house, desk):
        talking(house, desk)
        leg = house.media.of("create")[-1]["leg"]
        assert leg in house.media.of("mix")[-1]["legs"]

    def test_who_hangs_up_his_telephone_ends_the_call(self, house, desk):
        talking(house, desk)
        house.step(5.0)
        assert desk.ask("BYE").status == 200
        assert [f.ended_by for f in house.facts("TalkEnded")] == ["agent"]
        assert house.requests()[-1].method == "BYE"
        leg = house.media.of("create")[-1]["leg"]
        assert leg in [fields["leg"] for fields in house.media.of("delete")]

    def test_a_customer_who_hangs_up_frees_the_telephone(self, house, desk):
        call = talking(house, desk)
        handsets.goodbye(house, *call)
        assert desk.give_in() == ["BYE"]
        assert house.hands.devices.current("anna") is not None
        handsets.caller(house, 2)
        assert desk.rings()

    def test_hold_and_resume_are_the_agents(self, house, desk):
        talking(house, desk)
        assert desk.reinvite("sendonly").status == 200
        assert len(house.facts("Held")) == 1
        assert desk.reinvite("sendrecv").status == 200
        assert len(house.facts("Unheld")) == 1

    def test_a_handset_that_slips_at_once_rings_again_and_the_customer_stays(self, house, desk):
        """R9: who answers and drops before the bridge costs the customer nothing."""
        talking(house, desk)
        assert desk.ask("BYE").status == 200
        assert house.facts("TalkEnded") == []
        assert desk.rings()
        desk.lift()
        assert desk.methods() == ["ACK"]
        house.step(0.5)
        desk.ask("BYE")
        assert [f.ended_by for f in house.facts("TalkEnded")] == ["agent"]

    def test_a_key_by_info_is_sent_on_to_the_customer(self, house, desk):
        talking(house, desk)
        info = desk.ask("INFO", body=b"Signal=5\r\n", content_type="application/dtmf-relay")
        assert info.status == 200
        assert [fields["keys"] for fields in house.media.of("send_keys")] == ["5"]

    def test_a_silent_telephone_is_asked_and_believed(self, house, desk):
        talking(house, desk)
        leg = house.hands.devices.current("anna")
        house.hands.on_lost(leg)
        options = [m for m in desk.heard() if getattr(m, "method", "") == "OPTIONS"]
        assert len(options) == 1
        house.receive(stand.messages.respond(options[0], 200).encode(), desk.source)
        house.step(10.0)
        assert house.facts("TalkEnded") == []

    def test_one_that_is_gone_frees_its_agent(self, house, desk):
        """R13: a lost BYE frees the agent within 30 s."""
        talking(house, desk)
        house.hands.on_lost(house.hands.devices.current("anna"))
        house.step(8.0)
        assert [f.up for f in house.facts("DeviceChanged")] == [True, False]
        house.step(house.floor.plan.lost_agent_seconds)
        assert [f.ended_by for f in house.facts("TalkEnded")] == ["lost"]

    def test_another_one_rings_for_one_that_is_gone(self, house, desk, mobile):
        handsets.caller(house)
        desk.rings()
        mobile.rings()
        desk.lift()
        assert mobile.give_in() == ["CANCEL"]
        house.hands.on_lost(house.hands.devices.current("anna"))
        house.step(8.0)
        assert mobile.rings()
        mobile.lift()
        assert house.facts("TalkEnded") == []
        assert house.hands.devices.current("anna") in house.media.of("mix")[-1]["legs"]

    def test_an_outsiders_refer_moves_nothing(self, house, desk):
        """Toll fraud: a customer's REFER is refused."""
        call_id, tag = talking(house, desk)
        refer = stand.request(
            "REFER", cseq=2, branch="r", to_tag=tag, call_id=call_id,
            headers="Refer-To: <sip:+19005550000@192.0.2.1>\r\n",
        )  # fmt: skip
        house.receive(refer)
        assert house.statuses()[-1] == 403


def test_a_media_worker_that_dies_ends_the_dialog_and_rings_again(house, desk):
    talking(house, desk)
    leg = house.hands.devices.current("anna")
    house.hands.on_media_lost((leg,))
    assert desk.methods() == ["BYE", "INVITE"]
    assert house.hands.devices.current("anna") is None
    desk.lift()
    assert house.hands.devices.current("anna") not in (None, leg)


def test_a_telephone_that_nobody_lifts_does_not_keep_a_customer_longer(house, desk, mobile):
    """F13: the time that he is kept for runs from the first loss, whatever rings meanwhile."""
    handsets.caller(house)
    desk.rings()
    mobile.rings()
    desk.lift()
    assert mobile.give_in() == ["CANCEL"]
    house.hands.on_lost(house.hands.devices.current("anna"))
    house.step(8.0)
    assert mobile.rings()
    house.step(house.floor.plan.lost_agent_seconds)
    assert [f.ended_by for f in house.facts("TalkEnded")] == ["lost"]
    assert [f.again for f in house.facts("Bridged")] == [False]
