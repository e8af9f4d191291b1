"""A leg that offers first: a number that is dialed, telephones that ring on one offer."""

import pytest

from callfloor.media import relay
from callfloor.media.tests import ice_peer
from callfloor.media.tests.peers import FULL, until
from callfloor.wire import dtmf, sdp

pytestmark = pytest.mark.wire

SILENT_DB = -60
CREATE = {"call_id": "item-1", "from_tag": "customer", "kind": "rtp"}


async def created(scene, **changes) -> sdp.Session:
    answer = await scene.floor.ok("create", **{**CREATE, **changes})
    return sdp.parse(answer["sdp"].encode())


class TestCreate:
    async def test_offers_both_laws_and_keys(self, scene):
        offered = await created(scene)
        media = offered.audio
        assert media.host == "127.0.0.1"
        assert media.port % 2 == 0
        assert [codec.name for codec in media.codecs] == ["PCMU", "PCMA", "telephone-event"]
        assert media.direction == "sendrecv"

    async def test_again_offers_anew_on_the_same_port(self, scene):
        """A re-INVITE of ours: a new version of the same session (RFC 3264, section 8)."""
        first, second = await created(scene), await created(scene)
        assert (second.audio.port, second.origin_id) == (first.audio.port, first.origin_id)
        assert second.version == first.version + 1

    async def test_of_a_leg_that_answered_offers_its_number_for_keys_again(self, scene):
        """A number for a codec means the same as long as a session lasts (RFC 3264, 8.3.2)."""
        phone = await scene.ringing("customer")
        await phone.offer(event_payload=96)
        offered = await created(scene)
        assert offered.audio.codec(sdp.EVENT).payload == 96
        assert offered.audio.port == phone.answer.audio.port

    async def test_of_another_kind_or_call_is_refused_and_makes_nothing(self, scene):
        answer = await scene.floor.ask("create", **{**CREATE, "kind": "webrtc"})
        assert answer["result"] == "error"
        assert scene.worker.legs == {}
        await created(scene)
        answer = await scene.floor.ask("create", **{**CREATE, "call_id": "item-2"})
        assert answer["result"] == "error"
        assert scene.worker.legs["customer"].call == "item-1"


class TestAnswer:
    async def test_connects_both_ways(self, scene):
        customer = await scene.ringing("customer", codec="PCMA")
        agent = await scene.phone("agent", call="agent:a")
        await customer.accept()
        await scene.mix(("agent", "customer", FULL), ("customer", "agent", FULL))
        customer.burst(443, 25)
        agent.burst(1_009, 25)
        await customer.heard(25)
        await agent.heard(25)
        assert {packet.payload_type for packet in customer.packets} == {8}
        assert customer.level(1_009) > -20
        assert agent.level(443) > -20
        await scene.floor.event("up", from_tag="customer")

    async def test_of_early_media_gives_way_to_the_final_one(self, scene):
        """A carrier's announcement comes from elsewhere than the one who answers in the end."""
        offered = await created(scene)
        carrier, customer = [await scene.ringing("customer") for _ in range(2)]
        agent = await scene.phone("agent", call="agent:a")
        await scene.mix(
            ("agent", "customer", FULL), ("customer", "agent", FULL), legs=["customer", "agent"]
        )
        await carrier.accept(offered)
        carrier.burst(443, 25)
        await agent.heard(25)
        await customer.accept(offered)
        customer.ssrc = 99
        customer.burst(1_409, 25)
        await agent.heard(50)
        agent.burst(1_009, 5)
        await customer.heard(5)
        assert agent.level(1_409, last=25) > -20
        assert carrier.speech() == []

    async def test_said_again_changes_nothing(self, scene):
        """The same description comes in 183 and in 200."""
        customer = await scene.ringing("customer")
        await customer.accept()
        offered = customer.answer
        customer.burst(443, 3)
        await scene.floor.event("up", from_tag="customer")
        await customer.accept(offered)
        transport = scene.worker.legs["customer"].transport
        assert transport._is_latched

    async def test_follows_a_telephone_behind_a_router(self, scene):
        """Its description names an address that nobody can reach (symmetric RTP, RFC 4961)."""
        customer = await scene.ringing("customer")
        agent = await scene.phone("agent", call="agent:a")
        await customer.accept(host="192.0.2.77")
        await scene.mix(("customer", "agent", FULL), ("agent", "customer", FULL))
        customer.burst(443, 5)
        await agent.heard(5)
        agent.burst(1_009, 5)
        await customer.heard(5)

    async def test_takes_the_far_sides_own_number_for_keys(self, scene):
        """Keys come under the number that was offered and go under the one that was answered."""
        customer = await scene.ringing("customer")
        offered = await created(scene)
        text = sdp.encode(customer.answered(offered)).decode().replace("101", "97")
        fields = {"call_id": "item-1", "from_tag": "customer"}
        await scene.floor.ok("answer", **fields, sdp=text)
        customer.answer = offered
        await customer.press("5", kind=101)
        await scene.floor.event("dtmf", code="5")
        await scene.floor.ok("play DTMF", **fields, code="7")
        await until(lambda: len(customer.packets) >= len(dtmf.press("7")))
        assert {packet.payload_type for packet in customer.packets} == {97}

    async def test_that_hears_nothing_is_sent_nothing(self, scene):
        customer = await scene.ringing("customer")
        agent = await scene.phone("agent", call="agent:a")
        await customer.accept(direction="sendonly")
        await scene.mix(("customer", "agent", FULL), ("agent", "customer", FULL))
        agent.burst(1_009, 5)
        customer.burst(443, 5)
        await agent.heard(5)
        assert customer.packets == []

    @pytest.mark.parametrize(
        ("old", "new"),
        [("m=audio", "m=video"), ("RTP/AVP 0", "RTP/AVP 18"), ("RTP/AVP", "RTP/SAVP")],
    )
    async def test_that_agrees_to_nothing_is_refused_and_changes_nothing(self, scene, old, new):
        customer = await scene.ringing("customer")
        offered = await created(scene)
        text = sdp.encode(customer.answered(offered)).decode().replace(old, new)
        answer = await scene.floor.ask("answer", call_id="item-1", from_tag="customer", sdp=text)
        assert answer["result"] == "error"
        assert scene.worker.legs["customer"].transport._offered is None

    async def test_without_an_offer_of_ours_is_refused(self, scene):
        phone = await scene.phone("customer")
        text = sdp.encode(phone.answered(phone.answer)).decode()
        answer = await scene.floor.ask("answer", call_id="item-1", from_tag="customer", sdp=text)
        assert answer["error-reason"] == "this leg has not offered"


async def test_nobody_is_heard_before_the_answer(scene):
    """R46: several telephones ring on one offer, and a stranger may know its port."""
    offered = await created(scene)
    stranger = await scene.phone("stranger", call="agent:x")
    agent = await scene.phone("agent", call="agent:a")
    await scene.mix(("agent", "customer", FULL), legs=["agent", "customer"])
    stranger.answer = offered
    stranger.burst(1_409, 20)
    transport = scene.worker.legs["customer"].transport
    await until(lambda: transport.refused == 20)
    customer = await scene.ringing("customer")
    await customer.accept(offered)
    customer.burst(443, 25)
    await agent.heard(25)
    assert agent.level(1_409) < SILENT_DB
    assert len(agent.packets) == 25


class TestAdvertised:
    """A worker behind a router listens on one address and is known by another."""

    @pytest.fixture
    def scene(self, scene):
        scene.worker._connector._advertised = "203.0.113.7"
        return scene

    async def test_is_what_our_offer_and_answer_say(self, scene):
        assert (await created(scene)).audio.host == "203.0.113.7"
        phone = await scene.phone("agent", call="agent:a")
        assert phone.answer.audio.host == "203.0.113.7"
        transport = scene.worker.legs["agent"].transport
        assert transport._sock.getsockname() == ("127.0.0.1", phone.answer.audio.port)

    async def test_is_the_first_candidate_of_a_browser(self, scene):
        scene.worker._connector.ice_addresses = ("127.0.0.2", "127.0.0.1")
        peer = ice_peer.IcePeer()
        text = sdp.encode(await peer.offer())
        fields = {"call_id": "agent:b", "from_tag": "b", "kind": "webrtc", "sdp": text}
        answer = await scene.floor.ok("offer", **fields)
        media = sdp.parse(answer["sdp"].encode()).audio
        assert [candidate.host for candidate in media.candidates] == ["203.0.113.7", "127.0.0.1"]
        assert media.host == "203.0.113.7"
        bound = [sock.getsockname() for sock in scene.worker.legs["b"].transport._sockets]
        assert [host for host, _ in bound] == ["127.0.0.2", "127.0.0.1"]
        assert all(20_000 <= port <= 29_999 for _, port in bound)
        await peer.close()


async def test_a_full_port_range_is_refused_and_leaves_nothing(scene):
    """A browser with two addresses needs two ports; one that is left is given back."""
    scene.worker._connector._ports = relay.Ports(first=30_190, last=30_191)  # Nobody else's.
    scene.worker._connector.ice_addresses = ("127.0.0.1", "127.0.0.1")
    peer = ice_peer.IcePeer()
    text = sdp.encode(await peer.offer())
    fields = {"call_id": "agent:b", "from_tag": "b", "kind": "webrtc", "sdp": text}
    answer = await scene.floor.ask("offer", **fields)
    assert answer["error-reason"] == "no free port"
    assert scene.worker.legs == {}
    scene.worker._connector._ports.open("127.0.0.1").close()
    await peer.close()


class TestLost:
    async def test_is_a_far_side_that_never_spoke(self, scene):
        """R13: twenty seconds from the answer on, whether early or final."""
        customer = await scene.ringing("customer")
        offered = await created(scene)
        leg = scene.worker.legs["customer"]
        leg.watch(leg._heard_at + 300)  # A telephone may ring for minutes.
        await customer.accept(offered)
        leg.watch(leg._awaited_at + 19.9)
        assert scene.floor.count("lost") == 0
        leg.watch(leg._awaited_at + 20.0)
        leg.watch(leg._awaited_at + 20.1)
        assert (await scene.floor.event("lost", from_tag="customer"))["silent-ms"] == 20_000
        customer.burst(443, 1)
        await scene.floor.event("found", from_tag="customer")
        await scene.floor.event("up", from_tag="customer")
        assert scene.floor.count("lost") == 0

    async def test_is_a_caller_who_never_spoke(self, scene):
        await scene.phone("customer")
        leg = scene.worker.legs["customer"]
        leg.watch(leg._awaited_at + 20.0)
        await scene.floor.event("lost", from_tag="customer")

    async def test_begins_anew_with_each_description(self, scene):
        """Who comes back from hold has twenty seconds again."""
        phone = await scene.phone("customer")
        await phone.offer(direction="recvonly")
        leg = scene.worker.legs["customer"]
        leg.watch(leg._awaited_at + 60)
        before = leg._awaited_at
        await phone.offer()
        assert leg._awaited_at > before
        leg.watch(leg._awaited_at + 19.9)
        await scene.floor.ok("ping")
        assert scene.floor.count("lost") == 0
