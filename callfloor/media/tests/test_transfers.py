"""
What is recorded equals what was said, to the second and on both sides, whatever way a call takes.

R19 (one side missing after a transfer), R20 (not resumed after a failed transfer), R23 (nothing
for one-way audio): each way is a list of phases with their rows, gone through in real time with a
tone from everybody all the time. How long a tone must be in a channel follows from the table.
"""

import asyncio
import itertools
from dataclasses import dataclass

import pytest

from callfloor.media.tests import peers, recorded
from callfloor.media.tests.peers import FULL
from callfloor.media.tests.test_hearing import everybody
from callfloor.wire import ccr

pytestmark = pytest.mark.wire

TONES = {"customer": 443, "agent": 1_009, "second": 1_709, "reloaded": 2_711}
STEP_SECONDS = 0.8
SILENT_DB = -60
SLACK_SECONDS = 0.5  # The promise; less than a step, so that one that is missing is seen.

TALK = everybody("customer", "agent")
SECOND = everybody("customer", "second")
CONSULT = everybody("agent", "second")
ALL = everybody("customer", "agent", "second")
WHISPER = [*TALK, ("agent", "second"), ("second", "customer"), ("second", "agent")]
Rows = list[tuple[str, str]]

WAYS: dict[str, list[Rows]] = {
    "blind": [TALK, [], SECOND],
    "blind, nobody takes it": [TALK, [], [], TALK],
    "consult, completed": [TALK, CONSULT, SECOND],
    "consult, refused": [TALK, CONSULT, TALK],
    "consult, swapped": [TALK, CONSULT, TALK, CONSULT, SECOND],
    "conference, the agent leaves": [TALK, CONSULT, ALL, SECOND],
    "conference, the other leaves": [TALK, ALL, TALK],
    "held and resumed": [TALK, [], TALK, [], TALK],
    "a page that reloads": [TALK, everybody("customer", "reloaded")],
    "a page that reloads in a conference": [ALL, everybody("customer", "reloaded", "second")],
    "whispered to, then taken over": [TALK, WHISPER, SECOND],
    "one way": [[("agent", "customer")], [("agent", "customer")]],
}


# As many at once as telephones can speak in time where other tests run beside.
BATCHES = [list(WAYS)[at : at + 4] for at in range(0, len(WAYS), 4)]


@dataclass
class Call:
    """One call of many that go on at the same time."""

    number: int
    phones: dict[str, peers.Phone]

    def leg(self, name: str) -> str:
        return self.phones[name].name


async def placed(scene, number: int, names: set[str]) -> Call:
    calls = {"customer": f"item-{number}"}
    phones = {
        name: await scene.phone(f"{name}-{number}", call=calls.get(name, f"agent:{name}-{number}"))
        for name in sorted(names)
    }
    return Call(number, phones)


async def gone(scene, number: int, phases: list[Rows]) -> tuple[ccr.Reader, list[float]]:
    """Go one way; gives the recording, and how long each phase really was on a busy machine."""
    call = await placed(scene, number, {name for rows in phases for pair in rows for name in pair})
    path = f"rec-{number}.ccr"
    for who, phone in call.phones.items():
        phone.speak(TONES[who])
    await scene.mix(*rows_of(call, phases[0]), legs=legs(call))
    started = await recorded.record(
        scene.floor, customer=call.leg("customer"), recording=path, path=path
    )
    assert started["result"] == "ok"
    loop = asyncio.get_running_loop()
    changes = []
    for phase in phases:
        await scene.mix(*rows_of(call, phase), legs=legs(call))
        changes.append(loop.time())
        await passed(STEP_SECONDS)
    _, _, reader = await recorded.stop(scene, recording=path, path=path)
    changes.append(loop.time())
    for phone in call.phones.values():
        phone.hush()
    return reader, [after - before for before, after in itertools.pairwise(changes)]


def legs(call: Call) -> list[str]:
    return [phone.name for phone in call.phones.values()]


def rows_of(call: Call, rows: Rows) -> list[tuple[str, str, int]]:
    return [(call.leg(ear), call.leg(mouth), FULL) for ear, mouth in rows]


async def passed(seconds: float) -> float:
    """Let the telephones speak on for a while; gives how long it was on a busy machine."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    done = loop.create_future()
    loop.call_later(seconds, done.set_result, None)
    await done
    return loop.time() - started


@pytest.mark.parametrize("ways", BATCHES, ids=lambda ways: ", ".join(ways))
async def test_what_is_recorded_is_what_was_said(scene, ways):
    """Some ways at once, in one worker: R19, R20, R23."""
    gone_ways = await asyncio.gather(
        *[gone(scene, number, WAYS[way]) for number, way in enumerate(ways)]
    )
    for way, (reader, took) in zip(ways, gone_ways, strict=True):
        phases = WAYS[way]
        left, right = ccr.render(reader).astype(float).T
        length = sum(took)
        assert reader.duration_ms() / 1_000 == pytest.approx(length, abs=SLACK_SECONDS), way
        assert recorded.tone_seconds(left, TONES["customer"]) == pytest.approx(
            length, abs=SLACK_SECONDS
        ), way
        for name, hertz in TONES.items():
            due = sum(
                t for phase, t in zip(phases, took, strict=True) if ("customer", name) in phase
            )
            heard = recorded.tone_seconds(right, hertz)
            if due:
                assert heard == pytest.approx(due, abs=SLACK_SECONDS), (way, name)
            else:
                assert heard == 0, (way, name)
                assert peers.level(right, hertz) < SILENT_DB, (way, name)


async def test_a_pause_is_a_gap_that_is_seen_and_silent(scene):
    """Card data are nowhere: no tone inside the pause, all of it outside, and the gap is marked."""
    call = await placed(scene, 0, {"customer", "agent", "second"})
    for name, phone in call.phones.items():
        phone.speak(TONES[name])
    await scene.mix(*rows_of(call, ALL), legs=legs(call))
    assert (await recorded.record(scene.floor, customer=call.leg("customer")))["result"] == "ok"
    took = 0.0
    for command in ("pause recording", "resume recording"):
        took = await passed(STEP_SECONDS)
        await scene.floor.ok(command, recording="rec-1")
    await passed(STEP_SECONDS)
    _, _, reader = await recorded.stop(scene)
    ((first, last),) = reader.gaps()
    assert (last - first) / 1_000 == pytest.approx(took, abs=SLACK_SECONDS)
    sounds = ccr.render(reader).astype(float)
    inside, outside = sounds[first * 8 : last * 8], [sounds[: first * 8], sounds[last * 8 :]]
    assert not inside.any()
    for part in outside:
        heard = {
            name for name in call.phones if recorded.tone_seconds(part[:, 1], TONES[name]) > 0.2
        }
        assert heard == {"agent", "second"}
        assert recorded.tone_seconds(part[:, 0], TONES["customer"]) > 0.2


async def test_music_and_prompts_are_no_words(scene):
    """What is played to a customer is not in the recording, and while it plays nobody else is."""
    call = await placed(scene, 0, {"customer", "agent", "second"})
    call.phones["agent"].speak(TONES["agent"])
    await scene.mix(*rows_of(call, TALK), legs=legs(call))
    await recorded.record(scene.floor, customer=call.leg("customer"))
    leg = {"call_id": "item-0", "from_tag": call.leg("customer")}
    said = await passed(STEP_SECONDS)
    # A file that is missing is heard as a tone of 425 Hz.
    await scene.floor.ok("play media", **leg, play="p", files=["music.wav"], repeat=1)
    await passed(STEP_SECONDS)
    await scene.floor.ok("stop media", **leg)
    said += await passed(STEP_SECONDS)
    _, _, reader = await recorded.stop(scene)
    right = ccr.render(reader)[:, 1].astype(float)
    assert recorded.tone_seconds(right, 425) == 0
    assert recorded.tone_seconds(right, TONES["agent"]) == pytest.approx(said, abs=SLACK_SECONDS)
    assert call.phones["customer"].level(425) > -40
