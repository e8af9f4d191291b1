"""Letting the loop turn until something holds, without a clock."""

import asyncio
from collections.abc import Callable

LONG_SECONDS = 60.0  # A machine with six other suites on it; alone it takes no time.


async def until(holds: Callable[[], bool]) -> None:
    """
    Let everybody else run until something holds.

    Raises TimeoutError if it never does.
    """
    async with asyncio.timeout(LONG_SECONDS):
        while not holds():  # noqa: ASYNC110 - what is waited for knows no event.
            await asyncio.sleep(0)
