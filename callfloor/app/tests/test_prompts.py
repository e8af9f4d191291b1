"""Prompts: a recorded file wins, nothing is made twice, and there is never silence."""

import json
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from callfloor.app.prompts import engines, jobs, render, sound, tunes
from callfloor.blueprint.check import check
from callfloor.blueprint.schema import Blueprint
from callfloor.blueprint.tests.samples import GOOD, broken

pytestmark = pytest.mark.pure

TONE = np.sin(2 * np.pi * 440 * np.arange(22050) / 22050).astype(np.float32)


class Counting:
    """An engine that can do everything and remembers what it was asked."""

    name = "counting"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def speak(self, jobs: list[jobs.Job]) -> Iterator[engines.Spoken]:
        for job in jobs:
            self.asked.append(job.name)
            yield job, tunes.melody(job.text)


class Deaf:
    """An engine that can do nothing, as espeak-ng without a voice."""

    name = "deaf"

    def speak(self, jobs: list[jobs.Job]) -> Iterator[engines.Spoken]:
        return iter(())


def small(text: str = GOOD) -> Blueprint:
    blueprint = check(text, file="small.yaml").blueprint
    assert blueprint is not None
    return blueprint


def spectrum_peak(samples: sound.Samples) -> float:
    return float(np.argmax(np.abs(np.fft.rfft(samples))) * sound.RATE / len(samples))


def test_every_language_of_every_client_is_spoken():
    """Own prompts, Callfloor's own and the numbers, in each language once."""
    names = [job.name for job in jobs.jobs_of(small())]
    assert len(names) == len(set(names))
    assert {"en/hello", "hu/hello", "hu/queue_position", "en/number_30"} <= set(names)
    assert not any(name.startswith("ru/") for name in names)


def test_days_and_hours_are_spoken_if_a_queue_calls_back_by_its_hours():
    """ "On Monday, at 8:00": what callers hear who ask for it while it is closed."""
    silent = [job.name for job in jobs.jobs_of(small()) if "/clock_" in job.name]
    assert silent == []
    text = broken('    extension: "31"', '    extension: "31"\n    hours: office')
    found = {job.name: job.text for job in jobs.jobs_of(small(text))}
    assert (found["en/day_0"], found["hu/day_tomorrow"]) == ("on Monday", "holnap")
    clocks = {name: said for name, said in found.items() if name.startswith("en/clock_")}
    assert clocks == {"en/clock_0800": "8:00", "en/clock_1300": "13:00"}


def test_own_text_replaces_callfloors():
    """A prompt of the blueprint with a standard name is said instead of the standard one."""
    text = broken("  hello: {en: Hello.", "  goodbye: {en: Bye!, hu: Szia!}\n  hello: {en: Hello.")
    found = {job.name: job.text for job in jobs.jobs_of(small(text))}
    assert (found["en/goodbye"], found["hu/goodbye"]) == ("Bye!", "Szia!")


def test_files_are_what_media_plays(tmp_path: Path):
    """Every file is 8 kHz, mono, 16 bit, and audible."""
    render(small(), recorded=tmp_path, data=tmp_path / "data", engines=[engines.Melody()])
    files = sorted((tmp_path / "data" / "prompts").glob("*/*.wav"))
    assert len(files) == len(jobs.jobs_of(small())) + len(tunes.SOUNDS)
    for path in files:
        with wave.open(str(path)) as file:
            assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (8000, 1, 2)
        samples, _rate = sound.read(path)
        assert 0.05 < float(np.abs(samples).max()) <= 1.0


def test_nothing_is_made_twice(tmp_path: Path):
    """A second start keeps everything; a changed text is made anew, and only that one."""
    engine = Counting()
    first = render(small(), recorded=tmp_path, data=tmp_path, engines=[engine])
    assert len(engine.asked) == first.made["counting"]
    engine.asked.clear()
    second = render(small(), recorded=tmp_path, data=tmp_path, engines=[engine])
    assert (engine.asked, second.made.total()) == ([], 0)
    render(
        small(broken("hello: {en: Hello.", "hello: {en: Hi.")),
        recorded=tmp_path,
        data=tmp_path,
        engines=[engine],
    )
    assert engine.asked == ["en/hello"]
    engine.asked.clear()
    back = render(small(), recorded=tmp_path, data=tmp_path, engines=[engine])
    assert (engine.asked, back.made["cache"]) == ([], 1)


def test_lost_file_is_made_again(tmp_path: Path):
    """The index is not believed about a file that is gone."""
    render(small(), recorded=tmp_path, data=tmp_path, engines=[engines.Melody()])
    (tmp_path / "prompts" / "en" / "hello.wav").unlink()
    render(small(), recorded=tmp_path, data=tmp_path, engines=[engines.Melody()])
    assert (tmp_path / "prompts" / "en" / "hello.wav").is_file()


def test_next_engine_does_what_the_first_cannot(tmp_path: Path):
    """An engine without a voice leaves nobody in silence."""
    done = render(small(), recorded=tmp_path, data=tmp_path, engines=[Deaf(), engines.Melody()])
    assert done.made["melody"] == len(jobs.jobs_of(small()))
    assert (tmp_path / "prompts" / "hu" / "hello.wav").is_file()


def test_recorded_file_wins(tmp_path: Path):
    """A recorded prompt is brought to 8 kHz and no engine is asked for it."""
    recorded = tmp_path / "recorded"
    (recorded / "en").mkdir(parents=True)
    with wave.open(str(recorded / "en" / "hello.wav"), "wb") as file:
        file.setparams((2, 2, 22050, 0, "NONE", ""))
        stereo = np.repeat((TONE * 20000).astype("<i2"), 2)
        file.writeframes(stereo.tobytes())
    engine = Counting()
    done = render(small(), recorded=recorded, data=tmp_path, engines=[engine])
    assert "en/hello" not in engine.asked
    assert done.made["recorded"] == 1
    samples, rate = sound.read(tmp_path / "prompts" / "en" / "hello.wav")
    assert rate == 8000
    assert spectrum_peak(samples) == pytest.approx(440, abs=2)


def test_bad_recording_is_told_and_spoken(tmp_path: Path):
    """A file that is no sound is complained about, and the caller still hears words."""
    recorded = tmp_path / "recorded"
    (recorded / "en").mkdir(parents=True)
    (recorded / "en" / "hello.wav").write_bytes(b"this is no sound")
    engine = Counting()
    done = render(small(), recorded=recorded, data=tmp_path, engines=[engine])
    assert "en/hello" in engine.asked
    assert [text.startswith("hello.wav cannot be read") for text in done.complaints] == [True]


def test_broken_index_only_costs_time(tmp_path: Path):
    """An index that cannot be read is as none."""
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "index.json").write_text("{half", encoding="utf-8")
    render(small(), recorded=tmp_path, data=tmp_path, engines=[engines.Melody()])
    index = json.loads((tmp_path / "prompts" / "index.json").read_text(encoding="utf-8"))
    assert "en/hello" in index


def test_resampling_keeps_the_tone_and_drops_what_a_telephone_has_not():
    """440 Hz stays 440 Hz; 6 kHz, which 8 kHz cannot carry, does not fold back."""
    assert spectrum_peak(sound.resample(TONE, rate=22050)) == pytest.approx(440, abs=2)
    high = np.sin(2 * np.pi * 6000 * np.arange(22050) / 22050).astype(np.float32)
    folded = sound.resample(high, rate=22050)
    assert float(np.sqrt(np.mean(folded[200:-200] ** 2))) < 0.01


def test_music_meets_its_beginning():
    """The loop has no click: the step from its end to its start is like any other step."""
    music = tunes.hold_music()
    assert 30 < len(music) / sound.RATE < 90
    assert float(np.abs(music).max()) < 0.9
    steps = np.abs(np.diff(music))
    assert abs(float(music[0] - music[-1])) <= float(steps.max())


def test_caller_speaks_after_a_tone(tmp_path: Path):
    """What is said before a message ends with the tone that it promises; other prompts do not."""
    render(small(), recorded=tmp_path, data=tmp_path, engines=[engines.Melody()])
    tone = tunes.beep()
    before_message, _rate = sound.read(tmp_path / "prompts" / "en" / "sorry.wav")
    other, _rate = sound.read(tmp_path / "prompts" / "en" / "hello.wav")
    assert np.allclose(before_message[-len(tone) :], tone, atol=1e-3)
    assert spectrum_peak(before_message[-len(tone) :]) == pytest.approx(880, abs=5)
    assert not np.allclose(other[-len(tone) :], tone, atol=1e-3)


def test_melody_is_of_its_text():
    """The same text sounds the same, another one does not."""
    assert np.array_equal(tunes.melody("hello"), tunes.melody("hello"))
    assert not np.array_equal(tunes.melody("hello"), tunes.melody("goodbye and good luck"))
