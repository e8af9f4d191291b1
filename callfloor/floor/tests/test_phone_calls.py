"""What an agent begins on his telephone passes the same gates as what he does on his desk."""

import dataclasses

import pytest

from callfloor.core import events, plan
from callfloor.floor.tests import handsets, outside, stand
from callfloor.floor.tests.handsets import Handset

pytestmark = pytest.mark.pure

DEAR = "+19005550000"


def calling_plan():
    """Build a plan in which agents may call Hungary."""
    made = handsets.phone_plan()
    client = dataclasses.replace(made.clients[0], trunks=("first", "second"), zones=("hu",))
    return dataclasses.replace(
        made,
        clients=(client,),
        trunks=(*made.trunks, *outside.trunks()),
        zones=(
            plan.ZonePlan(key="hu", prefixes=("+36",)),
            plan.ZonePlan(key="dear", prefixes=("+1900",)),
        ),
    )


@pytest.fixture
def house(tmp_path):
    """Start a floor with two agents who have telephones."""
    made = stand.Stand(tmp_path, floor_plan=calling_plan()).start()
    made.happen(events.AgentSignedIn(agent="anna", ready=True))
    made.happen(events.AgentSignedIn(agent="bela", ready=False))
    return made


@pytest.fixture
def anna(house):
    """Register anna's telephone."""
    phone = Handset(house, "anna-desk")
    phone.register()
    return phone


@pytest.fixture
def bela(house):
    """Register bela's telephone."""
    phone = Handset(house, "bela-desk", port=6_010)
    phone.register()
    return phone


def dialed(house):
    """Give the INVITEs that went to providers, and where to."""
    return [each for each in outside.invites(house) if each[1] == outside.FIRST]


def serving(house, phone):
    """Let a customer be served; give his call and the agent's dialog."""
    call = handsets.caller(house)
    assert phone.rings()
    phone.lift()
    phone.methods()
    house.step(2.0)
    return call, phone.dialog


def asking(house, anna, bela):
    """Let anna ask bela in a second dialog; give her first one."""
    _, first = serving(house, anna)
    assert anna.reinvite("sendonly").status == 200
    assert anna.call("202").status == 200
    assert bela.rings()
    bela.lift()
    assert house.facts("ConsultAnswered")[-1].to_agent == "bela"
    return first


class TestCalling:
    def test_a_number_is_dialed_by_the_trunk_and_connected(self, house, anna):
        assert anna.call("+36201234567").status == 200
        ((invite, target),) = dialed(house)
        assert (invite.target.user, target) == ("+36201234567", outside.FIRST)
        outside.answer(house, invite, 200, sdp=outside.SDP)
        legs = house.media.of("mix")[-1]["legs"]
        assert house.hands.devices.current("anna") in legs
        anna.ask("BYE")
        assert [f.ended_by for f in house.facts("TalkEnded")] == ["agent"]
        assert [r.method for r in house.requests()][-1] == "BYE"

    def test_a_number_that_is_not_allowed_is_refused_and_dialed_by_nobody(self, house, anna):
        """Toll fraud: only the plan's zones."""
        assert anna.call(DEAR).status == 403
        assert dialed(house) == []
        assert house.facts("Arrived") == []

    @pytest.mark.parametrize(("number", "status"), [("abc", 484), ("300", 484), ("201", 486)])
    def test_nonsense_ones_own_queue_and_oneself_cannot_be_called(
        self, house, anna, number, status
    ):
        assert anna.call(number).status == status
        assert house.facts("Arrived") == []

    def test_a_colleague_rings(self, house, anna, bela):
        assert anna.call("202").status == 200
        assert bela.rings()
        bela.lift()
        assert bela.methods() == ["ACK"]
        house.step(2.0)
        bela.ask("BYE")
        assert "BYE" in anna.methods()

    def test_a_wrong_password_calls_nobody(self, house, anna):
        thief = Handset(house, "anna-desk", password="guess", port=6_666)
        assert thief.call("+36201234567").status == 401
        assert house.facts("Arrived") == []

    def test_an_agent_without_a_seat_may_call_only_in_an_emergency(self, house, anna):
        house.happen(events.AgentSignedOut(agent="anna"))
        assert anna.call("+36201234567").status == 480
        assert anna.call("112").status == 200
        ((invite, _),) = dialed(house)
        assert invite.target.user == "112"

    def test_a_call_that_fails_hangs_the_telephone_up(self, house, anna):
        anna.call("+36201234567")
        ((invite, _),) = dialed(house)
        outside.answer(house, invite, 404)
        house.step(30.0)
        assert "BYE" in anna.methods()

    def test_who_gives_up_before_the_answer_dials_no_more(self, house, anna):
        anna.call("+36201234567")
        ((invite, _),) = dialed(house)
        outside.answer(house, invite, 180)
        house.step(2.0)
        anna.ask("BYE")
        assert "CANCEL" in [r.method for r in house.requests()]
        assert [f.outcome for f in house.facts("DialEnded")] == ["given_up"]
        assert [f.ended_by for f in house.facts("TalkEnded")] == ["agent"]


class TestAsking:
    def test_a_second_dialog_is_a_question_and_takes_the_leg_along(self, house, anna, bela):
        asking(house, anna, bela)
        offers = house.media.of("offer")
        assert offers[-1]["leg"] == house.hands.devices.current("anna")
        assert handsets.sdp_of(6_100) == offers[-1]["sdp"]

    def test_putting_the_second_down_ends_the_question(self, house, anna, bela):
        asking(house, anna, bela)
        anna.ask("BYE")
        assert [f.outcome for f in house.facts("ConsultOver")] == ["ended"]
        assert house.facts("TalkEnded") == [] or house.facts("TalkEnded")[-1].agent == "bela"

    def test_a_colleague_who_leaves_ends_the_second_dialog_only(self, house, anna, bela):
        asking(house, anna, bela)
        second = anna.dialog
        house.step(2.0)
        bela.ask("BYE")
        byes = [m for m in anna.heard() if getattr(m, "method", "") == "BYE"]
        assert [bye.call_id for bye in byes] == [second.call_id]
        assert [f.agent for f in house.facts("TalkEnded")] == ["bela"]

    def test_refer_with_replaces_completes_the_transfer(self, house, anna, bela):
        """R19: an attended transfer from the telephone."""
        first = asking(house, anna, bela)
        second, anna.dialog = anna.dialog, first
        assert anna.refer("202", replaces=second).status == 202
        assert anna.told() == [100, 200]
        assert house.facts("Transferred")[-1].to_agent == "bela"
        legs = house.media.of("mix")[-1]["legs"]
        assert house.hands.devices.current("bela") in legs
        assert house.hands.devices.current("anna") not in legs

    def test_a_replaces_of_somebody_elses_call_is_refused(self, house, anna, bela):
        asking(house, anna, bela)
        assert anna.refer("202", replaces=bela.dialog).status == 403
        assert house.facts("Transferred") == []

    def test_a_handset_put_down_hands_over_whom_a_colleague_has_taken(self, house, anna, bela):
        """The desk asks, the telephone has one dialog: nobody is cut."""
        serving(house, anna)
        item = house.facts("Bridged")[-1].item
        house.happen(events.ConsultAsked(agent="anna", item=item, to_agent="bela"))
        assert bela.rings()
        bela.lift()
        anna.ask("BYE")
        assert house.facts("Transferred")[-1].to_agent == "bela"

    def test_a_handset_put_down_before_that_rings_again(self, house, anna, bela):
        serving(house, anna)
        item = house.facts("Bridged")[-1].item
        house.happen(events.ConsultAsked(agent="anna", item=item, to_agent="bela"))
        assert bela.rings()
        anna.ask("BYE")
        assert bela.give_in() == ["CANCEL"]
        assert house.facts("TalkEnded") == []
        assert anna.rings()

    def test_a_telephone_that_gives_up_before_the_answer_has_called_nobody(self, house, anna):
        house.media.offer = lambda **_: None
        assert anna.call("+36201234567").status == 100
        anna.cancel_call()
        assert dialed(house) == []
        assert house.facts("Arrived") == []


class TestDesk:
    def test_a_call_from_the_desk_rings_the_telephone_first(self, house, anna):
        """A telephone that knows answer-after lifts itself."""
        client = house.floor.plan.clients[0].key
        asked = house.callees.call(
            events.CallAsked(agent="anna", item="", leg="", client=client),
            "+36201234567",
            house.floor.plan,
        )
        house.floor.happen(asked.event, changes=asked.changes)
        assert anna.rings()
        assert anna.invite.get("Call-Info").endswith("answer-after=0")
        anna.lift()
        ((invite, _),) = dialed(house)
        outside.answer(house, invite, 200, sdp=outside.SDP)
        assert house.hands.devices.current("anna") in house.media.of("mix")[-1]["legs"]

    def test_a_leader_hears_by_his_telephone_until_he_hangs_up(self, house, anna, bela):
        serving(house, anna)
        item = house.facts("Bridged")[-1].item
        house.happen(events.SuperviseAsked(agent="bela", item=item, of="anna", mode="listen"))
        assert bela.rings()
        bela.lift()
        house.step(2.0)
        bela.ask("BYE")
        assert [f.outcome for f in house.facts("SuperviseOver")] == ["ended"]
        assert house.facts("TalkEnded") == []


class TestMoving:
    def test_a_blind_transfer_to_a_colleague(self, house, anna, bela):
        house.happen(events.ReadyAsked(agent="bela"))
        serving(house, anna)
        assert anna.refer("202").status == 202
        assert anna.told() == [100, 200]
        assert house.facts("Transferred")[-1].to_agent == "bela"
        assert bela.rings()

    def test_a_blind_transfer_to_a_queue_without_progress(self, house, anna):
        serving(house, anna)
        answer = anna.refer("300", Refer_Sub="false")
        assert (answer.status, answer.get("Refer-Sub")) == (202, "false")
        assert house.facts("Transferred")[-1].queue == "help"
        assert anna.told() == []

    def test_a_transfer_outside_is_handed_over_when_it_answers(self, house, anna):
        serving(house, anna)
        assert anna.refer("+36201234567").status == 202
        ((invite, _),) = dialed(house)
        assert anna.told() == [100]
        outside.answer(house, invite, 200, sdp=outside.SDP)
        assert anna.told() == [200]
        assert len(house.facts("Transferred")) == 1

    def test_a_transfer_outside_that_fails_says_so_and_keeps_the_customer(self, house, anna):
        serving(house, anna)
        anna.refer("+36201234567")
        ((invite, _),) = dialed(house)
        outside.answer(house, invite, 486)
        assert anna.told() == [100, 486]
        assert house.facts("TalkEnded") == []

    def test_a_transfer_to_where_nobody_may_call_is_refused(self, house, anna):
        """Toll fraud: REFER passes the gates of a call."""
        serving(house, anna)
        assert anna.refer(DEAR).status == 403
        assert dialed(house) == []

    @pytest.mark.parametrize("headers", [(), (("Refer-To", "<sip:a@b;method=BYE>"),)])
    def test_what_cannot_be_read_is_bad(self, house, anna, headers):
        serving(house, anna)
        assert anna.ask("REFER", headers=headers).status == 400
