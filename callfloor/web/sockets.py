"""
What both kinds of WebSocket share: JSON in and out, limits, a bounded way to the browser.

Refuses: binary messages, and texts longer than a session description needs.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

MESSAGE_CHARS_MAX = 64 * 1024  # A browser's offer with all its candidates has some 6 KB.
WAITING_MAX = 32  # A desk sends one small view at each change; more means nobody reads.
GOING_AWAY, POLICY, TOO_BIG, AGAIN_LATER = 1001, 1008, 1009, 1013

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Plain = dict[str, Any]


class Closed(Exception):
    """The browser has gone, or was shown the door."""


class Socket:
    """One accepted WebSocket."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._waiting: asyncio.Queue[Plain] = asyncio.Queue(WAITING_MAX)

    async def accept(self) -> None:
        """Take the connection."""
        await self._receive()
        await self._send({"type": "websocket.accept"})

    async def refuse(self, code: int) -> None:
        """Do not take the connection; the browser sees a 403."""
        await self._receive()
        await self._send({"type": "websocket.close", "code": code})

    async def close(self, code: int) -> None:
        """End the connection."""
        await self._send({"type": "websocket.close", "code": code})

    def tell(self, message: Plain) -> None:
        """Send a message soon; raises Closed if the browser does not read."""
        try:
            self._waiting.put_nowait(message)
        except asyncio.QueueFull:
            raise Closed from None

    async def write(self) -> None:
        """Send what was told, for ever."""
        while True:
            message = await self._waiting.get()
            text = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
            await self._send({"type": "websocket.send", "text": text})

    async def read(self) -> Plain:
        """
        Return the next message.

        Raises Closed if there will be none, or if it is none that a page of ours would send.
        """
        message = await self._receive()
        if message["type"] == "websocket.disconnect":
            raise Closed
        text = message.get("text")
        if text is None or len(text) > MESSAGE_CHARS_MAX:
            await self.close(TOO_BIG)
            raise Closed
        try:
            plain = json.loads(text)
        except (ValueError, RecursionError):
            plain = None
        if not isinstance(plain, dict):
            await self.close(POLICY)
            raise Closed
        return plain
