"""
When something is open: weekly periods of local time, and days that differ.

Pure: an instant in UTC seconds comes in. Every local period is half-open and true to the wall
clock; across a change of daylight saving it is as long as the wall clock says it is not, which is
what a shop's door does.
"""

import datetime
from zoneinfo import ZoneInfo

from callfloor.core import plan

UTC = datetime.UTC
DAYS_AHEAD_MAX = 400  # A calendar that changes less than once in a year is taken as constant.


class Calendar:
    """One calendar of the plan, ready to be asked."""

    __slots__ = ("_days", "_weekly", "_zone", "key")

    def __init__(self, source: plan.CalendarPlan) -> None:
        self.key = source.key
        self._zone = ZoneInfo(source.timezone)
        self._weekly: list[list[tuple[int, int]]] = [[] for _ in range(7)]
        for weekday, begin, end in source.weekly:
            self._weekly[weekday].append((begin, end))
        self._days = {date: list(periods) for date, periods in source.exceptions}

    def is_open(self, at: float) -> bool:
        """Say whether the instant `at` (UTC seconds) lies in a period."""
        local = datetime.datetime.fromtimestamp(at, self._zone)
        minute = local.hour * 60 + local.minute
        return any(begin <= minute < end for begin, end in self._periods(local.date()))

    @property
    def zone(self) -> ZoneInfo:
        """The zone whose wall clock it follows."""
        return self._zone

    @property
    def is_always_open(self) -> bool:
        """Say whether it never closes: then nobody needs to look for its next change."""
        return not self._days and all(day == [(0, 1440)] for day in self._weekly)

    def opens_on_day_of(self, at: float) -> bool:
        """Say whether it is open at all on the local day of an instant."""
        return bool(self._periods(datetime.datetime.fromtimestamp(at, self._zone).date()))

    def next_change(self, at: float) -> float | None:
        """Give the first instant after `at` when is_open turns, or None if there is none."""
        now_open = self.is_open(at)
        day = datetime.datetime.fromtimestamp(at, self._zone).date()
        for ahead in range(DAYS_AHEAD_MAX):
            for edge in self._edges(day + datetime.timedelta(days=ahead)):
                if edge > at and self.is_open(edge) != now_open:
                    return edge
        return None

    def _periods(self, day: datetime.date) -> list[tuple[int, int]]:
        exception = self._days.get(day.isoformat())
        return self._weekly[day.weekday()] if exception is None else exception

    def _edges(self, day: datetime.date) -> list[float]:
        """Give every instant of a local day at which the answer may turn, in order."""
        minutes = {0, 1440}
        for begin, end in self._periods(day):
            minutes |= {begin, end}
        edges = {instant for each in minutes for instant in _instants(day, each, self._zone)}
        midnight = datetime.datetime.combine(day, datetime.time(), self._zone).timestamp()
        return sorted(edges | _offset_changes(midnight, self._zone))


def _instants(day: datetime.date, minute: int, zone: ZoneInfo) -> set[float]:
    """Give the instants (two in a repeated hour) when the wall clock shows a minute of a day."""
    wall = datetime.datetime.combine(day, datetime.time()) + datetime.timedelta(minutes=minute)
    return {wall.replace(tzinfo=zone, fold=fold).timestamp() for fold in (0, 1)}


def _offset_changes(midnight: float, zone: ZoneInfo) -> set[float]:
    """Give the instant in the day from `midnight` on when the zone's offset changes, if any."""
    low, high = int(midnight), int(midnight) + 26 * 3600
    if _offset(low, zone) == _offset(high, zone):
        return set()
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(middle, zone) == _offset(low, zone) else (low, middle)
    return {float(high)}


def _offset(at: float, zone: ZoneInfo) -> float:
    offset = datetime.datetime.fromtimestamp(at, zone).utcoffset()
    assert offset is not None
    return offset.total_seconds()


def local_day(*, at: float, zone: ZoneInfo) -> str:
    """Name the local day of an instant, as an ISO date."""
    return datetime.datetime.fromtimestamp(at, zone).date().isoformat()


def day_begin(*, at: float, zone: ZoneInfo) -> float:
    """Give the instant when the local day of `at` began."""
    today = datetime.datetime.fromtimestamp(at, zone).date()
    return datetime.datetime.combine(today, datetime.time(), zone).timestamp()


def day_end(*, at: float, zone: ZoneInfo) -> float:
    """Give the instant when the local day of `at` ends."""
    tomorrow = datetime.datetime.fromtimestamp(at, zone).date() + datetime.timedelta(days=1)
    return datetime.datetime.combine(tomorrow, datetime.time(), zone).timestamp()


def half_hour(*, at: float, zone: ZoneInfo) -> int:
    """Give the start (UTC seconds) of the local half hour that holds an instant."""
    offset = int(_offset(at, zone))
    return int((at + offset) // 1800) * 1800 - offset
