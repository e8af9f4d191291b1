"""The demo's provider: what becomes of a call depends on the number, over real SIP and RTP."""

import asyncio
import contextlib
import random

import pytest

from callfloor.app.demo import voice
from callfloor.app.demo.phone import Phone
from callfloor.app.demo.provider import Numbers, Provider

pytestmark = pytest.mark.wire

ANSWERS, BUSY, SILENT = "442079460100", "442079460101", "442079460102"
HOST = "127.0.0.1"
SECONDS_MAX = 60.0


class Leg(voice.Leg):
    """A leg that tells when it hears something."""

    def __init__(self) -> None:
        super().__init__(ssrc=7)
        self.hears = asyncio.Event()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        super().datagram_received(data, addr)
        self.hears.set()


class Line:
    """One call to the provider, and what became of it."""

    def __init__(self, phone: Phone, leg: Leg) -> None:
        self.phone = phone
        self.leg = leg
        loop = asyncio.get_running_loop()
        self.answered: asyncio.Future[str] = loop.create_future()
        self.ended: asyncio.Future[str] = loop.create_future()

    async def dial(self, number: str) -> None:
        offer = await self.leg.open(HOST)
        self.line = self.phone.dial(
            number,
            caller="+441632960000",
            name="Halden",
            offer=offer,
            answered=self.answered.set_result,
            ended=self.ended.set_result,
        )


@contextlib.asynccontextmanager
async def calling(number: str):
    """Run a provider, and a telephone that calls one of its numbers."""
    ticker, draw = voice.Ticker(), random.Random(1)
    numbers = Numbers(
        answers=frozenset({ANSWERS}), busy=frozenset({BUSY}), silent=frozenset({SILENT})
    )
    provider = Provider(numbers=numbers, ticker=ticker, said=[[voice.SILENCE] * 50], draw=draw)
    await provider.open((HOST, 0))
    phone = Phone(server=provider.address, draw=draw)
    await phone.open(HOST)
    ticking = asyncio.create_task(ticker.run())
    line = Line(phone, Leg())
    try:
        await line.dial(number)
        async with asyncio.timeout(SECONDS_MAX):
            yield line, ticker
    finally:
        ticking.cancel()
        line.leg.close()
        phone.close()
        provider.close()


async def test_number_that_answers_talks_until_it_is_hung_up():
    """With and without +; the voice arrives, and its leg goes with the call."""
    async with calling(f"+{ANSWERS}") as (line, ticker):
        line.leg.connect(await line.answered)
        await line.leg.hears.wait()
        assert len(ticker.legs) == 1
        line.line.hang_up()
        assert await line.ended == "hung_up"
        after = Line(line.phone, Leg())  # It comes after the BYE on the same socket.
        await after.dial(BUSY)
        assert await after.ended == "refused_486"
        after.leg.close()
        assert not ticker.legs


@pytest.mark.parametrize(("number", "status"), [(BUSY, 486), ("442079460199", 404)])
async def test_busy_and_unknown_numbers_are_refused(number: str, status: int):
    """486 for who is busy, 404 for who does not exist."""
    async with calling(number) as (line, _ticker):
        assert await line.ended == f"refused_{status}"
        assert not line.answered.done()


async def test_number_that_rings_for_ever_can_be_given_up():
    """CANCEL ends it with 487; nobody has answered."""
    async with calling(SILENT) as (line, _ticker):
        await asyncio.sleep(0)
        line.line.hang_up()
        assert await line.ended == "refused_487"
        assert not line.answered.done()
