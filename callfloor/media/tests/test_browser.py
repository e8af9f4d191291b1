"""A real Chromium as an agent: heard, hearing, pressing keys, reloading in mid-call."""

import asyncio

import pytest

from callfloor.media.tests import browser, peers
from callfloor.media.tests.peers import FULL, until

pytestmark = pytest.mark.journey

CUSTOMER, AGENT, NOBODY = 443, 1_009, 2_503
PAIR = [("agent", "customer", FULL), ("customer", "agent", FULL)]
LEGS = ["agent", "customer"]
BACK_SECONDS = 5.0  # The promise for a reload in mid-call.


@pytest.fixture
async def chromium(program, tmp_path):
    voice = tmp_path / "voice.wav"
    browser.write_tone(voice, hertz=AGENT, seconds=5)
    async with browser.launched(program("chromium"), voice=voice) as launched:
        yield launched


async def connect(scene: peers.Scene, page) -> None:
    """Offer what the page offers, and wait until its audio has come."""
    offered = await page.evaluate("offer()")
    fields = {"call_id": "agent:a", "from_tag": "agent", "kind": "webrtc", "sdp": offered}
    answer = await scene.floor.ok("offer", **fields)
    await page.evaluate("sdp => accept(sdp)", answer["sdp"])
    await scene.floor.event("up", from_tag="agent")
    leg = scene.worker.legs["agent"]
    await until(lambda: leg.incoming.packets > 5)


CLEAR_DB = 30  # The noise that G.711 itself adds lies 37 dB below what it carries.


async def hears(page, hertz: int) -> float:
    """Wait until the page hears a tone, and tell how much louder it is than nothing."""
    for _ in range(100):
        loud = await page.evaluate("hertz => level(hertz)", hertz)
        if loud > -40:
            return loud - await page.evaluate("hertz => level(hertz)", NOBODY)
        await asyncio.sleep(0.05)
    raise AssertionError("the page heard nothing")


async def test_talks_with_a_telephone(scene, chromium):
    """Each hears the other's tone and not its own; keys of the page come once."""
    page = await browser.softphone(chromium)
    customer = await scene.phone("customer")
    await connect(scene, page)
    await scene.mix(*PAIR, legs=LEGS)
    customer.speak(CUSTOMER)
    assert await hears(page, CUSTOMER) > CLEAR_DB
    await customer.heard(100)
    assert customer.level(AGENT, last=50) > -25
    assert customer.level(CUSTOMER, last=50) < -60
    await page.evaluate("press('159#')")
    await until(lambda: scene.floor.count("dtmf") == 4)
    await customer.heard(len(customer.speech()) + 25)
    codes = [event["code"] for event in scene.floor.events if event["event"] == "dtmf"]
    assert "".join(codes) == "159#"
    stats = await page.evaluate("stats()")
    assert stats["state"] == "connected"
    assert stats["lost"] == 0


async def test_a_reload_brings_the_audio_back(scene, chromium):
    """The customer's leg and the mix stand; only the page is new."""
    page = await browser.softphone(chromium)
    customer = await scene.phone("customer")
    await connect(scene, page)
    await scene.mix(*PAIR, legs=LEGS)
    customer.speak(CUSTOMER)
    await hears(page, CUSTOMER)
    before = asyncio.get_running_loop().time()
    await page.reload()
    await connect(scene, page)
    assert await hears(page, CUSTOMER) > CLEAR_DB
    heard = len(customer.speech())
    await customer.heard(heard + 10)
    assert asyncio.get_running_loop().time() - before < BACK_SECONDS
    await customer.heard(heard + 50)
    assert customer.level(AGENT, last=30) > -25
    assert len({packet.ssrc for packet in customer.packets}) == 1


async def test_a_page_that_is_closed_is_noticed(scene, chromium):
    page = await browser.softphone(chromium)
    await connect(scene, page)
    await page.evaluate("close_()")
    await scene.floor.event("lost", from_tag="agent")


async def test_whom_the_agent_may_not_hear_is_silent(scene, chromium):
    """On hold the page hears the telephone no more."""
    page = await browser.softphone(chromium)
    customer = await scene.phone("customer")
    await connect(scene, page)
    await scene.mix(*PAIR, legs=LEGS)
    customer.speak(CUSTOMER)
    await hears(page, CUSTOMER)
    await scene.mix(legs=LEGS)
    for _ in range(100):
        if await page.evaluate("hertz => level(hertz)", CUSTOMER) < -100:
            break
        await asyncio.sleep(0.05)
    else:
        raise AssertionError("the page still hears the customer")
