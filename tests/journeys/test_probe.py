"""
The synthetic caller at a real floor and real media (MISSION F38.1).

One direction of the audio is blocked at the probe's own socket, as a firewall between the two would
do it; the alarm must come within that one test call.
"""

import asyncio
import contextlib
import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from callfloor.app.probe import caller
from callfloor.app.probe.main import Probe
from callfloor.app.tests.test_probe import write_speech
from callfloor.core import plan
from tests.small_centre import CLIENT, NUMBER, Centre, LinkPeer, running, small_plan

pytestmark = pytest.mark.journey

ALARM_SECONDS = 20.0


def probed_plan() -> plan.FloorPlan:
    """Build a plan whose number leads over a menu to a message, with the probe's own trunk."""
    steps = (
        plan.Say(key="hello", prompt="hello", next="notice"),
        plan.Notice(key="notice", prompt="notice", next="choose"),
        plan.Menu(
            key="choose",
            prompt="choose",
            choices=(plan.Choice(digit="1", name="message", next="leave"),),
            otherwise="leave",
            tries=1,
            wait_seconds=10,
        ),
        plan.TakeMessage(key="leave", prompt="customer"),
    )
    base = small_plan()
    return dataclasses.replace(
        base,
        flows=(plan.FlowPlan(key="main", version=1, first="hello", steps=steps),),
        trunks=(
            *base.trunks,
            plan.TrunkPlan(key=plan.PROBE_TRUNK, addresses=(plan.PROBE_ADDRESS,)),
        ),
    )


class Deaf(caller.Leg):
    """Nothing comes in: the way to the caller is blocked."""

    def datagram_received(self, data, addr):
        return


class Mute(caller.Leg):
    """Nothing goes out: the way to the centre is blocked."""

    def tick(self):
        return


class DeafAndMute(Deaf, Mute):
    """No audio passes in either direction."""


@contextlib.asynccontextmanager
async def probing(tmp_path: Path):
    """Run a small centre, a probe that is told when to call, and somebody who watches."""
    await asyncio.to_thread(tmp_path.mkdir)
    async with running(tmp_path, probed_plan()) as centre:
        for seed, name in enumerate(("hello", "notice", "choose", "customer")):
            write_speech(tmp_path / "prompts" / "en" / f"{name}.wav", seed)
        probe = Probe(
            data=tmp_path,
            sip=("127.0.0.1", centre.sip),
            address=plan.PROBE_ADDRESS,
            number=NUMBER,
            key=None,
            every_seconds=300.0,
            first_seconds=3_600.0,
        )
        work = asyncio.create_task(probe.run())
        watcher = await centre.connect("web")
        try:
            await probe.linked()
            yield centre, probe, watcher
        finally:
            work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await work
            await watcher.close()


async def test_test_calls_find_what_is_wrong_and_nothing_else(tmp_path: Path):
    """
    F38.1: a sound line is ok; RTP blocked one way is 'one-way audio' within one test call.

    Each call takes its half minute, so five centres are called at once.
    """
    await asyncio.gather(
        _finds_nothing(tmp_path / "sound"),
        _finds(tmp_path / "mute", Mute, "one-way audio: the centre does not hear the caller"),
        _finds(tmp_path / "deaf", Deaf, "one-way audio: the caller hears nothing"),
        _finds(tmp_path / "both", DeafAndMute, "no audio in either direction"),
        _misses_a_recording(tmp_path / "kept"),
    )


async def _finds_nothing(folder: Path) -> None:
    """One prompt, key, step and recording are seen; nobody is rung, the item is the probe's own."""
    async with probing(folder) as (_centre, probe, watcher):
        found = await probe.once()
        assert (found.outcome, found.detail) == ("ok", "")
        noted = json.loads((folder / "probe.json").read_text())
        assert (noted["calls"], noted["failed"]) == (1, 0)
        assert 0 <= noted["delay_ms"] < 1500
        assert [fact["trunk"] for fact in watcher.facts("Arrived")] == [plan.PROBE_TRUNK]
        assert [fact["client"] for fact in watcher.facts("Closed")] == [CLIENT]
        assert watcher.facts("Closed")[0]["outcome"] == "message_left"
        assert not watcher.facts("Alarmed")
        assert not watcher.facts("Queued")


async def _finds(folder: Path, leg: type[caller.Leg], detail: str) -> None:
    async with probing(folder) as (_centre, probe, watcher):
        probe.make_leg = leg
        found = await probe.once()
        assert found.detail == detail
        alarm = await _alarm(watcher, f"probe_{found.outcome}")
        assert alarm["detail"] == detail


async def _misses_a_recording(folder: Path) -> None:
    """A recordings folder that takes nothing is told by the first test call, not by a complaint."""
    async with probing(folder) as (centre, probe, watcher):
        await _lose_recordings(centre)
        found = await probe.once()
        assert found.outcome == "recording"
        await _alarm(watcher, "probe_recording")


async def _alarm(watcher: LinkPeer, name: str) -> dict[str, Any]:
    """Wait for an alarm of this name."""

    def told() -> list[dict[str, Any]]:
        return [fact for fact in watcher.facts("Alarmed") if fact["name"] == name]

    await watcher.wait_for(lambda: bool(told()), seconds=ALARM_SECONDS)
    return told()[0]


async def _lose_recordings(centre: Centre) -> None:
    """Put a file where the folder was: root may write anywhere, but not below a file."""
    folder = centre.data / "recordings"
    await asyncio.to_thread(folder.rmdir)
    await asyncio.to_thread(folder.write_text, "no folder")
