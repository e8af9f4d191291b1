"""
What two queues gain from people who can do both: one point of a curve, and where it ends.

A point is what simulated days say of both queues together. Refuses: to know who was trained; the
days come in.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from callfloor.twin import intervals, report, tally
from callfloor.twin.intervals import Interval

_Line = tuple[list[float], list[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One share of people who can do both, with one number of heads."""

    share: float
    """0 to 1, of those who could do one of the queues only."""
    heads: int
    """Who can do at least one of the queues."""
    service_level: Interval | None
    """Of both queues together."""
    occupancy: Interval | None
    """Of those heads."""
    queues: Mapping[str, Interval | None]
    """The service level of each."""
    keeps: bool
    """Whether each queue's mean reaches its goal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """The days of a point."""

    share: float
    people: tuple[str, ...]
    days: Sequence[tally.Day]


def point(tried: Tried, *, goals: Mapping[str, float]) -> Point:
    """Say what the days of a point say; `goals` are the shares that each queue promises."""
    by_queue = {key: _estimated(_level(tried, (key,))) for key in goals}
    return Point(
        share=tried.share,
        heads=len(tried.people),
        service_level=_estimated(_level(tried, tuple(goals))),
        occupancy=_estimated(_occupancy(tried)),
        queues=by_queue,
        keeps=all(
            found is not None and found.mean >= goals[key] for key, found in by_queue.items()
        ),
    )


def enough(tried: Sequence[Tried], *, queues: Sequence[str]) -> float | None:
    """
    Give the lowest share from which on no higher one is clearly better in service level.

    None if even the highest is clearly better than the one below. All are of the same heads and
    the same days.
    """
    rising = sorted(tried, key=lambda each: each.share)
    for place, each in enumerate(rising[:-1]):
        if not any(_is_better(each, other, queues) for other in rising[place + 1 :]):
            return each.share
    return None


def _is_better(one: Tried, other: Tried, queues: Sequence[str]) -> bool:
    found = intervals.difference(_level(one, queues), _level(other, queues))
    return found is not None and found.clear and found.mean > 0


def _level(tried: Tried, queues: Sequence[str]) -> _Line:
    measure = report.MEASURES["service_level"]
    assert measure.under is not None, "a share is of something"
    places = [("queue", key) for key in queues]
    return _sums(tried, places, measure.over), _sums(tried, places, measure.under)


def _occupancy(tried: Tried) -> _Line:
    measure = report.MEASURES["occupancy"]
    assert measure.under is not None, "a share is of something"
    places = [("person", key) for key in tried.people]
    return _sums(tried, places, measure.over), _sums(tried, places, measure.under)


def _sums(
    tried: Tried, places: Sequence[tally.Place], count: Callable[[tally.Sums], float]
) -> list[float]:
    return [
        sum(count(day.places[place]) for place in places if place in day.places)
        for day in tried.days
    ]


def _estimated(line: _Line) -> Interval | None:
    return intervals.estimate(*line, least=0.0, most=1.0)
