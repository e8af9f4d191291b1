"""
The ng socket: each command done once and answered as often as it is asked, each event repeated.

The shape of the messages is `wire/ng.py`, what they mean is `docs/reference/ng.md`.

Refuses: to know a command. A table of functions comes in.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import cast

from callfloor.wire import ng
from callfloor.wire.errors import PeerError, WireError

log = logging.getLogger(__name__)

ANSWERS_MAX = 8_000  # A floor repeats for up to 5 s; at 300 calls/s that is 1,500 calls' commands.
RECEIVE_BYTES = 4 * 1024 * 1024  # A burst of 4,000 commands while the loop carries sound.
REPEAT_SECONDS = (0.1, 0.2, 0.4)  # Loopback answers in 0.1 ms: what needs longer is a dead floor.

Address = tuple[str, int]
Body = Mapping[str, ng.Value]
Answer = Mapping[str, ng.Sendable]
Command = Callable[[Body], Answer | Awaitable[Answer]]


class Refused(Exception):
    """A command that cannot be done; the text is the `error-reason`."""


@dataclass(slots=True)
class _Event:
    datagram: bytes
    tries: int = 0
    timer: asyncio.TimerHandle | None = None


class Control(asyncio.DatagramProtocol):
    """The server's side of ng, and the sender of events."""

    def __init__(self, *, commands: Mapping[str, Command], floor: Address) -> None:
        self._commands = commands
        self._floor = floor
        self._answers: OrderedDict[str, bytes | None] = OrderedDict()  # None: still being done.
        self._events: dict[str, _Event] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the socket's transport; asyncio calls this once."""
        self._transport = cast(asyncio.DatagramTransport, transport)
        sock: socket.socket = self._transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)

    def close(self) -> None:
        """Close the socket and forget what was to be repeated."""
        for event in self._events.values():
            if event.timer:
                event.timer.cancel()
        if self._transport:
            self._transport.close()

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """Take one message: a command of the floor, or its answer to an event."""
        try:
            cookie, body = ng.decode(data)
        except PeerError as error:
            log.warning("ng.malformed", extra={"reason": str(error)})
            return
        if "command" in body:
            self._take(cookie, body, addr)
        elif (event := self._events.pop(cookie, None)) and event.timer:
            event.timer.cancel()

    def tell(self, **fields: ng.Sendable) -> None:
        """Send an event to the floor until it is answered; names are written with hyphens."""
        body = {name.replace("_", "-"): value for name, value in fields.items()}
        cookie = secrets.token_hex(8)
        event = _Event(ng.encode(cookie, {"command": "event", **body}))
        self._events[cookie] = event
        self._repeat(cookie, event)

    def _repeat(self, cookie: str, event: _Event) -> None:
        if event.tries > len(REPEAT_SECONDS):
            del self._events[cookie]
            log.warning("ng.event_dropped")
            return
        self._send(event.datagram, self._floor)
        delay = (*REPEAT_SECONDS, REPEAT_SECONDS[-1])[event.tries]
        event.tries += 1
        loop = asyncio.get_running_loop()
        event.timer = loop.call_later(delay, self._repeat, cookie, event)

    def _take(self, cookie: str, body: Body, addr: Address) -> None:
        if cookie in self._answers:
            known = self._answers[cookie]
            if known is not None:
                self._send(known, addr)
            return
        self._answers[cookie] = None
        while len(self._answers) > ANSWERS_MAX:
            self._answers.popitem(last=False)
        self._do(cookie, body, addr)

    def _do(self, cookie: str, body: Body, addr: Address) -> None:
        name = body["command"]
        command = self._commands.get(name) if isinstance(name, str) else None
        try:
            if command is None:
                raise Refused("Unrecognized command")  # rtpengine's own words.
            result = command(body)
        except Exception as error:
            self._fail(cookie, addr, error)
            return
        if isinstance(result, Mapping):
            self._answer(cookie, addr, result)
        else:
            task = asyncio.ensure_future(self._finish(cookie, addr, result))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _finish(self, cookie: str, addr: Address, result: Awaitable[Answer]) -> None:
        try:
            self._answer(cookie, addr, await result)
        except Exception as error:
            self._fail(cookie, addr, error)

    def _fail(self, cookie: str, addr: Address, error: Exception) -> None:
        """Answer an error; a fault of our own must not leave the floor without an answer."""
        reason = str(error)
        if not isinstance(error, Refused | WireError):
            log.error("ng.fault", exc_info=error)
            reason = "internal fault"
        self._answer(cookie, addr, {"result": "error", "error-reason": reason})

    def _answer(self, cookie: str, addr: Address, fields: Answer) -> None:
        datagram = ng.encode(cookie, {"result": "ok", **fields})
        if cookie in self._answers:
            self._answers[cookie] = datagram
        self._send(datagram, addr)

    def _send(self, datagram: bytes, addr: Address) -> None:
        if self._transport and not self._transport.is_closing():
            self._transport.sendto(datagram, addr)
