"""No file of a centre holds a number, name, digit or note in clear; an erased key is nowhere."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.records import stage

pytestmark = pytest.mark.db

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60


def run(what: str, data: Path) -> dict:
    """Do a part of the stage in a process of its own, on real files."""
    command = [sys.executable, "-m", "tests.records.stage", what, str(data)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr
    (data / "log").mkdir(exist_ok=True)
    (data / "log" / f"{what}.log").write_text(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def centre(tmp_path_factory):
    """Give a centre's folder with one call in it, and what its pages could show."""
    data = tmp_path_factory.mktemp("centre")
    return data, run("fill", data)


def test_pages_could_show_everything(centre):
    _, told = centre
    assert told["found"] == [stage.NAME]
    assert told["shown"] == [stage.NUMBER, stage.NAME, stage.NOTE]


@pytest.mark.parametrize("canary", stage.CANARIES)
@pytest.mark.parametrize("form", ["utf-8", "utf-16-le", "json"])
def test_no_file_holds_it_in_clear(centre, canary, form):
    data, _ = centre
    needle = json.dumps(canary)[1:-1].encode() if form == "json" else canary.encode(form)
    holding = [
        path.name for path in data.rglob("*") if path.is_file() and needle in path.read_bytes()
    ]
    assert holding == []


def test_files_are_their_owners_alone(centre):
    data, _ = centre
    open_ones = [
        path.name for path in data.iterdir() if path.suffix == ".db" and path.stat().st_mode & 0o077
    ]
    assert open_ones == []


def test_an_erased_key_is_in_no_file(centre):
    data, _ = centre
    told = run("erase", data)
    assert any(name.startswith("keys.db") for name in told["held_before"])
    assert told["held_after"] == []
