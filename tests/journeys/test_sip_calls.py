"""Real callers by sipp, through floor and media, to an agent with a real RTP device."""

import sqlite3

import pytest

from callfloor.core import codec
from tests import phones, small_centre

pytestmark = pytest.mark.journey

SCENARIOS = phones.RTP_MEDIA_SCENARIO


def journal(centre):
    """Open the journal of a centre, to read."""
    return sqlite3.connect(f"file:{centre.data / 'journal.db'}?mode=ro", uri=True)


def facts_of(centre, name):
    """Read every fact of a class."""
    with journal(centre) as connection:
        rows = connection.execute(
            "SELECT body FROM journal WHERE kind = 'fact' AND name = ? ORDER BY seq", (name,)
        )
        return [codec.loads(body) for (body,) in rows]


async def test_a_caller_is_served_and_hung_up_on(tmp_path, program):
    """INVITE, greeting, notice, queue, ring, talk, BYE from the agent's side."""
    program("sipp")
    async with small_centre.running(tmp_path, small_centre.small_plan()) as centre:
        agent = await phones.Agent.sit_down(centre, "agent-0", talk_seconds=0.5)
        watch = await centre.connect("web")
        await phones.run_sipp(centre, "-m", "1", scenario=SCENARIOS / "caller_hears.xml")
        await watch.wait_for(lambda: bool(watch.facts("Closed")))
        names = [row["fact"]["is"] for row in watch.rows]
        closed = watch.facts("Closed")[0]
        await agent.stand_up()
        await watch.close()
    assert [name for name in names if name in ("Arrived", "Queued", "Bridged", "Closed")] == [
        "Arrived", "Queued", "Bridged", "Closed",
    ]  # fmt: skip
    assert closed["outcome"] == "answered"
    recording = journal(centre).execute("SELECT path, seconds, partial FROM recordings").fetchone()
    assert (tmp_path / "recordings" / recording[0]).stat().st_size > 0
    assert recording[1] == pytest.approx(0.5, abs=0.3)
    assert recording[2] == 0


async def test_a_provider_that_wants_our_offer_is_heard(tmp_path, program):
    """INVITE without a description: ours goes in the 2xx, and what sipp hears comes back."""
    program("sipp")
    voice = 0x35
    async with small_centre.running(tmp_path, small_centre.small_plan()) as centre:
        agent = await phones.Agent.sit_down(centre, "agent-0", talk_seconds=0.5, mouth=voice)
        watch = await centre.connect("web")
        scenario = SCENARIOS / "caller_offers_late.xml"
        await phones.run_sipp(centre, "-m", "1", "-rtp_echo", scenario=scenario)
        await watch.wait_for(lambda: bool(watch.facts("Closed")))
        await agent.stand_up()
        await watch.close()
    assert [fact.outcome for fact in facts_of(centre, "Closed")] == ["answered"]
    echoed = [payload for payload in agent.phone.heard if payload == agent.phone.frame(0)]
    assert len(echoed) > 10


async def test_keys_by_rfc_4733_reach_the_menu_and_stay_secret(tmp_path, program):
    """A caller presses 1 and types a number; the journal holds neither."""
    program("sipp")
    plan = small_centre.small_plan(menu=True)
    async with small_centre.running(tmp_path, plan) as centre:
        watch = await centre.connect("web")
        await phones.run_sipp(centre, "-m", "1", scenario=SCENARIOS / "caller_types.xml")
        await watch.wait_for(lambda: bool(watch.facts("Closed")))
        await watch.close()
    assert [fact.choice for fact in facts_of(centre, "Chose")] == ["help"]
    typed = facts_of(centre, "Typed")
    assert [(fact.label, fact.count) for fact in typed] == [("help", 1), ("Customer number", 3)]
    written = b"".join(path.read_bytes() for path in tmp_path.glob("*") if path.is_file())
    assert b"3612345678" not in written
    assert b"Nora Nagy" not in written


async def test_many_callers_and_few_agents_agree_in_their_sums(tmp_path, program):
    """Every caller ends in exactly one way, and the board counts as the journal does."""
    program("sipp")
    plan = small_centre.small_plan(agents=3)
    async with small_centre.running(tmp_path, plan) as centre:
        agents = [
            await phones.Agent.sit_down(centre, f"agent-{number}", talk_seconds=0.3)
            for number in range(3)
        ]
        watch = await centre.connect("web")
        await phones.run_sipp(
            centre, "-m", "40", "-r", "20", scenario=SCENARIOS / "caller_hears.xml"
        )
        await watch.wait_for(lambda: len(watch.facts("Closed")) == 40)
        fresh = await centre.connect("web")
        today = fresh.welcome["board"]["queues"][small_centre.QUEUE]["today"]
        for peer in (watch, fresh):
            await peer.close()
        for agent in agents:
            await agent.stand_up()
    assert sum(len(agent.talked) for agent in agents) == 40
    assert (today["offered"], today["answered"], today["waiting"]) == (40, 40, 0)
    assert [fact.outcome for fact in facts_of(centre, "Closed")] == ["answered"] * 40
    assert journal(centre).execute("SELECT count(*) FROM open_items").fetchone() == (0,)
