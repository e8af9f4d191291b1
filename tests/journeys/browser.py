"""
Chromium as people use it: the desk of an agent, the telephone of a customer.

Everything is found by its accessible name (UX.md fixes those of the desk), as fingers and screen
readers find it. Its microphone plays a tone for ever; what it hears is measured in the page.
"""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from playwright.async_api import BrowserContext, Locator, Page, async_playwright, expect

from tests.journeys import tones
from tests.journeys.stack import PASSWORDS, Stack

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)
WAIT_MILLISECONDS = 60_000
expect.set_options(timeout=WAIT_MILLISECONDS)  # Of a page that a busy machine draws.
VOICE_SECONDS = 8.0  # Chromium plays it again and again; whole periods, so without a click.

LISTEN = """(hertz) => {
  const element = document.getElementById("far-end");
  if (!element || !element.srcObject) return 0;
  if (window.heardStream !== element.srcObject) {
    window.heardStream = element.srcObject;
    window.heardContext?.close();
    window.heardContext = new AudioContext({ sampleRate: 8000 });
    window.heard = window.heardContext.createAnalyser();
    window.heard.fftSize = 2048;
    window.heardContext.createMediaStreamSource(element.srcObject).connect(window.heard);
  }
  const wave = new Float32Array(window.heard.fftSize);
  window.heard.getFloatTimeDomainData(wave);
  let cosine = 0, sine = 0, energy = 0;
  wave.forEach((value, at) => {
    const turn = (2 * Math.PI * hertz * at) / 8000;
    cosine += value * Math.cos(turn);
    sine += value * Math.sin(turn);
    energy += value * value;
  });
  if (energy < wave.length * 1e-4) return 0;
  return (2 * (cosine * cosine + sine * sine)) / (wave.length * energy);
}"""


@contextlib.asynccontextmanager
async def running(
    program: str, folder: Path, *, hertz: float = tones.AGENT_HZ
) -> AsyncIterator[BrowserContext]:
    """Run a browser whose microphone hears a tone."""
    voice = tones.write(folder / "microphone.wav", tones.tone(hertz, seconds=VOICE_SECONDS))
    flags = [*FLAGS, f"--use-file-for-fake-audio-capture={voice}"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=flags)
        try:
            context = await browser.new_context(locale="en-US")
            context.set_default_timeout(WAIT_MILLISECONDS)
            yield context
        finally:
            await browser.close()


async def hears(page: Page, hertz: float, *, milliseconds: float = WAIT_MILLISECONDS) -> None:
    """Wait until a tone rules what comes out of the page."""
    await page.wait_for_function(
        f"(hertz) => ({LISTEN})(hertz) > 0.5", arg=hertz, timeout=milliseconds, polling=50
    )


async def signed_in(context: BrowserContext, stack: Stack, key: str) -> Page:
    """Sign in by name and password in a new tab."""
    page = await context.new_page()
    await page.goto(f"{stack.base}/accounts/login/")
    await page.get_by_role("textbox", name="Name").fill(key)
    await page.get_by_role("textbox", name="Password").fill(PASSWORDS[key])
    await page.get_by_role("button", name="Sign in", exact=True).click()
    return page


class Desk:
    """An agent's desk in a tab."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @classmethod
    async def sit_down(cls, context: BrowserContext, stack: Stack, key: str = "agent") -> "Desk":
        """Sign in by name and password and wait until the sound is there."""
        page = await signed_in(context, stack, key)
        await page.wait_for_url("**/desk")
        desk = cls(page)
        await desk.sound_is_on()
        return desk

    async def sound_is_on(self) -> None:
        """Wait until the desk says that it hears and is heard."""
        await expect(self.page.locator("#sound")).to_contain_text(
            "Sound is on", timeout=WAIT_MILLISECONDS
        )

    async def press(self, name: str) -> None:
        """Press a button by its accessible name."""
        await self.button(name).click()

    def button(self, name: str) -> Locator:
        """Find a button by its accessible name."""
        return self.page.get_by_role("button", name=name, exact=True)

    async def state(self, name: str, *, milliseconds: float = WAIT_MILLISECONDS) -> None:
        """Wait until the desk shows a state."""
        await expect(self.page.locator("#state")).to_contain_text(name, timeout=milliseconds)

    async def ready(self) -> None:
        """Say that work may come."""
        await self.press("Ready")
        await self.state("Ready")

    async def finish(self, disposition: str = "Solved", *, then: str = "Ready") -> None:
        """Give a disposition and be free again, or away as before."""
        await self.state("Wrap-up")
        await self.page.get_by_label("Disposition").select_option(label=disposition)
        await self.press("Finish")
        await self.state(then)


class Leader(Desk):
    """A leader's floor page in a tab; the seat is taken with the first call that is heard."""

    @classmethod
    async def at_the_floor(
        cls, context: BrowserContext, stack: Stack, key: str = "leader"
    ) -> "Leader":
        """Sign in and open the floor."""
        page = await signed_in(context, stack, key)
        await page.wait_for_url("**/desk")
        await page.goto(f"{stack.base}/floor")
        return cls(page)


class Telephone:
    """A customer's tab on /call."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @classmethod
    async def call(cls, context: BrowserContext, stack: Stack, number: str) -> "Telephone":
        """Open the page and call a number of the centre."""
        page = await context.new_page()
        await page.goto(f"{stack.base}/call")
        await page.get_by_label("Whom do you want to call?").select_option(number)
        await page.get_by_role("button", name="Call", exact=True).click()
        await expect(page.get_by_role("button", name="Hang up")).to_be_visible()
        return cls(page)

    async def press(self, key: str) -> None:
        """Press a key of the keypad."""
        await (
            self.page.get_by_role("group", name="Keypad")
            .get_by_role("button", name=key, exact=True)
            .click()
        )
