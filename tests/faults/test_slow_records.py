"""The records are locked, slow or their worker is paused: calls go on, and nothing is lost."""

import asyncio
import contextlib
import os
import signal
import sqlite3
import time

import pytest

from tests.faults import rounds
from tests.journeys import waiting

pytestmark = pytest.mark.journey

LOCKED_SECONDS, LOCKED_SECONDS_LONG = 6.0, 60.0
PAUSED_SECONDS, PAUSED_SECONDS_LONG = 4.0, 10.0
SLOW_SECONDS = 0.5
GAP_SECONDS = 0.05
SET_UP_SECONDS_MAX = 0.5  # F4, for a machine that does nothing else (--long).
SET_UP_SECONDS_MAX_BUSY = 5.0
CALLS_MIN = 5


@pytest.fixture
def is_long(pytestconfig):
    """Say whether the figures of the issue are asked for."""
    return pytestconfig.getoption("--long")


async def hold(path, *, seconds, forced):
    """Keep everybody else from writing for a while."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False)
    try:
        await asyncio.to_thread(
            connection.execute, "BEGIN EXCLUSIVE" if forced else "BEGIN IMMEDIATE"
        )
        await asyncio.sleep(seconds)
        connection.execute("ROLLBACK")
    finally:
        connection.close()


async def lock(path, seconds):
    """Lock the records once, for all the time."""
    await hold(path, seconds=seconds, forced=True)


async def slow_down(path, seconds):
    """Let each write wait half a second, again and again."""
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at:
        with contextlib.suppress(sqlite3.OperationalError):
            await hold(path, seconds=SLOW_SECONDS, forced=False)
        await asyncio.sleep(GAP_SECONDS)


def p99(seconds):
    """Give the 99th percentile."""
    return sorted(seconds)[int(len(seconds) * 0.99)]


@pytest.mark.parametrize("trouble", [lock, slow_down], ids=["locked", "slow"])
async def test_calls_go_on_without_the_records_and_nothing_is_lost(tmp_path, trouble, is_long):
    """F4: locked, or half a second slow: calls are set up at their pace, rows come later."""
    seconds = LOCKED_SECONDS_LONG if is_long else LOCKED_SECONDS
    async with rounds.running(tmp_path, seed=2, callers=3) as running:
        await waiting.until(lambda: running.load.talked >= CALLS_MIN)
        before, so_far = running.load.talked, len(running.load.set_up_seconds)
        await trouble(tmp_path / "records.db", seconds)
        assert running.load.talked - before >= CALLS_MIN, "calls go on"
        took = running.load.set_up_seconds[so_far:]
        print(f"set-up p99 {p99(took) * 1000:.0f} ms of {len(took)} calls")
        assert p99(took) < (SET_UP_SECONDS_MAX if is_long else SET_UP_SECONDS_MAX_BUSY)
        outcome = await running.finish()
    assert outcome.faults == []


async def test_a_paused_worker_and_his_successor_do_nothing_twice(tmp_path, is_long):
    """F14, R34, R35: one is stopped in the middle, another takes over, the first wakes up."""
    async with rounds.running(tmp_path, seed=3, callers=3) as running:
        await waiting.until(lambda: running.load.talked >= CALLS_MIN)
        first = running.centre.processes["worker"]
        os.kill(first.pid, signal.SIGSTOP)
        try:
            await rounds.start_worker(running.centre)
            await asyncio.sleep(PAUSED_SECONDS_LONG if is_long else PAUSED_SECONDS)
        finally:
            os.kill(first.pid, signal.SIGCONT)
        talked = running.load.talked
        await waiting.until(lambda: running.load.talked >= talked + CALLS_MIN)
        first.terminate()
        await first.wait()
        outcome = await running.finish()
    assert outcome.faults == []
