"""
Where the marks of a chart lie: numbers in, paths of an SVG out.

Pure. The SVG holds marks only, because it mirrors itself where people read from right to left;
words and hours are HTML beside it. Refuses colours and words.
"""

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
