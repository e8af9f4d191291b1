"""The figures of the reports, by the same queries and the same formulas as the pages."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal

from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from callfloor.app.api import base
from callfloor.app.api.base import Day, Paged, Said, Word
from callfloor.departments.analytics.pages import agents, figures, intervals
from callfloor.kernel import access
from callfloor.records.interactions import queries as interactions
from callfloor.records.interactions.queries import WantedAbandoned
from callfloor.records.metrics import queries
from callfloor.records.metrics.queries import Metric, Report, Scope, Sums
from callfloor.ui.requests import Request

router = Router(tags=["reports"])

Figures = dict[str, float | None]
"""By the keys of the catalogue; null where nothing counts."""


class Definition(Said):
    """What a figure means."""

    key: str
    name: str
    formula: str
    unit: str
    version: int


class Line(Said):
    """The figures of one interval of one queue."""

    at: str
    queue: str
    client: str
    figures: Figures
    when_closed: Figures
    """What of them was another figure when the day closed; not by half hours."""


class WhenClosed(Said):
    """Figures that have changed since the day closed, as they were then."""

    total: Figures
    clients: dict[str, Figures]
    queues: dict[str, Figures]


class QueueReport(Said):
    """What happened in the queues."""

    first: dt.date
    last: dt.date
    definitions: list[Definition]
    total: Figures
    clients: dict[str, Figures]
    queues: dict[str, Figures]
    intervals: list[Line]
    when_closed: WhenClosed


class AgentLine(Said):
    """What one agent did; away by reason in seconds."""

    agent: str
    figures: Figures
    away: dict[str, float]
    when_closed: Figures
    """What of them was another figure when the day closed."""


class AgentReport(Said):
    """What agents did with their time."""

    first: dt.date
    last: dt.date
    definitions: list[Definition]
    total: Figures
    agents: list[AgentLine]


class Since(Said):
    """The first contact afterwards."""

    interaction: str
    at: dt.datetime
    agent: str | None
    called_back: bool


class Abandoned(Said):
    """Somebody who gave up."""

    interaction: str
    queued_at: dt.datetime
    queue: str
    client: str
    customer_id: str
    waited_seconds: float
    short: bool
    simulated: bool
    since: Since | None


class AbandonedPage(Said):
    """One page of them, the latest first."""

    rows: list[Abandoned]
    page: int
    pages: int
    total: int


class Days(Schema):
    """Local days of the center, both included; today without them."""

    first: Day | None = None
    last: Day | None = None
    include_simulated: bool = False

    def bounds(self) -> tuple[dt.date, dt.date]:
        """Give the first day, and the one after the last."""
        first = self.first or self.last or timezone.localdate()
        last = max(self.last or first, first)
        return first, last + dt.timedelta(days=1)


class OfQueues(Days):
    """Which queues a report is about, and by what."""

    step: Literal["half", "day", "week"] = "half"
    client: Word | None = None
    queue: Word | None = None


class OfAgents(Days):
    """Whose agents a report is about."""

    team: Word | None = None


class OfAbandoned(Days, Paged):
    """Which of those who gave up are asked for."""

    client: Word | None = None
    queue: Word | None = None
    only_open: bool = Field(False, description="Only those with whom nobody has talked since.")


@base.read(router, "/reports/queues", QueueReport)
def of_queues(request: Request, asked: Query[OfQueues]) -> QueueReport:
    """Return what happened in the queues, in all and by client, queue and interval."""
    scope = _scope(request, asked, client=asked.client, queue=asked.queue)
    columns = _columns(intervals.FILE, scope)
    found = queries.report(scope, step=asked.step)
    return QueueReport(
        first=scope.day_from,
        last=scope.day_to - dt.timedelta(days=1),
        definitions=_definitions(columns),
        total=_figures(found.total, columns),
        clients={key: _figures(sums, columns) for key, sums in found.clients.items()},
        queues={key: _figures(sums, columns) for key, sums in found.queues.items()},
        intervals=_lines(found, columns, scope),
        when_closed=WhenClosed(
            total=_then(found.total, found.closed.total, columns),
            clients=_then_each(found.clients, found.closed.clients, columns),
            queues=_then_each(found.queues, found.closed.queues, columns),
        ),
    )


def _lines(found: Report, columns: list[Metric], scope: Scope) -> list[Line]:
    owner = {queue.key: queue.client for queue in scope.queues}
    return [
        Line(
            at=figures.iso(_utc(at)),
            queue=queue,
            client=owner[queue],
            figures=_figures(sums, columns),
            when_closed=_then(sums, found.closed.lines.get((queue, at)), columns),
        )
        for (queue, at), sums in found.lines.items()
    ]


def _then(sums: Sums, closed: Sums | None, columns: list[Metric]) -> Figures:
    """Give the figures that were others when the day closed, as they were."""
    if closed is None:
        return {}
    return {each.key: each.compute(closed) for each in figures.changed(sums, closed, columns)}


def _then_each(
    found: Mapping[str, Sums], closed: Mapping[str, Sums], columns: list[Metric]
) -> dict[str, Figures]:
    return {key: _then(found[key], sums, columns) for key, sums in closed.items()}


@base.read(router, "/reports/agents", AgentReport)
def of_agents(request: Request, asked: Query[OfAgents]) -> AgentReport:
    """Return what agents did with their time; a leader sees the own team."""
    first, end = asked.bounds()
    scope = queries.scope_of_agents(
        person=request.user,
        day_from=first,
        day_to=end,
        team=asked.team,
        include_simulated=asked.include_simulated,
    )
    columns, found = _columns(agents.FILE, scope), queries.of_agents(scope, now=timezone.now())
    closed = queries.closed_of_agents(scope, found)
    return AgentReport(
        first=scope.day_from,
        last=scope.day_to - dt.timedelta(days=1),
        definitions=_definitions(columns),
        total=_figures(queries.total(list(found.values())), columns),
        agents=[
            AgentLine(
                agent=key,
                figures=_figures(sums, columns),
                away=dict(sums.away),
                when_closed=_then(sums, closed.get(key), columns),
            )
            for key, sums in found.items()
        ],
    )


@base.read(router, "/reports/abandoned", AbandonedPage)
def of_abandoned(request: Request, asked: Query[OfAbandoned]) -> Any:
    """Return who gave up and who has talked with him since, the latest first."""
    scope = _scope(request, asked, client=asked.client, queue=asked.queue)
    begins_at, ends_at = scope.bounds
    wanted = WantedAbandoned(
        queues=scope.queue_keys,
        begins_at=begins_at,
        ends_at=ends_at,
        include_simulated=asked.include_simulated,
        only_open=asked.only_open,
    )
    found = interactions.abandoned(
        person=request.user, wanted=wanted, now=timezone.now(), page=asked.page, size=asked.size
    )
    return base.written(AbandonedPage, found)


def _scope(request: Request, asked: Days, *, client: str | None, queue: str | None) -> Scope:
    access.check(request.user, "reports.see")
    first, end = asked.bounds()
    return queries.scope(
        person=request.user,
        day_from=first,
        day_to=end,
        client=client,
        queue=queue,
        include_simulated=asked.include_simulated,
    )


def _columns(keys: tuple[str, ...], scope: Scope) -> list[Metric]:
    return figures.metrics(dict.fromkeys(keys), day=scope.day_from)


def _figures(sums: Sums, columns: list[Metric]) -> Figures:
    return {each.key: each.compute(sums) for each in columns}


def _definitions(columns: list[Metric]) -> list[Definition]:
    return [
        Definition(
            key=each.key,
            name=str(each.name),
            formula=str(each.formula),
            unit=each.unit,
            version=each.version,
        )
        for each in columns
    ]


def _utc(at: Any) -> Any:
    return at.astimezone(dt.UTC) if isinstance(at, dt.datetime) else at
