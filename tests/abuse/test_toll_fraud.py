"""
Toll fraud: no way leads to a number outside but an agent's own call, and none to a zone that the
plan does not allow (TRUST.md section 4, SIP; I8; R47).
"""

import dataclasses
import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from callfloor.core import codec, events, plan
from callfloor.floor import callees, ids, numbers, seals
from callfloor.floor.tests import handsets, outside, stand
from callfloor.floor.tests.test_callees import ACME, ZONES, call, plan_of
from callfloor.floor.tests.test_requests import Desk
from callfloor.wire.sip import message as messages

pytestmark = pytest.mark.twin

PREMIUM = plan.ZonePlan(key="premium", prefixes=("+3690", "+1900", "+88"), cost_minute=500)
ISLANDS = plan.ZonePlan(key="islands", prefixes=("+1876", "+1809", "+3620999"), cost_minute=90)
ALL_ZONES = (*ZONES, PREMIUM, ISLANDS)
ALLOWED = set(ACME.zones)
E164 = re.compile(r"\+[1-9][0-9]{3,14}", re.ASCII)
OUTSIDE = ("+1900FLOWERS", "+36209991234", "0036901234567", "+19005551234", "+8835100000000")
REGIONS = (None, "HU", "US", "GB", "IR")


def fraud_plan(**changes):
    """Build a plan in which acme may call Hungary, but neither its premium numbers nor islands."""
    return dataclasses.replace(plan_of(), **{"zones": ALL_ZONES, **changes})


def oracle(number):
    """Say by counting alone which zone a number is in: the longest prefix that fits."""
    best = ("", None)
    for zone in ALL_ZONES:
        for prefix in zone.prefixes:
            if number[: len(prefix)] == prefix and len(prefix) > len(best[0]):
                best = (prefix, zone.key)
    return best[1]


def read(typed, region):
    """Read what somebody typed as the floor does; None for what is no number."""
    reader = callees.Callees(
        seals=seals.Seals(public_key=bytes(range(1, 33)), token_key=b"t" * 32),
        names=ids.Ids(),
        now=lambda: stand.START,
        region=region,
    )
    try:
        return reader._read(typed, fraud_plan())
    except callees.BadNumber:
        return None


DIGITS = st.text("0123456789", min_size=1, max_size=18)
FOREIGN_DIGITS = st.text("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹０１２９०१२३²³₁①", min_size=0, max_size=12)
OPENINGS = st.sampled_from(
    ["", "+", "++", "+00", "00", "011", "+011", "0", "06", "＋", "tel:", "sip:", "%2B", "+ ", "(+",
     "*31#+", "tel:+", "0036", "+36", "+3690", "+1900", "+1876", "112", "+112", "00112",
     "\u200e+", "\u202a+"]
)  # fmt: skip
MARKS = st.sampled_from(
    ["", " ", "-", ".", "/", "(0)", ";ext=1", "x9", ",,1", "p1", "w2", "#", "*", "A", "&",
     ";phone-context=+1900", ";isub=1", "@evil.example", "?Replaces=x", "%30", "\r\nTo: x", "\x00",
     "\u00a0", "\u202f", "\u2060", ";tgrp=x", "\n", "0" * 40]
)  # fmt: skip
TYPED = st.builds(
    lambda opening, parts: opening + "".join(parts),
    OPENINGS,
    st.lists(st.one_of(DIGITS, FOREIGN_DIGITS, MARKS), min_size=1, max_size=6),
)


class TestZones:
    @settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(typed=st.one_of(TYPED, st.text(max_size=40)), region=st.sampled_from(REGIONS))
    @example(typed="+36209991234", region="HU")
    @example(typed="+36۲۰۹۹۹۱۲۳۴", region="IR")
    @example(typed="0036 90 123 456", region="HU")
    @example(typed="+1900FLOWERS", region=None)
    @example(typed="1234567;phone-context=+1900", region="US")
    @example(typed="tel:+3690123456;ext=1", region="HU")
    @example(typed="+6210000000000000", region=None)
    def test_whatever_is_typed_the_zone_is_that_of_what_will_be_dialed(self, typed, region):
        """TRUST.md section 4: the longest prefix of the very text that goes to the trunk."""
        found = read(typed, region)
        if found is None:
            return
        if found.is_emergency:
            assert numbers.compact(typed) == "112"
            return
        assert E164.fullmatch(found.number)
        assert found.zone == oracle(found.number)
        if found.zone in ALLOWED:
            assert found.number.startswith("+36")
            assert not found.number.startswith(("+3690", "+3620999"))

    @settings(max_examples=200, deadline=None)
    @given(
        st.sampled_from(["90", "20", "20999", "1", "30"]),
        st.text("0123456789", min_size=7, max_size=7),
    )
    def test_every_spelling_of_a_number_is_in_one_zone(self, area, rest):
        """A zone cannot be left by writing the number in another way."""
        national = area + rest
        spellings = (
            f"+36{national}", f"0036{national}", f"+36 {area} {rest}", f"tel:+36{national}",
            f"+36-{area}-{rest}", f"(+36) {area}/{rest}", f"＋36{national}",
            "+" + "".join(chr(0x06F0 + int(digit)) for digit in f"36{national}"),
        )  # fmt: skip
        zones = {(found.number, found.zone) for text in spellings if (found := read(text, "HU"))}
        assert len(zones) <= 1

    def test_an_emergency_passes_in_whatever_digits(self):
        """C12: nobody who needs help is told that this is no number."""
        for typed in ("112", "1 1 2", "۱۱۲", "١١٢", "１１２"):
            found = read(typed, "HU")
            assert (found.number, found.is_emergency) == ("112", True)
        for typed in ("112x", "+112", "0112", "1123", "②112"):
            found = read(typed, "HU")
            assert found is None or not found.is_emergency

    def test_a_longer_prefix_wins_in_whatever_order_zones_stand(self):
        for zones in (ALL_ZONES, ALL_ZONES[::-1]):
            found = callees.zone_of("+36209991234", fraud_plan(zones=zones))
            assert found == "islands"


@pytest.fixture
def desk(tmp_path):
    """Start a floor with a seated agent whose client may call few zones."""
    made = Desk(stand.Stand(tmp_path, floor_plan=fraud_plan()).start())
    made.leg = made.house.seat("anna")
    return made


class TestAgents:
    @pytest.mark.parametrize("number", OUTSIDE)
    def test_a_zone_that_is_not_allowed_is_not_dialed(self, desk, number):
        """TRUST.md section 4: an allow-list of prefixes for each client; else nothing goes out."""
        reply = call(desk, number)
        assert reply["type"] == "refused"
        assert reply["code"] in ("zone_not_allowed", "bad_number")
        assert outside.invites(desk.house) == []

    @settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(typed=TYPED)
    def test_what_goes_to_the_trunk_is_a_number_of_an_allowed_zone(self, desk, typed):
        """The INVITE that goes out is read again: its number, its zone, and nothing beside it."""
        before = len(outside.invites(desk.house))
        reply = call(desk, typed)
        for invite, _ in outside.invites(desk.house)[before:]:
            user = invite.target.user
            assert user == "112" or (E164.fullmatch(user) and oracle(user) in ALLOWED), typed
            assert (invite.target.params, invite.target.headers) == ({}, ""), typed
            outside.answer(desk.house, invite, 404)
        if reply["type"] == "done":
            desk.house.step(60.0)

    def test_caps_hold_for_who_calls_without_an_end(self, tmp_path):
        """TRUST.md section 4: caps with a hard stop; the trunk sees no call beyond them."""
        poor = plan.ClientPlan(
            key="acme", languages=("en", "hu"), caller_id="+3617654321", trunks=("first",),
            zones=("home", "mobile"), minutes_hour_max=3,
        )  # fmt: skip
        house = stand.Stand(tmp_path, floor_plan=fraud_plan(clients=(poor,))).start()
        desk = Desk(house)
        house.seat("anna")
        codes = []
        for _ in range(8):
            reply = call(desk)
            codes.append(reply.get("code", reply["type"]))
            for invite, _ in outside.invites(house)[-1:] if reply["type"] == "done" else ():
                outside.answer(house, invite, 200, sdp=outside.SDP)
                house.step(5.0)
                desk.command(events.HangUpAsked(agent="anna", item=reply["item"]))
                finish(desk, reply["item"])
        assert codes == ["done"] * 3 + ["toll_limit"] * 5
        assert len(outside.invites(house)) == 3


def finish(desk, item):
    """End the wrap-up of a call."""
    event = events.WorkFinished(agent="anna", item=item, disposition="done")
    desk.ask("command", event=codec.to_plain(event))


class TestTrunks:
    @pytest.mark.parametrize(
        "dialed",
        [
            *OUTSIDE, "+36201234567", "0036201234567", "00", "201", "300", "callfloor", "112",
            "anna", "900;phone-context=+1900", "900%40evil.example", "%39%30%30+1900", "9000",
            "+900", "٩٠٠",
        ],
    )  # fmt: skip
    def test_a_call_from_outside_to_a_number_outside_is_404_and_goes_nowhere(
        self, tmp_path, dialed
    ):
        """TRUST.md section 4: never relayed, not to a number, an agent, a queue or an emergency."""
        agents = handsets.phone_plan().agents
        queues = handsets.phone_plan().queues
        house = stand.Stand(tmp_path, floor_plan=fraud_plan(agents=agents, queues=queues)).start()
        house.receive(stand.invite(number=dialed))
        assert house.statuses() == [404]
        assert outside.invites(house) == []
        assert house.facts("Arrived") == []

    def test_a_tel_uri_is_no_way_around(self, desk):
        text = stand.invite().replace(
            f"sip:{stand.NUMBER}@192.0.2.1 SIP", "tel:+19005551234 SIP", 1
        )
        desk.house.receive(text)
        assert desk.house.statuses() == [416]
        assert outside.invites(desk.house) == []

    @pytest.mark.parametrize("route", ["<sip:192.0.2.9;lr>", "<sip:+1900@192.0.2.9;lr>"])
    def test_a_route_sends_no_call_through_the_house(self, desk, route):
        """A pre-loaded Route makes a relay of a careless proxy; this is none."""
        desk.house.receive(stand.invite(number="+19005551234", headers=f"Route: {route}\r\n"))
        assert desk.house.statuses() == [404]
        assert outside.invites(desk.house) == []

    @pytest.mark.parametrize(
        "target",
        ["<sip:+19005551234@192.0.2.9>", "<sip:+36201234567@192.0.2.9>", "<sip:anna@192.0.2.1>",
         "<sip:900@192.0.2.1?Replaces=x%3Bto-tag%3D1%3Bfrom-tag%3D2>", "<tel:+19005551234>"],
    )  # fmt: skip
    def test_a_caller_cannot_refer_his_call_to_anybody(self, desk, target):
        """TRUST.md section 4: REFER from outside is denied, and the call goes on."""
        house = desk.house
        house.receive(stand.invite())
        tag = house.answers()[-1].to.tag
        house.receive(stand.request("ACK", to_tag=tag))
        before = len(house.sent)
        headers = f"Refer-To: {target}\r\n"
        house.receive(stand.request("REFER", cseq=2, branch="r", to_tag=tag, headers=headers))
        assert [messages.parse(data).status for data, _ in house.sent[before:]] == [403]
        assert outside.invites(house) == []
        assert house.facts("Closed") == []

    def test_a_refer_outside_every_call_is_refused(self, desk):
        headers = "Refer-To: <sip:+19005551234@192.0.2.9>\r\n"
        desk.house.receive(stand.request("REFER", headers=headers))
        assert desk.house.statuses()[0] in (403, 405, 481)
        assert outside.invites(desk.house) == []

    def test_an_invite_cannot_replace_a_call_of_somebody_else(self, desk):
        """RFC 3891: whoever knows the tags of a call would take it over."""
        house = desk.house
        house.receive(stand.invite())
        tag = house.answers()[-1].to.tag
        house.receive(stand.request("ACK", to_tag=tag))
        replaces = f"Replaces: call-1@192.0.2.7;to-tag={tag};from-tag=theirs\r\n"
        house.receive(stand.invite(branch="x", call_id="other", headers=replaces))
        house.step(1.0)
        assert "BYE" not in [request.method for request in house.requests()]
        assert house.facts("Closed") == []

    @pytest.mark.parametrize("status", [300, 301, 302, 305, 380])
    def test_a_redirection_is_never_followed(self, desk, status):
        """TRUST.md section 4: 302 to outside is denied; who is called out cannot choose another."""
        house = desk.house
        call(desk)
        [(invite, _)] = outside.invites(house)
        moved = ("Contact", "<sip:+19005551234@192.0.2.66>")
        outside.answer(house, invite, status, headers=(moved,))
        house.step(5.0)
        dialed = outside.invites(house)
        assert {request.target.user for request, _ in dialed} == {outside.NUMBER}
        assert {target for _, target in dialed} <= {outside.FIRST, outside.SECOND}

    def test_a_digest_is_given_to_nobody_but_the_trunk(self, desk):
        """R47: a fake challenge from elsewhere gets no answer."""
        house = desk.house
        call(desk)
        [(invite, _)] = outside.invites(house)
        fake = ("WWW-Authenticate", 'Digest realm="x", nonce="n", algorithm=MD5, qop="auth"')
        outside.answer(house, invite, 401, headers=(fake,), source=("203.0.113.9", 5060))
        house.step(1.0)
        assert all("Authorization" not in dict(request.headers) for request in house.requests())
