"""A customer who is erased is in no file any more, and no figure has changed (TRUST D4)."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.db

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 90


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Give what stood where before and after, of a centre's real files."""
    data = tmp_path_factory.mktemp("centre")
    command = [sys.executable, "-m", "tests.records.erasing", str(data)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_before_it_every_sealed_value_stood_in_a_file(told):
    assert len(told["held_before"][0]) == told["planted"] + 1


def test_after_it_no_sealed_byte_and_no_key_is_in_any_file(told):
    """MISSION F40.1, and the issue's "no canary byte in any file"."""
    assert told["held_after"][0] == {}
    assert told["sound_is_there"] is False


def test_whoever_was_not_erased_is_there_as_before(told):
    assert told["held_after"][1].keys() == told["held_before"][1].keys()
    assert len(told["held_after"][1]) == told["planted"] + 1


def test_no_canary_was_ever_in_clear(told):
    assert told["clear"] == []


def test_no_figure_has_changed(told):
    assert len(told["figures_before"]["Interaction"]) == 8
    assert told["figures_after"] == told["figures_before"]
