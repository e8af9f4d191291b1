"""
Paces: so many at once, so many a second.

Refuses: to read a clock; to wait.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Pace:
    """So many at once, so many a second."""

    burst: float
    per_second: float


@dataclass(slots=True)
class Bucket:
    """Tokens as they were at an instant."""

    pace: Pace
    tokens: float = field(init=False)
    at: float

    def __post_init__(self) -> None:
        self.tokens = self.pace.burst

    def has(self, now: float) -> bool:
        """Fill up; say whether there is one left."""
        filled = self.tokens + (now - self.at) * self.pace.per_second
        self.tokens = min(self.pace.burst, filled)
        self.at = now
        return self.tokens >= 1.0

    def take(self, now: float) -> bool:
        """Take one if there is one."""
        if not self.has(now):
            return False
        self.tokens -= 1.0
        return True
