"""Both sides are kept in their channel, encrypted at every moment, readable up to a crash."""

import asyncio
import signal
import sys
from collections import Counter

import numpy as np
import pytest

from callfloor.media import recorder
from callfloor.media.tests.peers import (
    FULL,
    HOST,
    PATIENCE_SECONDS,
    Floor,
    Phone,
    endpoint,
    free_port,
    level,
    until,
)
from callfloor.media.tests.recorded import PATH, opened, record, stop
from callfloor.wire import ccr

pytestmark = pytest.mark.wire


async def packets(scene, name: str, count: int) -> None:
    await until(lambda: scene.worker.legs[name].incoming.packets >= count)


async def test_each_side_is_in_its_channel(scene):
    customer = await scene.phone("customer", codec="PCMA")
    agent = await scene.phone("agent", call="agent:a")
    await scene.mix(("agent", "customer", FULL), ("customer", "agent", FULL))
    assert (await record(scene.floor))["result"] == "ok"
    customer.speak(443)
    agent.speak(1_009)
    await agent.heard(50)
    await customer.heard(50)
    answer, event, reader = await stop(scene)
    sound = ccr.render(reader)[2_000:6_400].astype(float)
    left, right = sound[:, 0], sound[:, 1]
    assert level(left, 443) > -15
    assert level(right, 1_009) > -15
    assert level(left, 1_009) < -60
    assert level(right, 443) < -60
    assert not reader.partial
    assert event["partial"] == 0
    assert answer["seconds"] == event["seconds"] == reader.duration_ms()
    assert event["bytes"] == (scene.folder / "recordings" / PATH).stat().st_size
    assert all(900 <= heard <= reader.duration_ms() + 40 for heard in answer["channels"])


async def test_nothing_that_was_said_is_in_any_file(scene):
    """A known kilobyte of either side, and any sixteen bytes of it, is nowhere on the disk."""
    customer = await scene.phone("customer")
    agent = await scene.phone("agent", call="agent:a")
    await scene.mix(("customer", "agent", FULL), ("agent", "customer", FULL))
    await record(scene.floor)
    known = [np.random.default_rng(seed).bytes(160) for seed in range(14)]
    for number, payload in enumerate(known):
        (customer, agent)[number % 2].send(payload)
    await packets(scene, "customer", 7)
    await packets(scene, "agent", 7)
    _, _, reader = await stop(scene)
    assert sorted(frame.payload for frame in reader.frames()) == sorted(known)
    for path in scene.folder.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        for payload in known:
            assert not any(payload[at : at + 16] in data for at in range(0, 144, 16))


async def test_the_file_looks_like_noise(scene):
    """Every byte value is about equally frequent, though the sound is one sine."""
    customer = await scene.phone("customer")
    await record(scene.floor, agent=0)
    for number in range(1, 16):
        customer.burst(443, 60)  # More at once would not fit the socket's buffer.
        await packets(scene, "customer", 60 * number)
    await stop(scene)
    data = (scene.folder / "recordings" / PATH).read_bytes()
    expected = len(data) / 256
    chi = sum((Counter(data)[value] - expected) ** 2 / expected for value in range(256))
    assert len(data) > 100_000
    assert chi < 400  # 255 degrees of freedom: beyond 400 lies less than one in a billion.


async def test_only_the_owner_may_read_the_file(scene):
    await scene.phone("customer")
    await record(scene.floor, agent=0)
    path = scene.folder / "recordings" / PATH
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


async def test_a_pause_leaves_a_gap_and_nothing_in_it(scene):
    customer = await scene.phone("customer")
    await record(scene.floor, agent=0)
    for number, command in enumerate(("pause recording", "resume recording", "ping"), start=1):
        customer.send(bytes([number]) * 160)
        await packets(scene, "customer", number)
        await scene.floor.ok(command, recording="rec-1")
    _, _, reader = await stop(scene)
    assert [frame.payload[0] for frame in reader.frames()] == [1, 3]
    assert len(reader.gaps()) == 1


async def test_a_gap_has_no_sound_that_stands_before_or_after_it(scene):
    """D2: packets that came in a heap stand ahead of the clock, and others come late."""
    customer = await scene.phone("customer")
    await record(scene.floor, agent=0)
    for number, command in enumerate(("pause recording", "resume recording", "ping"), start=1):
        customer.burst(443, 6)
        await packets(scene, "customer", 6 * number)
        await scene.floor.ok(command, recording="rec-1")
    customer.ts -= 12 * 160  # Said in the gap and held up on the way.
    customer.seq -= 12
    customer.send(b"\x01" * 160)
    await packets(scene, "customer", 19)
    _, _, reader = await stop(scene)
    ((first, last),) = reader.gaps()
    frames = list(reader.frames())
    assert len([frame for frame in frames if frame.at_ms + 20 <= first]) == 6
    assert all(frame.at_ms + 20 <= first or frame.at_ms >= last for frame in frames)
    assert b"\x01" * 160 not in [frame.payload for frame in frames if frame.at_ms < last]


async def test_the_second_channel_is_the_customers_ear(scene):
    """Whoever the mix lets him hear is in it, without another word to the recorder."""
    await scene.phone("customer")
    first = await scene.phone("first", call="agent:a")
    second = await scene.phone("second", call="agent:b")
    await scene.mix(("customer", "first", FULL))
    await record(scene.floor)
    first.send(b"\x01" * 160)
    await packets(scene, "first", 1)
    await scene.mix(("customer", "second", FULL))
    first.send(b"\x02" * 160)
    second.send(b"\x03" * 160)
    await packets(scene, "first", 2)
    await packets(scene, "second", 1)
    await scene.mix()
    second.send(b"\x04" * 160)
    await packets(scene, "second", 2)
    _, _, reader = await stop(scene)
    assert [(frame.channel, frame.payload[0]) for frame in reader.frames()] == [(1, 1), (1, 3)]


async def test_an_agents_leg_that_ends_does_not_end_the_recording(scene):
    customer = await scene.phone("customer")
    await scene.phone("agent", call="agent:a")
    await scene.mix(("customer", "agent", FULL), ("agent", "customer", FULL))
    await record(scene.floor)
    await scene.floor.ok("delete", call_id="agent:a")
    customer.send(b"\x05" * 160)
    await packets(scene, "customer", 1)
    _, _, reader = await stop(scene)
    assert [frame.payload[0] for frame in reader.frames()] == [5]


async def test_the_channels_are_told_apart_by_length(scene):
    """An agent who said nothing is seen in the answer to `stop recording`."""
    customer = await scene.phone("customer")
    await record(scene.floor)
    customer.burst(443, 4)
    await packets(scene, "customer", 4)
    answer, _, _ = await stop(scene)
    assert answer["channels"] == [80, 0]


async def test_ends_whole_with_the_customers_leg(scene):
    customer = await scene.phone("customer")
    await record(scene.floor, agent=0)
    customer.burst(443, 5)
    await packets(scene, "customer", 5)
    await scene.floor.ok("delete", call_id="item-1")
    event = await scene.floor.event("recorded", recording="rec-1")
    assert event["partial"] == 0
    assert not opened(scene.folder / "recordings" / PATH).partial


async def test_frames_stand_where_their_timestamps_say(scene):
    """Packets that come in one heap are not heard in one heap."""
    customer = await scene.phone("customer")
    await record(scene.floor, agent=0)
    customer.burst(443, 6)
    await packets(scene, "customer", 6)
    _, _, reader = await stop(scene)
    times = [frame.at_ms for frame in reader.frames()]
    assert [at - times[0] for at in times] == [0, 20, 40, 60, 80, 100]


class TestRefusal:
    @pytest.mark.parametrize(
        "changes",
        [
            {"path": "../outside.ccr"},
            {"path": "/tmp/outside.ccr"},
            {"path": ""},
            {"path": "."},
            {"customer": "ghost"},
            {"customer": ""},
            {"agent": "agent"},
            {"public_key": b"\xff" * 31},
            {"public_key": 7},
        ],
    )
    async def test_of_what_cannot_be_recorded_leaves_nothing(self, scene, changes):
        await scene.phone("customer")
        answer = await record(scene.floor, **{"agent": 0, **changes})
        assert answer["result"] == "error"
        assert scene.worker.recordings.live == {}
        leg = scene.worker.legs["customer"]
        assert leg.taps == leg.ear_taps == []
        assert not list(scene.folder.rglob("*.ccr"))

    async def test_of_a_file_that_is_there_keeps_it(self, scene):
        await scene.phone("customer")
        path = scene.folder / "recordings" / PATH
        path.parent.mkdir(parents=True)
        path.write_bytes(b"older")
        assert (await record(scene.floor, agent=0))["result"] == "error"
        assert path.read_bytes() == b"older"

    async def test_of_a_second_start(self, scene):
        await scene.phone("customer")
        assert (await record(scene.floor, agent=0))["result"] == "ok"
        assert (await record(scene.floor, agent=0, path="x.ccr"))["result"] == "error"

    async def test_of_commands_for_an_unknown_recording(self, scene):
        for command in ("stop recording", "pause recording", "resume recording"):
            answer = await scene.floor.ask(command, recording="ghost")
            assert answer["error-reason"] == "unknown recording"


async def test_a_full_disk_is_told_and_what_was_written_stays_readable(scene, monkeypatch):
    customer = await scene.phone("customer")
    await record(scene.floor, agent=0)
    for number in range(1, 8):
        customer.burst(443, 60)
        await packets(scene, "customer", 60 * number)
    await until(lambda: scene.worker.recordings.live["rec-1"]._unwritten == 0)

    def full(number: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(recorder.os, "write", full)
    await scene.floor.ok("stop recording", recording="rec-1")
    event = await scene.floor.event("recorded")
    assert event["partial"] == 1
    reader = opened(scene.folder / "recordings" / PATH)
    assert reader.partial
    assert len(list(reader.frames())) > 300


class TestMessage:
    async def test_ends_after_three_seconds_of_silence(self, scene):
        customer = await scene.phone("customer")
        await record(scene.floor, agent=0)
        customer.burst(443, 2)
        await packets(scene, "customer", 2)
        recording = scene.worker.recordings.live["rec-1"]
        recording.watch(recording._loud_at + 2.9)
        assert scene.floor.count("said") == 0
        recording.watch(recording._loud_at + 3.0)
        recording.watch(recording._loud_at + 3.1)
        said = await scene.floor.event("said", recording="rec-1", from_tag="customer")
        assert said["seconds"] >= 0
        await scene.floor.ok("ping")
        assert scene.floor.count("said") == 0

    async def test_noise_of_the_line_is_silence(self, scene):
        customer = await scene.phone("customer")
        await record(scene.floor, agent=0)
        recording = scene.worker.recordings.live["rec-1"]
        loud_at = recording._loud_at
        for _ in range(5):
            customer.send(customer.frame(443, amplitude=150))
        await packets(scene, "customer", 5)
        assert recording._loud_at == loud_at

    async def test_who_says_nothing_gets_eight_seconds(self, scene):
        await scene.phone("customer")
        await record(scene.floor, agent=0)
        recording = scene.worker.recordings.live["rec-1"]
        recording.watch(recording._started + 7.9)
        assert not recording._is_said
        recording.watch(recording._started + 8.0)
        await scene.floor.event("said")

    async def test_is_none_if_somebody_serves_him(self, scene):
        await scene.phone("customer")
        await record(scene.floor)
        recording = scene.worker.recordings.live["rec-1"]
        recording.watch(recording._started + 60)
        await scene.floor.ok("ping")
        assert scene.floor.count("said") == 0


class TestProcess:
    """The worker as its own process, as `callfloor` starts it."""

    async def test_killed_while_it_records_leaves_all_but_two_seconds(self, tmp_path):
        async with process(tmp_path) as (floor, worker):
            phone = await speaking(floor)
            path = tmp_path / "recordings" / PATH
            await until(lambda: path.exists() and path.stat().st_size > 10_000)
            worker.send_signal(signal.SIGKILL)
            await worker.wait()
            phone.hush()
            phone.transport.close()
            reader = opened(path)
            assert reader.partial
            assert reader.duration_ms() >= 1_900
            sound = ccr.render(reader)[2_000:14_000, 0].astype(float)
            assert level(sound, 443) > -15

    async def test_ended_politely_closes_what_it_records(self, tmp_path):
        async with process(tmp_path) as (floor, worker):
            phone = await speaking(floor)
            worker.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(worker.wait(), PATIENCE_SECONDS) == 0
            phone.hush()
            phone.transport.close()
            await floor.event("recorded", recording="rec-1", partial=0)
            assert not opened(tmp_path / "recordings" / PATH).partial

    async def test_another_start_is_another_epoch(self, tmp_path):
        epochs = set()
        for _ in range(2):
            async with process(tmp_path) as (floor, _):
                epochs.add((await floor.ok("ping"))["epoch"])
        assert len(epochs) == 2


async def speaking(floor: Floor) -> Phone:
    phone = Phone(floor, "item-1", "customer")
    await endpoint(phone)
    await phone.offer()
    assert (await record(floor, agent=0))["result"] == "ok"
    phone.speak(443)
    await floor.event("up")
    return phone


class process:  # Used like a function.
    """A worker process and its floor."""

    def __init__(self, folder) -> None:
        self.folder = folder
        self.floor = Floor()

    async def __aenter__(self):
        await endpoint(self.floor)
        self.floor.worker = (HOST, free_port())
        self.worker = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "callfloor.media.main",
            "--control", f"{HOST}:{self.floor.worker[1]}",
            "--floor", f"{HOST}:{self.floor.address[1]}",
            "--prompts", str(self.folder), "--recordings", str(self.folder / "recordings"),
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        await self._answering()
        return self.floor, self.worker

    async def _answering(self) -> None:
        """Ask until there is an answer; the process needs half a second to stand."""
        asked: list[asyncio.Task] = []

        def find() -> bool:
            asked.append(asyncio.ensure_future(self.floor.ask("ping")))
            return any(task.done() for task in asked)

        await until(find)
        for task in asked:
            task.cancel()
        await asyncio.gather(*asked, return_exceptions=True)

    async def __aexit__(self, *_):
        if self.worker.returncode is None:
            self.worker.kill()
            await self.worker.wait()
        self.floor.transport.close()
        await asyncio.sleep(0)
