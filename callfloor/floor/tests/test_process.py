"""The parts of the process that stand alone; the whole of it runs in tests/journeys and faults."""

import asyncio

import pytest

from callfloor.floor import process
from callfloor.floor.clock import Clock
from callfloor.floor.tests.turns import LONG_SECONDS, until

pytestmark = pytest.mark.wire


class TestTimer:
    async def test_fires_at_its_instant_and_once(self):
        clock, fired = Clock(), []
        timer = process.Timer(clock, lambda: fired.append(clock.now()))
        at = clock.now() + 0.01
        timer.set(at)
        timer.set(at)
        await until(lambda: bool(fired))
        assert len(fired) == 1
        assert fired[0] >= at - 0.001  # A loop counts in whole milliseconds.

    async def test_a_later_word_replaces_the_earlier(self):
        clock, fired = Clock(), []
        timer = process.Timer(clock, lambda: fired.append("x"))
        timer.set(clock.now() + 3_600.0)
        timer.set(clock.now())
        await until(lambda: bool(fired))
        timer.set(clock.now() + 3_600.0)
        timer.set(None)
        timer.cancel()
        assert fired == ["x"]

    async def test_the_past_is_at_once(self):
        clock, fired = Clock(), asyncio.Event()
        process.Timer(clock, fired.set).set(clock.now() - 100.0)
        await asyncio.wait_for(fired.wait(), LONG_SECONDS)


def test_a_plan_is_replaced_whole(tmp_path):
    path = tmp_path / "plan.json"
    path.write_text("old")
    process._replace(path, "new")
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]
