"""
What the floor says of itself: log lines by event name, and alarms that reach the screens.

A name that comes very often (a flood of strangers, a broken prompt) is counted and told once a
second, and after a hundred lines once a minute, so that nobody can fill the disk from outside: a
flood of one kind that lasts a day writes some 20 MB. An alarm of one name is raised at most once
a minute.

Refuses: personal values. Callers give names of events and details that name nobody.
"""

import logging
from collections import Counter
from collections.abc import Callable

LINES_PER_SECOND = 20  # Per name; more tell nothing new and cost a disk write each.
LINES_PER_MINUTE = 100  # Per name too: what goes on and on is told by its count.
ALARM_SECONDS = 60.0  # A person reads an alarm once.

log = logging.getLogger("callfloor.floor")


class Notes:
    """The floor's log lines and alarms."""

    def __init__(self, *, now: Callable[[], float]) -> None:
        self._now = now
        self._second = 0
        self._counts: Counter[str] = Counter()
        self._minute = 0
        self._lines: Counter[str] = Counter()
        self._unsaid: Counter[str] = Counter()
        self._alarmed: dict[str, float] = {}
        self.raise_alarm: Callable[[str, str], None] = _nobody
        """Brings an alarm to the screens; set once the floor stands."""

    def note(self, name: str, detail: str) -> None:
        """Write one line, unless the name has had its share of this second."""
        self._turn(int(self._now()))
        self._counts[name] += 1
        if self._counts[name] <= LINES_PER_SECOND:
            self._say(name, detail)

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
                self._say(name, f"{count - LINES_PER_SECOND} more in that second")
        self._counts.clear()
        if second // 60 != self._minute:
            self._turn_minute(second // 60)

    def _turn_minute(self, minute: int) -> None:
        self._minute = minute
        for name, count in self._unsaid.items():
            log.info(name, extra={"detail": f"{count} more lines in that minute"})
        self._unsaid.clear()
        self._lines.clear()

    def _say(self, name: str, detail: str) -> None:
        if self._lines[name] >= LINES_PER_MINUTE:
            self._unsaid[name] += 1
            return
        self._lines[name] += 1
        log.info(name, extra={"detail": detail})


def _nobody(_name: str, _detail: str) -> None:
    """The floor does not stand yet; the log line is all there is."""
