"""The synthetic caller: what it expects, what it hears, and what it says is wrong."""

import wave
from pathlib import Path

import numpy as np
import pytest

from callfloor.app.probe import caller, hearing, verdict
from callfloor.app.probe.route import route
from callfloor.blueprint.check import check
from callfloor.blueprint.compile import compile_plan
from callfloor.blueprint.tests.samples import GOOD
from callfloor.wire import g711

pytestmark = pytest.mark.pure

WELL = {
    "answered": True,
    "sound": True,
    "likeness": 0.97,
    "delay_seconds": 0.05,
    "key_worked": True,
    "needs_recording": True,
    "recorded_seconds": 3.1,
}


def test_route_is_that_of_the_plan():
    """The first prompt, the menu, the key that the blueprint names and what it leads to."""
    blueprint = check(GOOD, file="good.yaml").blueprint
    assert blueprint is not None
    way = route(compile_plan(blueprint, years=[2026]), number="100", key="9")
    assert (way.prompt, way.menu, way.digit, way.next) == ("en/hello", "ask", "9", "sorry")
    assert way.is_recorded


@pytest.mark.parametrize(("language", "menu"), [("en", "ask"), ("hu", None)])
def test_route_takes_the_way_of_the_numbers_language(language: str, menu: str | None):
    """A flow that branches by language is gone through as a caller of the number goes."""
    sort = f"sort: {{do: language, ways: {{{language}: hours}}, otherwise: sorry}}"
    text = GOOD.replace("prompt: hello, next: hours", "prompt: hello, next: sort")
    text = text.replace("      hours: {do", f"      {sort}\n      hours: {{do")
    blueprint = check(text, file="good.yaml").blueprint
    assert blueprint is not None
    way = route(compile_plan(blueprint, years=[2026]), number="100", key=None)
    assert way.menu == menu


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({}, "ok"),
        ({"answered": False}, "no_answer"),
        ({"sound": False}, "one_way"),
        ({"key_worked": False, "was_heard": False}, "one_way"),
        ({"sound": False, "key_worked": False, "was_heard": False}, "silence"),
        ({"likeness": 0.1}, "silence"),
        ({"key_worked": False, "was_heard": True}, "step"),
        ({"needs_key": False, "key_worked": False, "was_heard": True}, "ok"),
        ({"recorded_seconds": None}, "recording"),
        ({"recorded_seconds": 0.4}, "recording"),
        ({"needs_recording": False, "recorded_seconds": None}, "ok"),
        ({"delay_seconds": 1.6}, "late"),
    ],
)
def test_fault_that_explains_the_most_is_named(change: dict, outcome: str):
    """F38.1: one-way audio is told from silence, a lost key from a lost direction."""
    found = verdict.judge(
        verdict.Seen(**WELL | change), like_min=hearing.LIKE_MIN, said_seconds=3.0
    )
    assert found.outcome == outcome
    assert bool(found.detail) == (outcome != "ok")


def speech(seed: int) -> hearing.Sound:
    """Give two seconds that sound like nothing else: noise in bursts."""
    draw = np.random.default_rng(seed)
    noise = draw.normal(0, 4000, 2 * hearing.RATE)
    bursts = np.repeat(draw.random(20) > 0.3, len(noise) // 20)
    return (noise * bursts).clip(-32_000, 32_000).astype(np.float32)


def listen(sound: hearing.Sound, *, after_frames: int) -> hearing.Ear:
    """Let an ear hear silence, then a sound, as mu-law frames of 20 ms."""
    ear = hearing.Ear()
    whole = np.concatenate([np.zeros(after_frames * hearing.FRAME, np.float32), sound])
    raw = g711.linear_to_ulaw(whole.astype("<i2").tobytes())
    for place in range(0, len(raw) - hearing.FRAME + 1, hearing.FRAME):
        ear.take(raw[place : place + hearing.FRAME], at=place / hearing.RATE)
    return ear


class TestEar:
    def test_prompt_is_found_where_it_began(self):
        """Through mu-law, after silence, to the frame."""
        prompt = speech(1)
        ear = listen(prompt, after_frames=30)
        heard = ear.find(prompt)
        assert heard is not None
        assert heard.likeness > 0.95
        first = next(i for i in range(0, len(prompt), hearing.FRAME) if prompt[i])
        assert heard.began_at == pytest.approx(0.6 + first / hearing.RATE, abs=0.02)

    def test_other_sound_is_not_taken_for_it(self):
        """Somebody else's words, or hold music, are no proof."""
        heard = listen(speech(2), after_frames=0).find(speech(1))
        assert heard is not None
        assert heard.likeness < hearing.LIKE_MIN / 2

    def test_silence_is_silence(self):
        """Frames of silence are packets, and no sound."""
        ear = listen(np.zeros(hearing.RATE, np.float32), after_frames=0)
        assert ear.packets == 50
        assert ear.is_silent
        assert ear.find(speech(1)) is None

    def test_too_short_a_piece_is_not_like_it(self):
        """A call that broke off proves nothing."""
        heard = listen(speech(1)[: hearing.RATE // 2], after_frames=0).find(speech(1))
        assert heard is not None
        assert heard.likeness == 0.0


def test_tone_is_a_second_of_frames():
    """What is said into the recording is loud and of whole frames."""
    frames = caller.tone(1.0)
    assert len(frames) == 50
    assert {len(frame) for frame in frames} == {hearing.FRAME}
    samples = np.frombuffer(g711.ulaw_to_linear(b"".join(frames)), np.int16)
    assert hearing.loudness(samples.astype(np.float32)) == pytest.approx(8000 / 2**0.5, rel=0.02)


def test_recording_counts_only_with_its_file(tmp_path: Path):
    """A row without a file is a missing recording; no journal is none either."""
    import sqlite3

    assert caller.recorded_seconds(tmp_path, "i1") is None
    with sqlite3.connect(tmp_path / "journal.db") as found:
        found.execute("CREATE TABLE recordings (item, path, seconds, ended_at)")
        found.execute("INSERT INTO recordings VALUES ('i1', '2026/a.ccr', 3.0, 1.0)")
        found.execute("INSERT INTO recordings VALUES ('i2', '2026/b.ccr', NULL, NULL)")
    found.close()
    assert caller.recorded_seconds(tmp_path, "i1") is None
    file = tmp_path / "recordings" / "2026" / "a.ccr"
    file.parent.mkdir(parents=True)
    file.write_bytes(bytes(30_000))
    assert caller.recorded_seconds(tmp_path, "i1") == 3.0
    file.write_bytes(bytes(800))
    assert caller.recorded_seconds(tmp_path, "i1") == 0.1
    assert caller.recorded_seconds(tmp_path, "i2") is None


def write_speech(path: Path, seed: int) -> None:
    """Write a prompt that is like no other."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(hearing.RATE)
        file.writeframes(speech(seed).astype("<i2").tobytes())
