"""A caller on a telephone talks with an agent in a browser, and what is kept of it."""

import json
from datetime import UTC, datetime

import numpy as np
import pytest
from playwright.async_api import BrowserContext, Page, expect

from callfloor.wire import ccr
from tests.journeys import baresip, browser, secrets, tones
from tests.journeys.stack import Stack, Visitor, calls, ids_in, until, wait_until

pytestmark = pytest.mark.journey

AGENT, CALLER = tones.AGENT_HZ, tones.CALLER_HZ
TALK_SECONDS = 2.0
HEAD_BYTES_MAX = 512  # What a recording says in clear: its head and the lengths of its chunks.
DIGITS = "7340921"


def steps(stack: Stack, after: int) -> list[str]:
    """List the steps that callers have come to since a row."""
    return [fact["step"] for fact in stack.facts("StepEntered", after=after)]


def likeness(heard: tones.Samples, prompt: tones.Samples) -> float:
    """Return the best correlation of a prompt's loudest second with any place of what was heard."""
    middle = len(prompt) // 2
    piece = prompt[middle - 4000 : middle + 4000].astype(float)
    long = heard.astype(float)
    size = len(long) + len(piece)
    product = np.fft.irfft(np.fft.rfft(long, size) * np.conj(np.fft.rfft(piece, size)), size)
    sums = np.concatenate(([0.0], np.cumsum(long**2)))
    energy = sums[len(piece) :] - sums[: -len(piece)]
    valid = product[: len(energy)]
    return float(np.max(valid / np.sqrt(np.maximum(energy, 1.0) * np.sum(piece**2))))


def prompt_of(stack: Stack, language: str, key: str = "halden_greeting") -> tones.Samples:
    """Read a prompt of the centre."""
    return tones.channels((stack.data / "prompts" / language / f"{key}.wav").read_bytes())[0]


async def offered(board_of: Stack) -> int:
    """Return how many calls the billing queue was offered today, as the board has it."""
    board = await board_of.board()
    return int(board["queues"]["halden_billing"]["today"]["offered"])


class Call:
    """What is left of the one call of this module."""

    row: dict
    said: tones.Samples
    heard: tones.Samples


@pytest.fixture(scope="module")
def call() -> Call:
    """Carry the call from the test that makes it to those that look at what it left."""
    return Call()


async def test_tones_from_both_sides_arrive_at_the_other(
    floor: Stack, manager: Visitor, program, tmp_path, call: Call
):
    """900 speaks English; 1 leads to billing; the agent sees it, answers, both hear one another."""
    began, seq = datetime.now(UTC), floor.seq()
    before = await offered(floor)
    async with (
        baresip.running(program("baresip"), tmp_path / "phone", sip=floor.sip) as phone,
        browser.running(program("chromium"), tmp_path) as context,
    ):
        desk = await browser.Desk.sit_down(context, floor)
        await desk.ready()
        await phone.dial("900")
        await phone.wait_for(lambda: "menu" in steps(floor, seq))
        assert likeness(phone.heard(), prompt_of(floor, "en")) > 0.9
        assert likeness(phone.heard(), prompt_of(floor, "hu")) < 0.5
        phone.press("1")
        await desk.state("Ringing")
        offer = desk.page.locator("#offer")
        await expect(offer).to_contain_text("Halden billing")
        await expect(offer.locator("#offer-typed")).to_contain_text("1")
        await expect(offer).to_contain_text("30 987 6501")
        await desk.press("Answer")
        await desk.state("Talking")
        await phone.hears(AGENT)
        await browser.hears(desk.page, CALLER)
        board = await wallboard(context, floor)
        await expect(board.locator("#t-calls .value")).to_have_text("1")
        await expect(board.locator("#t-level .value")).to_contain_text("%")
        await board.close()
        enough = TALK_SECONDS / 0.1
        await phone.wait_for(lambda: len(tones.seconds_of(phone.heard(), AGENT)) > enough)
        await desk.press("Hang up")
        await phone.ended()
        await desk.finish("Solved")
        call.said, call.heard = phone.said(), phone.heard()
    call.row = wait_until(lambda: next(iter(finished(manager, began)), None))
    assert (call.row["outcome"], call.row["agent"]) == ("answered", "agent")
    assert (call.row["queue"], call.row["language"]) == ("halden_billing", "en")
    assert await offered(floor) == before + 1


async def wallboard(context: BrowserContext, stack: Stack) -> Page:
    """Open the wallboard in a second tab."""
    page = await context.new_page()
    await page.goto(f"{stack.base}/wallboard")
    return page


def finished(manager: Visitor, began: datetime) -> list[dict]:
    """List the calls that have their disposition and their recording."""
    rows = calls(manager, since=began)
    return [row for row in rows if row["disposition"] == "solved" and row["recorded"]]


def test_recording_has_each_voice_in_its_channel(stack: Stack, manager: Visitor, call: Call):
    """The customer is on the left, the agent on the right, and a part can be asked for."""
    whole = manager.json(f"/api/interactions/{call.row['id']}")
    assert len(whole["recordings"]) == 1
    recording = whole["recordings"][0]
    path = f"/recordings/{recording['id']}.wav"
    # The worker takes a file over a moment after its end; until then the page says so.
    _, wav, _ = wait_until(lambda: (answer := manager.ask(path))[0] == 200 and answer)
    customer, agent = tones.channels(wav)
    assert len(customer) / tones.RATE >= TALK_SECONDS
    assert not recording["partial"]
    middle = slice(len(customer) // 4, 3 * len(customer) // 4)
    assert tones.share(customer[middle], CALLER) > 0.9
    assert tones.share(customer[middle], AGENT) < 0.01
    assert tones.share(agent[middle], AGENT) > 0.9
    assert tones.share(agent[middle], CALLER) < 0.01
    status, part, headers = manager.ask(path, Range="bytes=1000-1999")
    assert (status, part) == (206, wav[1000:2000])
    assert headers["content-range"] == f"bytes 1000-1999/{len(wav)}"


def test_history_tells_the_course_and_why(manager: Visitor, call: Call):
    """The timeline has every step, and the decision says who was chosen and by what."""
    whole = manager.json(f"/api/interactions/{call.row['id']}")
    kinds = [step["kind"] for step in whole["timeline"]]
    wanted = ["Arrived", "Chose", "Queued", "Ringing", "Bridged", "TalkEnded", "Closed"]
    assert [kind for kind in kinds if kind in wanted] == wanted
    why = next(step["why"] for step in whole["timeline"] if step["kind"] == "Ringing")
    assert why["chosen"] == "agent"
    assert len(json.dumps(why)) <= 1024
    status, page, _ = manager.ask(f"/interactions/{call.row['id']}")
    assert status == 200
    assert b"Why this agent" in page
    assert "Robin Free" in page.decode()
    status, page, _ = manager.ask("/interactions")
    assert call.row["id"] in ids_in(page.decode(), "/interactions/")


def test_records_count_as_the_board_does(stack: Stack, manager: Visitor, call: Call):
    """The day's figures of the records have the answered call."""
    queues = {row["queue"]: row for row in stack.day_numbers()["queues"]}
    total = queues["halden_billing"]["total"]
    assert total["answered"] >= 1
    assert total["offered"] == sum(
        total[name]
        for name in (
            "answered", "abandoned", "callback_asked", "message_left", "diverted", "lost", "waiting"
        )
    )  # fmt: skip


def test_no_sound_in_clear_on_the_disk(stack: Stack, call: Call):
    """A kilobyte of what either side said is in no file, and recordings look like chance."""
    files = stack.files()
    for samples, hertz in ((call.said, CALLER), (call.heard, AGENT)):
        assert secrets.holding(files, secrets.payloads(samples, hertz)) == []
    recordings = [path for path in files if path.suffix == ".ccr"]
    long = [path for path in recordings if path.stat().st_size >= secrets.BODY_BYTES_MIN]
    assert long, "the call was recorded"
    for path in long:
        body = b"".join(ccr.ciphertexts(path.read_bytes()))
        assert len(body) >= path.stat().st_size - HEAD_BYTES_MAX, "nearly all of it is encrypted"
        assert secrets.chi_square(body) < secrets.CHI_SQUARE_MAX, path.name


def test_search_for_sound_finds_it_where_it_is(stack: Stack, manager: Visitor, call, tmp_path):
    """The same search finds the sound in the recording as it is played, and in no other sound."""
    played = tmp_path / "played.wav"
    recording = manager.json(f"/api/interactions/{call.row['id']}")["recordings"][0]
    customer, _ = tones.channels(manager.ask(f"/recordings/{recording['id']}.wav")[1])
    tones.write(played, customer)
    assert secrets.holding([played], secrets.payloads(customer, CALLER))
    assert secrets.chi_square(played.read_bytes()) > 10 * secrets.CHI_SQUARE_MAX


def test_no_number_or_name_in_clear_on_the_disk(stack: Stack, call: Call):
    """Neither in the journal nor in the records, their logs included, can the caller be read."""
    needles = set()
    for value in (baresip.NUMBER, baresip.NUMBER[1:], baresip.NUMBER[3:], *baresip.NAME.split()):
        needles |= secrets.spellings(value)
    assert secrets.holding(stack.files(), needles) == []
    shown = secrets.holding(stack.files(), secrets.spellings("halden_billing"))
    assert any(name.startswith("journal.db") for name in shown), "the search reads the journal"


async def test_digits_are_on_the_screen_and_in_no_file(
    floor: Stack, manager: Visitor, program, tmp_path
):
    """Who types a number is offered with it, while nobody can read it on the disk."""
    seq, began = floor.seq(), datetime.now(UTC)
    async with (
        baresip.running(program("baresip"), tmp_path / "phone", sip=floor.sip) as phone,
        browser.running(program("chromium"), tmp_path) as context,
    ):
        desk = await browser.Desk.sit_down(context, floor)
        await desk.ready()
        await phone.dial("905")
        await phone.wait_for(lambda: "digits" in steps(floor, seq))
        phone.press(DIGITS + "#")
        await desk.state("Ringing")
        await expect(desk.page.locator("#offer-typed")).to_have_text(DIGITS)
        phone.hang_up()
        await desk.state("Ready")
    wait_until(lambda: [row for row in calls(manager, since=began) if row["outcome"]])
    assert secrets.holding(floor.files(), secrets.spellings(DIGITS)) == []


async def test_number_901_speaks_hungarian(floor: Stack, program, tmp_path):
    """The same flow in the other language of the client sounds otherwise."""
    seq = floor.seq()
    async with baresip.running(program("baresip"), tmp_path / "phone", sip=floor.sip) as phone:
        await phone.dial("901")
        await phone.wait_for(lambda: "menu" in steps(floor, seq))
        heard = phone.heard()
        phone.hang_up()
        await phone.ended()
    assert likeness(heard, prompt_of(floor, "hu")) > 0.9
    assert likeness(heard, prompt_of(floor, "en")) < 0.5
    wait_until(lambda: floor.facts("Closed", after=seq))


async def test_newcomer_talks_to_himself(floor: Stack, program, tmp_path):
    """Call us in a second tab goes through menu and queue to the desk in the first."""
    seq = floor.seq()
    async with browser.running(program("chromium"), tmp_path) as context:
        desk = await browser.Desk.sit_down(context, floor)
        await desk.ready()
        phone = await browser.Telephone.call(context, floor, "900")
        await phone.page.wait_for_function("() => document.getElementById('far-end').srcObject")
        await until(lambda: "menu" in steps(floor, seq))
        await phone.press("1")
        await desk.state("Ringing")
        await desk.press("Answer")
        await browser.hears(phone.page, AGENT)
        await browser.hears(desk.page, AGENT)  # One microphone for both tabs.
        await phone.page.get_by_role("button", name="Hang up").click()
        await desk.finish("Explained")
    assert [fact["choice"] for fact in floor.facts("Chose", after=seq)] == ["billing"]
    assert [fact["outcome"] for fact in floor.facts("Closed", after=seq)] == ["answered"]
