"""
Both ends of many chats for `bench/chat.py`: visitors and desks, as their scripts do it.

A WebSocket client small enough that 1,500 of them cost less than what they measure. Refuses: to
know what is measured; whoever asks gets told of each message that came, with its moment.
"""

import asyncio
import base64
import itertools
import json
import os
import struct
import time
from collections.abc import Callable
from typing import Any

Plain = dict[str, Any]
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10  # RFC 6455 5.2.


class Socket(asyncio.Protocol):
    """A WebSocket client: texts out, texts in."""

    def __init__(self, head: bytes, on_text: Callable[[Plain], None]) -> None:
        self._head = head
        self._on_text = on_text
        self._bytes = bytearray()
        self._is_open = False
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._transport: Any = None

    def connection_made(self, transport: Any) -> None:
        """Ask for the upgrade."""
        self._transport = transport
        transport.write(self._head)

    def data_received(self, data: bytes) -> None:
        """Take what has come."""
        self._bytes += data
        if not self._is_open:
            head, gap, rest = bytes(self._bytes).partition(b"\r\n\r\n")
            if not gap:
                return
            if b" 101 " not in head.split(b"\r\n")[0]:
                self.opened.set_exception(ConnectionRefusedError(head.split(b"\r\n")[0].decode()))
                return
            self._bytes, self._is_open = bytearray(rest), True
            self.opened.set_result(None)
        while (frame := _frame(self._bytes)) is not None:
            self._take(*frame)

    def _take(self, kind: int, body: bytes) -> None:
        if kind == TEXT:
            self._on_text(json.loads(body))
        elif kind == PING:
            self._transport.write(_masked(PONG, body))
        elif kind == CLOSE:
            self._transport.close()

    def send(self, message: Plain) -> None:
        """Say something."""
        self._transport.write(_masked(TEXT, json.dumps(message).encode()))

    def close(self) -> None:
        """Leave."""
        self._transport.close()


def _masked(kind: int, body: bytes) -> bytes:
    """Return a frame of a client; a mask of zeros is a mask, and costs nothing."""
    size = len(body)
    assert size < 65_536, "nobody here writes that much"
    length = bytes([0x80 | size]) if size < 126 else struct.pack(">BH", 0x80 | 126, size)
    return bytes([0x80 | kind]) + length + b"\0\0\0\0" + body


def _frame(data: bytearray) -> tuple[int, bytes] | None:
    """Take one whole frame of the server off the front, None if it is not there yet."""
    if len(data) < 2:
        return None
    size, start = data[1] & 0x7F, 2
    if size == 126:
        size, start = int.from_bytes(data[2:4], "big"), 4
    elif size == 127:
        size, start = int.from_bytes(data[2:10], "big"), 10
    if len(data) < start + size:
        return None
    kind, body = data[0] & 0x0F, bytes(data[start : start + size])
    del data[: start + size]
    return kind, body


async def connect(
    port: int, path: str, on_text: Callable[[Plain], None], *, cookie: str = "", source: str = ""
) -> Socket:
    """Open one socket; a source address of its own stands for a visitor from elsewhere."""
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [
        f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Origin: http://127.0.0.1:{port}",
        "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {key}", *([f"Cookie: sessionid={cookie}"] if cookie else []),
    ]  # fmt: skip
    head = ("\r\n".join(lines) + "\r\n\r\n").encode()
    _, socket = await asyncio.get_running_loop().create_connection(
        lambda: Socket(head, on_text),
        *("127.0.0.1", port),
        local_addr=(source, 0) if source else None,
    )
    await socket.opened
    return socket


class Peer:
    """One end: asks, and is answered under the number of its question."""

    socket: Socket

    def __init__(self) -> None:
        self._ids = itertools.count(1)
        self._asked: dict[int, asyncio.Future[Plain]] = {}

    async def ask(self, **fields: Any) -> Plain:
        """Ask for something; returns the answer."""
        number = next(self._ids)
        answer = self._asked[number] = asyncio.get_running_loop().create_future()
        self.socket.send({"id": number, **fields})
        return await answer

    def take(self, message: Plain) -> None:
        """Take what has come, and pass on what is no answer."""
        answer = self._asked.pop(message.get("id") or 0, None)
        if answer is None:
            self.heard(message)
        elif not answer.done():  # Whoever asked may have been stopped meanwhile.
            answer.set_result(message)

    def heard(self, message: Plain) -> None:
        """Take what nobody asked for."""
        raise NotImplementedError


Note = Callable[[str, float], None]
"""Told of each message that came: its words, and when."""


class Visitor(Peer):
    """A visitor's page with its chat."""

    def __init__(self, number: int, note: Note) -> None:
        super().__init__()
        self.number = number
        self._note = note

    async def begin(self, port: int, *, source: str) -> None:
        """Open the line and ask the first question."""
        self.socket = await connect(port, "/live/chat", self.take, source=source)
        name = f"v{self.number}"
        told = await self.ask(do="start", key="halden", visitor=name, consent=True, name=name,
                              external="first", text="Good day")  # fmt: skip
        assert told["done"], told

    async def write(self, words: str) -> None:
        """Write something; returns when it is kept."""
        told = await self.ask(do="write", external=words, text=words)
        assert told["done"], told

    def heard(self, message: Plain) -> None:
        """Note what the agent has written."""
        for row in message.get("messages", ()):
            if row["direction"] == "out":  # His own words come back to him as well.
                self._note(row["text"], time.monotonic())


class Desk(Peer):
    """An agent's desk: takes each chat that is offered, opens it, and reads."""

    def __init__(self, key: str, note: Note) -> None:
        super().__init__()
        self.key = key
        self._note = note
        self._taken: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.open: list[str] = []
        """The chats that it reads."""

    async def sit_down(self, port: int, *, cookie: str) -> None:
        """Open the desk's line and be ready."""
        self.socket = await connect(port, "/live/desk", self.take, cookie=cookie)
        told = await self.ask(do="ready")
        assert told["done"], told

    def heard(self, message: Plain) -> None:
        """Take the view, or a message in one of the chats."""
        if "view" in message and message["view"] is not None:
            for text in message["view"]["texts"]:
                self._look_at(text)
        for row in message.get("text", {}).get("messages", ()):
            if row["direction"] == "in":
                self._note(row["text"], time.monotonic())

    def _look_at(self, text: Plain) -> None:
        if text["state"] == "offered":
            self._once(f"offer {text['offer']}", self._answer(text["offer"]))
        else:
            self._once(f"open {text['id']}", self._open(text["id"]))

    def _once(self, what: str, work: Any) -> None:
        if what in self._taken:
            work.close()
            return
        self._taken.add(what)
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, offer: str) -> None:
        told = await self.ask(do="answer", offer=offer)
        if not told["done"]:  # It was too late; it comes again.
            self._taken.discard(f"offer {offer}")

    async def _open(self, item: str) -> None:
        told = await self.ask(do="text_open", item=item, after=0)
        if told["done"]:
            self.open.append(item)
        else:
            self._taken.discard(f"open {item}")

    async def write(self, item: str, words: str) -> None:
        """Answer in a chat; returns when it is kept."""
        told = await self.ask(do="text_write", item=item, key=words, text=words, direction="out")
        assert told["done"], told
