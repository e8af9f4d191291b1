"""An agent who does not answer, and one whose page is loaded again in the middle of a call."""

import time
from datetime import UTC, datetime

import pytest
from playwright.async_api import expect

from tests import phones
from tests.journeys import baresip, browser, tones
from tests.journeys.stack import Stack, Visitor, calls, until

pytestmark = pytest.mark.journey

RING_SECONDS = 15.0  # The demo's queues leave it at the blueprint's default.
BACK_SECONDS_MAX = 5.0
RELOADS, RELOADS_LONG = 5, 20


async def reach_menu_and_press(floor: Stack, phone: baresip.Baresip, seq: int) -> None:
    """Dial the demo's number and choose billing."""
    await phone.dial("900")
    await until(lambda: [f for f in floor.facts("StepEntered", after=seq) if f["step"] == "menu"])
    phone.press("1")


async def test_unanswered_call_keeps_its_place_and_rings_the_next(floor: Stack, program, tmp_path):
    """The lease ends by itself: *missed* is shown, and who is next is called."""
    seq = floor.seq()
    async with (
        baresip.running(program("baresip"), tmp_path / "phone", sip=floor.sip) as phone,
        browser.running(program("chromium"), tmp_path) as context,
    ):
        desk = await browser.Desk.sit_down(context, floor)
        await desk.ready()
        await reach_menu_and_press(floor, phone, seq)
        await desk.state("Ringing")
        colleague = await phones.Agent.sit_down(floor, "agent2")
        await desk.state("Missed", milliseconds=1000 * (RING_SECONDS + 5))
        await expect(desk.page.locator("#offer")).to_be_hidden()
        await until(lambda: floor.facts("Bridged", after=seq))
        phone.hang_up()
        await phone.ended()
        await colleague.stand_up()
    rings = floor.facts("Ringing", after=seq)
    assert [ring["agent"] for ring in rings] == ["agent", "agent2"]
    assert [end["outcome"] for end in floor.facts("RingEnded", after=seq)] == ["missed"]
    queued = floor.facts("Queued", after=seq)
    assert len(queued) == 1, "the caller has entered the queue once and never lost the place"
    assert [fact["agent"] for fact in floor.facts("Bridged", after=seq)] == ["agent2"]


async def test_sound_is_back_after_each_reload(
    floor: Stack, manager: Visitor, program, tmp_path, pytestconfig
):
    """F5 in mid-call: both hear one another again soon, in one interaction with one recording."""
    began, seq = datetime.now(UTC), floor.seq()
    times = RELOADS_LONG if pytestconfig.getoption("--long") else RELOADS
    took = []
    async with (
        baresip.running(program("baresip"), tmp_path / "phone", sip=floor.sip) as phone,
        browser.running(program("chromium"), tmp_path) as context,
    ):
        desk = await browser.Desk.sit_down(context, floor)
        await desk.ready()
        await reach_menu_and_press(floor, phone, seq)
        await desk.state("Ringing")
        await desk.press("Answer")
        await phone.hears(tones.AGENT_HZ)
        for _ in range(times):
            took.append(await reload(desk, phone))
        await desk.press("Hang up")
        await phone.ended()
        await desk.finish()
    print(f"audio back after {max(took):.2f} s at most, of {times} reloads")
    assert max(took) < BACK_SECONDS_MAX, took
    rows = await until(lambda: [row for row in calls(manager, since=began) if row["outcome"]])
    assert len(rows) == 1
    assert (rows[0]["outcome"], rows[0]["interrupted"]) == ("answered", False)
    whole = await until(lambda: whole_recording(manager, rows[0]["id"]))
    assert len(whole["recordings"]) == 1
    customer, agent = tones.channels(
        manager.ask(f"/recordings/{whole['recordings'][0]['id']}.wav")[1]
    )
    assert tones.share(customer[-8000:], tones.CALLER_HZ) > 0.9
    assert len(tones.seconds_of(agent, tones.AGENT_HZ)) > times, "the agent is heard in between"


def whole_recording(manager: Visitor, interaction: str) -> dict | None:
    """Return an interaction as soon as its recording is closed."""
    whole = manager.json(f"/api/interactions/{interaction}")
    closed = [row for row in whole["recordings"] if row["seconds"] is not None]
    return whole if closed else None


async def reload(desk: browser.Desk, phone: baresip.Baresip) -> float:
    """Load the desk again; return after how many seconds both sides hear one another."""
    began = time.monotonic()
    await desk.page.reload(wait_until="commit")
    await until(lambda: not phone.hears_now(tones.AGENT_HZ))
    await browser.hears(desk.page, tones.CALLER_HZ)
    await phone.hears(tones.AGENT_HZ)
    return time.monotonic() - began
