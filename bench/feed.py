"""
From an event on the floor to 500 browsers: the shell with its real link, beside a bare SSE loop.

One process serves, one reads: both are on this machine's two cores, as are the 500 connections. The
bare loop sends the same bytes to as many connections with nothing in between. Refuses: to time
anything but the way from the floor's decision to the last byte at each browser.
"""

import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

BROWSERS = 500
EVENTS = 40
PAUSE_SECONDS = 0.25  # A busy floor of 500 seats changes a few times a second.
P99_MS, RATIO = 150.0, 4.0  # DESIGN section 9: one of the two.


def main() -> None:
    """Print the figures as JSON, or serve for whoever measures."""
    if sys.argv[1:]:
        asyncio.run(_serve(sys.argv[1], Path(sys.argv[2])))
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CALLFLOOR_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "callfloor.app.settings"
        cookie = _prepare(Path(folder))
        bare = asyncio.run(_measure("bare", folder, cookie))
        web = asyncio.run(_measure("web", folder, cookie))
    ratio = web["p99_ms"] / bare["p99_ms"]
    print(
        json.dumps(
            {
                "bench": "feed",
                "browsers": BROWSERS,
                "events": EVENTS,
                "web": web,
                "bare": bare,
                "ratio_p99": round(ratio, 2),
                "target_p99_ms": P99_MS,
                "target_ratio": RATIO,
                "met": web["p99_ms"] < P99_MS or ratio <= RATIO,
            }
        )
    )


def _prepare(data: Path) -> str:
    """Make the centre's records and sign a manager in."""
    import django

    django.setup()
    from django.contrib.sessions.backends.db import SessionStore

    from callfloor.app import database
    from tests.records import scenes

    database.prepare()
    scenes.apply()
    person = scenes.person("mara")
    session = SessionStore()
    session["_auth_user_id"] = person.pk
    session["_auth_user_backend"] = "callfloor.app.accounts.PeopleBackend"
    session["_auth_user_hash"] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)


# --- The side that serves -------------------------------------------------------------------------


async def _serve(kind: str, data: Path) -> None:
    """Serve until the other side closes our input; each line of it is an event to make."""
    import uvicorn

    application, happen = await (_web(data) if kind == "web" else _bare())
    config = uvicorn.Config(application, port=0, log_level="error", lifespan="on", backlog=2048)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it.
        await asyncio.sleep(0.01)
    print(server.servers[0].sockets[0].getsockname()[1], flush=True)
    loop = asyncio.get_running_loop()
    while await loop.run_in_executor(None, sys.stdin.readline):
        print(time.monotonic(), flush=True)  # One clock for both processes of one machine.
        happen()
    server.force_exit = server.should_exit = True
    await running


async def _web(data: Path) -> tuple[Any, Any]:
    import django

    django.setup()
    from callfloor.core import events
    from callfloor.web.shell import Shell
    from callfloor.web.tests.stage import Stage
    from tests.records import scenes

    stage = Stage(scenes.plan(), data=data, now=scenes.START)
    await stage.start()
    stage.seat("bela")
    turn = [False]

    def happen() -> None:
        turn[0] = not turn[0]
        away = events.AwayAsked(agent="bela", reason="lunch")
        stage.happen(away if turn[0] else events.ReadyAsked(agent="bela"))

    return Shell(data=data, pages=lambda environ, start: []), happen


async def _bare() -> tuple[Any, Any]:
    headers = [(b"content-type", b"text/event-stream")]
    wakes: set[asyncio.Event] = set()
    payload = b'id: 1-1\nevent: patch\ndata: {"agents":{"bela":"' + b"x" * 480 + b'"}}\n\n'

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            for done in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{done}.complete"})
            return
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        wake = asyncio.Event()
        wakes.add(wake)
        while True:
            await send({"type": "http.response.body", "body": payload, "more_body": True})
            await wake.wait()
            wake.clear()

    def happen() -> None:
        for wake in wakes:
            wake.set()

    return application, happen


# --- The side that reads --------------------------------------------------------------------------


class Browser(asyncio.Protocol):
    """Notes when the last bytes came; reads nothing into them."""

    def __init__(self, request: bytes) -> None:
        self._request = request
        self.came_at: list[float] = []

    def connection_made(self, transport: Any) -> None:
        """Ask for the stream."""
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Note the moment of a patch."""
        if b"event: patch" in data:
            self.came_at.append(time.monotonic())


async def _measure(kind: str, folder: str, cookie: str) -> dict[str, float]:
    """Connect the browsers, let events happen, and return how long they were on the way."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.feed", kind, folder),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert child.stdin is not None, "it was asked for"
    assert child.stdout is not None, "it was asked for"
    port = int(await child.stdout.readline())
    request = (
        f"GET /live/floor HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: sessionid={cookie}\r\n\r\n"
    ).encode()
    browsers = [Browser(request) for _ in range(BROWSERS)]
    loop = asyncio.get_running_loop()
    for browser in browsers:
        await loop.create_connection(lambda one=browser: one, "127.0.0.1", port)
    await asyncio.sleep(5)  # Snapshots first.
    for browser in browsers:
        browser.came_at.clear()
    began = []
    for _ in range(EVENTS):
        child.stdin.write(b"\n")
        began.append(float(await child.stdout.readline()))
        await asyncio.sleep(PAUSE_SECONDS)
    child.stdin.close()
    await child.wait()
    lost = sum(len(browser.came_at) != EVENTS for browser in browsers)
    assert not lost, f"{kind}: {lost} of {BROWSERS} browsers did not get every event"
    return _figures(began, browsers)


def _figures(began: list[float], browsers: list[Browser]) -> dict[str, float]:
    waits = sorted(
        (came - start) * 1000
        for browser in browsers
        for start, came in zip(began, browser.came_at, strict=True)
    )
    return {
        "p50_ms": round(statistics.median(waits), 1),
        "p99_ms": round(waits[int(len(waits) * 0.99)], 1),
        "max_ms": round(waits[-1], 1),
    }


if __name__ == "__main__":
    main()
