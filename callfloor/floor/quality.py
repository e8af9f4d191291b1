"""
How well each leg is heard: the media worker's last word of it, for whoever watches.

Refuses: to judge a line, and to keep what is older than a few reports; a leg in silence has none.
"""

from collections.abc import Callable, Sequence

KEPT_SECONDS = 15.0  # Three reports (ng.md: every 5 s); older says nothing of now.
FIELDS = 5

Row = tuple[str, int, int, int, int]
"""Leg, packets and lost of the last interval, jitter in microseconds, opinion in hundredths."""


class Quality:
    """The last report of each leg."""

    def __init__(self, *, now: Callable[[], float]) -> None:
        self._now = now
        self._rows: dict[str, tuple[float, Row]] = {}

    def take(self, legs: object) -> None:
        """Take the event `quality`; what is no row of it is passed over."""
        at = self._now()
        for row in legs if isinstance(legs, list) else []:
            if isinstance(row, list) and len(row) == FIELDS:
                name, *figures = row
                packets, lost, jitter, opinion = (int(each) for each in figures)
                self._rows[str(name)] = (at, (str(name), packets, lost, jitter, opinion))

    def rows(self) -> Sequence[Row]:
        """Give what is known of now, worst first."""
        oldest = self._now() - KEPT_SECONDS
        self._rows = {leg: kept for leg, kept in self._rows.items() if kept[0] >= oldest}
        return sorted((row for _, row in self._rows.values()), key=lambda row: (row[4], row[0]))
