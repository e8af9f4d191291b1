"""
The list of interactions behind a figure: an address names the figure, its period, queue and agent.

Refuses: to know what a figure counts. The catalogue says it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import get_language

from callfloor.records.interactions.queries import Behind
from callfloor.records.metrics import queries as metrics
from callfloor.records.people import queries as people
from callfloor.records.routing import queries as routing
from callfloor.ui import formats
from callfloor.ui.requests import Request
from callfloor.ui.templatetags import ui


@dataclass(frozen=True, kw_only=True)
class Counted:
    """A figure and the rows that it counts."""

    metric: metrics.Metric
    rows: Behind


def asked(given: Mapping[str, str], *, now: datetime) -> Counted | None:
    """Read an address; None if it names no figure that counts interactions, or no period."""
    begins_at, ends_at = instant(given.get("from", "")), instant(given.get("to", ""))
    if begins_at is None or ends_at is None:
        return None
    try:
        metric = metrics.metric(given.get("behind", ""))
    except metrics.Unknown:
        return None
    if metric.behind is None:
        return None
    queue, agent = given.get("queue") or None, given.get("agent") or None
    rows = metric.behind.at(begins_at=begins_at, ends_at=ends_at, now=now, queue=queue, agent=agent)
    return Counted(metric=metric, rows=rows)


def shown(request: Request, *, now: datetime) -> dict[str, Any] | None:
    """Give what the page says of it."""
    counted = asked(request.GET, now=now)
    if counted is None:
        return None
    language, rows = (get_language() or "en").partition("-")[0], counted.rows
    about = [" – ".join(ui.moment(at, now) for at in (rows.begins_at, rows.ends_at))]
    if rows.queue:
        about.append(routing.queue_names(person=request.user).get(rows.queue, ""))
    if rows.agent:
        about.append(people.names(person=request.user, keys=[rows.agent]).get(rows.agent, ""))
    return {
        "key": counted.metric.key,
        "name": counted.metric.name,
        "detail": formats.listed(filter(None, about), language=language),
    }


def instant(text: str) -> datetime | None:
    """Read an instant of an address; None if it is none."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
