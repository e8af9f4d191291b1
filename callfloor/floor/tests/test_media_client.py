"""One media worker as the floor sees it: order, heartbeat, what was lost."""

import asyncio
import itertools

import pytest

from callfloor.floor import media_client, ng_client
from callfloor.floor.media_client import MediaClient
from callfloor.floor.tests.fake_worker import FakeWorker
from callfloor.floor.tests.turns import LONG_SECONDS, until

pytestmark = pytest.mark.wire


class Ears:
    """A listener that keeps everything."""

    def __init__(self):
        self.heard = []
        self.changed = asyncio.Event()

    def _keep(self, *what):
        self.heard.append(what)
        self.changed.set()

    def on_key(self, leg, key):
        """Keep."""
        self._keep("key", leg, key)

    def on_played(self, leg, play, *, failed):
        """Keep."""
        self._keep("played", leg, play, failed)

    def on_up(self, leg):
        """Keep."""
        self._keep("up", leg)

    def on_lost(self, leg):
        """Keep."""
        self._keep("lost", leg)

    def on_said(self, recording, seconds):
        """Keep."""
        self._keep("said", recording, seconds)

    def on_recorded(self, recording, *, seconds, partial):
        """Keep."""
        self._keep("recorded", recording, seconds, partial)

    def on_media_lost(self, legs):
        """Keep."""
        self._keep("media_lost", tuple(legs))

    async def until(self, count):
        """Wait until so much was heard."""
        async with asyncio.timeout(LONG_SECONDS):
            while len(self.heard) < count:
                self.changed.clear()
                await self.changed.wait()


class Side:
    """A worker and its client."""

    def __init__(self, worker, client, ears, notes):
        self.worker = worker
        self.client = client
        self.ears = ears
        self.notes = notes

    async def offer(self, leg):
        """Make a leg; give the answer."""
        done = asyncio.get_running_loop().create_future()
        self.client.offer(call="i", leg=leg, kind="rtp", sdp="theirs", then=done.set_result)
        return await asyncio.wait_for(done, LONG_SECONDS)


@pytest.fixture
async def side(monkeypatch):
    """Connect a client to a worker that is up."""
    monkeypatch.setattr(media_client, "PING_SECONDS", 0.01)
    monkeypatch.setattr(ng_client, "REPEAT_SECONDS", (0.02, 0.02))
    worker = await FakeWorker.open()
    worker.answers["ping"] = {"result": "pong", "epoch": "one", "legs": 2, "lag-ms": 1}
    worker.answers["offer"] = {"sdp": "ours"}
    notes, ears, count = [], Ears(), itertools.count()
    client = MediaClient(
        epoch=4, public_key=b"k" * 32, note=lambda name, detail: notes.append((name, detail))
    )
    client.listener = ears
    await client.start(
        local=("127.0.0.1", 0), worker=worker.address, token=lambda: f"t{next(count)}"
    )
    made = Side(worker, client, ears, notes)
    await until(lambda: client.is_up)
    yield made
    await client.close()
    worker.close()


async def test_a_ping_names_the_floors_epoch(side):
    assert side.worker.asked[0] == {"command": "ping", "floor": "4"}
    assert (side.client.leg_count, side.client.lag_ms) == (2, 1)


async def test_an_offer_is_answered(side):
    assert await side.offer("l") == "ours"
    asked = next(body for body in side.worker.asked if body["command"] == "offer")
    assert asked["from-tag"] == "l"
    assert asked["kind"] == "rtp"


async def test_what_concerns_one_call_is_asked_in_order(side):
    side.worker.deaf = 1
    side.client.offer(call="i", leg="l", kind="rtp", sdp="x", then=lambda _: None)
    side.client.play(call="i", leg="l", play="p", files=["en/hello.wav"], loop=False)
    side.client.stop_play(call="i", leg="l")
    side.client.mix(call="i", legs=["l", "a"], rows=[("l", "a", 0.5)])
    side.client.delete(call="i", leg="l")
    commands = await side.worker.heard(5)
    assert commands == ["offer", "play media", "stop media", "mix", "delete"]
    mix = next(body for body in side.worker.asked if body["command"] == "mix")
    assert mix["rows"] == [["l", "a", 500]]


async def test_a_leg_is_deleted_once(side):
    await side.offer("l")
    side.client.delete(call="i", leg="l")
    side.client.delete(call="i", leg="l")
    assert await side.offer("m") == "ours"
    assert side.worker.commands() == ["offer", "delete", "offer"]


def start_recording(side, refused=lambda: None):
    """Begin a message."""
    side.client.start_recording(
        call="i", recording="r", customer="l", agent=None, path="p", refused=refused
    )


async def test_a_recording_that_cannot_begin_is_told(side):
    side.worker.answers["start recording"] = {"result": "error", "error-reason": "disk full"}
    done = asyncio.get_running_loop().create_future()
    start_recording(side, refused=lambda: done.set_result("refused"))
    assert await asyncio.wait_for(done, LONG_SECONDS) == "refused"


async def test_a_leg_that_is_still_being_made_is_not_claimed_of_a_new_worker(side):
    """R37: a device that connects while the worker is changed must not be forgotten."""
    await side.offer("made before")
    side.worker.answers["offer"] = None
    side.client.offer(call="j", leg="on its way", kind="rtp", sdp="theirs", then=lambda _: None)
    side.worker.answers["claim"] = {"unknown": ["made before"]}
    side.worker.answers["ping"] = {"result": "pong", "epoch": "two", "legs": 0, "lag-ms": 1}
    await side.ears.until(2)
    claim = next(body for body in side.worker.asked if body["command"] == "claim")
    assert claim["legs"] == ["made before"]
    assert side.ears.heard == [("media_lost", ()), ("media_lost", ("made before",))]


async def test_a_recording_gives_its_length(side):
    side.worker.answers["stop recording"] = {"seconds": [4_200, 4_100]}
    start_recording(side)
    done = asyncio.get_running_loop().create_future()
    side.client.stop_recording(call="i", recording="r", then=done.set_result)
    assert await asyncio.wait_for(done, LONG_SECONDS) == 4.2
    started = next(b for b in side.worker.asked if b["command"] == "start recording")
    assert (started["agent"], started["public-key"]) == (0, "k" * 32)


async def test_events_reach_the_listener(side):
    await side.offer("l")
    for number, body in enumerate(
        [
            {"event": "dtmf", "from-tag": "l", "code": "5"},
            {"event": "played", "from-tag": "l", "play": "p", "failed": 0},
            {"event": "up", "from-tag": "l"},
            {"event": "lost", "from-tag": "l", "silent-ms": 1_500},
            {"event": "found", "from-tag": "l"},
            {"event": "up", "from-tag": "of nobody"},
            {"event": "recorded", "recording": "r", "seconds": 1_500, "bytes": 9, "partial": 1},
            {"event": "said", "recording": "r", "from-tag": "l", "seconds": 2_000},
        ]
    ):
        side.worker.tell(f"e{number}", {"command": "event", **body})
    await side.worker.acknowledged(8)
    await side.ears.until(7)
    assert side.ears.heard == [
        ("key", "l", "5"),
        ("played", "l", "p", False),
        ("up", "l"),
        ("lost", "l"),
        ("up", "l"),
        ("recorded", "r", 1.5, True),
        ("said", "r", 2.0),
    ]


async def test_a_dead_worker_has_lost_its_legs(side):
    await side.offer("l")
    side.worker.deaf = 10**9
    side.client.play(call="i", leg="l", play="p", files=["x"], loop=False)
    side.client.stop_play(call="i", leg="l")
    await side.ears.until(1)
    assert side.ears.heard == [("media_lost", ("l",))]
    assert side.client.is_up is False
    assert await side.offer("m") is None
    side.worker.deaf = 0
    await until(lambda: side.client.is_up)
    assert await side.offer("n") == "ours"


async def test_a_worker_that_was_restarted_is_asked_what_it_still_has(side):
    for leg in ("old", "new"):
        await side.offer(leg)
    side.worker.answers["claim"] = {"unknown": ["old"]}
    side.worker.answers["ping"] = {"result": "pong", "epoch": "two"}
    await side.ears.until(2)
    assert side.ears.heard == [("media_lost", ()), ("media_lost", ("old",))]
    assert ("media_lost", "1 legs") in side.notes
    claim = next(body for body in side.worker.asked if body["command"] == "claim")
    assert sorted(claim["legs"]) == ["new", "old"]
