"""Bursts of connections meet their limits, however many come in the same instant (R43, F12)."""

import asyncio

import pytest
from asgiref.sync import sync_to_async
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from callfloor.web import call_socket, desk_socket, health, sse
from callfloor.web.tests.test_shell import WAIT_SECONDS, served, session_of

pytestmark = [
    pytest.mark.wire,
    pytest.mark.django_db(transaction=True, databases=["default", "keys"]),
]

BURST = 30
LIMIT = 5


async def opened(connections):
    """Open sockets all at once; give those that were taken."""
    found = await asyncio.gather(*connections, return_exceptions=True)
    taken = [each for each in found if not isinstance(each, BaseException)]
    refused = [each for each in found if isinstance(each, BaseException)]
    assert all(isinstance(each, InvalidStatus | ConnectionClosed) for each in refused), refused
    return taken


async def close(taken):
    """Leave."""
    await asyncio.gather(*(each.close() for each in taken))


async def test_a_burst_of_streams_gets_no_more_than_there_may_be(scene, data, monkeypatch):
    """R43: sse.STREAMS_MAX holds for who come together, and who leaves makes room."""
    monkeypatch.setattr(sse, "STREAMS_MAX", LIMIT)
    async with served(data) as web:
        cookie = f"sessionid={await sync_to_async(session_of)('adam')}"
        answers = await asyncio.gather(
            *(web.request("/live/floor", Cookie=cookie) for _ in range(BURST))
        )
        assert sorted(status for status, _ in answers) == [200] * LIMIT + [503] * (BURST - LIMIT)
        await web.leave()
        async with asyncio.timeout(WAIT_SECONDS):
            while (await web.request("/live/floor", Cookie=cookie))[0] != 200:  # noqa: ASYNC110
                await asyncio.sleep(0)


async def test_a_burst_of_desks_gets_no_more_than_there_may_be(scene, data, monkeypatch):
    """R43: desk_socket.SOCKETS_MAX."""
    monkeypatch.setattr(desk_socket, "SOCKETS_MAX", LIMIT)
    async with served(data) as web:
        session = await sync_to_async(session_of)("bela")
        taken = await opened(web.desk(session) for _ in range(BURST))
        assert len(taken) == LIMIT
        await close(taken)


async def test_a_burst_of_calls_from_one_address_gets_no_more_than_a_household(scene, data):
    """R43: call_socket.CALLS_PER_ADDRESS_MAX; nobody signs in for a call."""
    async with served(data) as web:
        url, origin = f"ws://127.0.0.1:{web.port}/live/call", f"http://127.0.0.1:{web.port}"
        taken = await opened(connect(url, origin=origin) for _ in range(BURST))
        assert len(taken) == call_socket.CALLS_PER_ADDRESS_MAX
        await close(taken)
        async with asyncio.timeout(WAIT_SECONDS):
            while not (again := await opened([connect(url, origin=origin)])):  # noqa: ASYNC110
                await asyncio.sleep(0)
        await close(again)


async def test_a_flood_of_health_asks_the_database_once_a_second(scene, data, monkeypatch):
    """ASVS 17.3.1: nobody signs in for it, and sessions need the same two threads."""
    asked = []
    age_of = health.worker_age_seconds

    def counted(now):
        asked.append(now)
        return age_of(now)

    monkeypatch.setattr(health, "worker_age_seconds", counted)
    async with served(data) as web:
        answers = await asyncio.gather(*(web.status("/healthz") for _ in range(BURST)))
        assert set(answers) <= {200, 503}
        span = asked[-1] - asked[0]
        assert 1 <= len(asked) <= 2 + span.total_seconds()
