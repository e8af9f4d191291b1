"""
A day of the demo with simulated people: they fill it, and what its floor has recorded is decided
again, every fact the same.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.stack import Stack, until

pytestmark = pytest.mark.journey

CALLS = 3
FIRST_SECONDS_MAX, SECONDS_MAX = 150.0, 240.0


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Run the demo as a newcomer starts it, for both tests: its calls take their time."""
    centre = Stack(tmp_path_factory.mktemp("day") / "data")
    try:
        centre.start("demo", "--seed", "5")
        yield centre
    finally:
        centre.stop()


async def test_simulated_people_fill_the_day(day: Stack):
    """Customers press keys and talk, agents answer and finish; yesterday is there."""
    watch = await day.connect("web")
    await watch.wait_for(lambda: bool(watch.facts("Finished")), FIRST_SECONDS_MAX)
    finished = watch.facts("Finished")[0]
    assert finished["disposition"]
    assert watch.facts("Chose")
    assert {fact["agent"] for fact in watch.facts("Bridged")}.isdisjoint({"agent", "agent2"})
    history = day.data / "history.db"
    assert history.stat().st_size > 100_000
    await watch.close()
    seats = json.loads((day.data / "seats.json").read_text(encoding="utf-8"))
    assert [seat["key"] for seat in seats] == ["agent", "agent2", "leader", "manager"]


async def test_the_demos_day_replays_to_the_last_fact(day: Stack):
    """Simulated people call, talk and finish; the floor ends; 100 % of its facts come again."""
    await until(lambda: len(day.facts("Closed")) >= CALLS, SECONDS_MAX)
    during = replay(day.data)  # Also while the floor writes on.
    day.stop()
    after = replay(day.data)
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
