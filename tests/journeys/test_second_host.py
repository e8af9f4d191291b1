"""
A centre on one host, an agent's browser on another: `--host`, `--advertise`, `--tls self`.

Two network namespaces with a cable between them stand for the two machines. The page comes over
HTTPS with a certificate of our own, the audio over ICE with the advertised address.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

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
async def browsing(away: Away, folder: Path) -> AsyncIterator[BrowserContext]:
    """Run a browser on the other host; somebody has confirmed our certificate there."""
    chromium = namespaces.found("chromium", "chromium")
    program = away.other.program(folder / "browser.sh", chromium)
    voice = tones.write(folder / "voice.wav", tones.tone(HELLO_HZ, seconds=browser.VOICE_SECONDS))
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
        await desk.button("Answer").click(timeout=90_000)  # Greeting, notice and menu first.
        await desk.state("Talking")
        await browser.hears(desk.page, HELLO_HZ, milliseconds=60_000)
        await browser.hears(customer.page, HELLO_HZ, milliseconds=60_000)
        await desk.press("Hang up")
        await desk.finish()
