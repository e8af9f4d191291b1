"""
How often strangers may come to a page: counted by address, in this process, for a while.

Refuses: to remember anybody. A count is gone with its window, or with the process.
"""

import threading
from datetime import datetime

ADDRESSES_MAX = 10_000  # A megabyte; when it is full the oldest window goes, whoever it was.


class Pace:
    """So many times in a window of seconds from each address, and so many in all."""

    def __init__(self, *, times: int, times_all: int, seconds: float) -> None:
        self._times, self._all, self._seconds = times, times_all, seconds
        self._lock = threading.Lock()
        self._counts: dict[str, tuple[float, int]] = {}
        self._total = (0.0, 0)

    def take(self, address: str, *, now: datetime) -> bool:
        """Say whether one more is let through, and count it."""
        at = now.timestamp()
        with self._lock:
            mine, total = self._of(self._counts.get(address), at), self._of(self._total, at)
            if mine[1] >= self._times or total[1] >= self._all:
                return False
            if address not in self._counts and len(self._counts) >= ADDRESSES_MAX:
                del self._counts[next(iter(self._counts))]
            self._counts[address] = (mine[0], mine[1] + 1)
            self._total = (total[0], total[1] + 1)
        return True

    def forget(self) -> None:
        """Let everybody begin anew."""
        with self._lock:
            self._counts.clear()
            self._total = (0.0, 0)

    def _of(self, known: tuple[float, int] | None, at: float) -> tuple[float, int]:
        if known is None or at - known[0] >= self._seconds:
            return at, 0
        return known
