"""
F1, R21, R22, I1, I3, I6: kill -9 at every named place of floor, journal, media, recorder, worker.

Whatever dies where: nothing that was said to anybody is lost, every call ends exactly once, nobody
is stuck, the floor is back within 3 s, and files, rows and records of recordings are a bijection.
"""

import pytest

from tests.faults import rounds
from tests.faults.points import POINTS

pytestmark = pytest.mark.journey

KILLS, KILLS_LONG = 20, 500
BACK_SECONDS = 3.0  # F1, for a machine that does nothing else (--long).
BACK_SECONDS_BUSY = 10.0


async def kill(folder, count, back_seconds):
    """Kill so often, print what came of it and judge it."""
    seed = rounds.seed_of_day()
    points = rounds.chosen(count, seed=seed)
    async with rounds.running(folder, seed=seed) as running:
        outcome = await running.run(points)
    slowest = max(outcome.back_seconds)
    print(
        f"{sum(outcome.kills.values())} kills at {len(outcome.kills)} points, seed {seed}: "
        f"{outcome.calls} calls, {outcome.rows} rows, {outcome.recordings} recordings "
        f"({outcome.partial} partial, {outcome.missing} of them without a file), "
        f"floor back after {slowest:.2f} s at most of {len(outcome.back_seconds)} starts"
    )
    assert outcome.faults == []
    assert slowest < back_seconds
    assert outcome.recordings > outcome.partial
    return outcome


async def test_twenty_kills_at_different_points_lose_nothing(tmp_path):
    """The small count: every run of the suite kills at twenty points."""
    outcome = await kill(tmp_path, KILLS, BACK_SECONDS_BUSY)
    assert outcome.kills == dict.fromkeys(outcome.kills, 1)
    assert len(outcome.kills) == KILLS


@pytest.mark.long
async def test_five_hundred_kills_over_all_points_lose_nothing(tmp_path):
    """The count that the issue names."""
    outcome = await kill(tmp_path, KILLS_LONG, BACK_SECONDS)
    assert outcome.kills.keys() == {point.name for point in POINTS}
