"""
How a measure stands today, where the records of calls have it, and whether that is what is wanted.

Refuses: a figure of a measure that this version cannot count; it is shown without one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from callfloor.desk.direction.tree import Target
from callfloor.kernel.access import Someone
from callfloor.kernel.kpis import KPIS, Better
from callfloor.records.metrics import queries
from callfloor.records.metrics.queries import Sums

MISSED_BY_LITTLE = 0.05  # Within a twentieth of the target it is a warning and no fault.


COUNTED = {
    "service_level": "service_level",
    "abandonment_rate": "abandonment_rate",
    "answer_speed": "answer_speed",
    "handling_time": "handling_time",
    "call_volume": "offered",
}
"""Measures, and the figures of queues by which they are read off the catalog."""


@dataclass(frozen=True)
class Today:
    """The figures of today that one reader may see."""

    total: Sums
    queues: Mapping[str, Sums]

    def of(self, target: Target) -> float | None:
        """Give how whom a target is for stands; of one team or person nothing is counted yet."""
        if target.kind == "queue":
            return self.figure(target.kpi, queue=target.key)
        return self.figure(target.kpi) if target.kind == "role" else None

    def figure(self, kpi: str, *, queue: str | None = None) -> float | None:
        """Give a measure of all queues that the reader sees, or of one; None if there is none."""
        sums = self.total if queue is None else self.queues.get(queue)
        if sums is None or not sums.offered or kpi not in COUNTED:
            return None
        return queries.metric(COUNTED[kpi]).compute(sums)


def today(person: Someone, *, kpis: set[str], day: date) -> Today:
    """Count today, if one of the measures is counted and the reader may see figures."""
    rights = person.rights
    allowed = rights.may("interactions.read") or rights.may("wallboard.see")
    if not allowed or not kpis & COUNTED.keys():
        return Today(Sums(), {})
    report = queries.report(queries.scope(person=person, day_from=day))
    return Today(report.total, report.queues)


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
