"""
Server-sent events: one connection, its snapshot or what it missed, then patches as they come.

Refuses: to be slow for others. A browser that does not read blocks only its own task.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

from callfloor.web import sessions
from callfloor.web.feed import PERMISSIONS, Feed, Stream

KEEP_ALIVE_SECONDS = 15.0  # Proxies close what is silent for 30 s or more.
STREAMS_MAX = 2_000  # 40 MiB of connections; a centre of this size has several web processes.

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


class Streams:
    """All server-sent streams of this process."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._count = 0

    async def serve(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Serve one stream until the browser leaves or its rights do."""
        kind = scope["path"].removeprefix("/live/")
        if kind not in PERMISSIONS or scope["method"] != "GET":
            await answer(send, 404)
            return
        visitor = await self._feed.in_thread(sessions.of_scope, scope)
        if visitor is None:
            await answer(send, 401)
            return
        if self._count >= STREAMS_MAX:
            await answer(send, 503)
            return
        self._count += 1  # Before anything is waited for: a burst must not pass the limit together.
        try:
            await self._open(visitor, kind, scope, receive, send)
        finally:
            self._count -= 1

    async def _open(
        self,
        visitor: sessions.Visitor,
        kind: str,
        scope: dict[str, Any],
        receive: Receive,
        send: Send,
    ) -> None:
        stream = await self._feed.open(visitor, kind)
        if stream is None:
            await answer(send, 503 if self._feed.board is None else 403)
            return
        try:
            await self._serve(stream, scope, receive, send)
        finally:
            self._feed.close(stream)

    async def _serve(
        self, stream: Stream, scope: dict[str, Any], receive: Receive, send: Send
    ) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        last_id = sessions.header(scope, b"last-event-id")
        missed = stream.group.missed(last_id) if last_id else None
        first = stream.group.snapshot(now=sessions.now()) if missed is None else missed
        await _body(send, b"retry: 1000\n\n" + first)
        writing = asyncio.ensure_future(self._write(stream, send))
        try:
            await _until_gone(receive, writing)
        finally:
            writing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await writing

    async def _write(self, stream: Stream, send: Send) -> None:
        reader = stream.reader
        while not reader.is_gone:
            try:
                await asyncio.wait_for(reader.wake.wait(), KEEP_ALIVE_SECONDS)
            except TimeoutError:
                await _body(send, b": here\n\n")
                continue
            messages, is_behind = reader.take()
            if is_behind:
                messages = stream.group.snapshot(now=sessions.now())
            if messages:
                await _body(send, messages)
        await _body(send, b"event: gone\ndata: {}\n\n", more=False)


async def _until_gone(receive: Receive, writing: "asyncio.Future[None]") -> None:
    """Return when the browser has left or there is nothing more to write."""
    leaving = asyncio.ensure_future(_left(receive))
    try:
        await asyncio.wait((leaving, writing), return_when=asyncio.FIRST_COMPLETED)
    finally:
        leaving.cancel()


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _body(send: Send, body: bytes, *, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": more})


async def answer(
    send: Send, status: int, body: bytes = b"", content_type: bytes = b"text/plain"
) -> None:
    """Send a short answer and end."""
    headers = [
        (b"content-type", content_type),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await _body(send, body, more=False)
