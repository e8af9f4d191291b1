"""The worker as a process: it answers the floor, lives without it, and ends when told to."""

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

import pytest

from callfloor.wire import link as framing
from tests.records import stage
from tests.records.test_files import ROOT, run

pytestmark = pytest.mark.wire

SOON = 20.0


class TinyFloor:
    """A floor that only welcomes and asks."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.heard: asyncio.Queue[dict] = asyncio.Queue()
        self.writer: asyncio.StreamWriter | None = None

    async def start(self):
        self.path.unlink(missing_ok=True)
        self.server = await asyncio.start_unix_server(self._serve, str(self.path))

    async def stop(self):
        self.server.close()
        self.writer.close()

    async def ask(self, item, caller):
        message = {"type": "ask", "id": "q", "item": item, "caller": caller, "client": "acme"}
        self.writer.write(framing.encode(message))
        return await self.hear("known")

    async def hear(self, kind):
        while True:
            message = await asyncio.wait_for(self.heard.get(), SOON)
            if message["type"] == kind:
                return message

    async def _serve(self, reader, writer):
        self.writer = writer
        decoder = framing.Decoder()
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                for message in decoder.feed(data):
                    if message["type"] == "hello":
                        known = {"epoch": 1, "seq": 1, "plan": {"version": "its own"}}
                        writer.write(framing.encode({"type": "welcome", **known}))
                    self.heard.put_nowait(message)
        writer.close()


@pytest.fixture
async def worker(tmp_path):
    """Give a floor and a worker that has found it."""
    told = run("fill", tmp_path)
    floor = TinyFloor(tmp_path / "floor.sock")
    await floor.start()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "callfloor.worker.main",
        cwd=ROOT,
        env={**os.environ, "CALLFLOOR_DATA": str(tmp_path)},
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert (await floor.hear("hello"))["role"] == "worker"
        yield floor, process, told
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        await floor.stop()


async def test_it_answers_lives_through_a_restart_and_ends(worker, tmp_path):
    floor, process, told = worker
    token = token_of(tmp_path)
    answer = await floor.ask("new-item", token)
    assert answer == {"type": "known", "id": "q", "customer": told["customer"],
                      "priority_seconds": 0.0}  # fmt: skip
    assert await floor.ask("new-item", "0" * 32) == {"type": "known", "id": "q"}
    await floor.stop()
    await floor.start()
    assert (await floor.hear("hello"))["role"] == "worker"
    assert (await floor.ask("new-item", token))["customer"] == told["customer"]
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), SOON) == 0


def token_of(data: Path) -> str:
    """Give the token of the stage's caller, as the floor makes it."""
    from callfloor.floor.seals import Seals

    keys = data / "keys"
    seals = Seals(
        public_key=(keys / "centre.pub").read_bytes(), token_key=(keys / "token.key").read_bytes()
    )
    return seals.token(stage.NUMBER)
