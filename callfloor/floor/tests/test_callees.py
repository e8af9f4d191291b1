"""Numbers that people want called: what the exchange hears of them, and what the trunk does."""

import pytest

from callfloor.core import events, plan
from callfloor.floor import callees
from callfloor.floor.tests import outside, stand
from callfloor.floor.tests.outside import answer, happened, invites
from callfloor.floor.tests.test_hands import call as call_in
from callfloor.floor.tests.test_hands import talk
from callfloor.floor.tests.test_requests import Desk

pytestmark = pytest.mark.twin

ZONES = (
    plan.ZonePlan(key="home", prefixes=("+36",)),
    plan.ZonePlan(key="mobile", prefixes=("+3620", "+3630"), cost_minute=10),
)
ACME = plan.ClientPlan(
    key="acme",
    languages=("en", "hu"),
    caller_id="+3617654321",
    trunks=("first", "second"),
    zones=("home", "mobile"),
)


def plan_of(**changes):
    """Build a plan in which acme may call Hungary over two trunks."""
    trunks = (plan.TrunkPlan(key="line", addresses=(stand.TRUNK[0],)), *outside.trunks())
    return stand.stand_plan(clients=(ACME,), zones=ZONES, trunks=trunks, **changes)


@pytest.fixture
def desk(tmp_path):
    """Start a floor with a seated agent."""
    made = Desk(stand.Stand(tmp_path, floor_plan=plan_of()).start())
    made.leg = made.house.seat("anna")
    return made


def call(desk, number=outside.NUMBER, **fields):
    """Let Anna call a number; give the reply."""
    asked = {"is": "CallAsked", "agent": "anna", "client": "acme", **fields}
    [reply] = desk.ask("command", event=asked, number=number)
    return reply


class TestCall:
    def test_is_dialed_and_connected(self, desk):
        house = desk.house
        reply = call(desk)
        assert reply["type"] == "done"
        [(invite, target)] = invites(house)
        assert (target, invite.target.user) == (outside.FIRST, outside.NUMBER)
        assert invite.from_.uri.user == "+3617654321"
        answer(house, invite, 200, sdp=outside.SDP)
        leg = f"c:{reply['item']}"
        assert set(house.media.of("mix")[-1]["rows"]) == {
            (leg, desk.leg, 1.0),
            (desk.leg, leg, 1.0),
        }
        assert house.facts("Arrived")[-1].zone == "mobile"

    def test_keeps_its_number_sealed(self, desk):
        house = desk.house
        reply = call(desk)
        fact = house.facts("Arrived")[-1]
        assert house.seals.read_number(reply["item"], fact.sealed) == outside.NUMBER
        assert fact.caller == house.seals.token(outside.NUMBER)
        assert outside.NUMBER.encode() not in (house.folder / "journal.db").read_bytes()

    def test_goes_to_the_second_trunk_within_4_seconds_when_the_first_is_silent(self, desk):
        """F16: fail-over in 4 s, and whoever answers late is not a second call."""
        house = desk.house
        call(desk)
        begun = house.now
        house.step(3.1)
        (first, _), (second, target) = invites(house)
        assert target == outside.SECOND
        assert house.now - begun <= 4.0
        answer(house, second, 200, sdp=outside.SDP, source=outside.SECOND)
        answer(house, first, 200, sdp=outside.SDP, tag="late")
        assert [r.method for r in house.requests() if r.to.tag == "late"] == ["ACK", "BYE"]
        assert len(house.facts("Bridged")) == 1
        assert [fact.outcome for fact in house.facts("DialEnded")] == ["trunk_down", "answered"]

    @pytest.mark.parametrize("number", ["nora", "", None, "12"])
    def test_of_no_number_is_refused(self, desk, number):
        assert call(desk, number)["code"] == "bad_number"
        assert desk.house.facts("Arrived") == []

    def test_to_a_zone_that_is_not_allowed_is_refused_and_leaves_no_key(self, desk):
        reply = call(desk, "+1 900 555 0100")
        assert (reply["type"], reply["code"]) == ("refused", "zone_not_allowed")
        assert desk.house.seals._keys == {}
        assert invites(desk.house) == []

    def test_to_an_emergency_passes_every_gate(self, tmp_path):
        """C12: no zone, no right to call out, and it is dialed at once."""
        agents = tuple(
            plan.AgentPlan(key=key, clients=("acme",), calls_out=False) for key in ("anna", "bela")
        )
        desk = Desk(stand.Stand(tmp_path, floor_plan=plan_of(agents=agents)).start())
        desk.house.seat("anna")
        assert call(desk)["code"] == "calls_out_not_allowed"
        assert call(desk, " 1-1 2 ")["type"] == "done"
        assert invites(desk.house)[0][0].uri == "sip:112@192.0.2.9"

    def test_the_agent_hangs_up_while_it_rings(self, desk):
        house = desk.house
        item = call(desk)["item"]
        [(invite, _)] = invites(house)
        answer(house, invite, 180)
        house.happen(events.HangUpAsked(agent="anna", item=item))
        assert house.requests()[-1].method == "CANCEL"
        assert house.facts("DialEnded")[-1].outcome == "given_up"

    def test_busy_ends_it_as_not_reached(self, desk):
        house = desk.house
        item = call(desk)["item"]
        answer(house, invites(house)[0][0], 486)
        assert house.facts("DialEnded")[-1].outcome == "busy"
        house.happen(events.WorkFinished(agent="anna", item=item, disposition="busy"))
        assert house.facts("Closed")[-1].outcome == "not_reached"

    def test_to_a_colleague_dials_nothing(self, desk):
        desk.house.seat("bela")
        reply = call(desk, None, to_agent="bela")
        assert reply["type"] == "done"
        assert desk.house.facts("Ringing")[-1].agent == "bela"
        assert invites(desk.house) == []


class TestConsult:
    def ask(self, desk, item, number=outside.NUMBER):
        """Let Anna ask a number while her customer waits."""
        asked = {"is": "ConsultAsked", "agent": "anna", "item": item}
        [reply] = desk.ask("command", event=asked, number=number)
        return reply

    def test_a_number_is_dialed_on_a_leg_of_its_own(self, desk):
        house = desk.house
        item, _ = talk(house)
        assert self.ask(desk, item)["type"] == "done"
        [(invite, _)] = invites(house)
        answer(house, invite, 200, sdp=outside.SDP)
        asked = house.media.of("create")[0]["leg"]
        assert asked.startswith(f"x:{item}:")
        rows = set(house.media.of("mix")[-1]["rows"])
        assert rows == {(asked, desk.leg, 1.0), (desk.leg, asked, 1.0)}
        house.happen(events.ConferenceAsked(agent="anna", item=item))
        assert len(house.media.of("mix")[-1]["rows"]) == 6

    def test_a_number_that_is_none_is_refused(self, desk):
        item, _ = talk(desk.house)
        assert self.ask(desk, item, "x")["code"] == "bad_number"

    def test_who_was_asked_leaves_and_the_customer_stays(self, desk):
        house = desk.house
        item, leg = talk(house)
        self.ask(desk, item)
        [(invite, _)] = invites(house)
        answer(house, invite, 200, sdp=outside.SDP)
        asked = house.media.of("create")[0]["leg"]
        house.hands.left(asked, "hung_up")
        assert happened(house, "PartyLeft")
        assert {"call": item, "leg": asked} in house.media.of("delete")
        assert house.hands.caller_of(item).leg == leg
        assert house.media.of("stop_recording") == []

    def test_everybody_is_let_go_when_the_item_closes(self, desk):
        house = desk.house
        item, leg = talk(house)
        self.ask(desk, item)
        [(invite, _)] = invites(house)
        answer(house, invite, 200, sdp=outside.SDP)
        house.happen(events.ConferenceAsked(agent="anna", item=item))
        house.happen(events.HangUpAsked(agent="anna", item=item))
        house.hands.left(leg, "hung_up")
        house.step(200.0)
        assert house.facts("Closed")[-1].item == item
        assert len(house.hands.parties) == 0


class TestCallback:
    @pytest.fixture
    def desk(self, tmp_path):
        """Start a floor whose flow takes wishes for a callback."""
        steps = (
            plan.Say(key="hello", prompt="hello", next="later"),
            plan.AskCallback(key="later", prompt="one_moment", queue="help"),
        )
        flows = (plan.FlowPlan(key="main", version=1, first="hello", steps=steps),)
        return Desk(stand.Stand(tmp_path, floor_plan=plan_of(flows=flows)).start())

    def asked(self, desk, call_id="one"):
        """Let a caller ask to be called back; give his item."""
        item, _ = call_in(desk.house, call_id)
        desk.house.step(30.0)
        desk.house.played()
        desk.house.played()
        return item

    def test_waits_with_the_place_of_the_first_call(self, desk):
        house = desk.house
        begun = house.now
        item = self.asked(desk)
        arrived = house.facts("Arrived")[-1]
        assert (arrived.direction, arrived.of, arrived.zone) == ("callback", item, "home")
        born = house.facts("Queued")[-1].born_at
        assert born == pytest.approx(begun, abs=0.01)
        assert house.seals.read_number(arrived.item, arrived.sealed) == "+3612345678"

    def test_is_dialed_when_an_agent_takes_it(self, desk):
        house = desk.house
        self.asked(desk)
        house.seat("anna")
        offer = house.facts("Ringing")[-1]
        house.happen(events.OfferAnswered(agent="anna", offer=offer.offer))
        [(invite, _)] = invites(house)
        assert invite.target.user == "+3612345678"
        answer(house, invite, 200, sdp=outside.SDP)
        assert house.facts("Bridged")[-1].item == offer.item

    def test_that_waited_through_a_start_of_the_floor_is_dialed(self, desk):
        """The floor cannot read what an earlier one sealed; it asks for the key."""
        self.asked(desk)
        house = desk.house.again()
        house.seat("anna")
        offer = house.facts("Ringing")[-1]
        house.happen(events.OfferAnswered(agent="anna", offer=offer.offer))
        assert invites(house)[0][0].target.user == "+3612345678"

    def test_whose_key_nobody_has_is_not_dialed(self, desk):
        self.asked(desk)
        house = desk.house.again()
        house.hands.parties.unlock = lambda _item, then: then(None)
        house.seat("anna")
        offer = house.facts("Ringing")[-1]
        house.happen(events.OfferAnswered(agent="anna", offer=offer.offer))
        assert invites(house) == []
        assert house.facts("DialEnded")[-1].outcome == "wrong_number"

    def test_asked_for_twice_is_one_and_leaves_no_second_key(self, desk):
        """F09: one number, one queue, one call."""
        first, second = self.asked(desk), self.asked(desk, "two")
        house = desk.house
        [item] = [each.item for each in house.facts("Arrived") if each.direction == "callback"]
        joined = house.facts("CallbackJoined")[-1]
        assert (joined.item, joined.of) == (item, second)
        assert first != second
        assert set(house.seals._keys) == {item}

    def test_whose_customer_calls_in_stands_aside(self, desk):
        """The token of his number is the same on both ways."""
        house = desk.house
        self.asked(desk)
        his, _ = call_in(house, "two")
        assert house.facts("CallbackHeld")[-1].by == his

    def test_of_somebody_without_a_number_is_an_alarm(self, desk):
        house = desk.house
        headers = "Privacy: id\r\n"
        house.receive(stand.invite(headers=headers))
        tag = house.answers()[-1].to.tag
        house.receive(stand.request("ACK", to_tag=tag))
        house.played()
        house.played()
        assert [fact.name for fact in house.facts("Alarmed")] == ["no_callback"]
        assert len(house.facts("Arrived")) == 1


class TestPromise:
    def promise(self, desk, number="+36 1 234 5678", **changes):
        """Let the worker hand over an appointment; give the reply."""
        row = {"item": "a1", "client": "acme", "queue": "help", "of": "appointment-1"}
        row |= {"due": desk.house.now, "since": desk.house.now - 9000.0, "preferred": "anna"}
        [reply] = desk.ask("promise", **(row | {"number": number} | changes))
        return reply

    def test_becomes_a_callback_for_who_was_promised(self, desk):
        """F09.4: at its time, with its time, and once however often it is handed over."""
        house = desk.house
        for _ in range(2):
            reply = self.promise(desk)
            assert (reply["type"], reply["item"]) == ("done", "a1")
        [arrived] = house.facts("Arrived")
        assert (arrived.direction, arrived.of, arrived.zone) == (
            "callback",
            "appointment-1",
            "home",
        )
        assert house.seals.read_number("a1", arrived.sealed) == "+3612345678"
        assert house.facts("Ringing")[-1].agent == "anna"

    def test_of_who_waits_already_is_that_call(self, desk):
        self.promise(desk)
        reply = self.promise(desk, item="a2", of="appointment-2")
        assert (reply["type"], reply["item"]) == ("done", "a1")
        assert set(desk.house.seals._keys) == {"a1"}

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"number": "nora"}, "bad_number"),
            ({"client": "zeta"}, "bad_number"),
            ({"queue": "nowhere"}, "unknown_queue"),
            ({"due": "soon"}, "malformed"),
        ],
    )
    def test_that_nobody_can_keep_is_refused_and_leaves_no_key(self, desk, changes, code):
        reply = self.promise(desk, **changes)
        assert (reply["type"], reply["code"]) == ("refused", code)
        assert desk.house.seals._keys == {}
        assert desk.house.facts("Arrived") == []


@pytest.mark.parametrize(
    ("number", "zone"),
    [("+3612345678", "home"), ("+36201234567", "mobile"), ("+4930123", None)],
)
def test_the_longest_prefix_decides(number, zone):
    assert callees.zone_of(number, plan_of()) == zone
