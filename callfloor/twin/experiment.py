"""
Trying a centre, or two variants of one: so many days, each a replication.

Both variants have the same callers and agents with the same luck on each day (common random
numbers), so that their difference is that of the change. Refuses to read files and to print.
"""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from callfloor.core import plan
from callfloor.twin import people, run, tally

Progress = Callable[[int, int], None]
"""Is told how many days are done, of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A centre to be tried."""

    plan: plan.FloorPlan
    people: Callable[[datetime.date, people.Seed], people.Demand]
    """Draws the people of a day."""
    cost_hour: float | None = None
    """What an hour of an agent costs."""


def run_days(
    *,
    variants: Sequence[Variant],
    days: Sequence[datetime.date],
    seed: people.Seed,
    progress: Progress | None = None,
) -> list[list[tally.Day]]:
    """
    Simulate each day with each variant; give the days of each variant.

    A day that stands in `days` more than once is drawn anew each time.
    """
    found: list[list[tally.Day]] = [[] for _ in variants]
    done, total = 0, len(variants) * len(days)
    for place, day in enumerate(days):
        for each, variant in zip(found, variants, strict=True):
            each.append(one_day(variant=variant, day=day, seed=f"{seed}/{place}"))
            done += 1
            if progress is not None:
                progress(done, total)
    return found


def one_day(*, variant: Variant, day: datetime.date, seed: people.Seed) -> tally.Day:
    """Simulate one local day from midnight to midnight, and until the last caller is served."""
    begin, end = bounds(day, zone=ZoneInfo(variant.plan.timezone))
    demand = variant.people(day, seed)
    sums = tally.Tally(variant.plan)
    shifts = run.shifts_of(variant.plan, demand, seconds=end - begin)
    run.listen(
        plan=variant.plan,
        demand=demand,
        seed=seed,
        start_at=begin,
        seconds=end - begin,
        tell=sums.tell,
    )
    return sums.close(shifts=[(shift.agent, shift.ends - shift.begins) for shift in shifts])


def bounds(day: datetime.date, *, zone: ZoneInfo) -> tuple[float, float]:
    """Give begin and end (UTC seconds) of a local day."""
    begin, end = (
        datetime.datetime.combine(each, datetime.time(), zone).timestamp()
        for each in (day, day + datetime.timedelta(days=1))
    )
    return begin, end
