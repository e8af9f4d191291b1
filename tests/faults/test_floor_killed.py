"""F1: kill -9 of the floor with calls up. No acknowledged event is lost, nobody is stuck."""

import sqlite3

import pytest

from callfloor.core import codec, events
from tests import phones, small_centre

pytestmark = pytest.mark.journey

CALLERS = 6


def read(centre, query, *values):
    """Ask the journal."""
    uri = f"file:{centre.data / 'journal.db'}?mode=ro"
    with sqlite3.connect(uri, uri=True) as connection:
        return connection.execute(query, values).fetchall()


def facts_of(centre, name, *, epoch):
    """Read the facts of a class in an epoch."""
    rows = read(
        centre,
        "SELECT body FROM journal WHERE kind = 'fact' AND name = ? AND epoch = ? ORDER BY seq",
        name,
        epoch,
    )
    return [codec.loads(body) for (body,) in rows]


async def kill_and_start(centre):
    """Kill the floor and start it again, until it takes calls."""
    await centre.kill("floor")
    await centre.start_floor()


async def test_a_killed_floor_comes_back_with_everything_it_acknowledged(tmp_path, program):
    """Two agents talk, four callers wait; the floor is killed and started again."""
    program("sipp")
    plan = small_centre.small_plan(agents=3)
    async with small_centre.running(tmp_path, plan) as centre:
        agents = [await phones.Agent.sit_down(centre, f"agent-{n}") for n in range(2)]
        async with phones.callers_up(centre, CALLERS) as watch:
            await watch.wait_for(lambda: len(watch.facts("Bridged")) == 2)
            await watch.wait_for(lambda: len(watch.facts("Queued")) == CALLERS)
            done = await watch.command(events.AgentSignedIn(agent="agent-2"))
            seen = watch.rows[-1]["seq"]
            await kill_and_start(centre)
            await watch.wait_for(lambda: watch.is_lost)
        for agent in agents:
            await agent.stand_up()

        assert read(centre, "SELECT name FROM journal WHERE seq = ?", done["seq"]) != []
        assert read(centre, "SELECT max(seq) FROM journal WHERE epoch = 1")[0][0] >= seen
        interrupted = facts_of(centre, "Interrupted", epoch=2)
        assert [fact.cause for fact in interrupted] == ["floor_restarted"] * CALLERS
        closed = facts_of(centre, "Closed", epoch=2)
        assert sorted(fact.outcome for fact in closed) == (
            ["answered"] * 2 + ["lost_by_system"] * 4
        )
        assert read(centre, "SELECT count(*) FROM open_items") == [(0,)]

        again = await phones.Agent.sit_down_again(centre, "agent-0", talk_seconds=0.2)
        board = again.link.welcome["board"]
        assert board["agents"]["agent-0"]["state"] == "ready"
        assert board["agents"]["agent-2"]["state"] == "away"
        await phones.run_sipp(
            centre, "-m", "1", scenario=phones.RTP_MEDIA_SCENARIO / "caller_hears.xml"
        )
        assert len(again.talked) == 1
        await again.stand_up()


async def test_a_stopped_floor_says_goodbye_to_its_callers(tmp_path, program):
    """SIGTERM sends BYE, so that sipp counts a call that was ended and not one that was lost."""
    program("sipp")
    async with small_centre.running(tmp_path, small_centre.small_plan()) as centre:
        watch = await centre.connect("web")
        job = phones.start(
            phones.run_sipp(
                centre, "-m", "1", scenario=phones.RTP_MEDIA_SCENARIO / "caller_hears.xml"
            )
        )
        await watch.wait_for(lambda: bool(watch.facts("Queued")))
        await watch.close()
        centre.processes["floor"].terminate()
        await job
        assert await centre.processes.pop("floor").wait() == 0


@pytest.mark.long
async def test_fifty_rounds_of_kill(tmp_path, program):
    """F1 at its full count; how long the floor is away is measured by bench/restart.py."""
    program("sipp")
    async with small_centre.running(tmp_path, small_centre.small_plan()) as centre:
        for epoch in range(2, 52):
            async with phones.callers_up(centre, 50):
                # One whose INVITE went unanswered sends it again, and is a new call afterwards.
                is_open = read(centre, "SELECT count(*) FROM open_items")[0][0]
                await kill_and_start(centre)
            assert is_open >= 50
            assert len(facts_of(centre, "Interrupted", epoch=epoch)) == is_open
            left = "SELECT count(*) FROM open_items JOIN journal USING (seq) WHERE epoch < ?"
            assert read(centre, left, epoch) == [(0,)]
