"""
How a measure stands today, where the records of calls have it, and whether that is what is wanted.

Refuses: a figure of a measure that this version cannot count; it is shown without one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from callfloor.desk.direction.tree import Target
from callfloor.kernel.access import Someone
from callfloor.kernel.kpis import KPIS, Better
from callfloor.records.interactions import queries, rules
from callfloor.records.interactions.queries import Counters

MISSED_BY_LITTLE = 0.05  # Within a twentieth of the target it is a warning and no fault.


def _abandoned(counters: Counters) -> float | None:
    """Give the share that hung up; short tries are left aside."""
    counted = counters.offered - counters.short_abandoned
    return (counters.abandoned - counters.short_abandoned) / counted if counted > 0 else None


COUNTED: dict[str, Callable[[Counters], float | None]] = {
    "service_level": lambda counters: counters.service_level,
    "abandonment_rate": _abandoned,
    "call_volume": lambda counters: float(counters.offered),
}
"""What today's sums of queue entries say of a measure."""


@dataclass(frozen=True)
class Today:
    """The figures of today that one reader may see."""

    total: Counters
    queues: dict[str, Counters]

    def of(self, target: Target) -> float | None:
        """Give how whom a target is for stands; of one team or person nothing is counted yet."""
        if target.kind == "queue":
            return self.figure(target.kpi, queue=target.key)
        return self.figure(target.kpi) if target.kind == "role" else None

    def figure(self, kpi: str, *, queue: str | None = None) -> float | None:
        """Give a measure of all queues that the reader sees, or of one; None if there is none."""
        counters = self.total if queue is None else self.queues.get(queue)
        if counters is None or not counters.offered or kpi not in COUNTED:
            return None
        return COUNTED[kpi](counters)


def today(person: Someone, *, kpis: set[str], day: date) -> Today:
    """Count today, if one of the measures is counted and the reader may see figures."""
    rights = person.rights
    allowed = rights.may("interactions.read") or rights.may("wallboard.see")
    if not allowed or not kpis & COUNTED.keys():
        return Today(Counters(), {})
    numbers = queries.day_numbers(person=person, day=day)
    queues = {day.queue: day.total for day in numbers.queues}
    return Today(rules.total(queues.values()), queues)


def tone(kpi: str, *, figure: float | None, target: float) -> str:
    """Say whether a figure is what is wanted: good, warn for a near miss, bad; nothing without."""
    if figure is None or kpi not in KPIS:
        return ""
    missed = _missed(KPIS[kpi].better, figure, target)
    if missed <= 0:
        return "good"
    return "warn" if missed <= MISSED_BY_LITTLE * abs(target) else "bad"


def _missed(better: Better, figure: float, target: float) -> float:
    """Give by how much the target was missed; what lies within a twentieth of `within` is met."""
    if better == "within":
        return abs(figure - target) - MISSED_BY_LITTLE * abs(target)
    return target - figure if better == "higher" else figure - target
