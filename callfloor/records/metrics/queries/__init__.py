"""
What is asked of figures. `value` is the road for a single one.

    catalogue   every figure with its formula
    scope       which days, queues and people are asked about
    reading     sums off the rows
    kept        sums of days as they were when these closed
    report      sums of a period by interval, queue, client, agent; one figure
"""

from callfloor.records.metrics.queries.catalogue import (
    VERSION,
    Metric,
    Unknown,
    metric,
    metrics,
)
from callfloor.records.metrics.queries.reading import done, work_of_everybody
from callfloor.records.metrics.queries.report import (
    Closed,
    Report,
    closed_of_agents,
    first_contacts,
    of_agents,
    report,
    sums,
    value,
)
from callfloor.records.metrics.queries.scope import (
    DAYS_MAX,
    QUEUES,
    QueueSeen,
    Scope,
    bounds,
    everything,
    has_simulated,
    scope,
    scope_of_agents,
)
from callfloor.records.metrics.rules import Sums, total

__all__ = [
    "DAYS_MAX",
    "QUEUES",
    "VERSION",
    "Closed",
    "Metric",
    "QueueSeen",
    "Report",
    "Scope",
    "Sums",
    "Unknown",
    "bounds",
    "closed_of_agents",
    "done",
    "everything",
    "first_contacts",
    "has_simulated",
    "metric",
    "metrics",
    "of_agents",
    "report",
    "scope",
    "scope_of_agents",
    "sums",
    "total",
    "value",
    "work_of_everybody",
]
