"""What strangers send to the ports of a call changes nothing in it: R24, R44, R45, R46."""

import asyncio
import random
import socket

import pytest

from callfloor.media import dtls, recorder, relay
from callfloor.media.tests import recorded
from callfloor.media.tests.ice_peer import IcePeer
from callfloor.media.tests.peers import FULL, HOST, PATIENCE_SECONDS, until
from callfloor.wire import ccr, dtmf, ng, rtp, sdp

pytestmark = pytest.mark.wire

SILENT_DB = -60
BOTH = [("agent", "customer", FULL), ("customer", "agent", FULL)]
SEED = 20_260_101  # A failure is found again: every draw of this file comes from it.


@pytest.fixture
def dice():
    return random.Random(SEED)


@pytest.fixture
async def browsers():
    made: list[IcePeer] = []
    yield made
    for peer in made:
        await peer.close()
    await asyncio.sleep(0)


@pytest.fixture(autouse=True)
async def no_fault():
    """Find what the loop would only log: an exception in a callback is a fault of ours."""
    faults: list[dict] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: faults.append(context))
    yield
    assert faults == []


@pytest.fixture
def stranger():
    """A socket that belongs to no leg."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((HOST, 0))
        yield sock


async def browser(scene, browsers, name: str = "agent") -> IcePeer:
    peer = IcePeer()
    browsers.append(peer)
    text = sdp.encode(await peer.offer())
    fields = {"call_id": f"agent:{name}", "from_tag": name, "kind": "webrtc", "sdp": text}
    answer = await scene.floor.ok("offer", **fields)
    await peer.accept(sdp.parse(answer["sdp"].encode()))
    await asyncio.wait_for(peer.ready.wait(), PATIENCE_SECONDS)
    return peer


def speech(number: int) -> bytes:
    return rtp.Packet(
        payload_type=0, sequence=number, timestamp=160 * number, ssrc=9, payload=b"\x55" * 160
    ).encode()


def opinion(scene, name: str) -> int:
    """End the interval of a leg and give its MOS in hundredths."""
    leg = scene.worker.legs[name]
    assert leg.report(now=leg._heard_at + 1, utc=1e9)
    row = leg.reports.row(name, leg.incoming)
    assert row is not None
    return row[4]


class TestSrtp:
    async def test_ten_thousand_bad_packets_change_nothing(self, scene, browsers, stranger):
        """R44: half from elsewhere, half as if they were the browser's own; the call stays."""
        agent = await browser(scene, browsers)
        customer = await scene.phone("customer")
        await scene.mix(*BOTH, legs=["agent", "customer"])
        transport = scene.worker.legs["agent"].transport
        for number in range(50):
            agent.send(speech(number))
        await customer.heard(50)
        before = opinion(scene, "agent")
        refused = transport.refused
        for number in range(50, 150):
            agent.send(speech(number))
            for each in range(50):
                bad = speech(number + each) + bytes(10)
                stranger.sendto(bad, (HOST, transport.port))
                agent.send_raw(bad)
            await until(lambda n=number: transport.refused >= refused + (n - 49) * 100)
        await customer.heard(150)
        assert transport.refused == refused + 10_000
        assert len(customer.speech()) == 150
        assert before - opinion(scene, "agent") < 10
        assert scene.floor.count("lost") == 0


class TestDtls:
    def hello(self) -> list[bytes]:
        """Give the first flight of a client that means nobody in particular."""
        sent: list[bytes] = []
        client = dtls.Dtls(
            identity=dtls.Identity(), remote_fingerprint="", send=sent.append,
            ready=lambda _: None, closed=lambda: None, is_server=False,
        )  # fmt: skip
        client.start()
        client.close()
        client._stop_timer()
        return sent

    async def test_hellos_all_over_the_port_range_fail_no_set_up(self, scene, browsers, stranger):
        """R45: while browsers and telephones come in, every port of the range is sprayed."""
        first, last = 30_100, 30_179  # Nobody else's.
        scene.worker._connector._ports = relay.Ports(first=first, last=last)
        flight = self.hello()
        assert flight
        loop = asyncio.get_running_loop()
        rounds: list[asyncio.TimerHandle] = []

        def spray() -> None:
            for port in range(first, last + 1):
                for datagram in flight:
                    stranger.sendto(datagram, (HOST, port))
            rounds.append(loop.call_later(0.005, spray))

        spray()
        agents = [await browser(scene, browsers, f"agent-{number}") for number in range(8)]
        customers = [await scene.phone(f"c-{n}", call=f"item-{n}") for n in range(8)]
        for number, (agent, customer) in enumerate(zip(agents, customers, strict=True)):
            legs = [f"agent-{number}", f"c-{number}"]
            await scene.mix((legs[0], legs[1], FULL), (legs[1], legs[0], FULL), legs=legs)
            agent.send(speech(1))
            customer.burst(443, 1)
        for agent, customer in zip(agents, customers, strict=True):
            await customer.heard(1)
            await until(lambda agent=agent: agent.packets)
        rounds[-1].cancel()
        assert len(rounds) > 5
        assert scene.floor.count("lost") == 0
        assert any(leg.transport.refused for leg in scene.worker.legs.values())

    async def test_a_hello_as_if_from_the_browser_ends_no_call(self, scene, browsers):
        """R45: even one with its address, after the handshake."""
        agent = await browser(scene, browsers)
        customer = await scene.phone("customer")
        await scene.mix(*BOTH, legs=["agent", "customer"])
        for datagram in (*self.hello(), b"\x16\xfe\xff" + bytes(40), b"\x15\xfe\xfd" + bytes(12)):
            agent.send_raw(datagram)
        agent.send(speech(1))
        await customer.heard(1)
        assert scene.floor.count("lost") == 0


class TestStun:
    async def test_malformed_requests_are_refused(self, scene, browsers, stranger, dice):
        """Every field of a true request is broken in turn; the browser's path stays."""
        agent = await browser(scene, browsers)
        transport = scene.worker.legs["agent"].transport
        request = agent.ice.build_request(agent.ice._nominated[1], nominate=True)
        request.add_message_integrity(agent.ice.remote_password.encode())
        true = bytes(request)
        before, path = transport.refused, transport._path
        for count in range(1, 2_001):
            stranger.sendto(broken(true, dice), (HOST, transport.port))
            if count % 50 == 0:
                await until(lambda n=count: transport.refused >= before + n)
        assert transport._path == path
        assert len(transport._paths) == 1
        agent.send(speech(1))
        await until(lambda: scene.worker.legs["agent"].incoming.packets == 1)


def broken(true: bytes, dice: random.Random) -> bytes:
    """Change some bytes of a message and perhaps its length, so that it never proves itself."""
    data = bytearray(true)
    for _ in range(dice.randint(1, 4)):
        # The first byte would make it something else than STUN, the length is set right below.
        at = dice.choice([1, *range(4, len(data) - 8)])
        data[at] = (data[at] + dice.randint(1, 50)) % 256
    if dice.random() < 0.3:
        data = data[: dice.randrange(4, len(data))]
    if dice.random() < 0.7 and len(data) >= 20:
        data[2:4] = (len(data) - 20).to_bytes(2, "big")
    return bytes(data)


class TestInjection:
    async def test_reaches_neither_the_other_leg_nor_the_recording(self, scene, stranger):
        """R46: a stranger sprays sound and reports at both ports while a call is recorded."""
        customer = await scene.phone("customer")
        agent = await scene.phone("agent", call="agent:a")
        voice = await scene.phone("voice", call="agent:x")
        await scene.mix(*BOTH, legs=["agent", "customer"])
        customer.burst(443, 2)
        agent.burst(1_009, 2)
        await agent.heard(2)
        await customer.heard(2)
        await recorded.record(scene.floor)
        bye = rtp.encode_rtcp(
            [rtp.ReceiverReport(ssrc=1), rtp.Goodbye(ssrcs=(customer.ssrc,))], cname="x"
        )
        said: list[bytes] = []
        for _ in range(5):
            for target in (customer, agent):
                voice.answer = target.answer
                voice.burst(1_709, 20)
                stranger.sendto(bye, target.target)
            for target, hertz in ((customer, 443), (agent, 1_009)):
                for _ in range(10):
                    said.append(target.frame(hertz))
                    target.send(said[-1])
            await scene.floor.ok("ping")
        await agent.heard(52)
        await customer.heard(52)
        _, _, reader = await recorded.stop(scene)
        assert agent.level(1_709) < SILENT_DB
        assert customer.level(1_709) < SILENT_DB
        assert voice.packets == []
        assert sorted(frame.payload for frame in reader.frames()) == sorted(said)

    async def test_by_the_first_comer_ends_when_a_better_source_comes(self, scene):
        """R46: behind a router the signaling's address says who is right, before the sound does."""
        customer = await scene.ringing("customer")
        text = sdp.encode(sdp.offer(host="192.0.2.77", port=4_000, origin_id=1))
        fields = {"call_id": "item-1", "from_tag": "customer", "kind": "rtp", "sdp": text}
        answer = await scene.floor.ok("offer", **fields, received_from=HOST)
        customer.answer = sdp.parse(answer["sdp"].encode())
        transport = scene.worker.legs["customer"].transport
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as elsewhere:
            elsewhere.bind(("127.0.0.2", 0))
            elsewhere.sendto(speech(1), customer.target)
            await until(lambda: transport._is_latched)
            assert transport._peer == elsewhere.getsockname()
            customer.burst(443, 1)
            await until(lambda: transport._peer == (HOST, customer.port))
            elsewhere.sendto(speech(2), customer.target)
            await until(lambda: transport.refused == 1)
        assert transport._peer == (HOST, customer.port)


class TestRecorder:
    async def test_takes_any_packets_and_stays_readable(self, scene, dice):
        """R24: SSRC, payload type and timestamp jump, packets are short, long or of other kinds."""
        customer = await scene.phone("customer")
        agent = await scene.phone("agent", call="agent:a")
        await scene.mix(*BOTH)
        await recorded.record(scene.floor)
        leg = scene.worker.legs["customer"]
        seen = 0
        for count in range(1, 3_001):
            data = odd_packet(dice)
            customer.transport.sendto(data, customer.target)
            if count % 50 == 0:
                customer.burst(443, 1)
                seen += 1
                await until(lambda n=seen: leg.incoming.packets + leg.unknown >= n)
                await scene.floor.ok("ping")
        customer.ssrc, customer.seq, customer.ts = 5, 1, 1
        customer.burst(443, 5)
        await scene.floor.ok("ping")
        _, event, reader = await recorded.stop(scene)
        assert event["partial"] == 0
        sound = ccr.render(reader)
        assert len(sound) == reader.duration_ms() * 8
        assert reader.duration_ms() <= event["seconds"]
        ends = [frame.at_ms for frame in reader.frames()]
        assert max(ends) <= event["seconds"] + recorder.DRIFT_MS_MAX
        agent.burst(1_009, 1)
        await customer.heard(1)


def odd_packet(dice: random.Random) -> bytes:
    """Give what a broken telephone or a bad person may send to a port of ours."""
    choice = dice.random()
    if choice < 0.1:
        return dice.randbytes(dice.randint(0, 40))
    if choice < 0.2:
        return dtmf.press(dice.choice(dtmf.KEYS))[0].payload[: dice.randint(0, 4)]
    packet = rtp.Packet(
        payload_type=dice.choice([0, 0, 0, 8, 8, 13, 18, 101, 127]),
        sequence=dice.randrange(2**16),
        timestamp=dice.choice([0, 1, 2**31, 2**32 - 1, dice.randrange(2**32)]),
        ssrc=dice.choice([1, 2, dice.randrange(2**32)]),
        payload=dice.randbytes(dice.choice([0, 1, 2, 3, 4, 79, 160, 161, 320, 1_400])),
        marker=dice.random() < 0.5,
        csrcs=tuple(range(dice.choice([0, 0, 0, 15]))),
    ).encode()
    if dice.random() < 0.2:  # Extension and padding bits that lie.
        packet = bytes([packet[0] | dice.choice([0x10, 0x20, 0x30])]) + packet[1:]
    return packet[: dice.choice([len(packet), len(packet), dice.randint(0, len(packet))])]


class TestNg:
    """The socket is on the loopback, but whoever may write to it may be broken."""

    COMMANDS = (
        "ping", "offer", "create", "answer", "delete", "claim", "play media", "stop media",
        "play DTMF", "mix", "start recording", "pause recording", "resume recording",
        "stop recording", "query",
    )  # fmt: skip

    async def test_malformed_messages_are_dropped_and_it_goes_on(self, scene, stranger, dice):
        true = ng.encode("c", {"command": "mix", "legs": ["a"], "rows": [["a", "b", 1_000]]})
        for _ in range(2_000):
            data = bytearray(true)
            for _ in range(dice.randint(1, 3)):
                data[dice.randrange(len(data))] = dice.randrange(256)
            stranger.sendto(bytes(data[: dice.randint(1, len(data))]), scene.floor.worker)
        await scene.floor.ok("ping")

    async def test_commands_with_any_fields_are_errors_and_change_nothing(self, scene, dice):
        """Missing, of another kind, too many: each is answered, none is an internal fault."""
        await scene.phone("customer")
        values = ["", "x", 7, -1, 2**63, b"\xff\xfe", [], [1], [["a"]], {}, {"a": 1}, "v=0\r\n"]
        keys = (
            "call-id", "from-tag", "kind", "sdp", "legs", "rows", "play", "files", "repeat", "code",
            "recording", "customer", "agent", "path", "public-key", "floor", "received-from",
        )  # fmt: skip
        for _ in range(1_500):
            chosen = dice.sample(keys, dice.randint(0, 8))
            fields = {key.replace("-", "_"): dice.choice(values) for key in chosen}
            answer = await scene.floor.ask(dice.choice(self.COMMANDS), **fields)
            assert answer.get("error-reason") != "internal fault", (fields, answer)
        assert set(scene.worker.legs) == {"customer"}
        assert scene.worker.recordings.live == {}
