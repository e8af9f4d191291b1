"""A browser's leg: checked, encrypted, proved by its certificate; lost, found and renewed."""

import asyncio
from dataclasses import replace

import pytest

from callfloor.media.tests.ice_peer import IcePeer
from callfloor.media.tests.peers import FULL, PATIENCE_SECONDS, until
from callfloor.wire import dtmf, rtp, sdp

pytestmark = pytest.mark.wire


@pytest.fixture
async def peers():
    made = []
    yield made
    for peer in made:
        await peer.close()
    await asyncio.sleep(0)


async def offered(scene, peer: IcePeer, name: str = "agent") -> sdp.Session:
    text = sdp.encode(await peer.offer())
    fields = {"call_id": f"agent:{name}", "from_tag": name, "kind": "webrtc", "sdp": text}
    answer = await scene.floor.ok("offer", **fields)
    return sdp.parse(answer["sdp"].encode())


async def connected(scene, peers, name: str = "agent") -> IcePeer:
    peer = IcePeer()
    peers.append(peer)
    await peer.accept(await offered(scene, peer, name))
    await asyncio.wait_for(peer.ready.wait(), PATIENCE_SECONDS)
    await scene.floor.event("up", from_tag=name)
    return peer


def speech(number: int, payload: bytes = b"\x55" * 160) -> bytes:
    return rtp.Packet(
        payload_type=0, sequence=number, timestamp=160 * number, ssrc=9, payload=payload
    ).encode()


async def test_audio_passes_both_ways_unchanged(scene, peers):
    customer = await scene.phone("customer")
    agent = await connected(scene, peers)
    both = (("agent", "customer", FULL), ("customer", "agent", FULL))
    await scene.mix(*both, legs=["customer", "agent"])
    for number in range(20):
        agent.send(speech(number, bytes([number]) * 160))
        customer.send(bytes([100 + number]) * 160)
    await customer.heard(20)
    await until(lambda: len(agent.heard()) == 20)
    assert [packet.payload[0] for packet in customer.packets] == list(range(20))
    assert [payload[0] for payload in agent.heard()] == list(range(100, 120))


async def test_the_answer_is_what_a_browser_takes(scene, peers):
    peer = IcePeer()
    peers.append(peer)
    answer = await offered(scene, peer)
    media = answer.audio
    assert answer.ice_lite
    assert answer.bundle == ("0",)
    assert media.rtcp_mux
    assert media.setup == "passive"
    assert [(codec.name, codec.clock) for codec in media.codecs] == [
        ("PCMU", 8_000),
        ("telephone-event", 8_000),
    ]
    assert {candidate.host for candidate in media.candidates} == {"127.0.0.1"}


async def test_every_given_address_is_a_candidate_and_no_other(scene, peers):
    """A browser on another machine needs an address of the network, and only if it was given."""
    scene.worker._connector.ice_addresses = ("127.0.0.2", "127.0.0.1")
    peer = IcePeer()
    peers.append(peer)
    answer = await offered(scene, peer)
    first, second = answer.audio.candidates
    assert (first.host, second.host) == ("127.0.0.2", "127.0.0.1")
    assert first.priority > second.priority
    await peer.accept(answer)
    await asyncio.wait_for(peer.ready.wait(), PATIENCE_SECONDS)


class Relay(asyncio.DatagramProtocol):
    """Stands between a browser and the worker like the relayed address of a TURN server."""

    def __init__(self, behind: tuple[str, int]) -> None:
        self.behind = behind
        self.browser = None

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        if addr != self.behind:
            self.browser = addr
        self.transport.sendto(data, self.behind if addr != self.behind else self.browser)


async def test_a_browser_behind_a_turn_server_is_heard(scene, peers):
    """What comes from a relayed address is peer-reflexive to us (RFC 8445, section 7.3.1.3)."""
    customer = await scene.phone("customer")
    await scene.mix(("customer", "agent", FULL), legs=["customer"])
    peer = IcePeer()
    peers.append(peer)
    answer = await offered(scene, peer)
    (candidate,) = answer.audio.candidates
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: Relay((candidate.host, candidate.port)), local_addr=("127.0.0.1", 0)
    )
    host, port = transport.get_extra_info("sockname")
    through = replace(candidate, host=host, port=port)
    media = replace(answer.audio, candidates=(through,))
    await peer.accept(replace(answer, media=(media,)))
    await asyncio.wait_for(peer.ready.wait(), PATIENCE_SECONDS)
    both = (("agent", "customer", FULL), ("customer", "agent", FULL))
    await scene.mix(*both, legs=["customer", "agent"])
    peer.send(speech(1))
    customer.send(b"\x11" * 160)
    await customer.heard(1)
    await until(lambda: peer.packets)
    assert scene.worker.legs["agent"].transport._path[1] == (host, port)
    transport.close()
    await asyncio.sleep(0)


async def test_keys_come_once(scene, peers):
    agent = await connected(scene, peers)
    number = 0
    for key in "1#":
        for step in dtmf.press(key):
            for _ in range(2):
                packet = rtp.Packet(
                    payload_type=126,
                    sequence=number,
                    timestamp=8_000 * "1#".index(key),
                    ssrc=9,
                    payload=step.payload,
                    marker=step.marker,
                )
                agent.send(packet.encode())
                number += 1
    agent.send(speech(number))
    await until(lambda: scene.floor.count("dtmf") == 2)
    codes = [event["code"] for event in scene.floor.events if event["event"] == "dtmf"]
    assert codes == ["1", "#"]


async def test_a_doubled_packet_is_heard_once_and_harms_nothing(scene, peers):
    """SRTP encrypts no number twice (RFC 3711, section 9.1); networks do double packets."""
    customer = await scene.phone("customer")
    agent = await connected(scene, peers)
    faults: list[dict] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: faults.append(context))
    await scene.mix(("agent", "customer", FULL), legs=["customer", "agent"])
    for number in range(3):
        for _ in range(2):
            customer.send(bytes([number]) * 160)
            customer.seq -= 1
        customer.seq += 1
    await until(lambda: len(agent.heard()) == 3)
    assert [payload[0] for payload in agent.heard()] == [0, 1, 2]
    await scene.floor.ok("ping")
    assert faults == []


async def test_a_wrong_certificate_is_refused(scene, peers):
    """Whoever sits in between has another certificate than the description says."""
    peer = IcePeer()
    peers.append(peer)
    peer.fingerprint = "sha-256 " + ":".join(["00"] * 32)
    await peer.accept(await offered(scene, peer))
    await scene.floor.event("lost", from_tag="agent")
    assert scene.floor.count("up") == 0
    assert scene.worker.legs["agent"].transport._srtp is None


async def test_checks_with_a_wrong_password_are_not_answered(scene, peers):
    peer = IcePeer()
    peers.append(peer)
    answer = await offered(scene, peer)
    transport = scene.worker.legs["agent"].transport
    stranger = IcePeer()
    peers.append(stranger)
    await stranger.ice.gather_candidates()
    stranger.ice.remote_username = answer.audio.ice_ufrag
    stranger.ice.remote_password = "x" * 32
    candidate = answer.audio.candidates[0]
    request = stranger.ice.build_request(_pair(stranger, candidate), nominate=True)
    request.add_message_integrity(b"x" * 32)
    protocol = stranger.ice._protocols[0]
    protocol.transport.sendto(bytes(request), (candidate.host, candidate.port))
    await until(lambda: transport.refused == 1)
    assert transport._path is None


async def test_sound_before_the_handshake_or_from_elsewhere_is_refused(scene, peers):
    agent = await connected(scene, peers)
    customer = await scene.phone("customer")
    await scene.mix(("customer", "agent", FULL), legs=["customer", "agent"])
    transport = scene.worker.legs["agent"].transport
    customer.transport.sendto(speech(1), ("127.0.0.1", transport.port))
    agent.send_raw(speech(2) + bytes(16))
    await until(lambda: transport.refused == 2)
    agent.send(speech(3))
    await customer.heard(1)
    assert len(customer.packets) == 1


async def test_silence_is_lost_and_sound_is_found(scene, peers):
    agent = await connected(scene, peers)
    lost = await scene.floor.event("lost", from_tag="agent")
    assert 1_500 <= lost["silent-ms"] < 2_500
    agent.send(speech(1))
    await scene.floor.event("found", from_tag="agent")


async def test_a_page_that_closes_is_lost_at_once(scene, peers):
    agent = await connected(scene, peers)
    agent.dtls.close()
    lost = await scene.floor.event("lost", from_tag="agent")
    assert lost["silent-ms"] == 0


async def test_a_reloaded_page_keeps_its_place(scene, peers):
    """The new page is heard by the customer without another mix, on one unbroken stream."""
    customer = await scene.phone("customer")
    first = await connected(scene, peers)
    await scene.mix(("customer", "agent", FULL), legs=["customer", "agent"])
    first.send(speech(1))
    await customer.heard(1)
    second = await connected(scene, peers)
    second.send(speech(500))
    await customer.heard(2)
    before, after = customer.packets
    assert (after.ssrc, after.sequence) == (before.ssrc, (before.sequence + 1) % 2**16)
    assert scene.floor.count("lost") == 0


async def test_the_same_offer_again_keeps_the_connection(scene, peers):
    """A renegotiation within the page must not cost the audio."""
    agent = await connected(scene, peers)
    port = scene.worker.legs["agent"].transport.port
    answer = await offered_again(scene, agent)
    assert answer.audio.port == port
    assert answer.version == 2
    agent.send(speech(1))
    await until(lambda: scene.worker.legs["agent"].incoming.packets == 1)


class TestRestart:
    """R41: the agent's network changes; the page restarts ICE and needs no new handshake."""

    async def test_keeps_the_keys_and_moves_the_path(self, scene, peers):
        first = await connected(scene, peers)
        customer = await scene.phone("customer")
        both = (("agent", "customer", FULL), ("customer", "agent", FULL))
        await scene.mix(*both, legs=["customer", "agent"])
        transport = scene.worker.legs["agent"].transport
        old = transport._path
        second = IcePeer(session=first.session)
        peers.append(second)
        answer = await offered(scene, second)
        assert scene.worker.legs["agent"].transport is transport
        assert answer.audio.fingerprint == transport._identity.fingerprint
        first.send(speech(1))  # Until a new way is nominated, the old one holds.
        await customer.heard(1)
        # The browser's own keys go on; only its way is another one.
        second.srtp = first.srtp
        await second.nominated(answer)
        await until(lambda: transport._path != old)
        second.send(speech(2))
        customer.send(b"\x11" * 160)
        await customer.heard(2)
        await until(lambda: second.heard())
        assert second.heard() == [b"\x11" * 160]
        assert scene.floor.count("lost") == 0

    async def test_brings_back_who_was_away_for_longer_than_his_consent(self, scene, peers):
        first = await connected(scene, peers)
        leg = scene.worker.legs["agent"]
        leg.transport.watch(leg.transport._checked_at + 30.1)
        await scene.floor.event("lost", from_tag="agent")
        second = IcePeer(session=first.session)
        peers.append(second)
        second.srtp = first.srtp
        await second.nominated(await offered(scene, second))
        await until(lambda: leg.transport._srtp is not None)
        second.send(speech(1))
        await scene.floor.event("found", from_tag="agent")

    async def test_that_agrees_to_nothing_changes_nothing(self, scene, peers):
        first = await connected(scene, peers)
        transport = scene.worker.legs["agent"].transport
        before = (transport._remote, transport._password)
        second = IcePeer(session=first.session)
        peers.append(second)
        text = sdp.encode(await second.offer()).decode().replace("PCM", "G72")
        fields = {"call_id": "agent:agent", "from_tag": "agent", "kind": "webrtc", "sdp": text}
        assert (await scene.floor.ask("offer", **fields))["result"] == "error"
        assert (transport._remote, transport._password) == before
        first.send(speech(1))
        await until(lambda: scene.worker.legs["agent"].incoming.packets == 1)

    async def test_after_a_goodbye_is_a_new_connection(self, scene, peers):
        agent = await connected(scene, peers)
        transport = scene.worker.legs["agent"].transport
        agent.dtls.close()
        await scene.floor.event("lost", from_tag="agent")
        second = await connected(scene, peers)
        assert scene.worker.legs["agent"].transport is not transport
        second.send(speech(1))
        await until(lambda: scene.worker.legs["agent"].incoming.packets == 1)


async def offered_again(scene, peer: IcePeer) -> sdp.Session:
    security = sdp.Security(
        ice_ufrag=peer.ice.local_username,
        ice_pwd=peer.ice.local_password,
        fingerprint=peer.fingerprint,
        setup="actpass",
    )
    text = sdp.encode(
        sdp.offer(host="127.0.0.1", port=9, origin_id=peer.session, security=security)
    )
    fields = {"call_id": "agent:agent", "from_tag": "agent", "kind": "webrtc", "sdp": text}
    answer = await scene.floor.ok("offer", **fields)
    return sdp.parse(answer["sdp"].encode())


async def test_consent_ends_when_the_browser_stops_checking(scene, peers):
    """RFC 7675: thirty seconds without a check, whatever else comes."""
    await connected(scene, peers)
    leg = scene.worker.legs["agent"]
    leg.transport.watch(leg.transport._checked_at + 29.9)
    assert leg.transport._srtp is not None
    leg.transport.watch(leg.transport._checked_at + 30.1)
    assert leg.transport._srtp is None
    await scene.floor.event("lost", from_tag="agent")


@pytest.mark.parametrize("missing", ["fingerprint", "ice_ufrag", "ice_pwd", "setup"])
async def test_an_offer_without_security_is_refused(scene, missing):
    fields = {
        "ice_ufrag": "abcd",
        "ice_pwd": "p" * 22,
        "fingerprint": "sha-256 AA",
        "setup": "actpass",
    }
    text = sdp.encode(
        sdp.offer(host="127.0.0.1", port=9, origin_id=1, security=sdp.Security(**fields))
    ).decode()
    name = missing.replace("_", "-")
    lines = [line for line in text.split("\r\n") if not line.startswith(f"a={name}:")]
    answer = await scene.floor.ask(
        "offer", call_id="agent:a", from_tag="a", kind="webrtc", sdp="\r\n".join(lines)
    )
    assert answer["result"] == "error"
    assert scene.worker.legs == {}


def _pair(peer: IcePeer, candidate: sdp.Candidate):
    import aioice
    from aioice.ice import CandidatePair

    remote = aioice.Candidate.from_sdp(str(candidate))
    return CandidatePair(peer.ice._protocols[0], remote)
