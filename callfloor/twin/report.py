"""
What simulated days say: measures with intervals, and differences of two variants.

The document is plain values in a fixed order, so that equal days give equal bytes. Refuses to
print, and to keep a measure that cannot be told in one sentence.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from callfloor.twin import intervals, tally

DIGITS = 6  # More are the machine's, not the centre's.
HOUR = 3600.0

Document = dict[str, Any]
_Count = Callable[[tally.Sums], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A mean per day of `over`, or the ratio of its sum to that of `under`."""

    meaning: str
    """What it says, in a sentence."""
    over: _Count
    under: _Count | None = None
    most: float = float("inf")


MEASURES: dict[str, Measure] = {
    "offered": Measure(
        meaning="Contacts that entered the queue, per day.", over=lambda sums: sums.offered
    ),
    "answered": Measure(
        meaning="Contacts that an agent answered, per day.", over=lambda sums: sums.answered
    ),
    "abandoned": Measure(
        meaning="Contacts that gave up while waiting, per day.", over=lambda sums: sums.abandoned
    ),
    "service_level": Measure(
        meaning="Answered within the queue's goal, of all that were offered.",
        over=lambda sums: sums.within,
        under=lambda sums: sums.offered,
        most=1.0,
    ),
    "service_level_without_short": Measure(
        meaning="Answered within the goal, of the offered without short abandonments.",
        over=lambda sums: sums.within,
        under=lambda sums: sums.offered - sums.short,
        most=1.0,
    ),
    "service_level_of_answered": Measure(
        meaning="Answered within the goal, of all that were answered.",
        over=lambda sums: sums.within,
        under=lambda sums: sums.answered,
        most=1.0,
    ),
    "asa_seconds": Measure(
        meaning="Mean wait of those who were answered.",
        over=lambda sums: sums.answer_waits,
        under=lambda sums: sums.answered,
    ),
    "wait_seconds": Measure(
        meaning="Mean wait of everybody who was offered.",
        over=lambda sums: sums.waits,
        under=lambda sums: sums.offered,
    ),
    "abandon_rate": Measure(
        meaning="Gave up while waiting, of all that were offered.",
        over=lambda sums: sums.abandoned,
        under=lambda sums: sums.offered,
        most=1.0,
    ),
    "occupancy": Measure(
        meaning="Ringing, talk and note of those who may do this work, of their time at work.",
        over=lambda sums: sums.busy,
        under=lambda sums: sums.present,
        most=1.0,
    ),
    "load_hours": Measure(
        meaning="Hours of talk, holds and notes, per day.", over=lambda sums: sums.work / HOUR
    ),
}
"""What is told of the centre, a queue, a client and a language, by key."""

PERSON: dict[str, Measure] = {
    "occupancy": MEASURES["occupancy"],
    "handled": Measure(meaning="Contacts handled, per day.", over=lambda sums: sums.handled),
    "load_hours": MEASURES["load_hours"],
    "seated_hours": Measure(
        meaning="Hours in the seat, breaks included, per day.",
        over=lambda sums: sums.seated / HOUR,
    ),
}
"""What is told of a person."""

_ZERO = tally.Sums()
_SECTIONS = {"queues": "queue", "clients": "client", "languages": "language", "people": "person"}

_Line = tuple[list[float], list[float] | None]
"""A measure's days: what is over the line and what is under it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A variant's days, ready to be told."""

    days: Sequence[tally.Day]
    cost_hour: float | None = None


def document(*, told: Told) -> Document:
    """Tell a variant: centre, queues, clients, languages, people, cost and fairness."""
    lines = _lines(told)
    found: Document = {}
    for (section, key, measure), line in lines.items():
        place = found.setdefault(section, {})
        if key is not None:
            place = place.setdefault(key, {})
        place[measure] = _plain(_estimate(measure, line))
    for section in _SECTIONS:
        found.setdefault(section, {})
    found["cost"] = found["centre"].get("cost")
    return found


def differences(*, before: Told, after: Told) -> Document:
    """
    Tell after - before of all that both have, day by day.

    `difference` has the queues; `differences` has all the others by section.
    """
    first, second = _lines(before), _lines(after)
    found: Document = {"difference": {}, "differences": {}}
    for place, line in second.items():
        section, key, measure = place
        if place not in first:
            continue
        into = found["difference"]
        if section != "queues":
            into = found["differences"].setdefault(section, {})
        if key is not None:
            into = into.setdefault(key, {})
        into[measure] = _plain(intervals.difference(first[place], line), is_difference=True)
    return found


def _lines(told: Told) -> dict[tuple[str, str | None, str], _Line]:
    """Give the days of every measure, by section, key and measure."""
    found: dict[tuple[str, str | None, str], _Line] = {}
    _add(found, told, "centre", None, (tally.CENTRE, tally.CENTRE), MEASURES)
    for section, kind in _SECTIONS.items():
        measures = PERSON if kind == "person" else MEASURES
        for key in _keys(told.days, kind):
            _add(found, told, section, key, (kind, key), measures)
    for name, days in (
        ("occupancy_spread", [_occupancy_spread(day) for day in told.days]),
        ("wait_spread_seconds", [_wait_spread(day) for day in told.days]),
    ):
        found["fairness", None, name] = days, None
    return found


def _add(
    found: dict[tuple[str, str | None, str], _Line],
    told: Told,
    section: str,
    key: str | None,
    place: tally.Place,
    measures: Mapping[str, Measure],
) -> None:
    sums = [day.places.get(place, _ZERO) for day in told.days]
    for name, measure in measures.items():
        under = [measure.under(each) for each in sums] if measure.under else None
        found[section, key, name] = [measure.over(each) for each in sums], under
    if told.cost_hour is not None:
        costs = [_cost(day, place, told.cost_hour) for day in told.days]
        found[section, key, "cost"] = costs, None


def _cost(day: tally.Day, place: tally.Place, cost_hour: float) -> float:
    """
    Give what a place cost on a day.

    A person costs his time in the seat; everything else has its part of all that, as its work is a
    part of all work.
    """
    kind, _ = place
    if kind in ("person", tally.CENTRE):
        return day.places.get(place, _ZERO).seated / HOUR * cost_hour
    whole = day.places.get((tally.CENTRE, tally.CENTRE), _ZERO)
    share = day.places.get(place, _ZERO).work / whole.work if whole.work else 0.0
    return whole.seated / HOUR * cost_hour * share


def _keys(days: Sequence[tally.Day], kind: str) -> list[str]:
    return sorted({key for day in days for of, key in day.places if of == kind})


# --- fairness -------------------------------------------------------------------------------------


def _occupancy_spread(day: tally.Day) -> float:
    """Give the standard deviation of occupancy between those who worked."""
    found = [
        sums.busy / sums.present
        for (kind, _), sums in day.places.items()
        if kind == "person" and sums.present > 0
    ]
    if not found:
        return 0.0
    mean = sum(found) / len(found)
    return math.sqrt(sum((each - mean) ** 2 for each in found) / len(found))


def _wait_spread(day: tally.Day) -> float:
    """Give how much longer the language with the longest mean wait waits than the shortest."""
    found = [
        sums.waits / sums.offered
        for (kind, _), sums in day.places.items()
        if kind == "language" and sums.offered > 0
    ]
    return max(found) - min(found) if found else 0.0


# --- plain values ---------------------------------------------------------------------------------


def _estimate(name: str, line: _Line) -> intervals.Interval | None:
    measure = MEASURES.get(name) or PERSON.get(name)
    most = measure.most if measure else float("inf")
    return intervals.estimate(*line, least=0.0, most=most)


def _plain(found: intervals.Interval | None, *, is_difference: bool = False) -> Document:
    if found is None:
        plain: Document = {"mean": None, "low": None, "high": None}
    else:
        plain = {key: _rounded(getattr(found, key)) for key in ("mean", "low", "high")}
    if is_difference:
        plain["clear"] = found is not None and found.clear
    return plain


def _rounded(value: float | None) -> float | None:
    # Adding 0.0 makes of -0.0 the zero that it is.
    return None if value is None else round(value, DIGITS) + 0.0
