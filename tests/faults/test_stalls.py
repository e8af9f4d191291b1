"""Processes that stand still: told, ended, begun anew; and what goes on without them."""

import asyncio
import contextlib
import os
import signal
import sys
import time

import pytest

from callfloor.app.supervisor import STALLED_SECONDS, Spec, Supervisor
from callfloor.wire import fail
from tests import phones, small_centre
from tests.faults import ledger
from tests.journeys import caller, waiting

pytestmark = pytest.mark.journey

BLINK_SECONDS = 1.0  # Long enough for an alarm (250 ms), too short for a restart.
BACK_SECONDS_BUSY = 15.0  # For the start itself; two cores that do much else.
BROKEN_SECONDS = 10.0


class Watched(small_centre.Centre):
    """A small centre whose floor and media are started and watched by the real supervisor."""

    async def begin(self):
        """Start both, and wait until calls are taken."""
        self.said = []
        self.supervisor = Supervisor(data=self.data, say=self.said.append)
        await self.supervisor.start(
            [
                Spec(name="media", module="callfloor.media.main", arguments=self.media_words()),
                Spec(name="floor", module="callfloor.floor.main", arguments=self.floor_words()),
            ]
        )
        return await caller.seconds_until_greeted(self.sip, since=time.monotonic())

    def pid(self, name):
        """Give the process id."""
        return self.supervisor._running[name].process.pid


@pytest.fixture
async def centre(tmp_path):
    """Run a watched centre for a test."""
    found = Watched(tmp_path, small_centre.small_plan())
    await found.begin()
    yield found
    await found.supervisor.stop()


async def test_a_floor_that_stands_still_is_ended_and_is_back(centre):
    """F15, R12, R6: no beat for 5 s, then a new process takes calls again."""
    pid, began = centre.pid("floor"), time.monotonic()
    os.kill(pid, signal.SIGSTOP)
    await waiting.until(lambda: centre.pid("floor") != pid, STALLED_SECONDS + BACK_SECONDS_BUSY)
    ended = time.monotonic() - began
    took = await caller.seconds_until_greeted(centre.sip, since=began)
    print(f"ended after {ended:.1f} s, calls are taken again after {took:.1f} s")
    assert ended > STALLED_SECONDS - 2.0, "the last beat was a second ago at most"
    assert took < STALLED_SECONDS + BACK_SECONDS_BUSY
    assert any("floor stands still" in said for said in centre.said)
    assert ledger.missing_numbers(centre.data) == 0


async def test_a_media_worker_that_stands_still_is_ended_and_is_back(centre):
    """R12, R38: calls that it carried are marked, new ones work."""
    pid = centre.pid("media")
    os.kill(pid, signal.SIGSTOP)
    await waiting.until(lambda: centre.pid("media") != pid, STALLED_SECONDS + BACK_SECONDS_BUSY)
    await caller.seconds_until_greeted(centre.sip, since=time.monotonic())
    assert any("media stands still" in said for said in centre.said)


async def test_a_short_stall_is_an_alarm_and_no_restart(centre):
    """F15, R12: a loop that was late by more than 250 ms is told, and goes on."""
    pid = centre.pid("floor")
    os.kill(pid, signal.SIGSTOP)
    await asyncio.sleep(BLINK_SECONDS)
    os.kill(pid, signal.SIGCONT)
    late = await waiting.until(lambda: late_alarms(centre.data))
    assert late[-1] > 250
    assert centre.pid("floor") == pid


def late_alarms(data):
    """Give by how many milliseconds the loop was late, of each alarm."""
    alarms = [fact for *_, fact in ledger.facts(data, "Alarmed") if fact["name"] == "loop_late"]
    return [float(fact["detail"].split()[0]) for fact in alarms]


async def test_a_floor_whose_journal_breaks_does_not_live_on(tmp_path):
    """R6: the thread that writes meets a fault nobody foresaw; the process ends at once."""
    centre = small_centre.Centre(tmp_path, small_centre.small_plan())
    centre.environment["floor"] = {fail.VARIABLE: "floor.before_commit:2:raise"}
    try:
        await centre.start_media()
        await centre.spawn_floor()
        floor = centre.processes["floor"]
        calls = asyncio.create_task(caller.seconds_until_greeted(centre.sip, since=0.0))
        assert await asyncio.wait_for(floor.wait(), BROKEN_SECONDS) == 70
        calls.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await calls
        assert "floor.journal_broken" in (tmp_path / "floor.log").read_text()
    finally:
        await centre.stop()


@pytest.mark.parametrize("number", [signal.SIGSTOP])
async def test_signaling_goes_on_while_the_media_stands_still(tmp_path, number):
    """R38: without a supervisor: out of rotation within 3 s, and who calls is told at once."""
    async with small_centre.running(tmp_path, small_centre.small_plan()) as centre:
        web = await centre.connect("web")
        media = centre.processes["media"]
        os.kill(media.pid, number)
        began = time.monotonic()
        try:
            web.health = None
            await web.wait_for(lambda: bool(web.health) and not web.health["media"]["up"])
            out = time.monotonic() - began
            with pytest.raises(phones.SippFailed, match="503"):
                await phones.run_sipp(centre, "-m", "1")
        finally:
            os.kill(media.pid, signal.SIGCONT)
        print(f"out of rotation after {out:.2f} s", file=sys.stderr)
        assert out < 3.0 + BACK_SECONDS_BUSY / 5
        await centre.media_up(web)
        await web.close()
        assert await caller.seconds_until_greeted(centre.sip, since=time.monotonic()) < 10
