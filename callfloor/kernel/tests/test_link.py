"""The link's client against a floor of a few lines on a real socket."""

import asyncio
import contextlib
from pathlib import Path

import pytest

from callfloor.core import events
from callfloor.kernel import link
from callfloor.wire import link as framing

pytestmark = pytest.mark.wire

SOON = 60.0


class TinyFloor:
    """Welcomes everybody, keeps what it is told, answers what `answers` knows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.heard: asyncio.Queue[dict] = asyncio.Queue()
        self.answers = {"command": {"type": "done", "seq": 7}}
        self.writers: list[asyncio.StreamWriter] = []
        self.done: list[asyncio.Event] = []
        self.server: asyncio.Server | None = None

    async def start(self):
        self.path.unlink(missing_ok=True)
        self.server = await asyncio.start_unix_server(self._serve, str(self.path))

    async def stop(self):
        self.server.close()
        for writer in self.writers:
            writer.close()
        for done in self.done:
            await asyncio.wait_for(done.wait(), SOON)
        self.writers.clear()

    def say(self, message):
        self.writers[-1].write(framing.encode(message))

    async def _serve(self, reader, writer):
        self.writers.append(writer)
        done = asyncio.Event()
        self.done.append(done)
        decoder = framing.Decoder()
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                for message in decoder.feed(data):
                    self._answer(message, writer)
        writer.close()
        done.set()

    def _answer(self, message, writer):
        if message["type"] == "hello":
            writer.write(framing.encode({"type": "welcome", "epoch": 1, "seq": 3}))
        elif reply := self.answers.get(message["type"]):
            writer.write(framing.encode({**reply, "id": message["id"]}))
        self.heard.put_nowait(message)

    async def hear(self):
        return await asyncio.wait_for(self.heard.get(), SOON)


@pytest.fixture
async def floor(tmp_path):
    tiny = TinyFloor(tmp_path / "floor.sock")
    await tiny.start()
    yield tiny
    await tiny.stop()


@contextlib.asynccontextmanager
async def connected(floor, **handlers):
    client = link.LinkClient(path=floor.path, role="web", handlers=link.Handlers(**handlers))
    task = asyncio.create_task(client.run())
    try:
        await client.wait_connected(SOON)
        assert (await floor.hear()) == {"type": "hello", "role": "web"}
        yield client
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


class TestRequests:
    async def test_a_command_gets_its_number_in_the_journal(self, floor):
        async with connected(floor) as client:
            event = events.ReadyAsked(agent="anna")
            assert await link.command(client, by="anna", event=event) == 7
            heard = await floor.hear()
        assert heard["by"] == "anna"
        assert heard["event"] == {"is": "ReadyAsked", "agent": "anna"}

    async def test_a_refusal_carries_the_floors_code(self, floor):
        floor.answers["command"] = {"type": "refused", "code": "late"}
        async with connected(floor) as client:
            with pytest.raises(link.FloorRefused) as refused:
                await link.command(client, by="anna", event=events.ReadyAsked(agent="anna"))
        assert refused.value.code == "floor.late"
        assert str(refused.value.message) == "Too late: the call has moved on."

    async def test_no_answer_in_time_is_a_floor_that_is_away(self, floor):
        async with connected(floor) as client:
            with pytest.raises(link.FloorAway):
                await client.request({"type": "device"}, timeout_seconds=0.01)

    async def test_who_waits_when_the_connection_ends_is_told(self, floor):
        async with connected(floor) as client:
            waiting = asyncio.create_task(client.request({"type": "device"}))
            await floor.hear()
            await floor.stop()
            with pytest.raises(link.FloorAway):
                await waiting

    async def test_a_thread_gets_its_answer(self, floor):
        async with connected(floor) as client:
            port = link.LinkFloor(client=client, board=lambda: {"agents": {}})
            command = events.ReadyAsked(agent="anna")
            seq = await asyncio.to_thread(port.command, by="anna", event=command)
        assert seq == 7
        assert port.board() == {"agents": {}}

    async def test_keys_stand_beside_their_command(self, floor):
        async with connected(floor) as client:
            port = link.LinkFloor(client=client, board=dict)
            pressed = events.KeysAsked(agent="anna", item="i1", count=2)
            asked = asyncio.create_task(
                asyncio.to_thread(port.command, by="anna", event=pressed, keys="1#")
            )
            message = await floor.hear()
            assert (message["type"], message["keys"]) == ("command", "1#")
            await asked
            with pytest.raises(AssertionError, match="keys"):
                port.command(by="anna", event=pressed)

    async def test_a_thread_is_refused_without_a_floor(self, tmp_path):
        path = tmp_path / "nobody.sock"
        client = link.LinkClient(path=path, role="web", handlers=link.Handlers())
        with pytest.raises(link.FloorAway):
            await asyncio.to_thread(client.call_from_thread, {"type": "device"})


class TestHandlers:
    async def test_each_kind_reaches_its_handler_in_order(self, floor):
        got: asyncio.Queue[dict] = asyncio.Queue()
        async with connected(floor, facts=got.put_nowait, health=got.put_nowait):
            floor.say({"type": "facts", "rows": [1]})
            floor.say({"type": "health", "lag_ms": 2})
            floor.say({"type": "facts", "rows": [3]})
            heard = [await asyncio.wait_for(got.get(), SOON) for _ in range(3)]
        assert [message["type"] for message in heard] == ["facts", "health", "facts"]

    async def test_a_question_is_answered_with_its_id(self, floor):
        async with connected(floor, ask=lambda message: {"customer": "c1"}):
            floor.say({"type": "ask", "id": "q1", "item": "i", "caller": "t"})
            assert await floor.hear() == {"type": "known", "id": "q1", "customer": "c1"}

    async def test_a_question_may_be_answered_later(self, floor):
        async def know(message):
            return {"customer": message["caller"]}

        async with connected(floor, ask=know):
            floor.say({"type": "ask", "id": "q1", "item": "i", "caller": "t"})
            assert (await floor.hear())["customer"] == "t"


class TestConnection:
    async def test_it_comes_back_after_the_floor_restarted(self, floor):
        lost = asyncio.Event()
        welcomes: asyncio.Queue[dict] = asyncio.Queue()
        async with connected(floor, lost=lost.set, welcome=welcomes.put_nowait):
            await floor.stop()
            await asyncio.wait_for(lost.wait(), SOON)
            await floor.start()
            assert (await floor.hear())["type"] == "hello"
            assert [(await asyncio.wait_for(welcomes.get(), SOON))["seq"] for _ in "ab"] == [3, 3]

    async def test_nonsense_from_the_floor_ends_the_connection_only(self, floor):
        lost = asyncio.Event()
        async with connected(floor, lost=lost.set):
            floor.writers[-1].write(b"\x00\x00\x00\x02[]")
            await asyncio.wait_for(lost.wait(), SOON)
            assert (await floor.hear())["type"] == "hello"
