"""Each command is done once and answered each time; each event is told until it is heard."""

import asyncio

import pytest

from callfloor.media import control
from callfloor.media.control import Control, Refused
from callfloor.media.tests.peers import Floor, endpoint, until
from callfloor.wire import ng
from callfloor.wire.errors import PeerError

pytestmark = pytest.mark.wire


class Stage:
    """A control socket whose commands are counted."""

    def __init__(self) -> None:
        self.done = 0
        self.gate = asyncio.Event()
        self.floor = Floor()

    def count(self, body):
        self.done += 1
        return {"number": self.done}

    async def slow(self, body):
        self.done += 1
        await self.gate.wait()
        return {"number": self.done}

    async def slow_fault(self, body):
        raise RuntimeError("ours")

    def refuse(self, body):
        raise Refused("not today")

    def misread(self, body):
        ng.text(body, "sdp")

    def fault(self, body):
        raise ZeroDivisionError


@pytest.fixture
async def stage():
    stage = Stage()
    await endpoint(stage.floor)
    commands = {
        "count": stage.count,
        "slow": stage.slow,
        "slow fault": stage.slow_fault,
        "refuse": stage.refuse,
        "misread": stage.misread,
        "fault": stage.fault,
    }
    stage.control = Control(commands=commands, floor=stage.floor.address)
    await endpoint(stage.control)
    stage.floor.worker = stage.control._transport.get_extra_info("sockname")
    yield stage
    stage.control.close()
    stage.floor.transport.close()
    await asyncio.sleep(0)


async def test_a_repeated_command_is_answered_and_not_done_again(stage):
    assert await stage.floor.ask_as("same", "count") == {"result": "ok", "number": 1}
    assert await stage.floor.ask_as("same", "count") == {"result": "ok", "number": 1}
    assert await stage.floor.ask_as("other", "count") == {"result": "ok", "number": 2}


async def test_a_command_that_is_repeated_while_it_is_done_is_done_once(stage):
    first = asyncio.ensure_future(stage.floor.ask_as("same", "slow"))
    await until(lambda: stage.done == 1)
    again = ng.encode("same", {"command": "slow"})
    stage.floor.transport.sendto(again, stage.floor.worker)
    await stage.floor.ask("count")
    stage.gate.set()
    assert (await first)["number"] == 2
    assert stage.done == 2


async def test_old_answers_are_forgotten(stage, monkeypatch):
    monkeypatch.setattr(control, "ANSWERS_MAX", 2)
    for cookie in ("a", "b", "c"):
        await stage.floor.ask_as(cookie, "count")
    assert (await stage.floor.ask_as("c", "count"))["number"] == 3
    assert (await stage.floor.ask_as("a", "count"))["number"] == 4


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("refuse", "not today"),
        ("misread", "ng message without the text 'sdp'"),
        ("fault", "internal fault"),
        ("slow fault", "internal fault"),
        ("connect", "Unrecognized command"),
    ],
)
async def test_what_cannot_be_done_is_answered_with_the_reason(stage, command, reason):
    answer = await stage.floor.ask(command)
    assert answer == {"result": "error", "error-reason": reason}


async def test_noise_is_not_answered_and_breaks_nothing(stage):
    for noise in (b"", b"x", b"\xff" * 100, b"k d1:a", b"k le", b"k d6:result2:oke"):
        stage.floor.transport.sendto(noise, stage.floor.worker)
    assert (await stage.floor.ask("count"))["number"] == 1
    assert len(stage.floor.raw) == 1
    with pytest.raises(PeerError):
        ng.decode(b"k d1:a")


async def test_an_event_is_told_once_if_it_is_answered(stage):
    stage.control.tell(event="dtmf", from_tag="a", code="1")
    event = await stage.floor.event("dtmf")
    assert event == {"command": "event", "event": "dtmf", "from-tag": "a", "code": "1"}
    await until(lambda: not stage.control._events)
    assert stage.floor.count("dtmf") == 0


async def test_an_event_is_repeated_and_then_dropped(stage, monkeypatch):
    monkeypatch.setattr(control, "REPEAT_SECONDS", (0.01, 0.02, 0.04))
    stage.floor.deaf = True
    stage.control.tell(event="up", from_tag="a")
    await until(lambda: not stage.control._events)
    assert len(stage.floor.raw) == 4
    assert len(set(stage.floor.raw)) == 1
