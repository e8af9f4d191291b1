"""F3: the disk is full while calls are up, and has space again after a while."""

import asyncio
import contextlib
import os
import random
import subprocess
import time

import pytest

from callfloor.app.demo.phone import Phone
from callfloor.core import events
from tests import phones, small_centre
from tests.faults import ledger, rounds
from tests.faults.load import Call, Seat
from tests.journeys import waiting

pytestmark = pytest.mark.journey

DISK_MIB = 24
BACK_SECONDS = 30.0  # F3.
FULL_SECONDS = 8.0  # Several chunks of a recording are due within it (wire/ccr.py).
STEP_BYTES = 4096
SOUND_SHARE_MIN = 0.8  # On a machine that does much else; what is lost then is lost everywhere.


@pytest.fixture
def disk(tmp_path):
    """Mount a small disk of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "callfloor", str(folder)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


class Ballast:
    """A file that takes all the space there is, again whenever some appears."""

    def __init__(self, folder):
        self._path = folder / "ballast"

    def fill(self):
        """Take every block that is free."""
        with self._path.open("ab", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(STEP_BYTES))

    def drop(self):
        """Give all of it back."""
        self._path.unlink()


class Callers:
    """A telephone whose calls can be looked at."""

    def __init__(self, phone):
        self._phone = phone
        self.answered, self.set_up_seconds = [], []

    def dial(self, ear):
        """Call; give the call, its line and the reason of its end, once it has one."""
        call, reasons = Call(self), []

        def over(reason):
            reasons.append(reason)
            call.over(reason)

        def answered(sdp):
            ear.talk_to(sdp)
            call.heard(sdp)

        line = self._phone.dial(
            "900", caller="+36301110001", name="Full", offer=ear.offer(),
            answered=answered, ended=over,
        )  # fmt: skip
        return call, line, reasons


async def refused_reason(callers, ear):
    """Call until the answer is a refusal; give it."""
    call, line, reasons = callers.dial(ear)
    await asyncio.wait_for(call.ended.wait(), waiting.WAIT_SECONDS)
    line.hang_up()
    return reasons[0]


async def answered_within(callers, ear, seconds):
    """Call again and again until somebody answers; give the call's line and the time it took."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        call, line, _ = callers.dial(ear)
        either = [asyncio.create_task(each.wait()) for each in (call.answered, call.ended)]
        await asyncio.wait(either, timeout=2.0, return_when=asyncio.FIRST_COMPLETED)
        for task in either:
            task.cancel()
        if call.answered.is_set():
            return line, time.monotonic() - began
        ear.fall_silent()
        line.hang_up()
        await asyncio.sleep(0.2)
    raise AssertionError(f"nobody answered within {seconds:g} s")


async def test_calls_live_through_a_full_disk_and_it_recovers_by_itself(disk):
    """F3, I6: who talks goes on, who calls hears 503, what is cut is marked and told."""
    async with contextlib.AsyncExitStack() as stack:
        plan = small_centre.small_plan(agents=1)
        centre = await stack.enter_async_context(small_centre.running(disk, plan))
        await rounds.start_worker(centre)
        link = await centre.connect("web")
        desk = await phones.RtpPhone.open()
        seat = Seat("agent-0", desk, talks_seconds=600.0)
        await seat.join(link)
        phone = Phone(server=("127.0.0.1", centre.sip), draw=random.Random(6))
        await phone.open("127.0.0.1")
        ears = [await phones.RtpPhone.open(mouth=0x80) for _ in range(3)]
        callers, ballast = Callers(phone), Ballast(disk)
        talk, line, reasons = callers.dial(ears[0])
        await link.wait_for(lambda: bool(link.facts("Bridged")))
        (bridged,) = link.facts("Bridged")
        await waiting.until(lambda: holds_sound(disk))

        ballast.fill()
        ends_at = time.monotonic() + FULL_SECONDS
        heard = len(desk.heard)
        while time.monotonic() < ends_at:
            await asyncio.sleep(0.5)
            ballast.fill()
        share = (len(desk.heard) - heard) * phones.FRAME_SECONDS / FULL_SECONDS
        assert share > SOUND_SHARE_MIN, "the sound goes on"
        assert not reasons, "the talk goes on"
        link.send("command", by="test", event={"is": "AwayAsked", "agent": "agent-0"} | AWAY)
        await asyncio.sleep(2.5)
        assert await refused_reason(callers, ears[1]) == "refused_503"
        ballast.drop()
        again, took = await answered_within(callers, ears[2], BACK_SECONDS)
        print(f"calls are taken again {took:.1f} s after there is space")

        await link.command(events.HangUpAsked(agent="agent-0", item=bridged["item"]))
        await asyncio.wait_for(talk.ended.wait(), waiting.WAIT_SECONDS)
        again.hang_up()
        line.hang_up()
        await waiting.until(lambda: not ledger.unfinished(disk))
        await waiting.until(lambda: not still_open(disk))
        seat.close()
        for ear in ears:
            ear.close()
        phone.close()
        await link.close()
        await centre.stop()
        await judge(disk, bridged["item"])


AWAY = {"reason": "lunch", "by": None}


def holds_sound(data):
    """Say whether the first chunk of a recording is on the disk."""
    sizes = [path.stat().st_size for path in (data / "recordings").rglob("*.ccr")]
    return sizes and sizes[0] > STEP_BYTES


def still_open(data):
    """Say whether an item has no end yet."""
    return ledger.ask(data, "SELECT 1 FROM open_items LIMIT 1")


async def judge(disk, item):
    """Look at what was written meanwhile and afterwards."""
    assert ledger.missing_numbers(disk) == 0
    assert ledger.not_ended_once(disk) == []
    alarms = {fact["name"] for *_, fact in ledger.facts(disk, "Alarmed")}
    assert {"journal_refused", "recording_partial"} <= alarms
    held = await rounds.read_records(disk)
    (recording,) = [each for each in held["recordings"] if each["item"] == item]
    assert recording["partial"]
    assert recording["seconds"] > 0.0, "what was whole before is kept"
    outcome = rounds.Outcome()
    assert rounds.compare_records(disk, held, outcome) == []
    assert os.statvfs(disk).f_bavail > 0
