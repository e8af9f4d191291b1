"""kill -9 of the media worker with calls up: its calls are marked, and new ones work."""

import pytest

from tests import phones, small_centre

pytestmark = pytest.mark.journey


async def media_is(watch, *, up):
    """Wait until the floor says by its health that the worker is there, or not."""
    watch.health = None
    await watch.wait_for(lambda: bool(watch.health) and watch.health["media"]["up"] is up)


async def test_calls_of_a_dead_worker_are_marked_and_new_ones_work(tmp_path, program):
    """One talks, two wait; the worker dies and is started again."""
    program("sipp")
    async with small_centre.running(tmp_path, small_centre.small_plan()) as centre:
        agent = await phones.Agent.sit_down(centre, "agent-0")
        async with phones.callers_up(centre, 3) as watch:
            await watch.wait_for(lambda: len(watch.facts("Bridged")) == 1)
            await watch.wait_for(lambda: len(watch.facts("Queued")) == 3)
            await centre.kill("media")
            await watch.wait_for(lambda: len(watch.facts("Closed")) == 3)
            assert [fact["cause"] for fact in watch.facts("Interrupted")] == ["media_lost"] * 3
            assert watch.facts("DeviceChanged")[-1]["up"] is False
            assert [fact["name"] for fact in watch.facts("Alarmed")] == ["media_lost"]
            await centre.start_media()
            await media_is(watch, up=True)
        await agent.stand_up()
        again = await phones.Agent.sit_down_again(centre, "agent-0", talk_seconds=0.2)
        await phones.run_sipp(
            centre, "-m", "1", scenario=phones.RTP_MEDIA_SCENARIO / "caller_hears.xml"
        )
        assert len(again.talked) == 1
        await again.stand_up()


async def test_without_a_worker_a_caller_hears_503_and_is_counted(tmp_path, program):
    """A call that comes while no worker is there is refused at once and stands in the journal."""
    program("sipp")
    async with small_centre.running(tmp_path, small_centre.small_plan()) as centre:
        watch = await centre.connect("web")
        await centre.kill("media")
        await media_is(watch, up=False)
        with pytest.raises(phones.SippFailed, match="503"):
            await phones.run_sipp(centre, "-m", "1")
        await watch.wait_for(lambda: bool(watch.facts("Closed")))
        assert watch.facts("Closed")[0]["outcome"] == "lost_by_system"
        await watch.close()
