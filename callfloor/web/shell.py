"""
The thin ASGI shell: what is live it serves itself, everything else goes to Django in a few threads.

Django's own ASGI handler cost four to nine times the CPU of WSGI behind a2wsgi. Refuses: to know
what a page is.
"""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from a2wsgi import WSGIMiddleware

from callfloor.kernel import ports
from callfloor.kernel.link import Handlers, LinkClient, LinkFloor
from callfloor.web import health, metrics, sessions, sse
from callfloor.web.call_socket import Calls
from callfloor.web.chat_hub import Hub
from callfloor.web.chat_socket import Chats
from callfloor.web.chat_writer import Writer
from callfloor.web.desk_socket import Desks
from callfloor.web.feed import Feed

PAGE_THREADS = 4  # Two cores: more threads only queue for the interpreter.
LIVE_THREADS = 2  # Sessions, cards and names; each takes a millisecond or two.

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Shell:
    """The web process as one ASGI application."""

    def __init__(self, *, data: Path, pages: Any) -> None:
        self._pages: Any = WSGIMiddleware(pages, workers=PAGE_THREADS)
        self._threads = ThreadPoolExecutor(LIVE_THREADS, thread_name_prefix="live")
        self.feed = Feed(executor=self._threads)
        handlers = Handlers(
            welcome=self.feed.welcome,
            facts=self.feed.facts,
            health=self.feed.healthy,
            lost=self.feed.lost,
        )
        self.link = LinkClient(path=data / "floor.sock", role="web", handlers=handlers)
        self._streams = sse.Streams(self.feed)
        self._hub, self._writer = Hub(in_thread=self.feed.in_thread), Writer()
        self._desks = Desks(feed=self.feed, link=self.link, hub=self._hub, writer=self._writer)
        self._chats = Chats(feed=self.feed, link=self.link, hub=self._hub, writer=self._writer)
        self._calls = Calls(feed=self.feed, link=self.link)
        ports.join(floor=LinkFloor(client=self.link, board=self.feed.snapshot))
        ports.join_health(self._floor_health)
        ports.join_nudge(self._nudge)
        ports.join_is_here(self._hub.is_customer_here)
        self._loop: asyncio.AbstractEventLoop | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["path"] == "/healthz":
            await self._health(send)
        elif scope["path"] == "/metrics":
            status, body = await metrics.answer(self.feed, scope, is_linked=self.link.connected)
            await sse.answer(send, status, body, metrics.CONTENT_TYPE)
        elif scope["path"].startswith("/live/"):
            await self._streams.serve(scope, receive, send)
        else:
            await self._pages(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        desks = self._desks.serve
        places = {
            "/live/desk": desks,
            "/live/lead": desks,
            "/live/call": self._calls.serve,
            "/live/chat": self._chats.serve,
        }
        serve = places.get(scope["path"])
        if serve is None or not sessions.is_allowed_host(scope):
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        await serve(scope, receive, send)

    def _nudge(self, people: Sequence[str]) -> None:
        """Tell open desks, from the thread of a page, that something waits for their people."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._desks.nudge, people)

    def _floor_health(self) -> dict[str, Any]:
        said = self.feed.health
        return {**said, "version": self.feed.version, "is_linked": self.link.connected}

    async def _health(self, send: Send) -> None:
        is_well, report = await health.check(self.feed, is_linked=self.link.connected)
        body = json.dumps(report).encode()
        await sse.answer(send, 200 if is_well else 503, body, b"application/json")

    async def _live(self, receive: Receive, send: Send) -> None:
        """Keep the link and the feed for as long as the process serves."""
        await receive()
        self._loop = asyncio.get_running_loop()
        work = [
            asyncio.ensure_future(each)
            for each in (self.link.run(), self.feed.run(), self._hub.run())
        ]
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for task in work:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._writer.close()
        self._threads.shutdown(wait=False)
        await send({"type": "lifespan.shutdown.complete"})
