"""The watch tells of a late loop, a set clock, a broken law, and of its health."""

import asyncio

import pytest

from callfloor.floor import watch as watches
from callfloor.floor.tests.turns import LONG_SECONDS
from callfloor.floor.watch import Watch

pytestmark = pytest.mark.wire


class Told:
    """Everything that a watch says."""

    def __init__(self, jumps=(), broken=()):
        self.alarms = []
        self.jumps = []
        self.health = []
        self.beats = []
        self.enough = asyncio.Event()
        coming = list(jumps)
        self.watch = Watch(
            alarm=lambda name, detail: (self.alarms.append((name, detail)), self.enough.set()),
            clock_jump=lambda: coming.pop(0) if coming else None,
            on_jump=self.jumps.append,
            tell_health=lambda health: (self.health.append(health), self.enough.set()),
            check=lambda: list(broken),
            beat=lambda: self.beats.append(1),
        )

    async def until_told(self):
        """Run until something was said."""
        task = asyncio.create_task(self.watch.run())
        await asyncio.wait_for(self.enough.wait(), LONG_SECONDS)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def quick(monkeypatch):
    """Let ticks follow one another at once."""
    monkeypatch.setattr(watches, "TICK_SECONDS", 0.001)
    monkeypatch.setattr(watches, "LAG_SECONDS_MAX", 10.0)


async def test_a_late_loop_is_an_alarm(monkeypatch):
    monkeypatch.setattr(watches, "TICK_SECONDS", 0.001)
    monkeypatch.setattr(watches, "LAG_SECONDS_MAX", -1.0)  # Every tick is late.
    told = Told()
    await told.until_told()
    assert told.alarms[0][0] == "loop_late"


async def test_health_and_a_set_clock_are_told(quick):
    told = Told(jumps=[3_600.0])
    await told.until_told()
    assert told.jumps == [3_600.0]
    assert told.health[0]["lag_ms"] >= 0.0
    assert told.beats == [1, 1], "a loop beats at its start and whenever it tells its health"
    assert told.alarms == []


async def test_a_broken_law_is_an_alarm(quick, monkeypatch):
    monkeypatch.setattr(watches, "CHECK_TICKS", 1)
    told = Told(broken=["I3: anna is stuck"])
    await told.until_told()
    assert told.alarms[0] == ("invariant", "I3: anna is stuck")
