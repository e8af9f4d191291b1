"""Asking over UDP: cookies, repeats, acknowledgments."""

import asyncio

import pytest

from callfloor.floor import ng_client
from callfloor.floor.tests.fake_worker import FakeWorker, client_of
from callfloor.floor.tests.turns import LONG_SECONDS, until

pytestmark = pytest.mark.wire


@pytest.fixture
async def worker():
    """Listen as a worker."""
    made = await FakeWorker.open()
    yield made
    made.close()


async def ask(client, **body):
    """Ask and wait for the answer."""
    done = asyncio.get_running_loop().create_future()
    client.ask(body, done.set_result)
    return await asyncio.wait_for(done, LONG_SECONDS)


async def test_an_answer_comes_back_to_who_asked(worker):
    worker.answers["ping"] = {"result": "pong", "legs": 3}
    async with client_of(worker) as side:
        assert await ask(side.client, command="ping") == {"result": "pong", "legs": 3}
        assert side.client.heard_at > 0


async def test_a_lost_request_is_repeated_with_its_cookie(worker, monkeypatch):
    monkeypatch.setattr(ng_client, "REPEAT_SECONDS", (0.01, 0.01, 10.0))
    worker.deaf = 2
    async with client_of(worker) as side:
        assert (await ask(side.client, command="x"))["result"] == "ok"
    assert len(worker.cookies) == 3
    assert len(set(worker.cookies)) == 1


@pytest.mark.parametrize(("patient", "times"), [(False, 2), (True, 7)])
async def test_no_answer_at_all_is_told(worker, monkeypatch, patient, times):
    monkeypatch.setattr(ng_client, "REPEAT_SECONDS", (0.01, 0.01))
    worker.deaf = 99
    async with client_of(worker) as side:
        done = asyncio.get_running_loop().create_future()
        side.client.ask({"command": "x"}, done.set_result, patient=patient)
        assert await asyncio.wait_for(done, LONG_SECONDS) is None
    assert len(worker.cookies) == times


async def test_an_error_is_noted_and_no_answer(worker):
    worker.answers["x"] = {"result": "error", "error-reason": "no such leg"}
    async with client_of(worker) as side:
        assert await ask(side.client, command="x") is None
        assert side.notes == [("ng_refused", "no such leg")]


async def test_an_event_is_acknowledged_each_time_and_heard_once(worker):
    async with client_of(worker) as side:
        await ask(side.client, command="x")  # Now the worker knows where to send.
        for _ in range(2):
            worker.tell("c1", {"command": "event", "event": "up", "from-tag": "l"})
        await worker.acknowledged(2)
        assert [event["event"] for event in side.events] == ["up"]


async def test_what_cannot_be_read_is_noted(worker):
    async with client_of(worker) as side:
        await ask(side.client, command="x")
        worker.send(b"nonsense")
        await ask(side.client, command="x")
        assert side.notes[0][0] == "ng_malformed"


async def test_a_stranger_is_not_heard(worker):
    async with client_of(worker) as side:
        await ask(side.client, command="x")
        stranger = await FakeWorker.open()
        stranger.target = worker.target
        stranger.send(b"c d7:command5:eventee")
        await until(lambda: bool(side.notes))
        stranger.close()
        assert side.notes[0][0] == "ng_stranger"
        assert side.events == []


async def test_giving_up_tells_everybody_at_once(worker):
    worker.deaf = 99
    async with client_of(worker) as side:
        told = []
        side.client.ask({"command": "x"}, told.append)
        side.client.fail_all()
        assert told == [None]


async def test_what_does_not_fit_a_datagram_fails_without_being_sent(worker):
    async with client_of(worker) as side:
        assert await ask(side.client, command="x", sdp="y" * 70_000) is None
    assert worker.cookies == []
