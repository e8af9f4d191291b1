"""
How well each leg is heard: the media worker's last word of it, for whoever watches.

Who follows a leg has the sum of its reports, from then on until he follows it no more.

Refuses: to judge a line, and to keep what is older than a few reports; a leg in silence has none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

KEPT_SECONDS = 15.0  # Three reports (ng.md: every 5 s); older says nothing of now.
FIELDS = 5

Row = tuple[str, int, int, int, int]
"""Leg, packets and lost of the last interval, jitter in microseconds, opinion in hundredths."""


@dataclass(slots=True)
class Sum:
    """All reports of a leg while it was followed; jitter and opinion weigh by packets."""

    packets: int = 0
    lost: int = 0
    jitter_us: int = 0
    opinion: int = 0
    worst: int = 0
    """The worst opinion of one report, in hundredths; 0 before the first."""

    def add(self, packets: int, lost: int, jitter: int, opinion: int) -> None:
        """Take one report."""
        self.packets += packets
        self.lost += lost
        self.jitter_us += jitter * packets
        self.opinion += opinion * packets
        self.worst = min(self.worst or opinion, opinion)


class Quality:
    """The last report of each leg."""

    def __init__(self, *, now: Callable[[], float]) -> None:
        self._now = now
        self._rows: dict[str, tuple[float, Row]] = {}
        self._sums: dict[str, list[Sum]] = {}

    def follow(self, leg: str) -> Sum:
        """Add up what is reported of a leg from now on; each follow is ended once."""
        found = Sum()
        self._sums.setdefault(leg, []).append(found)
        return found

    def follow_no_more(self, leg: str, found: Sum) -> None:
        """Add nothing more to a sum."""
        left = [each for each in self._sums.get(leg, ()) if each is not found]
        if left:
            self._sums[leg] = left
        else:
            self._sums.pop(leg, None)

    def take(self, legs: object) -> None:
        """Take the event `quality`; what is no row of it is passed over."""
        at = self._now()
        for row in legs if isinstance(legs, list) else []:
            if isinstance(row, list) and len(row) == FIELDS:
                name, *figures = row
                packets, lost, jitter, opinion = (int(each) for each in figures)
                self._rows[str(name)] = (at, (str(name), packets, lost, jitter, opinion))
                for each in self._sums.get(str(name), ()):
                    each.add(packets, lost, jitter, opinion)

    def rows(self) -> Sequence[Row]:
        """Give what is known of now, worst first."""
        oldest = self._now() - KEPT_SECONDS
        self._rows = {leg: kept for leg, kept in self._rows.items() if kept[0] >= oldest}
        return sorted((row for _, row in self._rows.values()), key=lambda row: (row[4], row[0]))
