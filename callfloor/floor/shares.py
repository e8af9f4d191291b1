"""
How many calls each trunk has brought, so that a flood over one leaves room for the others.

The exchange refuses what is over a trunk's limit, and counts it: that takes a line of the journal
for each. A few of those a second are worth it; of a flood the rest is refused here, before anything
is written (TRUST.md R43, F11).

Refuses: to decide about a call that is under its trunk's limit.
"""

from collections import Counter

from callfloor.core import plan
from callfloor.floor.buckets import Bucket, Pace
from callfloor.wire.sip.machines import Key

FRESH_MAX = 200  # Not yet answered, of one trunk: two thirds of what all together may have.
OVER = Pace(burst=20, per_second=5)  # Refused by the exchange: enough to be seen on every screen.


class Shares:
    """The calls of every trunk."""

    def __init__(self) -> None:
        self._most: dict[str, int] = {}
        self._trunks: dict[Key, str] = {}
        self._calls: Counter[str] = Counter()
        self._fresh: Counter[str] = Counter()
        self._unanswered: set[Key] = set()
        self._over: dict[str, Bucket] = {}

    def use(self, floor_plan: plan.FloorPlan) -> None:
        """Let the limits of a plan hold."""
        self._most = {trunk.key: trunk.calls_max for trunk in floor_plan.trunks}

    def is_over(self, trunk: str, now: float) -> bool:
        """Say whether one more call is refused without the exchange being asked."""
        if self._fresh[trunk] >= FRESH_MAX:
            return True
        if self._calls[trunk] < self._most.get(trunk, 0):
            return False
        bucket = self._over.get(trunk)
        if bucket is None:
            bucket = self._over[trunk] = Bucket(pace=OVER, at=now)
        return not bucket.take(now)

    def enter(self, trunk: str, key: Key) -> None:
        """Count a call."""
        self._trunks[key] = trunk
        self._unanswered.add(key)
        self._calls[trunk] += 1
        self._fresh[trunk] += 1

    def answered(self, key: Key) -> None:
        """Count a call no more as one that has no answer yet."""
        if key in self._unanswered:
            self._unanswered.remove(key)
            self._fresh[self._trunks[key]] -= 1

    def leave(self, key: Key) -> None:
        """Count a call no more; twice is once."""
        self.answered(key)
        trunk = self._trunks.pop(key, None)
        if trunk is not None:
            self._calls[trunk] -= 1
