"""
Leases: what is to happen by itself, at which instant, unless its subject has moved on meanwhile.

Every subject carries `gen`, a count of its changes. A timer remembers the count that armed it, so
nothing is ever cancelled: a timer of an older generation is dropped when it comes up.
"""

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any, Protocol


class Subject(Protocol):
    """What a timer is about."""

    gen: int


class Timers:
    """A heap of leases, in order of their due instants and then of their arming."""

    __slots__ = ("_armed", "_heap")

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Callable[[Any], None], Any, int]] = []
        self._armed = 0

    def arm(self, at: float, fire: Callable[[Any], None], subject: Subject) -> None:
        """Call `fire(subject)` at the instant `at`, if the subject has not changed by then."""
        self._armed += 1
        heappush(self._heap, (at, self._armed, fire, subject, subject.gen))

    def next_at(self) -> float | None:
        """Give the instant of the next live timer, or None."""
        heap = self._heap
        while heap and heap[0][3].gen != heap[0][4]:
            heappop(heap)
        return heap[0][0] if heap else None

    def pop_due(self, now: float) -> tuple[float, Callable[[Any], None], Any] | None:
        """Take out the next live timer that is due at `now`, or None."""
        heap = self._heap
        while heap and heap[0][0] <= now:
            at, _, fire, subject, gen = heappop(heap)
            if subject.gen == gen:
                return at, fire, subject
        return None

    def subjects(self) -> set[int]:
        """Give the identities of everything that has a live timer, for the invariants."""
        return {id(row[3]) for row in self._heap if row[3].gen == row[4]}
