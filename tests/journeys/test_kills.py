"""kill -9 of each process of the whole centre, with a telephone and a browser talking."""

import contextlib
import json
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import expect

from callfloor.core import board, codec
from callfloor.core import plan as plans
from callfloor.floor import journal as journals
from callfloor.floor.journal import Journal, Row
from callfloor.twin import people, run
from tests import small_centre
from tests.journeys import baresip, browser, caller, tones
from tests.journeys.stack import Stack, Visitor, calls, until

pytestmark = pytest.mark.journey

AGENT, CALLER = tones.AGENT_HZ, tones.CALLER_HZ
UNHEARD_SECONDS = 3.0  # Killed, started again and settled: by then it would have been heard.
UNHEARD_LATE_SECONDS = 0.5  # What the telephone has yet to write, on two busy cores.
WINDOW_SECONDS = 0.1
WINDOWS_LOST_MAX = 2  # Chromium's microphone file begins again every 8 s, with a click.
BACK_SECONDS = 3.0  # The figure, for a machine that does nothing else (--long).
BACK_SECONDS_BUSY = 10.0  # Two cores that also run a browser, a telephone and other tests.
RECORDS_SECONDS = 60.0  # A worker that has just started takes over what it has missed.
CONTACTS = 10_000


@pytest.fixture
def back_seconds_max(pytestconfig) -> float:
    """Return how soon new calls must work."""
    return BACK_SECONDS if pytestconfig.getoption("--long") else BACK_SECONDS_BUSY


async def talk(floor: Stack, phone: baresip.Baresip, desk: browser.Desk) -> None:
    """Bring a caller to the desk, until both hear one another."""
    seq = floor.seq()
    await phone.dial("900")
    await until(lambda: [f for f in floor.facts("StepEntered", after=seq) if f["step"] == "menu"])
    phone.press("1")
    await desk.state("Ringing")
    await desk.press("Answer")
    await phone.hears(AGENT)
    await browser.hears(desk.page, CALLER)


@contextlib.asynccontextmanager
async def talking(
    floor: Stack, program, folder: Path
) -> AsyncIterator[tuple[baresip.Baresip, browser.Desk]]:
    """Give a caller and an agent who talk."""
    async with (
        baresip.running(program("baresip"), folder / "phone", sip=floor.sip) as phone,
        browser.running(program("chromium"), folder) as context,
    ):
        desk = await browser.Desk.sit_down(context, floor)
        await desk.ready()
        await talk(floor, phone, desk)
        yield phone, desk


@pytest.mark.parametrize("name", ["web", "worker"])
async def test_pages_and_records_are_not_heard(
    name: str, floor: Stack, manager: Visitor, program, tmp_path
):
    """Web or worker dies and comes back: the sound goes on, and so does the desk."""
    began = datetime.now(UTC)
    async with talking(floor, program, tmp_path) as (phone, desk):
        before, began_at = len(phone.heard()), time.monotonic()
        pid = floor.kill(name)
        await until(lambda: len(phone.heard()) - before > UNHEARD_SECONDS * tones.RATE)
        await until(lambda: floor.pids()[name] != pid and floor.is_well())
        seconds, heard = time.monotonic() - began_at, phone.heard()[before:]
        assert len(heard) / tones.RATE > seconds - UNHEARD_LATE_SECONDS, "sound stood still"
        windows = int(len(heard) / tones.RATE / WINDOW_SECONDS)
        ruled = len(tones.seconds_of(heard, AGENT, window_seconds=WINDOW_SECONDS))
        assert windows - ruled <= WINDOWS_LOST_MAX
        await browser.hears(desk.page, CALLER)
        await expect(desk.page.locator("#line")).to_be_hidden()
        await desk.state("Talking")
        await desk.press("Hang up")
        await phone.ended()
        await desk.finish()
    rows = await until(
        lambda: [row for row in calls(manager, since=began) if row["disposition"]], RECORDS_SECONDS
    )
    assert [(row["outcome"], row["interrupted"]) for row in rows] == [("answered", False)]


@pytest.mark.parametrize(("name", "cause"), [("media", "media_lost"), ("floor", "floor_restarted")])
async def test_interrupted_calls_are_marked_and_new_ones_work(
    name: str, cause: str, floor: Stack, manager: Visitor, program, tmp_path, back_seconds_max
):
    """Media or floor dies: its call is marked, the next one reaches the same desk."""
    began, seq = datetime.now(UTC), floor.seq()
    async with talking(floor, program, tmp_path) as (_, desk):
        acknowledged = floor.seq()
        (talked,) = [fact["item"] for fact in floor.facts("Bridged", after=seq)]
        floor.kill(name)
        took = await caller.seconds_until_greeted(floor.sip, since=time.monotonic())
        print(f"{name} killed: a new caller is greeted after {took:.2f} s")
        assert took < back_seconds_max
        assert floor.seq() > acknowledged
        await until(lambda: floor.facts("Interrupted", after=acknowledged))
        await desk.sound_is_on()
        await until(floor.is_well)
        await desk_is_free(desk)
        again = tmp_path / "again"
        async with baresip.running(program("baresip"), again, sip=floor.sip) as other:
            await talk(floor, other, desk)
            await desk.press("Hang up")
            await other.ended()
        await desk.finish()
        await until(lambda: floor.query("SELECT count(*) FROM open_items") == [(0,)])
    causes = {f["item"]: f["cause"] for f in floor.facts("Interrupted", after=acknowledged)}
    assert causes[talked] == cause
    rows = await until(lambda: closed(manager, began, at_least=2))
    marked = {row["id"]: row for row in rows if row["interrupted"]}
    assert marked.keys() == causes.keys()
    assert marked[talked]["outcome"] == "answered"
    assert floor.query("SELECT count(*) FROM open_items") == [(0,)]
    assert await states(floor) == {"ready"}, "nobody is stuck"


def closed(manager: Visitor, began: datetime, *, at_least: int) -> list[dict] | None:
    """List the calls since an instant, as soon as all of them are over."""
    rows = calls(manager, since=began)
    is_over = len(rows) >= at_least and all(row["outcome"] for row in rows)
    return rows if is_over else None


async def states(floor: Stack) -> set[str]:
    """Return the states of everybody who is signed in."""
    found = {row["state"] for row in (await floor.board())["agents"].values()}
    return found - {"signed_out"}


async def desk_is_free(desk: browser.Desk) -> None:
    """Finish what was interrupted, if there is something to finish, and be ready."""
    await desk.page.wait_for_function(
        "() => ['Wrap-up', 'Ready', 'Away'].some("
        "(state) => document.getElementById('state').textContent.includes(state))"
    )
    if "Wrap-up" in await desk.page.locator("#state").inner_text():
        await desk.finish()
    if "Ready" not in await desk.page.locator("#state").inner_text():
        await desk.ready()


async def test_floor_is_back_behind_ten_thousand_contacts(tmp_path, back_seconds_max):
    """The journal of a long day does not make a start slow, and what was open is settled."""
    plan = small_centre.small_plan(agents=60)
    centre = small_centre.Centre(tmp_path, plan)
    contacts = write_journal(tmp_path / "journal.db", plan)
    assert contacts >= CONTACTS
    try:
        began = time.monotonic()
        await centre.start()
        print(f"first start behind {contacts} contacts: {time.monotonic() - began:.2f} s")
        for _ in range(2):
            async with caller.calling(centre.sip) as one:
                await until(one.ear.is_greeted)
                await centre.kill("floor")
                began = time.monotonic()
                await centre.start_floor()
                took = await caller.seconds_until_greeted(centre.sip, since=began)
            print(f"floor back behind {contacts} contacts: {took:.2f} s")
            assert took < back_seconds_max
    finally:
        await centre.stop()


def write_journal(path: Path, plan: plans.FloorPlan) -> int:
    """Let the twin make a day of ten thousand contacts; return how many there are."""
    number = people.NumberDemand(number="900", per_hour=(CONTACTS / 20,), handling_seconds=120.0)
    seconds = 21 * 3600.0
    day = run.day(
        plan=plan,
        demand=people.Demand(numbers=(number,)),
        seed=1,
        start_at=time.time() - 26 * 3600.0,
        seconds=seconds,
    )
    shown = board.Board(plan)
    for _, at, kind, body in day.rows:
        if kind == run.FACT:
            shown.apply(body, at)
    kept = json.dumps(shown.snapshot())
    last = day.rows[-1]
    journal = Journal(path)
    try:  # A floor that has run keeps its board every 2,000 rows.
        rows = [row_of(row) for row in day.rows]
        journal.write(rows, [journals.board_kept(seq=last[0], at=last[1], body=kept)])
    finally:
        journal.close()
    return sum(type(body).__name__ == "Arrived" for *_, body in day.rows)


def row_of(row: run.Row) -> Row:
    """Write a row of the twin as the floor would."""
    seq, at, kind, body = row
    return Row(
        seq=seq,
        at=at,
        epoch=1,
        kind=kind,
        name=type(body).__name__,
        item=getattr(body, "item", None),
        client=getattr(body, "client", None),
        body=codec.dumps(body),
    )
