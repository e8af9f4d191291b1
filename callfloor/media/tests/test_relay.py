"""Two telephones hear one another as one unbroken stream, and nobody else."""

import itertools

import pytest

from callfloor.media.tests.peers import FULL, HOST, until
from callfloor.wire import rtp

pytestmark = pytest.mark.wire

SILENT_DB = -60
LOUD_DB = -15


async def test_a_tone_arrives_at_the_ear_and_nowhere_else(scene):
    customer = await scene.phone("customer")
    agent = await scene.phone("agent", call="agent:a")
    other = await scene.phone("other", call="agent:b")
    await scene.mix(("customer", "agent", FULL), ("agent", "customer", FULL))
    customer.burst(443, 50)
    agent.burst(1_009, 50)
    await customer.heard(50)
    await agent.heard(50)
    assert agent.level(443) > LOUD_DB
    assert agent.level(1_009) < SILENT_DB
    assert customer.level(1_009) > LOUD_DB
    assert customer.level(443) < SILENT_DB
    assert other.packets == []


async def test_one_way_is_one_way(scene):
    """On hold, the customer is not heard."""
    customer = await scene.phone("customer")
    agent = await scene.phone("agent", call="agent:a")
    await scene.mix(("customer", "agent", FULL))
    customer.burst(443, 20)
    agent.burst(1_009, 20)
    await customer.heard(20)
    assert agent.packets == []


async def test_payloads_pass_unchanged(scene):
    customer = await scene.phone("customer")
    agent = await scene.phone("agent", call="agent:a")
    await scene.mix(("agent", "customer", FULL))
    sent = [bytes([number]) * 160 for number in range(30)]
    for payload in sent:
        customer.send(payload)
    await agent.heard(30)
    assert [packet.payload for packet in agent.speech()] == sent


async def test_laws_are_translated(scene):
    customer = await scene.phone("customer", codec="PCMA")
    agent = await scene.phone("agent", call="agent:a", codec="PCMU")
    await scene.mix(("customer", "agent", FULL), ("agent", "customer", FULL))
    customer.burst(443, 25)
    agent.burst(1_009, 25)
    await customer.heard(25)
    await agent.heard(25)
    assert {packet.payload_type for packet in agent.packets} == {0}
    assert {packet.payload_type for packet in customer.packets} == {8}
    assert agent.level(443) > LOUD_DB
    assert customer.level(1_009) > LOUD_DB


async def test_a_switch_of_source_is_one_stream(scene):
    """Sequence numbers go on by one, time never goes back, and the switch bears the marker."""
    customer = await scene.phone("customer")
    agents = [await scene.phone(name, call=f"agent:{name}") for name in ("anna", "bela")]
    for number in range(4):
        agent = agents[number % 2]
        await scene.mix(("customer", agent.name, FULL))
        agent.burst(1_009, 10)
        await customer.heard(10 * (number + 1))
    packets = customer.packets
    assert len({packet.ssrc for packet in packets}) == 1
    for before, after in itertools.pairwise(packets):
        assert (after.sequence - before.sequence) % 2**16 == 1
        assert 160 <= (after.timestamp - before.timestamp) % 2**32 < 8_000 * 5
    marked = [index for index, packet in enumerate(packets) if packet.marker]
    assert marked == [0, 10, 20, 30]


async def test_loss_and_order_of_the_sender_stay_visible(scene):
    """The receiver conceals what is missing; a relay that closed the gap would hide it."""
    customer = await scene.phone("customer")
    agent = await scene.phone("agent", call="agent:a")
    await scene.mix(("agent", "customer", FULL))
    for lost in (False, False, True, False):
        if lost:
            customer.seq = (customer.seq + 1) % 2**16
            customer.ts = (customer.ts + 160) % 2**32
        else:
            customer.send(customer.frame(443))
    await agent.heard(3)
    first, second, third = agent.packets
    assert (second.sequence - first.sequence, second.timestamp - first.timestamp) == (1, 160)
    assert (third.sequence - second.sequence, third.timestamp - second.timestamp) == (2, 320)


async def test_a_source_that_starts_anew_does_not_break_the_stream(scene):
    """A telephone may change its SSRC in mid-call (RFC 3550, section 8.2)."""
    customer = await scene.phone("customer")
    agent = await scene.phone("agent", call="agent:a")
    await scene.mix(("agent", "customer", FULL))
    customer.burst(443, 5)
    customer.ssrc, customer.seq, customer.ts = 77, 10_000, 123_456
    customer.burst(443, 5)
    await agent.heard(10)
    steps = [
        (after.sequence - before.sequence) % 2**16
        for before, after in itertools.pairwise(agent.packets)
    ]
    assert steps == [1] * 9
    assert agent.packets[5].marker


async def test_header_extensions_are_not_forwarded(scene):
    customer = await scene.phone("customer")
    agent = await scene.phone("agent", call="agent:a")
    await scene.mix(("agent", "customer", FULL))
    head = rtp.Packet(payload_type=0, sequence=1, timestamp=2, ssrc=3, payload=b"").encode()
    extension = b"\xbe\xde\x00\x01\x10\xff\x00\x00"
    data = bytes([head[0] | 0x10]) + head[1:] + extension + b"sound" * 32
    customer.transport.sendto(data, customer.target)
    await agent.heard(1)
    assert agent.packets[0].payload == b"sound" * 32


class TestLatch:
    async def test_refuses_an_injected_source(self, scene):
        customer = await scene.phone("customer")
        agent = await scene.phone("agent", call="agent:a")
        intruder = await scene.phone("intruder", call="agent:x")
        await scene.mix(("agent", "customer", FULL), ("customer", "agent", FULL))
        customer.burst(443, 10)
        await agent.heard(10)
        intruder.answer = customer.answer
        intruder.burst(1_009, 50)
        customer.burst(443, 10)
        agent.burst(1_400, 10)
        await agent.heard(20)
        await customer.heard(10)
        assert len(agent.packets) == 20
        assert agent.level(1_009) < SILENT_DB
        assert intruder.packets == []
        assert scene.worker.legs["customer"].transport.refused == 50

    async def test_follows_the_source_and_not_the_description(self, scene):
        """A telephone behind a router describes an address that nobody can reach."""
        customer = await scene.phone("customer")
        agent = await scene.phone("agent", call="agent:a")
        await scene.mix(("customer", "agent", FULL))
        elsewhere = await scene.phone("elsewhere", call="agent:x")
        elsewhere.answer = customer.answer
        elsewhere.send(b"\xff" * 160)
        await scene.floor.event("up", from_tag="customer")
        agent.burst(1_009, 5)
        await elsewhere.heard(5)
        assert customer.packets == []

    async def test_gives_way_to_the_address_of_the_description(self, scene):
        """Whoever was faster than the telephone loses as soon as that speaks."""
        customer = await scene.phone("customer")
        intruder = await scene.phone("intruder", call="agent:x")
        intruder.answer = customer.answer
        intruder.send(b"\xff" * 160)
        await scene.floor.event("up", from_tag="customer")
        customer.send(b"\xff" * 160)
        intruder.send(b"\xff" * 160)
        transport = scene.worker.legs["customer"].transport
        await until(lambda: transport.refused == 1)
        assert transport._peer == (HOST, customer.port)


async def test_reports_are_sent_and_taken(scene):
    """A sender report tells what was sent, and its block what was heard."""
    customer = await scene.phone("customer")
    agent = await scene.phone("agent", call="agent:a")
    await scene.mix(("customer", "agent", FULL))
    customer.burst(443, 7)
    agent.burst(1_009, 5)
    await customer.heard(5)
    leg = scene.worker.legs["customer"]
    report = rtp.SenderReport(
        ssrc=customer.ssrc, ntp=rtp.ntp_time(1e9), timestamp=0, packets=7, payload_bytes=0
    )
    customer.transport.sendto(rtp.encode_rtcp([report], cname="x"), customer.target)
    await until(lambda: leg.incoming.sr_ntp)
    leg.transport._rtcp_mux = True
    leg.report(now=leg.incoming.sr_at + 1, utc=1e9)
    await until(lambda: customer.rtcp)
    (answer,) = rtp.parse_rtcp(customer.rtcp[0])
    assert (answer.packets, answer.payload_bytes) == (5, 800)
    (block,) = answer.reports
    assert (block.ssrc, block.lost_total) == (customer.ssrc, 0)
    assert block.last_sender_report == rtp.ntp_time(1e9) >> 16 & 0xFFFFFFFF
    assert block.delay_since_last == 65_536
