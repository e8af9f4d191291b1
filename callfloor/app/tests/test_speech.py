"""The engines that speak, as they are on this machine."""

import importlib.util
from collections.abc import Callable

import numpy as np
import pytest

from callfloor.app.prompts import engines, jobs, sound

pytestmark = pytest.mark.wire

TEXTS = {
    "en": "Your place in line",
    "hu": "Az Ön helye",
    "es": "Su lugar",
    "ru": "Ваше место",
    "fa": "جایگاه شما",
    "fr": "Votre place",
}
JOBS = [jobs.Job("place", language, text) for language, text in TEXTS.items()]


def check_speech(spoken: dict[jobs.Job, sound.Samples]) -> None:
    assert set(spoken) == set(JOBS)
    for samples in spoken.values():
        assert 0.3 < len(samples) / sound.RATE < 5
        assert float(np.abs(samples).max()) > 0.1


def test_program_speaks_every_language(program: Callable[[str], str]):
    """espeak-ng has a voice for each of the six languages."""
    check_speech(dict(engines.Program(program("espeak-ng")).speak(JOBS)))


def test_library_speaks_every_language():
    """The library of the extra `speech` speaks as the program does."""
    if importlib.util.find_spec("espeakng_loader") is None:
        pytest.skip("espeakng-loader is missing: pip install callfloor[speech]")
    check_speech(dict(engines.Library().speak(JOBS)))


def test_program_that_is_gone_does_nothing():
    """A program that cannot be started leaves its jobs to the next engine."""
    assert list(engines.Program("/nonexistent/espeak-ng").speak(JOBS)) == []


def test_text_that_looks_like_an_option_is_spoken(program: Callable[[str], str]):
    """A prompt may begin with a dash."""
    job = jobs.Job("dash", "en", "--help is not an option")
    assert [each for each, _ in engines.Program(program("espeak-ng")).speak([job])] == [job]
