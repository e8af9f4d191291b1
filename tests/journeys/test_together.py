"""Calls of more than two at real desks: asked, handed over, all together, heard into, called."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import expect

from callfloor.wire import g711
from tests.journeys import browser, caller, tones
from tests.journeys.stack import Stack, Visitor, calls, until

pytestmark = pytest.mark.journey

COLLEAGUE_HZ, LEADER_HZ = 1000, 2200  # No harmonics of one another, of caller or agent.
# Shares of the energy. A browser makes a steady tone quieter the longer it lasts, as if it were
# noise; another tone leaks 2e-6 into the share of one that is not there.
THERE, ABSENT = 0.03, 0.003
QUIETER = 8  # So that the caller is as loud as the browsers are.
HEAR_SECONDS = 10.0
WHO = {"agent": tones.AGENT_HZ, "agent2": COLLEAGUE_HZ, "leader": LEADER_HZ}
CUSTOMER = "+36301110077"
ANSWERS, BUSY = "+442079460100", "+442079460101"  # At the demo's own provider.


@dataclass
class Room:
    """A caller and the people around him."""

    floor: Stack
    caller: caller.Caller
    desks: dict[str, browser.Desk]

    @property
    def agent(self) -> browser.Desk:
        """The desk of who takes the call."""
        return self.desks["agent"]

    @property
    def colleague(self) -> browser.Desk:
        """The desk of who is asked."""
        return self.desks["agent2"]

    def share(self, hertz: float, *, packets: int = 25) -> float:
        """Return which part of what the caller hears now is this tone."""
        recent = b"".join(packet.payload for packet in self.caller.ear.packets[-packets:])
        return tones.share(tones.linear(recent), hertz)

    async def caller_hears(self, *there: float, absent: tuple[float, ...] = ()) -> None:
        """Wait until the caller hears these voices and not those."""
        await until(
            lambda: (
                all(self.share(each) > THERE for each in there)
                and all(self.share(each) < ABSENT for each in absent)
            )
        )


async def hears(desk: browser.Desk, *there: float, absent: tuple[float, ...] = ()) -> None:
    """Wait until these voices come out of a page, and not those."""
    deadline = time.monotonic() + HEAR_SECONDS
    while True:
        heard = await desk.page.evaluate(
            f"(all) => all.map((hz) => ({browser.LISTEN})(hz))", [*there, *absent]
        )
        shares = dict(zip([*there, *absent], heard, strict=True))
        is_there = all(shares[each] > THERE for each in there)
        if is_there and all(shares[each] < ABSENT for each in absent):
            return
        assert time.monotonic() < deadline, f"{there} and not {absent}: {shares}"
        await asyncio.sleep(0.1)


@contextlib.asynccontextmanager
async def talking(
    floor: Stack, program: str, folder: Path, *, others: tuple[str, ...] = ("agent2",)
) -> AsyncIterator[Room]:
    """Let a caller talk with an agent, with others at their desks."""
    async with contextlib.AsyncExitStack() as stack:
        desks = {}
        for key in ("agent", *others):
            place = folder / key
            place.mkdir()
            running = browser.running(program, place, hertz=WHO[key])
            context = await stack.enter_async_context(running)
            desks[key] = await browser.Desk.sit_down(context, floor, key)
        await desks["agent"].ready()
        seq = floor.seq()
        calling = caller.calling(floor.sip, "900", caller=CUSTOMER)
        one = await stack.enter_async_context(calling)
        frame = tones.tone(tones.CALLER_HZ, seconds=caller.FRAME_SECONDS)
        one.ear.mouth = g711.linear_to_ulaw((frame // QUIETER).tobytes())
        steps = "StepEntered"
        await until(lambda: [f for f in floor.facts(steps, after=seq) if f["step"] == "menu"])
        one.ear.press("1")
        await desks["agent"].state("Ringing")
        await desks["agent"].press("Answer")
        room = Room(floor, one, desks)
        await room.caller_hears(tones.AGENT_HZ)
        yield room


async def ask(room: Room, name: str) -> None:
    """Let the agent ask a colleague, who answers."""
    await room.agent.press("Consult")
    field = room.agent.page.get_by_role("combobox", name="Colleague, queue or number")
    await field.fill(name[:4])
    await room.agent.page.get_by_role("option", name=name).click()
    await room.agent.press("Ask")
    await room.colleague.state("Ringing")
    await expect(room.colleague.page.locator("#offer")).to_contain_text(
        "A colleague has a question"
    )
    await room.colleague.press("Answer")
    await room.colleague.state("Talking")


async def test_asked_then_handed_over(floor: Stack, program, tmp_path):
    """The two talk without the caller, then he is the colleague's, in one interaction."""
    seq = floor.seq()
    async with talking(floor, program("chromium"), tmp_path) as room:
        await ask(room, "Sascha Free")
        await hears(room.agent, COLLEAGUE_HZ, absent=(tones.CALLER_HZ,))
        await hears(room.colleague, tones.AGENT_HZ, absent=(tones.CALLER_HZ,))
        await room.caller_hears(absent=(tones.AGENT_HZ, COLLEAGUE_HZ))
        await room.agent.press("Complete transfer")
        await room.agent.state("Wrap-up")
        await room.caller_hears(COLLEAGUE_HZ, absent=(tones.AGENT_HZ,))
        await hears(room.colleague, tones.CALLER_HZ, absent=(tones.AGENT_HZ,))
        await room.colleague.press("Hang up")
        await room.agent.finish()
        await room.colleague.finish(then="Away")
    assert len(floor.facts("Arrived", after=seq)) == 1
    over = floor.facts("ConsultOver", after=seq)
    assert [each["outcome"] for each in over] == ["completed"]


async def test_all_together_until_one_leaves(floor: Stack, program, tmp_path):
    """In a conference everybody hears everybody; who leaves is heard no more."""
    async with talking(floor, program("chromium"), tmp_path) as room:
        await ask(room, "Sascha Free")
        await room.agent.press("Conference")
        await room.caller_hears(tones.AGENT_HZ, COLLEAGUE_HZ)
        await hears(room.agent, tones.CALLER_HZ, COLLEAGUE_HZ)
        await hears(room.colleague, tones.CALLER_HZ, tones.AGENT_HZ)
        together = room.agent.page.get_by_role("group", name="Who else is in the call")
        await expect(together).to_contain_text("Sascha Free")
        await room.agent.press("Leave")
        await room.agent.state("Wrap-up")
        await room.caller_hears(COLLEAGUE_HZ, absent=(tones.AGENT_HZ,))
        await room.colleague.press("Hang up")


async def test_a_leader_listens_whispers_and_joins(floor: Stack, program, tmp_path):
    """Listening is heard by nobody, whispering by the agent alone, joining by all."""
    async with (
        talking(floor, program("chromium"), tmp_path, others=()) as room,
        browser.running(program("chromium"), tmp_path, hertz=LEADER_HZ) as context,
    ):
        leader = await browser.Leader.at_the_floor(context, floor)
        await leader.press("Listen to Robin Free")
        await expect(leader.page.locator("#hearing")).to_contain_text("You hear Robin Free")
        await hears(leader, tones.AGENT_HZ, tones.CALLER_HZ)
        await hears(room.agent, tones.CALLER_HZ, absent=(LEADER_HZ,))
        await room.caller_hears(tones.AGENT_HZ, absent=(LEADER_HZ,))
        await leader.press("Whisper")
        await hears(room.agent, tones.CALLER_HZ, LEADER_HZ)
        await expect(room.agent.page.locator("#together-who")).to_contain_text("whispers to you")
        await room.caller_hears(tones.AGENT_HZ, absent=(LEADER_HZ,))
        await leader.press("Join")
        await room.caller_hears(tones.AGENT_HZ, LEADER_HZ)
        await leader.press("Stop")
        await room.caller_hears(tones.AGENT_HZ, absent=(LEADER_HZ,))
        await hears(room.agent, tones.CALLER_HZ, absent=(LEADER_HZ,))
        await room.agent.press("Hang up")


async def test_a_colleague_is_called(floor: Stack, program, tmp_path):
    """A call between colleagues rings as one, and both hear one another."""
    seq = floor.seq()
    async with contextlib.AsyncExitStack() as stack:
        desks = []
        for key in ("agent", "agent2"):
            (tmp_path / key).mkdir()
            running = browser.running(program("chromium"), tmp_path / key, hertz=WHO[key])
            context = await stack.enter_async_context(running)
            desks.append(await browser.Desk.sit_down(context, floor, key))
        one, other = desks
        field = one.page.get_by_role("combobox", name="Number or colleague")
        await field.fill("Sasc")
        await expect(one.page.get_by_role("option", name="Sascha Free")).to_be_visible()
        await field.press("ArrowDown")
        await field.press("Enter")
        await one.press("Dial")
        await other.state("Ringing")
        await expect(other.page.locator("#offer")).to_contain_text("Robin Free")
        await other.press("Answer")
        await hears(one, COLLEAGUE_HZ)
        await hears(other, tones.AGENT_HZ)
        await one.press("Hang up")
        await expect(other.page.locator("#callbar")).to_be_hidden()
    arrived = floor.facts("Arrived", after=seq)
    assert [each["direction"] for each in arrived] == ["internal"]
    assert floor.facts("Queued", after=seq) == []


async def dial(desk: browser.Desk, number: str) -> None:
    """Call a number by keyboard."""
    await desk.page.keyboard.press("Alt+Shift+KeyD")
    await desk.page.keyboard.type(number)
    await desk.page.keyboard.press("Enter")


async def test_a_number_is_called_and_a_busy_one_is_said(
    floor: Stack, manager: Visitor, program, tmp_path
):
    """The desk says that it dials, that it is busy, that somebody talks; no queue counts it."""
    began, seq = datetime.now(UTC), floor.seq()
    async with browser.running(program("chromium"), tmp_path) as context:
        desk = await browser.Desk.sit_down(context, floor, "agent")
        await dial(desk, BUSY)
        await expect(desk.page.locator("#toasts")).to_contain_text("Busy: nobody was reached.")
        await desk.finish("Solved", then="Away")
        await dial(desk, ANSWERS)
        await desk.state("Talking")
        await expect(desk.page.locator("#call-what")).to_contain_text("Call out")
        await until(lambda: floor.facts("Bridged", after=seq))
        await desk.press("Hang up")
        await desk.finish("Solved", then="Away")
    rows = await until(
        lambda: (
            [row for row in calls(manager, since=began) if row["disposition"]][1:]
            and calls(manager, since=began)
        )
    )
    assert [(row["direction"], row["outcome"]) for row in rows] == [
        ("out", "answered"),
        ("out", "not_reached"),
    ]
    assert floor.facts("Queued", after=seq) == []
