"""
Watching the floor itself: is the loop late, was the clock set, how is everything.

A loop that is late by more than 250 ms is an alarm (R12): somebody waits in silence meanwhile.
One that is stuck for good is ended by the supervisor, who hears no beat for 5 s then (F15).

Refuses: to repair anything.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

TICK_SECONDS = 0.1  # Fine enough to see every 250 ms, coarse enough to cost nothing.
LAG_SECONDS_MAX = 0.25  # TRUST.md, R12 and F15.
HEALTH_TICKS = 10  # Every second (link.md).
CHECK_TICKS = 50  # Every 5 s: the time after which nobody may be stuck (I3).


class Watch:
    """A task that looks at the loop ten times a second."""

    def __init__(
        self,
        *,
        alarm: Callable[[str, str], None],
        clock_jump: Callable[[], float | None],
        on_jump: Callable[[float], None],
        tell_health: Callable[[dict[str, Any]], None],
        check: Callable[[], list[str]],
        beat: Callable[[], None],
    ) -> None:
        self._alarm = alarm
        self._clock_jump = clock_jump
        self._on_jump = on_jump
        self._tell_health = tell_health
        self._check = check
        self._beat = beat
        self._lag_ms = 0.0

    async def run(self) -> None:
        """Watch until cancelled."""
        self._beat()  # At once: who stops in his first second is missed only if he has lived.
        ticks = 0
        while True:
            before = time.monotonic()
            await asyncio.sleep(TICK_SECONDS)
            self._measure(time.monotonic() - before - TICK_SECONDS)
            ticks += 1
            if ticks % HEALTH_TICKS == 0:
                self._beat()
                self._look()
            if ticks % CHECK_TICKS == 0:
                for broken in self._check():
                    self._alarm("invariant", broken)

    def _measure(self, lag: float) -> None:
        self._lag_ms = max(self._lag_ms, lag * 1000)
        if lag > LAG_SECONDS_MAX:
            self._alarm("loop_late", f"{lag * 1000:.0f} ms")

    def _look(self) -> None:
        jump = self._clock_jump()
        if jump is not None:
            self._on_jump(jump)
        self._tell_health({"lag_ms": round(self._lag_ms, 1)})
        self._lag_ms = 0.0
