"""
A centre on one host, an agent's browser on another: `--host`, `--advertise`, `--tls self`.

Two network namespaces with a cable between them stand for the two machines. The page comes over
HTTPS with a certificate of our own, the audio over ICE with the advertised address.
"""

import asyncio
import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import BrowserContext, async_playwright

from callfloor.app import supervisor
from tests import namespaces
from tests.journeys import browser, tones
from tests.journeys.waiting import wait_until
from tests.namespaces import Host

pytestmark = pytest.mark.journey

HTTP, SIP = 8443, 5070  # Of a host that is ours alone.
START_SECONDS = 180.0
HELLO_HZ = tones.CALLER_HZ
BACK_SECONDS = 3.0
HEAD_SECONDS = 20.0
ROOT = Path(__file__).parents[2]


@dataclass
class Away:
    """A centre on a host of its own."""

    host: Host
    other: Host
    data: Path
    process: subprocess.Popen[bytes]

    @property
    def base(self) -> str:
        """The address of its pages."""
        return f"https://{self.host.address}:{HTTP}"

    def printed(self) -> str:
        """Return what the start has told."""
        return (self.data.parent / "out").read_text(errors="replace")

    def fetch(self, path: str, *words: str, host: Host | None = None) -> str:
        """Fetch a page from the other host; the certificate is proved."""
        trusted = ("--cacert", str(self.data / "tls" / "self.crt"))
        command = (host or self.other).command(
            "curl", "--silent", "--show-error", "--max-time", "10", *trusted, *words,
            f"{self.base}{path}",
        )  # fmt: skip
        return subprocess.run(command, check=True, capture_output=True, timeout=20).stdout.decode()


@pytest.fixture(scope="module")
def away(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Away]:
    """Run the demo without simulated people on the first of two hosts."""
    namespaces.found("curl", "curl")
    folder = tmp_path_factory.mktemp("away")
    with namespaces.two_hosts() as (host, other), (folder / "out").open("wb") as out:
        words = ("--host", host.address, "--advertise", host.address, "--tls", "self")
        command = host.command(
            sys.executable, "-m", "callfloor.app.cli", "demo", "--quiet-floor", *words,
            "--data", str(folder / "data"), "--http", str(HTTP), "--sip", str(SIP),
        )  # fmt: skip
        process = subprocess.Popen(
            command, stdout=out, stderr=out, env=supervisor.environment({}), start_new_session=True
        )
        centre = Away(host=host, other=other, data=folder / "data", process=process)
        try:
            wait_until(
                lambda: "Ctrl-C" in centre.printed() or process.poll() is not None,
                seconds=START_SECONDS,
            )
            assert process.poll() is None, centre.printed()
            yield centre
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=20)


def test_pages_are_fetched_over_tls_from_the_other_host(away: Away):
    """The certificate names the address, cookies are sent over nothing else, figures stay home."""
    assert f"page     {away.base}/" in away.printed()
    assert "SHA-256" in away.printed()
    health = json.loads(away.fetch("/healthz"))
    assert health["status"] == "ok"
    page = away.fetch("/accounts/login/", "--include")
    assert "HTTP/1.1 200" in page
    assert page.count("; Secure") == page.lower().count("set-cookie:") > 0
    assert "strict-transport-security" not in page.lower()  # Not with one of our own.
    assert "this machine" in away.fetch("/metrics")
    inside = away.fetch("/metrics", "--resolve", "x:1:1.1.1.1", host=away.host)
    assert "this machine" in inside  # It comes from the machine's outer address.


def test_plain_http_and_foreign_names_get_nothing(away: Away):
    """Without TLS there is no page, and a foreign name leads nowhere."""
    plain = away.other.command("curl", "-s", "-m", "5", f"http://{away.host.address}:{HTTP}/")
    assert subprocess.run(plain, capture_output=True, timeout=20, check=False).returncode != 0
    page = away.fetch("/accounts/login/", "--include", "--header", "Host: evil.example")
    assert "HTTP/1.1 400" in page


@pytest.mark.parametrize(
    ("password", "port", "state"),
    [("callfloor-phone", 5080, "registered"), ("guessed", 5081, "refused")],
)
def test_telephone_on_another_host_registers(away: Away, password: str, port: int, state: str):
    """With the password that the start has printed, and with no other."""
    command = away.other.command(
        sys.executable, "-m", "tests.registering", "agent-desk", password,
        away.other.address, str(port), away.host.address, str(SIP),
    )  # fmt: skip
    done = subprocess.run(
        command, capture_output=True, timeout=30, check=True, env=supervisor.environment({})
    )
    assert done.stdout.decode().strip() == state


@contextlib.asynccontextmanager
async def browsing(
    away: Away, folder: Path, *, hertz: float = HELLO_HZ
) -> AsyncIterator[BrowserContext]:
    """Run a browser on the other host; somebody has confirmed our certificate there."""
    chromium = namespaces.found("chromium", "chromium")
    program = away.other.program(folder / "browser.sh", chromium)
    voice = tones.write(folder / "voice.wav", tones.tone(hertz, seconds=browser.VOICE_SECONDS))
    flags = [*browser.FLAGS, f"--use-file-for-fake-audio-capture={voice}"]
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=str(program), args=flags)
        try:
            context = await running.new_context(locale="en-US", ignore_https_errors=True)
            context.set_default_timeout(browser.WAIT_MILLISECONDS * 3)
            yield context
        finally:
            await running.close()


async def test_agent_on_another_host_hears_a_customer(away: Away, tmp_path: Path):
    """He signs in over HTTPS, answers a customer's call and hears his voice through the cable."""
    async with browsing(away, tmp_path) as context:
        desk = await browser.Desk.sit_down(context, away)  # type: ignore[arg-type]
        await desk.ready()
        customer = await browser.Telephone.call(context, away, "900")  # type: ignore[arg-type]
        await _choose(customer, desk)
        await desk.button("Answer").click()
        await desk.state("Talking")
        await browser.hears(desk.page, HELLO_HZ, milliseconds=60_000)
        await browser.hears(customer.page, HELLO_HZ, milliseconds=60_000)
        await desk.press("Hang up")
        await desk.finish()


async def _choose(customer: browser.Telephone, desk: browser.Desk) -> None:
    """Press the first choice until it rings: the page does not say when the menu has come."""
    for _ in range(30):
        await customer.press("1")
        with contextlib.suppress(AssertionError):
            await desk.state("Ringing", milliseconds=2_000)
            return
    raise AssertionError("it never rang")


@dataclass
class Customer:
    """A customer who stays on the line, on the centre's own host."""

    process: subprocess.Popen[bytes]

    def told(self) -> dict[str, Any]:
        """End the call; give what was heard and how it ended."""
        self.process.send_signal(signal.SIGTERM)
        out, _ = self.process.communicate(timeout=20)
        told: dict[str, Any] = json.loads(out)
        return told


@contextlib.contextmanager
def customer_of(away: Away) -> Iterator[Customer]:
    """Let somebody call and stay."""
    command = away.host.command(
        sys.executable, "-m", "tests.journeys.steady_caller",
        away.host.address, str(SIP), "900", "240",
    )  # fmt: skip
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, env=supervisor.environment({}), cwd=ROOT
    )
    try:
        yield Customer(process)
    finally:
        process.kill()
        process.wait(timeout=10)
        if process.stdout is not None:
            process.stdout.close()


async def test_agent_whose_cable_is_out_for_five_seconds_is_heard_again(away: Away, tmp_path: Path):
    """F13, R41: the same call goes on within three seconds of the cable's return."""
    async with browsing(away, tmp_path, hertz=tones.AGENT_HZ) as context:
        desk = await browser.Desk.sit_down(context, away)  # type: ignore[arg-type]
        await desk.ready()
        with customer_of(away) as customer:
            await desk.button("Answer").click(timeout=90_000)
            await desk.state("Talking")
            await browser.hears(desk.page, tones.CALLER_HZ, milliseconds=60_000)
            away.other.plug(up=False)
            await asyncio.sleep(5)
            returned = time.time()
            away.other.plug(up=True)
            await asyncio.sleep(BACK_SECONDS + 1.0)  # Whoever is heard later is heard too late.
            told = customer.told()
        await desk.finish()
    assert told["ended"] == ""
    after = [at for at in told["heard"] if at > returned]
    assert after, "the customer never heard the agent again"
    assert after[0] - returned < BACK_SECONDS


def facts_of(away: Away, *names: str) -> list[tuple[float, str, dict[str, Any]]]:
    """Read facts of some classes from the floor's journal."""
    path = f"file:{away.data / 'journal.db'}?mode=ro"
    marks = ", ".join("?" * len(names))
    asked = f"SELECT at, name, body FROM journal WHERE kind = 'fact' AND name IN ({marks})"
    with contextlib.closing(sqlite3.connect(path, uri=True)) as journal:
        rows = journal.execute(f"{asked} ORDER BY seq", names).fetchall()
    return [(at, name, json.loads(body)) for at, name, body in rows]


@pytest.mark.parametrize("seconds", [25, pytest.param(60, marks=pytest.mark.long)])
async def test_customer_of_an_agent_who_stays_away_goes_to_the_head(
    away: Away, tmp_path: Path, seconds: int
):
    """F13: he is told, kept, first in line within 20 s, and served when somebody is there again."""
    async with browsing(away, tmp_path, hertz=tones.AGENT_HZ) as context:
        desk = await browser.Desk.sit_down(context, away)  # type: ignore[arg-type]
        await desk.ready()
        with customer_of(away) as customer:
            await desk.button("Answer").click(timeout=90_000)
            await desk.state("Talking")
            await browser.hears(desk.page, tones.CALLER_HZ, milliseconds=60_000)
            pulled = time.time()
            away.other.plug(up=False)
            await asyncio.sleep(seconds)
            returned = time.time()
            away.other.plug(up=True)
            await desk.state("Away")
            await desk.sound_is_on()
            await desk.press("Ready")  # It rings at once, or "Ready" could be awaited.
            await desk.button("Answer").click(timeout=60_000)
            await desk.state("Talking")
            await browser.hears(desk.page, tones.CALLER_HZ, milliseconds=60_000)
            told = customer.told()
        await desk.finish()
    later = [row for row in facts_of(away, "Held", "Queued", "Closed") if row[0] > pulled]
    later = [row for row in later if row[2]["item"] == later[0][2]["item"]]  # Test calls go on.
    assert [name for _, name, _ in later] == ["Held", "Queued", "Closed"]
    (held_at, _, held), (queued_at, _, queued), _ = later
    assert held["reason"] == "device_lost"
    assert held_at - pulled < BACK_SECONDS
    assert (queued["entry"], queued["position"]) == (2, 1)
    assert queued_at - pulled < HEAD_SECONDS
    assert told["ended"] == ""
    assert [at for at in told["heard"] if at > returned]
