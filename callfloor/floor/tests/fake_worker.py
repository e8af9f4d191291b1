"""A media worker's ng socket for tests: answers by a table, tells what it is told to tell."""

import asyncio
import contextlib
import itertools
from typing import Any, cast

from callfloor.floor.ng_client import NgClient
from callfloor.floor.tests.turns import LONG_SECONDS
from callfloor.wire import ng


class FakeWorker(asyncio.DatagramProtocol):
    """One socket that answers `ok`, or what `answers` says for a command."""

    def __init__(self) -> None:
        self.answers: dict[str, dict[str, Any] | None] = {}
        """None for a command that is never answered."""
        self.deaf = 0
        """How many requests are lost on their way."""
        self.cookies: list[str] = []
        self.asked: list[dict[str, Any]] = []
        self.target: tuple[str, int]
        self._acknowledged = 0
        self._changed = asyncio.Event()
        self._transport: asyncio.DatagramTransport

    @classmethod
    async def open(cls) -> "FakeWorker":
        """Listen on a free port."""
        loop = asyncio.get_running_loop()
        _, worker = await loop.create_datagram_endpoint(cls, local_addr=("127.0.0.1", 0))
        return worker

    @property
    def address(self) -> tuple[str, int]:
        """Give where it listens."""
        return cast(tuple[str, int], self._transport.get_extra_info("sockname"))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the socket."""
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Take a request or an acknowledgment."""
        self.target = addr
        cookie, body = ng.decode(data)
        if "command" not in body:
            self._acknowledged += 1
            self._changed.set()
            return
        self.cookies.append(cookie)
        if self.deaf > 0:
            self.deaf -= 1
            return
        self.asked.append(body)
        self._changed.set()
        answer = self.answers.get(str(body["command"]), {})
        if answer is None:
            return
        self._transport.sendto(ng.encode(cookie, {"result": "ok", **answer}), addr)

    def tell(self, cookie: str, body: dict[str, Any]) -> None:
        """Send an event."""
        self.send(ng.encode(cookie, body))

    def send(self, data: bytes) -> None:
        """Send anything."""
        self._transport.sendto(data, self.target)

    async def acknowledged(self, count: int) -> None:
        """Wait for acknowledgments."""
        await self._until(lambda: self._acknowledged >= count)

    async def heard(self, count: int) -> list[str]:
        """Wait for requests beside pings; give their commands."""
        await self._until(lambda: len(self.commands()) >= count)
        return self.commands()

    def commands(self) -> list[str]:
        """Give the commands of all requests beside pings, in order."""
        return [body["command"] for body in self.asked if body["command"] != "ping"]

    async def _until(self, holds: Any) -> None:
        async with asyncio.timeout(LONG_SECONDS):
            while not holds():
                self._changed.clear()
                await self._changed.wait()

    def close(self) -> None:
        """Close the socket."""
        self._transport.close()


class ClientSide:
    """An ng client with everything it was told."""

    def __init__(self) -> None:
        self.events: list[Any] = []
        self.notes: list[tuple[str, str]] = []
        self.client: NgClient


@contextlib.asynccontextmanager
async def client_of(worker: FakeWorker) -> Any:
    """Connect a client to a worker."""
    side = ClientSide()
    count = itertools.count()
    loop = asyncio.get_running_loop()
    _, side.client = await loop.create_datagram_endpoint(
        lambda: NgClient(
            worker=worker.address,
            token=lambda: f"cookie{next(count)}",
            on_event=side.events.append,
            note=lambda name, detail: side.notes.append((name, detail)),
        ),
        local_addr=("127.0.0.1", 0),
    )
    try:
        yield side
    finally:
        side.client.close()
