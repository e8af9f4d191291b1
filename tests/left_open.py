"""
What a test has opened on its loop and not closed: ended behind it, whether it passed or failed.

A connection that outlives its loop is reported to whichever test runs when it is collected, so one
failure would be two, and the second nobody's fault.
"""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

_open: dict[int, Callable[[], Awaitable[None]]] = {}


def note(what: object, close: Callable[[], Awaitable[None]]) -> None:
    """Remember how something is ended that has just been opened."""
    _open[id(what)] = close


def forget(what: object) -> None:
    """Something has been ended; it may be said twice."""
    _open.pop(id(what), None)


async def end_all() -> None:
    """End all that is open."""
    while _open:
        _, close = _open.popitem()
        await close()


@pytest.fixture(autouse=True)
async def nothing_left_open() -> AsyncIterator[None]:
    """End what the test has left open."""
    _open.clear()  # What was opened where this fixture is not went with its loop.
    yield
    await end_all()
