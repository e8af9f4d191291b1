"""Providers: our registration stands, their absence is noticed, and their calls are known."""

import pytest

from callfloor.core import actions, events, plan
from callfloor.floor.tests import outside, stand
from callfloor.floor.tests.outside import answer, dial, dialed, happened, invites

pytestmark = pytest.mark.twin


def of(house, method):
    """Give every request of a method that went out, once each."""
    found = {request.via.branch: request for request in house.requests()}
    return [request for request in found.values() if request.method == method]


def challenge(realm="provider.example"):
    """Write what a registrar wants to have proven."""
    value = f'Digest realm="{realm}", nonce="n", algorithm=SHA-256, qop="auth"'
    return (("WWW-Authenticate", value),)


def alarms(house):
    """Give what a person was told, by name."""
    return [fact.name for fact in house.facts("Alarmed")]


@pytest.fixture
def house(tmp_path):
    """Start a floor that registers at its first provider."""
    return outside.house_of(tmp_path, registers=True, register_seconds=300)


def register(house):
    """Let the provider grant what is asked; give the REGISTER that was granted."""
    answer(house, of(house, "REGISTER")[-1], 401, headers=challenge())
    proven = of(house, "REGISTER")[-1]
    answer(house, proven, 200, headers=(("Expires", "300"),))
    return proven


class TestRegistration:
    def test_proves_itself_and_stands(self, house):
        first = of(house, "REGISTER")[0]
        assert (first.uri, first.contact.uri.user) == ("sip:192.0.2.9", "ours")
        assert first.contact.uri.host == stand.US
        proven = register(house)
        assert 'username="ours"' in (proven.get("Authorization") or "")
        health = house.providers.health()["first"]
        assert health == {"key": "first", "state": "registered", "until": house.now + 300}
        assert house.providers.health()["second"]["state"] == "unknown"

    def test_is_refreshed_before_it_ends(self, house):
        register(house)
        house.step(226.0)
        assert len(of(house, "REGISTER")) == 3
        answer(house, of(house, "REGISTER")[-1], 200, headers=(("Expires", "300"),))
        assert house.providers.health()["first"]["until"] == house.now + 300

    def test_that_is_refused_takes_the_trunk_out_and_says_so(self, house):
        answer(house, of(house, "REGISTER")[-1], 403)
        assert house.providers.health()["first"]["state"] == "refused"
        assert alarms(house) == ["trunk_down"]
        dial(house)
        assert (invites(house), dialed(house)) == ([], ["trunk_down"])
        house.step(31.0)
        register(house)
        assert alarms(house) == ["trunk_down", "trunk_up"]

    def test_proves_itself_anew_when_our_password_is_another(self, house):
        """At once, in the registration that stands, which is not taken back before."""
        proven = register(house)
        house.keep_passwords(ours="new")
        asked = of(house, "REGISTER")[-1]
        assert (asked.call_id, asked.get("Expires")) == (proven.call_id, proven.get("Expires"))
        again = register(house)
        assert again.cseq.number > proven.cseq.number
        assert again.get("Authorization") != proven.get("Authorization")
        house.keep_passwords(ours="new")
        assert of(house, "REGISTER")[-1] == again
        assert alarms(house) == []

    def test_begins_with_a_password_and_ends_without_one(self, house):
        register(house)
        house.providers.keep({})
        assert of(house, "REGISTER")[-1].get("Expires") == "0"
        before = len(of(house, "REGISTER"))
        house.step(400.0)
        assert len(of(house, "REGISTER")) == before
        house.providers.keep({"ours": "new"})
        assert register(house).get("Expires") == "300"
        assert house.providers.health()["first"]["state"] == "registered"

    def test_ends_when_the_plan_has_it_no_more(self, house):
        register(house)
        house.providers.use(stand.stand_plan(trunks=()))
        last = of(house, "REGISTER")[-1]
        assert last.get("Expires") == "0"
        assert house.providers.health() == {}

    def test_stays_when_another_part_of_the_plan_changes(self, house):
        register(house)
        before = len(of(house, "REGISTER"))
        trunks = outside.trunks(registers=True, register_seconds=300)
        house.providers.use(stand.stand_plan(trunks=trunks, version="other"))
        assert len(of(house, "REGISTER")) == before

    def test_ends_when_the_floor_stops(self, house):
        register(house)
        house.providers.stop()
        assert of(house, "REGISTER")[-1].get("Expires") == "0"
        assert not house.providers.is_idle
        answer(house, of(house, "REGISTER")[-1], 401, headers=challenge())
        proven = of(house, "REGISTER")[-1]
        assert (proven.get("Expires"), "Authorization" in dict(proven.headers)) == ("0", True)
        answer(house, proven, 200)
        assert house.providers.is_idle

    def test_the_realm_that_the_registrar_names_is_the_one_that_calls_are_proven_in(self, house):
        """R47: learned from the provider himself, and from nobody who is called."""
        register(house)
        dial(house)
        answer(house, invites(house)[0][0], 401, headers=challenge("elsewhere.example"))
        assert dialed(house) == ["trunk_down"]
        dial(house)
        answer(house, invites(house)[-1][0], 401, headers=challenge())
        assert 'realm="provider.example"' in (invites(house)[-1][0].get("Authorization") or "")

    def test_a_provider_with_a_name_waits_for_its_look_up(self, tmp_path):
        house = outside.house_of(tmp_path, registers=True, uri="sip:sip.example")
        house.step(1.0)
        assert of(house, "REGISTER") == []
        house.names["sip.example"] = ("192.0.2.9",)
        house.step(5.0)
        assert of(house, "REGISTER")[0].uri == "sip:sip.example"


class TestWatch:
    @pytest.fixture
    def watched(self, tmp_path):
        """Start a floor that asks its first provider every 30 s whether he is there."""
        return outside.house_of(tmp_path, watch_seconds=30.0)

    def asked(self, house, status=200):
        """Answer the last OPTIONS."""
        answer(house, of(house, "OPTIONS")[-1], status)

    def test_asks_again_and_again(self, watched):
        for _ in range(3):
            self.asked(watched)
            watched.step(30.0)
        assert len(of(watched, "OPTIONS")) == 4
        assert alarms(watched) == []

    def test_a_refusal_is_a_sign_of_life(self, watched):
        self.asked(watched, status=403)
        watched.step(5.0)
        assert watched.providers.health()["first"]["state"] == "up"

    @pytest.mark.parametrize("status", [None, 503])
    def test_a_provider_who_is_away_is_skipped_at_once_until_he_is_back(self, watched, status):
        """F16: nobody waits for a trunk that is known to be down."""
        if status is not None:
            self.asked(watched, status)
        watched.step(4.5)
        assert alarms(watched) == ["trunk_down"]
        dial(watched)
        assert (invites(watched), dialed(watched)) == ([], ["trunk_down"])
        watched.step(26.0)
        self.asked(watched)
        assert alarms(watched) == ["trunk_down", "trunk_up"]
        dial(watched)
        assert len(invites(watched)) == 1

    def test_an_emergency_is_tried_whatever_the_state(self, watched):
        """C12: no gate of ours stops it."""
        watched.step(4.5)
        watched.seals.open_item("e")
        sealed = watched.seals.number("e", "112")
        call = actions.Dial(
            item="e",
            leg="c:e",
            trunk="first",
            caller_id=None,
            sealed=sealed,
            seconds=45.0,
            emergency=True,
        )
        watched.hands.perform(call)
        assert invites(watched)[0][0].uri == "sip:112@192.0.2.9"

    def test_a_call_that_finds_him_silent_asks_at_once(self, watched):
        self.asked(watched)
        watched.step(10.0)
        dial(watched)
        watched.step(3.1)
        assert len(of(watched, "OPTIONS")) == 2
        watched.step(4.0)
        assert watched.providers.health()["first"]["state"] == "down"

    def test_a_provider_who_comes_back_is_registered_at_again(self, tmp_path):
        """He was restarted and knows nobody any more."""
        house = outside.house_of(tmp_path, registers=True, watch_seconds=30.0)
        self.asked(house)
        register(house)
        house.step(35.0)
        assert alarms(house) == ["trunk_down"]
        before = len(of(house, "REGISTER"))
        house.step(26.0)
        self.asked(house)
        assert len(of(house, "REGISTER")) == before + 1


class TestCallsIn:
    def to_account(self):
        """Write an INVITE to our account, with the number in To."""
        number = f"sip:{stand.NUMBER}@192.0.2.1 SIP"
        return stand.invite().replace(number, "sip:ours@192.0.2.1 SIP")

    def test_come_from_his_address(self, house):
        house.receive(stand.invite(), outside.FIRST)
        assert house.facts("Arrived")[0].trunk == "first"

    def test_may_name_our_account_and_say_the_number_in_to(self, house):
        """A provider calls the Contact that we registered, whatever number was dialed."""
        invite = stand.invite().replace(
            f"sip:{stand.NUMBER}@192.0.2.1 SIP", "sip:ours@192.0.2.1 SIP"
        )
        house.receive(invite, outside.FIRST)
        assert house.facts("Arrived")[0].called == stand.NUMBER

    def test_to_an_account_of_somebody_else_are_refused(self, house):
        house.receive(self.to_account(), outside.SECOND)
        assert house.statuses() == [404]

    def test_come_from_every_address_of_his_name(self, tmp_path):
        house = outside.house_of(tmp_path, uri="sip:sip.example")
        house.names["sip.example"] = ("192.0.2.9", "192.0.2.11")
        house.telephone.use(house.floor.plan)
        house.receive(stand.invite(), ("192.0.2.11", 5060))
        assert house.facts("Arrived")[0].trunk == "first"


def test_a_plan_with_other_trunks_is_used(house):
    new = stand.stand_plan(
        version="two", trunks=(plan.TrunkPlan(key="third", uri="sip:192.0.2.12"),)
    )
    house.providers.use(new)
    house.floor.happen(events.PlanChanged(plan=new))
    assert list(house.providers.health()) == ["third"]
    assert happened(house, "PlanChanged")
