"""
The floor's clock: seconds that never jump, counted from UTC as it was at the start.

`now()` is monotonic time plus the offset to UTC measured once, so that a wall clock set by hand
moves no lease and no timer. How far the wall clock has moved since is told by `jump()`; what
follows from it (calendars) is the core's matter.

Refuses: to correct itself. The offset is measured anew only by the next start, a new epoch.
"""

import time
from collections.abc import Callable

JUMP_SECONDS = 1.0  # NTP slews below this; a person, a leap or a resumed machine sets above it.


class Clock:
    """Instants in UTC seconds that only go forward."""

    def __init__(
        self,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._monotonic = monotonic
        self._wall = wall
        self._offset = wall() - monotonic()
        self._wall_offset = self._offset

    def now(self) -> float:
        """Give the instant, UTC seconds."""
        return self._monotonic() + self._offset

    def monotonic_of(self, instant: float) -> float:
        """Give the monotonic reading at which `now()` will be this instant."""
        return instant - self._offset

    def jump(self) -> float | None:
        """Give by how many seconds the wall clock was set since the last look, None if not."""
        moved = self._wall() - self._monotonic() - self._wall_offset
        if abs(moved) <= JUMP_SECONDS:
            return None
        self._wall_offset += moved
        return moved
