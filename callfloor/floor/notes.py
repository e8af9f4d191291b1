"""
What the floor says of itself: log lines by event name, and alarms that reach the screens.

A name that comes very often (a flood of strangers, a broken prompt) is counted and told once a
second, so that nobody can fill the disk from outside. An alarm of one name is raised at most once
a minute.

Refuses: personal values. Callers give names of events and details that name nobody.
"""

import logging
from collections import Counter
from collections.abc import Callable

LINES_PER_SECOND = 20  # Per name; more tell nothing new and cost a disk write each.
ALARM_SECONDS = 60.0  # A person reads an alarm once.

log = logging.getLogger("callfloor.floor")


class Notes:
    """The floor's log lines and alarms."""

    def __init__(self, *, now: Callable[[], float]) -> None:
        self._now = now
        self._second = 0
        self._counts: Counter[str] = Counter()
        self._alarmed: dict[str, float] = {}
        self.raise_alarm: Callable[[str, str], None] = _nobody
        """Brings an alarm to the screens; set once the floor stands."""

    def note(self, name: str, detail: str) -> None:
        """Write one line, unless the name has had its share of this second."""
        self._turn(int(self._now()))
        self._counts[name] += 1
        if self._counts[name] <= LINES_PER_SECOND:
            log.info(name, extra={"detail": detail})

    def alarm(self, name: str, detail: str) -> None:
        """Write one line and call a person."""
        self.note(name, detail)
        now = self._now()
        if now - self._alarmed.get(name, -ALARM_SECONDS) >= ALARM_SECONDS:
            self._alarmed[name] = now
            self.raise_alarm(name, detail)

    def _turn(self, second: int) -> None:
        if second == self._second:
            return
        self._second = second
        for name, count in self._counts.items():
            if count > LINES_PER_SECOND:
                log.info(name, extra={"detail": f"{count - LINES_PER_SECOND} more in that second"})
        self._counts.clear()


def _nobody(_name: str, _detail: str) -> None:
    """The floor does not stand yet; the log line is all there is."""
