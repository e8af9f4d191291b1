"""
The one place where journeys wait: for a condition, never for a time.

Refuses: to wait without end. A browser, a telephone and five processes go on meanwhile; none of
them could tell all the others that something has happened.
"""

import asyncio
import inspect
import time
from collections.abc import Callable
from typing import Any

WAIT_SECONDS = 60.0
POLL_SECONDS = 0.05


def wait_until(holds: Callable[[], Any], seconds: float = WAIT_SECONDS) -> Any:
    """Wait until something holds and return it."""
    deadline = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(POLL_SECONDS)
    return found


async def until(holds: Callable[[], Any], seconds: float = WAIT_SECONDS) -> Any:
    """Wait until something holds, while browser and telephones go on, and return it."""
    deadline = time.monotonic() + seconds
    while True:
        found = holds()
        if inspect.isawaitable(found):
            found = await found
        if found:
            return found
        assert time.monotonic() < deadline, "it did not come"
        await asyncio.sleep(POLL_SECONDS)
