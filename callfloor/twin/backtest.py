"""
How often reality lay inside the interval: what the twin says of a day, against what the day was.

For each past day its weekday is simulated so many times that two order statistics of the runs hold
nine days in ten, whatever the distribution. Refuses to judge a measure that the day does not have.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from callfloor.twin import experiment, people, report, tally

RUNS = 39
"""With 39 runs the second lowest and the second highest hold (39 + 1 - 2 * 2) / 40 = 90 %."""
EDGE = 2
LEVEL = (RUNS + 1 - 2 * EDGE) / (RUNS + 1)
WANTED = 0.85
"""The share of days that should lie inside: 90 %, less what parameters fitted to few days cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One measure of one day."""

    day: datetime.date
    measure: str
    actual: float
    low: float
    high: float

    @property
    def inside(self) -> bool:
        """Whether reality lay inside."""
        return self.low <= self.actual <= self.high


def backtest(
    *,
    variant: experiment.Variant,
    past: Mapping[datetime.date, tally.Day],
    measures: Sequence[str] = ("service_level", "offered"),
    seed: people.Seed,
    progress: experiment.Progress | None = None,
) -> list[Judged]:
    """Judge each measure of the whole centre on each past day."""
    found: list[Judged] = []
    runs: dict[int, list[tally.Day]] = {}
    for done, (day, actual) in enumerate(sorted(past.items())):
        weekday = day.weekday()
        if weekday not in runs:
            (runs[weekday],) = experiment.run_days(
                variants=[variant], days=[day] * RUNS, seed=f"{seed}/{weekday}"
            )
        for name in measures:
            judged = _judge(day, name, actual, runs[weekday])
            if judged is not None:
                found.append(judged)
        if progress is not None:
            progress(done + 1, len(past))
    return found


def _judge(
    day: datetime.date, name: str, actual: tally.Day, runs: Sequence[tally.Day]
) -> Judged | None:
    value = _value(name, actual)
    values = sorted(each for each in (_value(name, run) for run in runs) if each is not None)
    if value is None or len(values) < RUNS:
        return None
    return Judged(day=day, measure=name, actual=value, low=values[EDGE - 1], high=values[-EDGE])


def _value(name: str, day: tally.Day) -> float | None:
    sums = day.of(tally.CENTRE, tally.CENTRE)
    measure = report.MEASURES[name]
    if measure.under is None:
        return measure.over(sums)
    weight = measure.under(sums)
    return measure.over(sums) / weight if weight > 0 else None


def coverage(judged: Sequence[Judged]) -> dict[str, float]:
    """Give the share of days inside, by measure."""
    found: dict[str, list[bool]] = {}
    for each in judged:
        found.setdefault(each.measure, []).append(each.inside)
    return {name: sum(inside) / len(inside) for name, inside in sorted(found.items())}
