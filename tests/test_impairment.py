"""The bad line is as bad as it was ordered, the same again for the same seed."""

import asyncio
import random
from collections import Counter

import pytest

from tests import impairment
from tests.impairment import Weather

pytestmark = pytest.mark.wire

COUNT = 2_000


def fates(weather, *, seed=7):
    """Draw what befalls many packets."""
    draw = random.Random(seed)
    return [weather.fate(draw) for _ in range(COUNT)]


class Echo(asyncio.DatagramProtocol):
    """Answers every datagram with itself."""

    def __init__(self):
        self.heard = []

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        self.heard.append(data)
        self.transport.sendto(data, addr)


class Ear(asyncio.DatagramProtocol):
    """Keeps what comes."""

    def __init__(self, enough):
        self.heard, self.enough, self.done = [], enough, asyncio.Event()

    def datagram_received(self, data, addr):
        self.heard.append(data)
        if len(self.heard) >= self.enough:
            self.done.set()


async def send(proxy, messages, *, enough):
    """Send through a proxy until so many answers have come; give them."""
    loop = asyncio.get_running_loop()
    transport, ear = await loop.create_datagram_endpoint(
        lambda: Ear(enough), remote_addr=proxy.address
    )
    try:
        for message in messages:
            transport.sendto(message)
            await asyncio.sleep(0)
        await asyncio.wait_for(ear.done.wait(), 10)
    finally:
        transport.close()
    return ear.heard


@pytest.fixture
async def echo():
    """Run an echo; give its address and what it has heard."""
    loop = asyncio.get_running_loop()
    transport, echo = await loop.create_datagram_endpoint(Echo, local_addr=("127.0.0.1", 0))
    yield transport.get_extra_info("sockname")[:2], echo
    transport.close()


class TestWeather:
    def test_the_shares_are_as_ordered(self):
        weather = Weather(loss=0.1, duplication=0.05, reordering=0.2, delay_seconds=0.1)
        copies = Counter(len(fate) for fate in fates(weather))
        assert 0.08 < copies[0] / COUNT < 0.12
        assert 0.035 < copies[2] / COUNT < 0.065
        late = [fate for fate in fates(weather) if fate and fate[0] > 0.1]
        assert 0.16 < len(late) / (COUNT - copies[0]) < 0.24

    def test_a_seed_gives_the_same_line_again(self):
        weather = Weather(loss=0.3, jitter_seconds=0.02, delay_seconds=0.05)
        assert fates(weather) == fates(weather)
        assert fates(weather) != fates(weather, seed=8)

    def test_jitter_stays_within_its_bounds_and_never_before_now(self):
        seconds = [fate[0] for fate in fates(Weather(delay_seconds=0.01, jitter_seconds=0.03))]
        assert min(seconds) == 0.0
        assert 0.035 < max(seconds) <= 0.04


class TestUdp:
    async def test_what_is_lost_is_known_and_the_rest_arrives(self, echo):
        target, heard = echo
        messages = [str(number).encode() for number in range(200)]
        async with impairment.udp(target, there=Weather(loss=0.2)) as proxy:
            lost = sum(not fate for fate in drawn(Weather(loss=0.2), 200))
            answers = await send(proxy, messages, enough=200 - lost)
            assert set(proxy.lost) == set(messages) - set(answers)
            assert (len(proxy.lost), proxy.passed) == (lost, 200 - lost)
        assert sorted(heard.heard) == sorted(answers)

    async def test_copies_and_overtaking_happen(self, echo):
        target, heard = echo
        messages = [b"%03d" % number for number in range(100)]
        weather = Weather(duplication=0.3, reordering=0.3)
        copies = sum(map(len, drawn(weather, 100)))
        async with impairment.udp(target, there=weather) as proxy:
            await send(proxy, messages, enough=copies)
        assert len(heard.heard) == copies > 110
        assert heard.heard != sorted(heard.heard)

    async def test_a_black_hole_swallows_both_ways(self, echo):
        target, heard = echo
        async with impairment.udp(target) as proxy:
            proxy.is_black_hole = True
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(send(proxy, [b"a"], enough=1), 0.1)
        assert heard.heard == []


def drawn(weather, count):
    """Draw what the proxy draws for its first packets."""
    draw = random.Random(1)
    return [weather.fate(draw) for _ in range(count)]


@pytest.fixture
async def server():
    """Run a TCP echo; give its address."""

    async def answer(reader, writer):
        while data := await reader.read(65_536):
            writer.write(data)
        writer.close()

    running = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield running.sockets[0].getsockname()[:2]
    running.close()


class TestTcp:
    async def test_bytes_pass_late_and_slowly(self, server):
        async with impairment.tcp(server) as proxy:
            proxy.latency_seconds, proxy.bytes_per_second = 0.05, 100_000
            reader, writer = await asyncio.open_connection(*proxy.address)
            began = asyncio.get_running_loop().time()
            writer.write(bytes(20_000))
            assert await reader.readexactly(20_000) == bytes(20_000)
            # Late twice, and once through the narrow place; the way back flows beside it.
            assert asyncio.get_running_loop().time() - began > 0.05 * 2 + 0.15
            writer.close()

    async def test_a_black_hole_holds_everything_until_it_clears(self, server):
        async with impairment.tcp(server) as proxy:
            reader, writer = await asyncio.open_connection(*proxy.address)
            proxy.black_hole()
            writer.write(b"hello")
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(reader.readexactly(5), 0.1)
            proxy.clear()
            assert await asyncio.wait_for(reader.readexactly(5), 5) == b"hello"
            writer.close()

    async def test_a_reset_is_felt_at_once(self, server):
        async with impairment.tcp(server) as proxy:
            reader, writer = await asyncio.open_connection(*proxy.address)
            writer.write(b"x")
            await reader.readexactly(1)
            proxy.reset()
            with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
                await asyncio.wait_for(reader.readexactly(1), 5)
            writer.close()
