"""A visitor of a client's own page writes, an agent answers, and both see everything."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import BrowserContext, FrameLocator, expect

from tests.journeys import baresip, browser
from tests.journeys.stack import Stack
from tests.journeys.test_misses_and_reloads import reach_menu_and_press

pytestmark = pytest.mark.journey

WAIT = browser.WAIT_MILLISECONDS
QUESTION, ANSWER = "My bill is wrong. Who can help?", "Good day, I am looking at it."
MORE = "Thank you very much!"


@contextlib.asynccontextmanager
async def shop(stack: Stack) -> AsyncIterator[str]:
    """Serve a page of somebody else, on an origin of its own, that has the widget."""
    script = f'<script src="{stack.base}/chat/widget.js" data-key="halden" defer></script>'
    page = f"<!doctype html><html lang='en'><title>Shop</title><h1>Shop</h1>{script}</html>"
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write((head + page).encode())
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://localhost:{server.sockets[0].getsockname()[1]}/"


async def begin(context: BrowserContext, address: str) -> FrameLocator:
    """Press the button on the shop's page, agree, and ask."""
    page = await context.new_page()
    await page.goto(address)
    await page.get_by_role("button", name="Chat with us").click()
    frame = page.frame_locator("iframe")
    await frame.get_by_label("Your name").fill("Vera Visitor")
    await frame.get_by_label("Your question").fill(QUESTION)
    assert not await page.context.cookies(address)
    await frame.get_by_label("I agree").check()
    await frame.get_by_role("button", name="Begin the chat").click()
    await expect(frame.get_by_role("log")).to_contain_text(QUESTION, timeout=WAIT)
    return frame


async def test_a_visitor_writes_and_an_agent_answers(floor: Stack, program, tmp_path):
    async with browser.running(program("chromium"), tmp_path) as context, shop(floor) as address:
        desk = await browser.Desk.sit_down(context, floor)
        await desk.ready()
        visitor = await begin(context, address)
        await desk.page.bring_to_front()
        await desk.button("Accept").click(timeout=WAIT)
        log = desk.page.locator("#text-log")
        await expect(log).to_contain_text(QUESTION, timeout=WAIT)
        await desk.page.locator("#text-words").fill(ANSWER)
        await desk.page.keyboard.press("Enter")
        await expect(visitor.get_by_role("log")).to_contain_text(ANSWER, timeout=WAIT)
        words = visitor.get_by_label("Your message")
        await words.fill(MORE)
        await words.press("Enter")
        await expect(log).to_contain_text(MORE, timeout=WAIT)
        await desk.page.locator("#text-words").fill("half a sentence")
        await desk.page.reload()
        await expect(desk.page.locator("#text-words")).to_have_value(
            "half a sentence", timeout=WAIT
        )
        for said in (QUESTION, ANSWER, MORE):
            await expect(log).to_contain_text(said, timeout=WAIT)
        place = await desk.page.locator("#text-link").get_attribute("href")
        await desk.page.get_by_label("What came of it").select_option(label="Solved", timeout=WAIT)
        await desk.press("Finish")
        await expect(desk.page.locator("#text-columns")).to_be_hidden(timeout=WAIT)
        await expect(visitor.get_by_text("This chat has ended.")).to_be_visible(timeout=WAIT)
        await desk.page.goto(floor.base + str(place))
        for said in (QUESTION, ANSWER, MORE):
            await expect(desk.page.get_by_role("main")).to_contain_text(said)


async def test_a_call_beside_a_chat_is_answered_and_finished(floor: Stack, program, tmp_path):
    """What rings and is written beside it takes neither the call's keys nor its note away."""
    async with (
        baresip.running(program("baresip"), tmp_path / "phone", sip=floor.sip) as phone,
        browser.running(program("chromium"), tmp_path) as context,
        shop(floor) as address,
    ):
        desk = await browser.Desk.sit_down(context, floor)
        await desk.ready()
        await reach_menu_and_press(floor, phone, floor.seq())
        await desk.button("Answer").click(timeout=WAIT)
        await desk.state("Talking")
        await begin(context, address)
        await desk.page.bring_to_front()
        await expect(desk.button("Accept")).to_be_visible(timeout=WAIT)
        await desk.state("Ringing")
        await expect(desk.page.locator("#offer")).to_be_hidden()
        await expect(desk.button("Hang up")).to_be_visible()
        await desk.press("Accept")
        await expect(desk.page.locator("#text-log")).to_contain_text(QUESTION, timeout=WAIT)
        await desk.press("Hang up")
        await phone.ended()
        await desk.page.get_by_role("button", name="Call", exact=True).click()
        await desk.finish(then="Writing")
        await desk.page.get_by_label("What came of it").select_option(label="Solved", timeout=WAIT)
        await desk.press("Finish")
        await desk.state("Ready")
