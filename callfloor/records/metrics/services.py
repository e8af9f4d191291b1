"""
What is kept of figures: sums of queues and agents as they stood when a day closed, written once.

Refuses: to change what it has written. Nothing here is added up that the reports do not add up.
"""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Max

from callfloor.records.metrics import queries, rules
from callfloor.records.metrics.models import Kept, KeptWork
from callfloor.records.routing import queries as routing

DAYS_AT_ONCE = 7  # After a longer absence the next calls do the rest.
FIRST_KEY = "offered"
"""Kept also where it is nothing, so that it is known that the day was kept."""


def close_days(*, now: datetime) -> list[date]:
    """
    Keep the local days that have closed since the last one that was kept; give them.

    Whenever it is called, a day is kept as it stood at its close. The first time it is the last
    day that has closed. The caller sees to it that all that has happened is in the records.
    """
    name = routing.zone()
    if name is None:
        return []
    zone = ZoneInfo(name)
    days = list(_missing(rules.last_closed(now, zone=zone)))
    return [day for day in days if _keep(day, zone=zone)]


def _missing(last: date) -> Iterator[date]:
    """Give the days to keep, the oldest first."""
    kept = Kept.objects.aggregate(last=Max("day"))["last"]
    day = last if kept is None else kept + timedelta(days=1)
    for number in range(min((last - day).days + 1, DAYS_AT_ONCE)):
        yield day + timedelta(days=number)


def _keep(day: date, *, zone: ZoneInfo) -> bool:
    """Write a day's sums; say whether there was anything to keep and nobody was faster."""
    scope = queries.everything(day=day, as_of=rules.closes_at(day, zone=zone))
    found = queries.report(scope)
    nothing = queries.Sums()
    rows = [
        Kept(day=day, queue_id=queue.key, key=key, value=value)
        for queue in scope.queues
        for key, value in asdict(found.queues.get(queue.key, nothing)).items()
        if key == FIRST_KEY or value
    ]
    work = [
        KeptWork(day=day, agent_id=agent, client_id=client, key=key, value=value)
        for (agent, client), sums in queries.work_of_everybody(scope).items()
        for key, value in sums.items()
        if value
    ]
    try:
        with transaction.atomic():
            Kept.objects.bulk_create(rows)
            KeptWork.objects.bulk_create(work)
    except IntegrityError:
        return False
    return bool(rows)
