"""The demo as a newcomer meets it: it starts, prints where everything is, and calls come."""

import asyncio
import os
import random
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from callfloor.app import supervisor
from callfloor.app.demo import voice
from callfloor.app.demo.phone import Phone
from tests import left_open, phones
from tests.journeys.waiting import until, wait_until
from tests.small_centre import LinkPeer
from tests.whole_centre import WholeCentre, running

pytestmark = pytest.mark.journey

BLUEPRINTS = Path(__file__).parents[2] / "blueprints"
CALL_SECONDS_MAX = 60.0


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeCentre]:
    """Give a demo without simulated people."""
    with running(tmp_path_factory.mktemp("demo") / "data", "demo", "--quiet-floor") as centre:
        yield centre


class Caller:
    """Somebody who calls over SIP and listens."""

    def __init__(self, centre: WholeCentre) -> None:
        self._phone = Phone(server=("127.0.0.1", centre.sip), draw=random.Random())
        self._ticker = voice.Ticker()
        self._ticking = asyncio.create_task(self._ticker.run())
        self.leg = voice.Leg(ssrc=12345)
        self.ended = asyncio.get_running_loop().create_future()
        left_open.note(self, self._end)

    async def call(self, number: str) -> None:
        """Call a number and send silence until a key is pressed."""
        await self._phone.open("127.0.0.1")
        offer = await self.leg.open("127.0.0.1")
        self._ticker.legs.add(self.leg)
        self._line = self._phone.dial(
            number,
            caller="+442079460777",
            name="T. Ester",
            offer=offer,
            answered=self.leg.connect,
            ended=self.ended.set_result,
        )

    def hang_up(self) -> None:
        """End the call."""
        self._line.hang_up()

    def close(self) -> None:
        """Give everything back."""
        left_open.forget(self)
        self._ticking.cancel()
        self.leg.close()
        self._phone.close()

    async def _end(self) -> None:
        self.close()


def step_of(watch: LinkPeer) -> str | None:
    """Return the step at which the last caller is."""
    entered = watch.facts("StepEntered")
    return entered[-1]["step"] if entered else None


def test_health_page_and_sign_ins(quiet: WholeCentre):
    """/healthz tells all processes, and what is printed is what the sign-in page offers."""
    health = quiet.health()
    assert health["status"] == "ok"
    assert set(health["processes"]) >= {"floor", "media", "web", "worker"}
    printed = quiet.printed()
    assert f"http://127.0.0.1:{quiet.http}/" in printed
    assert f"sip:900@127.0.0.1:{quiet.sip}" in printed
    assert "sip:chat:" not in printed  # What is written to is no number to call.
    assert f"http://127.0.0.1:{quiet.http}/chat/try/halden" in printed
    assert "/chat/widget.js" in quiet.page("/chat/try/halden")
    page = quiet.page("/accounts/login/")
    for name in ("agent", "agent2", "leader", "manager"):
        password = f"callfloor-{name}"
        assert password in printed
        assert password in page


async def test_call_to_900_reaches_a_newcomer(quiet: WholeCentre):
    """Nobody registers: a caller hears prompts, presses 1, and talks to who has just sat down."""
    agent = await phones.Agent.sit_down(quiet, "agent", mouth=0x55)
    watch = await quiet.connect("web")
    caller = Caller(quiet)
    await caller.call("900")
    await watch.wait_for(lambda: step_of(watch) == "menu", CALL_SECONDS_MAX)
    assert caller.leg.heard > 100, "greeting and notice were not heard"
    caller.leg.press("1")
    await watch.wait_for(lambda: bool(watch.facts("Bridged")), CALL_SECONDS_MAX)
    (bridged,) = watch.facts("Bridged")
    assert (bridged["agent"], bridged["queue"]) == ("agent", "halden_billing")
    heard = len(agent.phone.heard)
    await until(lambda: len(agent.phone.heard) >= heard + 25)
    caller.hang_up()
    await watch.wait_for(lambda: bool(watch.facts("Closed")), CALL_SECONDS_MAX)
    assert watch.facts("Closed")[0]["outcome"] == "answered"
    assert [fact["choice"] for fact in watch.facts("Chose")] == ["billing"]
    caller.close()
    await agent.stand_up()
    await watch.close()


async def test_number_901_speaks_hungarian(quiet: WholeCentre):
    """The same flow in the other language of the client."""
    watch = await quiet.connect("web")
    caller = Caller(quiet)
    await caller.call("901")
    await watch.wait_for(lambda: bool(watch.facts("Arrived")), CALL_SECONDS_MAX)
    assert watch.facts("Arrived")[0]["language"] == "hu"
    caller.hang_up()
    await watch.wait_for(lambda: bool(watch.facts("Closed")), CALL_SECONDS_MAX)
    caller.close()
    await watch.close()


def test_each_process_comes_back(quiet: WholeCentre):
    """kill -9 of each process in turn: it is back under another pid, and the centre is well."""
    for name, pid in quiet.pids().items():
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda name=name, pid=pid: quiet.pids().get(name) != pid)
    wait_until(lambda: quiet.health()["status"] == "ok")
    assert "was ended by SIGKILL; again now" in quiet.printed()


def test_second_centre_on_the_same_folder_is_refused(quiet: WholeCentre):
    """A folder in use, and a port in use, are told in one sentence each."""
    free = WholeCentre(quiet.data)
    same_folder = refusal(quiet.data, http=free.http, sip=free.sip)
    assert "is in use by process" in same_folder
    same_port = refusal(quiet.data.parent / "other", http=quiet.http, sip=free.sip)
    assert f"port {quiet.http} of 127.0.0.1 cannot be used" in same_port
    assert not (quiet.data.parent / "other").exists()


def test_serve_gives_first_passwords_once(tmp_path: Path):
    """A centre of one's own prints a password for everybody at its first start, and never again."""
    file = tmp_path / "mine.yaml"
    file.write_text((BLUEPRINTS / "six_seats.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    centre = WholeCentre(tmp_path / "data")
    centre.start("serve", str(file))
    first = re.findall(r"first sign-in: (\w+)  (\S+)", centre.printed())
    page = centre.page("/accounts/login/")
    centre.stop()
    people = {"manager", "seat1", "seat2", "seat3", "seat4", "seat5"}
    assert {name for name, _ in first} == people
    assert {name for name, _ in first[:2]} == {"manager", "seat4"}  # Who run it come first.
    assert len({password for _, password in first}) == len(people)
    assert not (centre.data / "seats.json").exists()
    assert not any(password in page for _, password in first)
    centre.start("serve")
    again = centre.printed()
    centre.stop()
    assert "first sign-in" not in again
    assert "sip:900@127.0.0.1" in again


def test_bad_blueprint_is_refused_whole(tmp_path: Path):
    """A file with a finding starts nothing and tells its line."""
    good = BLUEPRINTS / "six_seats.yaml"
    bad = tmp_path / "bad.yaml"
    bad.write_text(good.read_text(encoding="utf-8").replace("first: hours", "first: gone"))
    centre = WholeCentre(tmp_path / "data")
    said = refusal(centre.data, http=centre.http, sip=centre.sip, words=("serve", str(bad)))
    assert "blueprint.E014: There is no step `gone`." in said
    assert "Traceback" not in said
    assert not (centre.data / "plan.json").exists()


def refusal(
    data: Path, *, http: int, sip: int, words: tuple[str, ...] = ("demo", "--quiet-floor")
) -> str:
    """Start what cannot start and return what it says."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "callfloor.app.cli", *words, "--data", str(data)),
            *("--http", str(http), "--sip", str(sip)),
        ],
        capture_output=True,
        env=supervisor.environment({}),
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    return done.stderr.decode()
