"""F5: the wall clock is set while calls are up: +1 h, then -30 min."""

import asyncio
import contextlib
import dataclasses
import itertools
import json
import random
import sqlite3
import time
from pathlib import Path

import pytest

from callfloor.app.demo.phone import Phone
from callfloor.core import events
from callfloor.wire import sdp
from tests import phones, small_centre
from tests.faults import ledger, rounds
from tests.faults.load import Seat
from tests.journeys import waiting

pytestmark = pytest.mark.journey

LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
AHEAD_SECONDS, BACK_SECONDS = 3_600, -1_800
RING_SECONDS = 4.0
EARLY_SECONDS = 1.5  # The news that it rings was under way when the test began to count.
LATE_SECONDS = 8.0  # A busy machine may see to a timer late; by the floor's own clock it is not.
TALK_SECONDS = 3.0
CALLS = 8
DEAF = "agent-1"


class WallClock:
    """The wall clock of processes that are started with `environment`."""

    def __init__(self, path):
        self._path = path
        self.environment = {
            "LD_PRELOAD": str(LIBRARIES[-1]),
            "FAKETIME_TIMESTAMP_FILE": str(path),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        self.set(0)

    def set(self, seconds):
        """Let it differ from the true one by this, from now on."""
        draft = self._path.with_suffix(".new")
        draft.write_text(f"{seconds:+d}")
        draft.replace(self._path)


async def ring_until_it_ends(watch):
    """Wait for the next offer of the agent who never answers, then say how long it rang."""
    known = len(rings(watch))
    await watch.wait_for(lambda: len(rings(watch)) > known)
    began = time.monotonic()
    offer = rings(watch)[known]["offer"]
    yield offer
    await watch.wait_for(
        lambda: any(fact["offer"] == offer for fact in watch.facts("RingEnded")), RING_SECONDS + 10
    )
    yield time.monotonic() - began


def rings(watch):
    """Give the offers to the agent who never answers."""
    return [fact for fact in watch.facts("Ringing") if fact["agent"] == DEAF]


async def test_a_wall_clock_that_is_set_changes_no_lease_and_no_duration(tmp_path, program):
    """F5, R40: a talk, a wait and an offer live through both jumps as if nothing had happened."""
    program("faketime")
    clock = WallClock(tmp_path / "clock")
    plan = small_centre.small_plan(agents=2)
    queues = tuple(dataclasses.replace(queue, ring_seconds=RING_SECONDS) for queue in plan.queues)
    centre = small_centre.Centre(tmp_path, dataclasses.replace(plan, queues=queues))
    for name in ("floor", "media", "worker"):
        centre.environment[name] = dict(clock.environment)
    try:
        await centre.start()
        await rounds.start_worker(centre)
        await live_through_jumps(centre, clock)
    finally:
        await centre.stop()
    await judge(tmp_path)


async def live_through_jumps(centre, clock):
    """Set the clock during an offer, twice; the leases end when they should."""
    link = await centre.connect("web")
    talker = Seat("agent-0", await phones.RtpPhone.open(), talks_seconds=TALK_SECONDS)
    deaf = Seat(DEAF, await phones.RtpPhone.open())
    await talker.join(link)
    async with calls_up(centre, CALLS):
        offers = ring_until_it_ends(link)
        coming = asyncio.create_task(anext(offers))
        await deaf.join(link)
        link.listeners.remove(deaf._hear)
        for jump in (AHEAD_SECONDS, AHEAD_SECONDS + BACK_SECONDS):
            await coming
            clock.set(jump)
            took = await anext(offers)
            assert -EARLY_SECONDS < took - RING_SECONDS < LATE_SECONDS, f"it rang for {took:.2f} s"
            offers = ring_until_it_ends(link)
            coming = asyncio.create_task(anext(offers))
            await link.command(events.ReadyAsked(agent=DEAF))
        await link.wait_for(lambda: len(link.facts("TalkEnded")) >= 2)
        coming.cancel()
    await waiting.until(lambda: not busy(centre.data))
    for seat in (talker, deaf):
        seat.close()
    await link.close()


def busy(data):
    """Say whether something has no end yet."""
    return ledger.unfinished(data) or ledger.ask(data, "SELECT 1 FROM open_items LIMIT 1")


@contextlib.asynccontextmanager
async def calls_up(centre, count):
    """Hold calls until the end, then hang up."""
    phone = Phone(server=("127.0.0.1", centre.sip), draw=random.Random(5))
    await phone.open("127.0.0.1")
    offer = sdp.encode(sdp.offer(host="127.0.0.1", port=9, origin_id=1)).decode()
    lines = [
        phone.dial(
            "900", caller="+36301110001", name="Clock", offer=offer,
            answered=lambda _: None, ended=lambda _: None,
        )
        for _ in range(count)
    ]  # fmt: skip
    try:
        yield
    finally:
        for line in lines:
            line.hang_up()
        await asyncio.sleep(0.5)
        phone.close()


async def judge(data):
    """Look at every instant and duration that was written."""
    jumps = ledger.ask(data, "SELECT body FROM journal WHERE name = 'ClockSet' ORDER BY seq")
    told = [round(json.loads(body)["jump_seconds"]) for (body,) in jumps]
    assert told == [AHEAD_SECONDS, BACK_SECONDS]
    instants = [at for (at,) in ledger.ask(data, "SELECT at FROM journal ORDER BY seq")]
    assert all(after >= before for before, after in itertools.pairwise(instants))
    assert instants[-1] - instants[0] < AHEAD_SECONDS
    assert min(durations(data)) >= 0.0
    leases = [ended - rang for rang, ended in ring_times(data)]
    assert [round(seconds, 3) for seconds in leases[:2]] == [RING_SECONDS] * 2
    held = await rounds.read_records(data)
    assert all(not each["partial"] and each["seconds"] > 0 for each in held["recordings"])
    assert len(held["recordings"]) >= 2
    records = sqlite3.connect(f"file:{data / 'records.db'}?mode=ro", uri=True)
    for table in ("interactions_interaction", "interactions_agentwork", "interactions_queueentry"):
        for name, smallest in smallest_seconds(records, table):
            assert smallest is None or smallest >= 0, f"{table}.{name} is {smallest}"
    ((wrong,),) = records.execute(
        "SELECT count(*) FROM interactions_interaction WHERE ended_at < arrived_at"
    ).fetchall()
    assert wrong == 0
    records.close()


def ring_times(data):
    """Give when each offer to the deaf agent began and ended by itself, by the floor's clock."""
    began = {}
    for _, at, _, fact in ledger.facts(data, "Ringing", "RingEnded"):
        if fact["agent"] == DEAF and fact["is"] == "Ringing":
            began[fact["offer"]] = at
        elif fact["agent"] == DEAF and fact["outcome"] == "missed":
            yield began[fact["offer"]], at


def durations(data):
    """Give every duration in every fact."""
    bodies = ledger.ask(data, "SELECT body FROM journal WHERE kind = 'fact'")
    facts = [json.loads(body) for (body,) in bodies]
    return [
        value
        for fact in facts
        for name, value in fact.items()
        if name.endswith("seconds") and value is not None
    ]


def smallest_seconds(records, table):
    """Give each column of durations with its smallest value."""
    columns = [row[1] for row in records.execute(f"PRAGMA table_info({table})")]
    for name in columns:
        if name.endswith("seconds"):
            yield name, records.execute(f"SELECT min({name}) FROM {table}").fetchone()[0]
