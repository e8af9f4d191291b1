"""
Many callers at once: 50 a second for a minute, each 8 s in prompt and queue, one in ten answered.

CI runs 10 a second for 20 s. Nobody fails, every caller has one end, and journal and board agree.
"""

import asyncio
import collections
import contextlib
import json
import sqlite3

import pytest

from callfloor.core import codec, facts
from tests import phones, small_centre

pytestmark = pytest.mark.journey

SCENARIO = phones.RTP_MEDIA_SCENARIO / "caller_waits.xml"
CALLER_SECONDS = 8.0
HALF_HOUR = 1800.0


async def load(centre, *, per_second, seconds):
    """Let callers come, and a few agents answer about one in ten of them; give the last board."""
    # An agent who talks for 2 s serves one caller every two seconds and a little.
    async with contextlib.AsyncExitStack() as stack:
        agents = []
        link = await centre.connect("web")
        for number in range(max(2, round(per_second / 10 * 2))):
            agent = await phones.Agent.sit_down(
                centre, f"agent-{number}", link=link, talk_seconds=2.0
            )
            stack.push_async_callback(agent.stand_up)
            agents.append(agent)
        board = await _callers(centre, per_second, seconds)
    return board, sum(len(agent.talked) for agent in agents)


async def _callers(centre, per_second, seconds):
    before = {name: centre.cpu_seconds(name) for name in centre.processes}
    count = per_second * seconds
    usage = await phones.run_sipp_measured(
        centre, "-m", str(count), "-r", str(per_second), "-l", str(count),
        scenario=SCENARIO, seconds_max=seconds + 60.0,
    )  # fmt: skip
    watch = await centre.connect("web")
    await watch.wait_for(lambda: not _open(watch), seconds=30.0)
    fresh = await centre.connect("web")
    spent = {name: centre.cpu_seconds(name) - before[name] for name in before}
    print(json.dumps({"calls": count, "cpu_seconds": {**spent, "sipp": usage}}))
    for peer in (watch, fresh):
        await peer.close()
    return fresh.welcome["board"]


def _open(watch):
    """Give the items of the board that no later fact has closed."""
    return set(watch.welcome["board"]["items"]) - {fact["item"] for fact in watch.facts("Closed")}


def journal_of(centre):
    """Read every fact."""
    uri = f"file:{centre.data / 'journal.db'}?mode=ro"
    with sqlite3.connect(uri, uri=True) as connection:
        rows = connection.execute("SELECT body FROM journal WHERE kind = 'fact' ORDER BY seq")
        return [codec.loads(body) for (body,) in rows]


def agree(board, journal):
    """Assert that journal and board say the same by queue and half hour."""
    halves = collections.defaultdict(collections.Counter)
    for fact in journal:
        if isinstance(fact, facts.Dequeued):
            half = halves[str(int(fact.queued_at // HALF_HOUR * HALF_HOUR))]
            half["offered"] += 1
            half[fact.outcome] += 1
    shown = board["queues"][small_centre.QUEUE]["halves"]
    assert {
        half: (row["offered"], row["answered"], row["abandoned"]) for half, row in shown.items()
    } == {
        half: (row["offered"], row["answered"], row["abandoned_in_queue"])
        for half, row in halves.items()
    }


async def run(tmp_path, *, per_second, seconds):
    """Run a load and check every sum."""
    plan = small_centre.small_plan(agents=20)
    async with small_centre.running(tmp_path, plan, prompt_seconds=1.0) as centre:
        board, talked = await load(centre, per_second=per_second, seconds=seconds)
        journal = journal_of(centre)
    count = per_second * seconds
    outcomes = collections.Counter(f.outcome for f in journal if isinstance(f, facts.Closed))
    assert sum(outcomes.values()) == count
    assert set(outcomes) <= {"answered", "abandoned_in_queue", "left_in_flow"}
    assert outcomes["answered"] == talked
    assert talked >= count / 20
    today = board["queues"][small_centre.QUEUE]["today"]
    assert today["waiting"] == 0
    assert today["offered"] == today["answered"] + today["abandoned"]
    agree(board, journal)
    with sqlite3.connect(tmp_path / "journal.db") as connection:
        unfinished = connection.execute("SELECT count(*) FROM recordings WHERE ended_at IS NULL")
        assert unfinished.fetchone() == (0,)


async def test_ten_callers_a_second_for_twenty_seconds(tmp_path, program):
    """The size that CI runs."""
    program("sipp")
    await asyncio.wait_for(run(tmp_path, per_second=10, seconds=20), 120)


@pytest.mark.long
async def test_fifty_callers_a_second_for_a_minute(tmp_path, program):
    """The size that the issue names: about four hundred at once."""
    program("sipp")
    await asyncio.wait_for(run(tmp_path, per_second=50, seconds=60), 240)
