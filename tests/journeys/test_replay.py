"""A day that the demo's floor has recorded is decided again, and every fact is the same."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.waiting import until
from tests.whole_centre import running

pytestmark = pytest.mark.journey

CALLS = 3
SECONDS_MAX = 240.0


async def test_the_demos_day_replays_to_the_last_fact(tmp_path: Path):
    """Simulated people call, talk and finish; the floor ends; 100 % of its facts come again."""
    with running(tmp_path / "data", "demo", "--seed", "5") as centre:
        watch = await centre.connect("web")
        await until(lambda: len(watch.facts("Closed")) >= CALLS, SECONDS_MAX)
        during = replay(centre.data)  # Also while the floor writes on.
        await watch.close()
    after = replay(centre.data)
    for found in (during, after):
        assert found["equal"], found
        assert found["facts"] > 50
    assert after["facts"] >= during["facts"]


def replay(data: Path) -> dict:
    """Run the command and give its document."""
    done = subprocess.run(
        [sys.executable, "-m", "callfloor.app.cli", "replay", str(data), "--json"],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    return json.loads(done.stdout)
