"""Every page as people see it: axe finds nothing, in two languages, themes and widths."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import axe_core_python
import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests.journeys import baresip
from tests.journeys import browser as browsers
from tests.journeys.furniture import Furniture
from tests.journeys.stack import RIVAL, Stack, Visitor
from tests.journeys.waiting import until

pytestmark = pytest.mark.journey

AXE = Path(axe_core_python.__file__).parent / "axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
SIZES = {"wide": (1440, 900), "narrow": (390, 844)}
Looks = tuple[tuple[str, str], ...]
PAIRS: dict[str, Looks] = {
    "en": (("light", "wide"), ("dark", "narrow")),
    "fa": (("dark", "wide"), ("light", "narrow")),
}
"""Any two of language, theme and width stand together in one of them; the others are long."""
LOOKS = [
    pytest.param(language, PAIRS[pair], id=f"{language}-{hint}", marks=marks)
    for language, other in (("en", "fa"), ("fa", "en"))
    for pair, hint, marks in ((language, "some", ()), (other, "others", pytest.mark.long))
]
OPEN = ("/accounts/login/", "/call", "/nowhere", "/ask/halden", "/case/odd")
"""Pages for which nobody signs in."""
PAGES = (
    *("/floor", "/wallboard", "/interactions", "/customers", "/cases", "/people", "/queues"),
    *("/queues/halden_billing", "/people/tamsin", "/engine", "/try", "/help", "/help/definitions"),
    *("/help/glossary", "/style", "/accounts/2fa/", "/accounts/logout/"),
    *("/organisation", "/organisation/matrix", "/organisation/gaps", "/organisation?q=nothing"),
    *("/emergency", "/emergency/closed_today"),
    *("/direction", "/direction/up/role/agent", "/direction/mine", "/direction?year=2025"),
    *("/jobs", "/jobs/agent?language=fa&traces=on", "/policies"),
    "/jobs/choose?goal=outbound&environment=hybrid&role=agent",
    *("/interactions?number=%2B360000000", "/nowhere"),
    *("/articles", "/articles/new", "/forms", "/forms/halden_billing/write"),
    *("/reports", "/reports/agents?simulated=1", "/reports/abandoned", "/reports/first"),
    *("/cases/incident?client=halden", "/customers/import", "/messages"),
    *("/organisation/history", "/people/tamsin/change", "/chat/try/halden"),
)
NARROW = (
    *("/tokens", "/systems", "/jobs/reality", "/queues/halden_billing/change", "/reports/first"),
    *("/articles", "/forms", "/reports?simulated=1", "/reports/agents", "/cases", "/customers"),
    *("/cases/incident?client=halden", "/messages", "/floor", "/queues", "/help", "/emergency"),
)
"""What is looked at in every language for texts that are cut off."""
FAULTS = """async (rules) => {
  const only = { runOnly: rules, resultTypes: ["violations"], preload: false };
  const { violations } = await axe.run(document, only);
  return violations.map((each) => `${each.id}: ${each.nodes[0].html.slice(0, 160)}`);
}"""

WIDTH = """() => Math.max(document.documentElement.scrollWidth - innerWidth,
  ...[...document.querySelectorAll("main")].map((main) => main.scrollWidth - main.clientWidth))"""
"""By how much a page is wider than the window, or what scrolls in it than its place."""
CUT = """() => [...document.querySelectorAll("main *, header *")].filter((each) => {
  const style = getComputedStyle(each);
  const isShut = ["hidden", "clip"].includes(style.overflowX) && style.textOverflow !== "ellipsis";
  return each.checkVisibility() && !each.closest(".sr") && isShut && each.clientWidth > 1
    && each.innerText?.trim() && each.scrollWidth > each.clientWidth + 1;
}).map((each) => `cut: ${each.innerText.trim().slice(0, 60)}`)"""

SPILT = """() => [...document.querySelectorAll("main .card *")].filter((each) => {
  if (each.children.length || !each.innerText?.trim() || !each.checkVisibility()) return false;
  if (each.closest(".scroll, .clip, .sr, .tabs, .tree, pre, option")) return false;
  const text = document.createRange();
  text.selectNodeContents(each);
  const [box, card] = [text, each.closest(".card")].map((one) => one.getBoundingClientRect());
  return box.right > card.right + 1 || box.left < card.left - 1;
}).map((each) => `spilt: ${each.innerText.trim().slice(0, 60)}`)"""
"""What stands outside its card, where another card hides it; what scrolls may."""


@pytest.fixture
async def chromium(program: Callable[[str], str]) -> AsyncIterator[Browser]:
    """Run a browser."""
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(
            executable_path=program("chromium"), args=[*browsers.FLAGS]
        )
        try:
            yield running
        finally:
            await running.close()


async def looking(
    chromium: Browser, stack: Stack, look: tuple[str, str, str], key: str | None
) -> BrowserContext:
    """Open a window with a language, a theme and a width, signed in if a key is given."""
    language, theme, size = look
    width, height = SIZES[size]
    context = await chromium.new_context(
        viewport={"width": width, "height": height}, color_scheme=theme
    )
    cookies: list[Any] = [{"name": "django_language", "value": language, "url": stack.base}]
    if key:
        session = Visitor.signed_in(stack, key).cookies["sessionid"]
        cookies.append({"name": "sessionid", "value": session, "url": stack.base})
    await context.add_cookies(cookies)
    return context


async def faults_of(page: Page) -> list[str]:
    """Return what axe finds on a page, and whether it is wider than its place."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = await page.evaluate(FAULTS, list(RULES))
    width = await page.evaluate(WIDTH)
    return [*found, *([f"{width} px too wide"] if width > 0 else [])]


async def seen(page: Page, looks: Looks) -> list[str]:
    """Return what is found in each theme and width: a page is loaded once for all of them."""
    faults = []
    for theme, size in looks:
        width, height = SIZES[size]
        await page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        await page.set_viewport_size({"width": width, "height": height})
        found = [*await faults_of(page), *await page.evaluate(SPILT)]
        faults += [f"{theme} {size}: {fault}" for fault in found]
    return faults


@pytest.fixture(scope="session")
def furniture(stack: Stack) -> Furniture:
    """Let pages have rows that are empty in a new centre."""
    return Furniture(stack)


@pytest.mark.parametrize(("language", "looks"), LOOKS)
async def test_nothing_is_found_on_any_page(
    chromium: Browser, stack: Stack, furniture: Furniture, language: str, looks: Looks
) -> None:
    faults = []
    for key, paths in (
        (None, (*OPEN, furniture.portal)),
        ("manager", (*PAGES, *_objects(stack))),
        (RIVAL, furniture.paths),
        ("agent", ("/desk",)),
    ):
        context = await looking(chromium, stack, (language, *looks[0]), key)
        page = await context.new_page()
        for path in paths:
            await page.goto(stack.base + path)
            faults += [f"{path} {fault}" for fault in await seen(page, looks)]
            assert await page.evaluate("document.documentElement.lang") == language
        await context.close()
    assert faults == []


@pytest.mark.parametrize("language", ["hu", "es", "ru", "fr"])
async def test_nothing_is_cut_off_on_a_telephone(
    chromium: Browser, stack: Stack, language: str
) -> None:
    """English and Persian are looked at above; the longest words are in the other four."""
    faults = []
    for key, paths in (("manager", NARROW), ("agent", ("/desk",))):
        context = await looking(chromium, stack, (language, "light", "narrow"), key)
        page = await context.new_page()
        for path in paths:
            await page.goto(stack.base + path)
            width = await page.evaluate(WIDTH)
            wide = [f"{width} px too wide"] if width > 0 else []
            faults += [f"{path} {fault}" for fault in [*wide, *await page.evaluate(CUT)]]
        await context.close()
    assert faults == []


async def test_a_customer_writes_on_the_page_of_his_case(
    chromium: Browser, stack: Stack, furniture: Furniture
) -> None:
    """A browser says where a form comes from; the page must let it say so."""
    context = await looking(chromium, stack, ("en", "light", "narrow"), None)
    page = await context.new_page()
    await page.goto(stack.base + furniture.portal)
    words = "Now it is 86.40."
    await page.locator("main textarea").fill(words)
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("main")).to_contain_text(words)
    await context.close()


def _objects(stack: Stack) -> tuple[str, ...]:
    """Return the newest interaction and its customer's pages, if somebody has called."""
    rows = Visitor.signed_in(stack, "manager").ask("/api/interactions?include_simulated=true")[1]
    newest = json.loads(rows)["rows"][:1]
    return tuple(
        path
        for row in newest
        for path in (
            f"/interactions/{row['id']}",
            f"/customers/{row['customer_id']}",
            f"/customers/{row['customer_id']}/merge",
            f"/customers/{row['customer_id']}/privacy",
        )
    )


@pytest.mark.parametrize("size", sorted(SIZES))
async def test_nothing_is_found_on_a_desk_in_persian(
    chromium: Browser, floor: Stack, program: Callable[[str], str], tmp_path: Path, size: str
) -> None:
    """From Ready to Finish, with what unfolds from the call bar; every name is Persian."""
    context = await looking(chromium, floor, ("fa", "light", size), "agent")
    await context.grant_permissions(["microphone"])
    page = await context.new_page()
    await page.goto(f"{floor.base}/desk")
    await expect(page.locator("#sound [class*=i-mic]")).to_be_attached()
    await page.locator("#ready").click()
    async with baresip.running(program("baresip"), tmp_path / "phone", sip=floor.sip) as phone:
        seq = floor.seq()
        await phone.dial("900")
        await until(lambda: [f for f in floor.facts("StepEntered", after=seq) if is_menu(f)])
        phone.press("1")
        faults = [f"ringing {fault}" for fault in await after(page, "#answer")]
        await page.locator("#answer").click()
        for button in ("#hold", "#mute", "#keypad", "#transfer"):
            await page.locator(button).click()
            faults += [f"{button} {fault}" for fault in await after(page, "#callbar")]
        assert "صورت‌حساب هالدن" in await page.locator("#call-what").inner_text()
        assert "صورت‌حساب" in await page.locator("#typed").inner_text()
        await page.locator("#hang-up").click()
        faults += [f"wrap-up {fault}" for fault in await after(page, "#extend")]
    await page.locator("#disposition").select_option(index=1)
    await page.locator("#finish").click()
    await context.close()
    assert faults == []


def is_menu(fact: dict[str, Any]) -> bool:
    """Say whether a caller has come to the menu."""
    return bool(fact["step"] == "menu")


async def after(page: Page, place: str) -> list[str]:
    """Return what axe finds when something has come into view."""
    await expect(page.locator(place)).to_be_visible(timeout=browsers.WAIT_MILLISECONDS)
    return await faults_of(page)


async def test_colors_language_and_rail_are_remembered(chromium: Browser, stack: Stack) -> None:
    context = await looking(chromium, stack, ("en", "light", "wide"), "manager")
    page = await context.new_page()
    await page.goto(f"{stack.base}/queues")
    await page.get_by_label("Menu of Noor Free").click()
    await page.get_by_role("button", name="Dark").click()
    await page.get_by_role("button", name="Main menu").click()
    await page.goto(f"{stack.base}/people")
    root = page.locator("html")
    assert await root.get_attribute("data-theme") == "dark"
    assert await page.locator("body").get_attribute("data-rail") == "small"
    await context.close()


async def test_a_question_mark_shows_the_shortcuts_but_not_while_typing(
    chromium: Browser, stack: Stack
) -> None:
    context = await looking(chromium, stack, ("en", "light", "wide"), "manager")
    page = await context.new_page()
    await page.goto(f"{stack.base}/people")
    await page.get_by_label("Name").fill("?")
    assert not await page.get_by_role("dialog").is_visible()
    await page.locator("main").focus()
    await page.keyboard.press("?")
    assert await page.get_by_role("dialog", name="Shortcuts").is_visible()
    await context.close()


async def test_the_live_line_comes_back_after_web_was_killed(
    chromium: Browser, floor: Stack
) -> None:
    context = await looking(chromium, floor, ("en", "light", "wide"), "manager")
    page = await context.new_page()
    await page.goto(f"{floor.base}/floor")
    line = page.locator("[data-live]")
    await until_text(line, "Live")
    floor.kill("web")
    await until_text(line, "Line lost")
    await until_text(line, "Live", seconds=30)
    await context.close()


async def until_text(place: Any, text: str, *, seconds: float = 20) -> None:
    """Wait until a place says something."""

    async def says() -> bool:
        return text in (await place.text_content() or "")

    await until(says, seconds)
