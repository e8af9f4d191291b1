"""Keys of prompts into files."""

import pytest

from callfloor.floor.prompts import Prompts

pytestmark = pytest.mark.wire


@pytest.fixture
def told():
    """Collect the alarms."""
    return []


@pytest.fixture
def prompts(tmp_path, told):
    """Make a folder with a few files."""
    for name in ("en/hello", "en/number_7", "hu/hello", "any/hold_music"):
        path = tmp_path / f"{name}.wav"
        path.parent.mkdir(exist_ok=True)
        path.touch()
    return Prompts(tmp_path, alarm=lambda name, detail: told.append((name, detail)))


def test_files_of_the_language_in_order(prompts, told):
    files = prompts.files(["hello", "hold_music"], language="hu", default="en")
    assert files == ["hu/hello.wav", "any/hold_music.wav"]
    assert told == []


def test_a_gap_is_said_in_the_first_language_and_told_once(prompts, told):
    for _ in range(2):
        assert prompts.files(["number:7"], language="hu", default="en") == ["en/number_7.wav"]
    assert told == [("prompt_missing", "hu/number_7.wav")]


def test_what_is_nowhere_is_left_out_and_told(prompts, told):
    assert prompts.files(["bye", "hello"], language="en", default="en") == ["en/hello.wav"]
    assert told == [("prompt_missing", "en/bye.wav")]


def test_a_file_that_comes_later_is_found_after_a_refresh(prompts, tmp_path):
    (tmp_path / "en" / "bye.wav").touch()
    assert prompts.files(["bye"], language="en", default="en") == []
    prompts.refresh()
    assert prompts.files(["bye"], language="en", default="en") == ["en/bye.wav"]
