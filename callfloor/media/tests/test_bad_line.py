"""What a bad line does to sound is told as it is: loss, jitter, the way there and back, MOS."""

from dataclasses import replace

import pytest

from callfloor.media import quality, sound
from callfloor.media.tests import peers
from callfloor.media.tests.peers import FULL, until
from callfloor.wire import rtp
from tests import impairment

pytestmark = pytest.mark.wire

FRAMES = 200  # Four seconds: about ten are lost at 5 %.
TAIL = 3
FIRST = 65_530  # The sequence number with which a telephone begins.
LINE = impairment.Weather(delay_seconds=0.05, jitter_seconds=0.01, loss=0.05)


class Reporting(peers.Phone):
    """A telephone that answers each sender report at once."""

    def datagram_received(self, data, addr):
        super().datagram_received(data, addr)
        if rtp.kind(data) == "rtcp":
            (theirs,) = rtp.parse_rtcp(data)
            block = rtp.Report(
                ssrc=theirs.ssrc, lost_fraction=0, lost_total=0, highest_sequence=0, jitter=0,
                last_sender_report=theirs.ntp >> 16 & 0xFFFFFFFF, delay_since_last=0,
            )  # fmt: skip
            answer = rtp.ReceiverReport(ssrc=self.ssrc, reports=(block,))
            self.transport.sendto(rtp.encode_rtcp([answer], cname="x"), addr)


def sent(phone: peers.Phone) -> int:
    """Tell how many packets of speech it has sent."""
    return phone.phase // sound.FRAME_SAMPLES


def gone(proxy: impairment.UdpProxy) -> list[int]:
    """List which packets of speech never arrived."""
    lost = [rtp.parse(data) for data in proxy.lost if rtp.kind(data) == "rtp"]
    return [(packet.sequence - FIRST) % 2**16 for packet in lost]


async def test_figures_are_those_of_the_line(scene):
    customer = Reporting(scene.floor, "item-1", "customer")
    await peers.endpoint(customer)
    scene.phones.append(customer)
    await customer.offer()
    agent = await scene.phone("agent", call="agent:a")
    await scene.mix(("customer", "agent", FULL), ("agent", "customer", FULL))
    leg = scene.worker.legs["customer"]
    leg.transport._rtcp_mux = True
    async with impairment.udp(customer.target, there=LINE, back=LINE, seed=11) as proxy:
        media = replace(customer.answer.audio, host=proxy.address[0], port=proxy.address[1])
        customer.answer = replace(customer.answer, media=(media,))
        customer.speak(443)
        agent.speak(1_009)
        await until(lambda: sent(customer) >= FRAMES)
        customer.hush()
        await until(lambda: leg.incoming.packets + len(gone(proxy)) == sent(customer))
        await until(lambda: leg.reports.round_trip_seconds > 0)
        jitter_ms = leg.incoming.jitter_us / 1_000
        answer = await scene.floor.ok("query", call_id="item-1", from_tag="customer")
    # What is lost at the very end cannot be missed.
    missed = [at for at in gone(proxy) if at < sent(customer) - TAIL]
    assert len(missed) <= answer["lost"] <= len(gone(proxy))
    assert 4 <= answer["lost"] <= 20
    assert 3 < jitter_ms < 15  # Uniform over 20 ms: two delays differ by 6.7 ms on average.
    assert 80_000 < answer["round-trip-us"] < 250_000
    assert answer["mos-hundredths"] < 440


async def test_an_event_says_how_it_sounds(scene):
    """The figures of the event fit one another by the E-model."""
    customer = await scene.phone("customer")
    async with impairment.udp(
        customer.target, there=impairment.Weather(loss=0.2, jitter_seconds=0.005), seed=3
    ) as proxy:
        media = replace(customer.answer.audio, host=proxy.address[0], port=proxy.address[1])
        customer.answer = replace(customer.answer, media=(media,))
        customer.speak(443)
        event = await scene.floor.event("quality")
        customer.hush()
    ((name, packets, lost, jitter_us, opinion),) = event["legs"]
    assert name == "customer"
    assert lost > 0
    expected = quality.mos(loss=lost / (packets + lost), jitter_ms=jitter_us / 1_000)
    assert opinion == round(100 * expected)
    assert opinion < 410
