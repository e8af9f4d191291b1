"""A call, a chat and a case at the desk without a mouse; what axe says of the desk meanwhile."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.journeys import baresip, browser, tones
from tests.journeys.stack import PASSWORDS, Stack, until
from tests.journeys.test_chat import begin, shop
from tests.journeys.test_pages import SIZES, faults_of

pytestmark = pytest.mark.journey

WAIT = browser.WAIT_MILLISECONDS
TABS_MAX = 60  # More places to stop at than a page has.
READY_ANSWER = "Thank you for writing."  # How the demo's "We have your message" begins.
RING = """() => {
  const style = getComputedStyle(document.activeElement);
  const box = document.activeElement.getBoundingClientRect();
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
    && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
}"""
"""Says whether what has the focus stands on the screen with a ring around it."""


async def tab_to(page: Page, name: str, *, role: str = "button") -> None:
    """Press Tab until a control has the focus; fails if it is never reached."""
    wanted = page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
    for _ in range(TABS_MAX):
        if await wanted.evaluate_all("all => all.includes(document.activeElement)"):
            assert await page.evaluate(RING), f"{name} has the focus and does not show it"
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"{name} cannot be reached by Tab")


async def press(page: Page, name: str, *, role: str = "button") -> None:
    """Tab to a control and press Enter."""
    await tab_to(page, name, role=role)
    await page.keyboard.press("Enter")


async def write(page: Page, name: str, text: str) -> None:
    """Tab to a field and type."""
    await tab_to(page, name, role="textbox")
    await page.keyboard.type(text)


async def sign_in(page: Page, stack: Stack) -> browser.Desk:
    """Sign in by Tab, letters and Enter."""
    await page.goto(f"{stack.base}/accounts/login/")
    await tab_to(page, "Name", role="textbox")
    await page.keyboard.type("agent")
    await tab_to(page, "Password", role="textbox")
    await page.keyboard.type(PASSWORDS["agent"])
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/desk")
    desk = browser.Desk(page)
    await desk.sound_is_on()
    return desk


async def looks_well(desk: browser.Desk, moment: str) -> list[str]:
    """Return what axe finds now, in both themes and sizes."""
    faults = []
    for theme in ("light", "dark"):
        await desk.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        for size, (width, height) in SIZES.items():
            await desk.page.set_viewport_size({"width": width, "height": height})
            faults += [f"{moment} {theme} {size}: {each}" for each in await faults_of(desk.page)]
    await desk.page.set_viewport_size({"width": 1440, "height": 900})
    return faults


async def ringing(floor: Stack, phone: baresip.Baresip) -> None:
    """Let a caller choose billing, where only our desk is ready."""
    seq = floor.seq()
    await phone.dial("900")
    await until(lambda: [f for f in floor.facts("StepEntered", after=seq) if f["step"] == "menu"])
    phone.press("1")


async def test_call_is_worked_by_keyboard_alone(floor: Stack, program, tmp_path):
    """Tab, Enter and the shortcuts bring a call from Ready to Finish; no click is made."""
    async with (
        baresip.running(program("baresip"), tmp_path / "phone", sip=floor.sip) as phone,
        browser.running(program("chromium"), tmp_path) as context,
    ):
        desk = await sign_in(await context.new_page(), floor)
        keys = desk.page.keyboard
        await tab_to(desk.page, "Ready")
        await keys.press("Enter")
        await desk.state("Ready")
        await ringing(floor, phone)
        await desk.state("Ringing")
        await keys.press("F8")
        await desk.state("Talking")
        await phone.hears(tones.AGENT_HZ)
        await keys.press("Alt+Shift+H")
        await expect(desk.button("Resume")).to_be_visible()
        await until(lambda: not phone.hears_now(tones.AGENT_HZ))
        await keys.press("Alt+Shift+H")
        await phone.hears(tones.AGENT_HZ)
        await keys.press("Alt+Shift+M")
        await expect(desk.button("Unmute")).to_be_visible()
        await until(lambda: not phone.hears_now(tones.AGENT_HZ))
        await keys.press("Alt+Shift+M")
        await phone.hears(tones.AGENT_HZ)
        await keys.press("Alt+Shift+N")
        await keys.type("Called about the bill.")
        await keys.press("Alt+Shift+X")
        await desk.state("Wrap-up")
        await tab_to(desk.page, "Disposition", role="combobox")
        await keys.press("ArrowDown")
        await expect(desk.page.get_by_label("Disposition")).to_have_value("solved")
        await tab_to(desk.page, "Finish")
        await keys.press("Enter")
        await desk.state("Ready")
        await phone.ended()


async def answered_with_a_ready_text(page: Page) -> None:
    """Take the chat that rings; a slash, a word and Enter write the answer, Enter sends it."""
    await expect(page.get_by_role("button", name="Accept", exact=True)).to_be_visible(timeout=WAIT)
    await press(page, "Accept")
    words = page.get_by_label("Your message")
    await expect(words).to_be_focused(timeout=WAIT)
    await page.keyboard.type("/")
    await expect(page.get_by_role("combobox", name="Ready answers")).to_be_focused()
    await page.keyboard.type("have your")
    found = page.locator("#text-canned-list").get_by_role("option")
    await expect(found).to_have_text([re.compile(READY_ANSWER)], timeout=WAIT)
    await page.keyboard.press("Enter")
    await expect(words).to_have_value(re.compile(READY_ANSWER))
    await expect(words).to_be_focused()
    await page.keyboard.press("Enter")


async def filled_in(case: Page) -> None:
    """Write what a case is about, with its priority, and save it."""
    await write(case, "Subject", "A bill")
    await write(case, "What happened", "It was read wrongly.")
    await tab_to(case, "Priority", role="combobox")
    await case.keyboard.press("ArrowDown")
    await press(case, "Open the case")
    await expect(case.get_by_role("heading", name="Steps")).to_be_visible(timeout=WAIT)
    await expect(case.get_by_role("main")).to_contain_text("It was read wrongly.")


async def test_a_chat_and_its_case_are_worked_by_keyboard_alone(floor: Stack, program, tmp_path):
    """Taken, read, answered, a case from it filled in and saved, finished: no click is made."""
    async with browser.running(program("chromium"), tmp_path) as context, shop(floor) as address:
        page = (desk := await sign_in(await context.new_page(), floor)).page
        await press(page, "Ready")
        await desk.state("Ready")
        visitor = await begin(context, address)  # The customer has a mouse.
        await page.bring_to_front()
        await answered_with_a_ready_text(page)
        await desk.state("Writing")
        await expect(visitor.get_by_role("log")).to_contain_text(READY_ANSWER, timeout=WAIT)
        link = page.get_by_role("link", name="Open a case", exact=True)
        await expect(link).to_be_visible(timeout=WAIT)
        async with context.expect_page() as opening:  # Beside the desk, which may carry a call.
            await press(page, "Open a case", role="link")
        case = await opening.value
        await filled_in(case)
        await case.close()
        await page.bring_to_front()
        await expect(page.get_by_role("link", name="A bill")).to_be_visible(timeout=WAIT)
        await expect(link).to_be_focused()
        await tab_to(page, "What came of it", role="combobox")
        await page.keyboard.press("ArrowDown")
        await press(page, "Finish")
        await expect(page.locator("#text-columns")).to_be_hidden(timeout=WAIT)


@pytest.mark.parametrize("language", ["en", "fa"])
async def test_axe_finds_nothing_while_a_call_goes_on(language, floor: Stack, program, tmp_path):
    """The offer, the call bar with its keypad and the wrap-up, in both directions."""
    faults = []
    async with (
        baresip.running(program("baresip"), tmp_path / "phone", sip=floor.sip) as phone,
        browser.running(program("chromium"), tmp_path) as context,
    ):
        desk = await sign_in(await context.new_page(), floor)
        await desk.ready()
        cookie = {"name": "django_language", "value": language, "url": floor.base}
        await context.add_cookies([cookie])  # type: ignore[list-item]
        await desk.page.reload()
        assert await desk.page.evaluate("document.documentElement.lang") == language
        await ringing(floor, phone)
        await expect(desk.page.locator("#offer")).to_be_visible(timeout=WAIT)
        faults += await looks_well(desk, "ringing")
        await desk.page.keyboard.press("F8")
        await expect(desk.page.locator("#callbar")).to_be_visible(timeout=WAIT)
        await desk.page.keyboard.press("Alt+Shift+K")
        faults += await looks_well(desk, "talking")
        await desk.page.keyboard.press("Alt+Shift+T")
        faults += await looks_well(desk, "giving away")
        await desk.page.keyboard.press("Alt+Shift+X")
        await expect(desk.page.locator("#extend")).to_be_visible(timeout=WAIT)
        faults += await looks_well(desk, "wrap-up")
        await phone.ended()
    assert faults == []
