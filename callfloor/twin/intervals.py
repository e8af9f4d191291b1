"""
Means with what chance leaves open: Student's t over replications, each of which is a day.

A measure is a mean per day (contacts) or a ratio of sums (answered within the goal of all that were
offered); of a ratio, days count by their weight, as in every monthly report. Its interval comes
from the days' residuals (the ratio estimator; Cochran, Sampling Techniques, 3rd ed. 1977, ch. 6).
Refuses to know what is measured.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

LEVEL = 0.95
"""What every interval covers."""
CLEAR_LEVEL = 0.999
"""
What a difference is called clear by. A comparison shows some hundred differences at once: at 95 %
several of them would be called clear by chance alone, and be another one with the next seed.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A mean and what it may be instead; the bounds are None if there is only one day."""

    mean: float
    low: float | None
    high: float | None
    clear: bool = False
    """Of a difference: whether it is none by chance."""


Days = Sequence[float]


def estimate(
    over: Days, under: Days | None = None, *, least: float = -math.inf, most: float = math.inf
) -> Interval | None:
    """
    Estimate a measure: the mean of `over`, or the ratio of both sums.

    None if nothing was ever counted under the line. The interval is cut at `least` and `most`.
    """
    found = _point(over, under)
    if found is None:
        return None
    return _interval(found, _residuals(over, under, found), least=least, most=most)


def difference(
    before: tuple[Days, Days | None], after: tuple[Days, Days | None]
) -> Interval | None:
    """Estimate after - before of one measure, day by day on common random numbers."""
    first, second = _point(*before), _point(*after)
    if first is None or second is None:
        return None
    pairs = zip(_residuals(*after, second), _residuals(*before, first), strict=True)
    residuals = [late - early for late, early in pairs]
    found = _interval(second - first, residuals, least=-math.inf, most=math.inf)
    return Interval(mean=found.mean, low=found.low, high=found.high,
                    clear=_is_clear(found.mean, residuals))  # fmt: skip


def controlled(values: Days, controls: Sequence[Days]) -> Interval:
    """
    Estimate a mean, less what two controls of known mean 0 have moved it by (least squares).

    The interval is that of the regression's constant.
    """
    import numpy as np

    many, taken = len(values), len(controls) + 1
    rows = np.column_stack([np.ones(many), *(np.asarray(each) for each in controls)])
    found, *_ = np.linalg.lstsq(rows, np.asarray(values), rcond=None)
    left = np.asarray(values) - rows @ found
    spread = float(left @ left) / (many - taken)
    error = math.sqrt(spread * float(np.linalg.inv(rows.T @ rows)[0, 0]))
    half = student(many - taken, level=LEVEL) * error
    mean = float(found[0])
    return Interval(mean=mean, low=mean - half, high=mean + half)


def _point(over: Days, under: Days | None) -> float | None:
    if under is None:
        return math.fsum(over) / len(over) if over else None
    weight = math.fsum(under)
    return math.fsum(over) / weight if weight > 0 else None


def _residuals(over: Days, under: Days | None, found: float) -> list[float]:
    if under is None:
        return [each - found for each in over]
    mean = math.fsum(under) / len(under)
    return [(top - found * bottom) / mean for top, bottom in zip(over, under, strict=True)]


def _error(residuals: Sequence[float]) -> float:
    """Give the standard error of a mean of which these are the residuals."""
    many = len(residuals)
    squares = math.fsum(each * each for each in residuals)
    return math.sqrt(squares / (many - 1) / many)


def _interval(found: float, residuals: Sequence[float], *, least: float, most: float) -> Interval:
    if len(residuals) < 2:
        return Interval(mean=found, low=None, high=None)
    half = student(len(residuals) - 1, level=LEVEL) * _error(residuals)
    return Interval(mean=found, low=max(least, found - half), high=min(most, found + half))


def _is_clear(found: float, residuals: Sequence[float]) -> bool:
    if len(residuals) < 2:
        return False
    return abs(found) > student(len(residuals) - 1, level=CLEAR_LEVEL) * _error(residuals)


@lru_cache(maxsize=256)
def student(freedom: int, *, level: float) -> float:
    """Give the t that |T| stays under with the chance `level`, to ten digits."""
    assert freedom >= 1, "one value has no spread"
    low, high = 0.0, 1.0
    while _outside(freedom, high) > 1 - level:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _outside(freedom, middle) > 1 - level else (low, middle)
    return high


def _outside(freedom: int, t: float) -> float:
    """
    Give the chance that |T| is above t: a finite sum (Abramowitz and Stegun 26.7.3 and 26.7.4).
    """
    angle = math.atan2(t, math.sqrt(freedom))
    cosine, sine = math.cos(angle), math.sin(angle)
    is_odd = freedom % 2 == 1
    term = cosine if is_odd else 1.0
    total = term if freedom > 1 else 0.0
    for each in range(3 if is_odd else 2, freedom - 1, 2):
        term *= cosine * cosine * (each - 1) / each
        total += term
    if is_odd:
        return 1.0 - (angle + sine * total) * 2 / math.pi
    return 1.0 - sine * total
