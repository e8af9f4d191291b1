"""
Where the marks of a chart lie: numbers in, paths of an SVG out.

Pure. The SVG holds marks only, because it mirrors itself where people read from right to left;
words and hours are HTML beside it. Refuses colours and words.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT = 100.0
HALF_HOUR_WIDTH = 10.0
HOURS_SHOWN_MAX = 8  # More labels than this touch one another on a telephone.


@dataclass(frozen=True)
class Bars:
    """One number for each half hour, from the hour `first` of the local day on."""

    first_hour: int
    values: tuple[float, ...]


@dataclass(frozen=True)
class BarsDrawn:
    """What the template draws."""

    width: float
    path: str
    top: float
    hours: tuple[tuple[int, float], ...]
    """Hour of the day and its place in percent of the width."""


def bars(series: Bars) -> BarsDrawn:
    """Return the bars as one path of vertical strokes."""
    top = scale(max(series.values, default=0))
    width = max(1, len(series.values)) * HALF_HOUR_WIDTH
    strokes = [
        f"M{(place + 0.5) * HALF_HOUR_WIDTH:g} {HEIGHT:g}V{HEIGHT * (1 - value / top):.1f}"
        for place, value in enumerate(series.values)
        if value
    ]
    return BarsDrawn(width=width, path="".join(strokes), top=top, hours=_hours(series))


def _hours(series: Bars) -> tuple[tuple[int, float], ...]:
    count = max(1, len(series.values) // 2)
    step = -(-count // HOURS_SHOWN_MAX)
    return tuple(
        ((series.first_hour + hour) % 24, round(100 * hour / count, 2))
        for hour in range(0, count, step)
    )


def scale(highest: float) -> float:
    """Return the round number at the top of an axis."""
    for top in (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000):
        if highest <= top:
            return top
    return highest


@dataclass(frozen=True)
class SparkDrawn:
    """What the template draws; the line lies in a box of 60 by 20."""

    points: str
    goal: float | None


def spark(values: Sequence[float], *, goal: float | None = None) -> SparkDrawn:
    """Return a line through the values, and where the goal lies."""
    drawn = [*values, *([goal] if goal is not None else [])]
    low, high = min(drawn, default=0), max(drawn, default=1)
    spread = (high - low) or 1

    def height(value: float) -> float:
        return round(18 - 16 * (value - low) / spread, 1)

    step = 60 / max(1, len(values) - 1)
    points = " ".join(f"{place * step:.1f},{height(v):g}" for place, v in enumerate(values))
    return SparkDrawn(points=points, goal=None if goal is None else height(goal))


@dataclass(frozen=True)
class Scale:
    """The two ends of an axis that several charts share."""

    low: float
    high: float

    def place(self, value: float) -> float:
        """Return where a value lies, in percent of the width."""
        spread = (self.high - self.low) or 1.0
        return round(100 * (value - self.low) / spread, 2)


@dataclass(frozen=True)
class Interval:
    """A value that is known within limits."""

    low: float
    mean: float
    high: float


def common_scale(intervals: Sequence[Interval], *, is_share: bool) -> Scale:
    """
    Return the axis on which all the intervals lie.

    A share's axis is cut to the tens of percent that are used; everything else begins at 0.
    """
    if not intervals:
        return Scale(low=0.0, high=1.0)
    highest = max(each.high for each in intervals)
    if not is_share:
        return Scale(low=0.0, high=scale(highest))
    lowest = min(each.low for each in intervals)
    low, high = math.floor(lowest * 10) / 10, math.ceil(highest * 10) / 10
    return Scale(low=low, high=high if high > low else low + 0.1)


@dataclass(frozen=True)
class IntervalDrawn:
    """What the template draws: a line from end to end, and a stroke at the mean."""

    line: str
    mean: str


LANE = 12.0  # Height of one interval's lane in the box of 100 by LANE for each.


def intervals(pair: Sequence[Interval | None], *, axis: Scale) -> list[IntervalDrawn | None]:
    """Return intervals one below the other on a common axis; None keeps its lane free."""
    drawn: list[IntervalDrawn | None] = []
    for lane, each in enumerate(pair):
        middle = LANE * (lane + 0.5)
        drawn.append(None if each is None else _interval(each, axis, middle))
    return drawn


def _interval(each: Interval, axis: Scale, middle: float) -> IntervalDrawn:
    low, high, mean = (axis.place(value) for value in (each.low, each.high, each.mean))
    return IntervalDrawn(
        line=f"M{low:g} {middle:g}H{high:g}",
        mean=f"M{mean:g} {middle - LANE / 3:g}V{middle + LANE / 3:g}",
    )
