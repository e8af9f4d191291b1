"""
What a report of a busy day costs: milliseconds of CPU for each page, in process, database included.

A day of 10,000 interactions in six queues by sixty agents stands alone in SQLite
files; pages are asked and evened out as `bench/page.py` does it.
Refuses: to measure the projection.
"""

import json
import os
import random
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench import page

DAY = date(2026, 3, 3)
DAYS = 1
A_DAY = 10_000
AGENTS = 60
PAGES = {
    "reports": "/reports?from=2026-03-03&to=2026-03-03",
    "reports_of_queue": "/reports?from=2026-03-03&to=2026-03-03&queue=billing",
    "agents": "/reports/agents?from=2026-03-03&to=2026-03-03",
    "abandoned": "/reports/abandoned?from=2026-03-03&to=2026-03-03",
}
LONGER = {
    "first_contacts": "/reports/first?from=2026-03-03&to=2026-03-03",
    "reports_of_a_week": "/reports?from=2026-03-03&to=2026-03-09",
    "reports_csv": "/reports.csv?from=2026-03-03&to=2026-03-03",
}
"""Told beside, without a target of DESIGN section 9."""


def main() -> None:
    """Print the figures as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CALLFLOOR_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "callfloor.app.settings"
        print(json.dumps(measure(Path(folder))))


def measure(data: Path) -> dict[str, Any]:
    """Ask for each page some times and give the median of its CPU."""
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    from callfloor.app import database

    database.prepare()
    page._fill(data)
    cookie = page.session("mara")
    days(DAYS)
    spent = {
        key: page._cost(application, path, cookie, page.BARE_PAGE)
        for key, path in (PAGES | LONGER).items()
    }
    even = {key: round(cost * page.LOOP_MS / loop, 2) for key, (cost, loop, _) in spent.items()}
    loops = [loop for _, loop, _ in spent.values()]
    return {
        "bench": "reports",
        "interactions_a_day": A_DAY,
        "days": DAYS,
        "cpu_ms": {key: cost for key, (cost, _, _) in spent.items()},
        "cpu_ms_even": even,
        "loop_ms": [min(loops), max(loops)],
        "loop_ms_quiet": page.LOOP_MS,
        "load_average": round(os.getloadavg()[0], 1),
        "target_page_ms": page.PAGE_MS,
        "met": max(even[key] for key in PAGES) <= page.PAGE_MS,
    }


def days(count: int) -> None:
    """Fill the records with days, row by row as the projection leaves them."""
    from callfloor.records.interactions.models import (
        AgentDay,
        AgentWork,
        Interaction,
        MissedOffer,
        QueueEntry,
    )

    agents = _agents()
    draw = random.Random(1)
    models = (Interaction, QueueEntry, AgentWork, MissedOffer, AgentDay)
    for number in range(count):
        rows = _day(DAY + timedelta(days=number), agents, draw)
        for model in models:
            model.objects.bulk_create(rows[model], batch_size=100)
        _add_up(rows[QueueEntry], rows[AgentWork])


def _add_up(entries: list[Any], work: list[Any]) -> None:
    """Add quarter hours up as the projection does."""
    from callfloor.records.interactions.services import sums

    places = [{(row.queue_id, row.quarter) for row in rows} for rows in (entries, work)]
    sums.add_up((places[0], places[1]), simulated=False)


def _agents() -> list[str]:
    from callfloor.records.people.models import Client, Person, PersonClient

    keys = [f"agent{number:02}" for number in range(AGENTS)]
    now = datetime.now(ZoneInfo("UTC"))
    Person.objects.bulk_create([Person(key=key, created_at=now) for key in keys])
    client = Client.objects.get(key="acme")
    PersonClient.objects.bulk_create([PersonClient(person_id=key, client=client) for key in keys])
    return keys


def _day(day: date, agents: list[str], draw: random.Random) -> dict[Any, list[Any]]:
    from callfloor.records.interactions import models, rules

    opens = datetime(day.year, day.month, day.day, 7, tzinfo=ZoneInfo("Europe/Budapest"))
    rows: dict[Any, list[Any]] = {
        model: []
        for model in (
            *(models.Interaction, models.QueueEntry, models.AgentWork, models.MissedOffer),
            models.AgentDay,
        )
    }
    customers = _customers()
    for number in range(A_DAY):
        at = opens + timedelta(seconds=number * 12 * 3600 / A_DAY)
        wait, talk = draw.expovariate(1 / 20), draw.expovariate(1 / 180)
        is_answered, agent = draw.random() < 0.92, agents[number % AGENTS]
        key, queue = f"{day}-{number:05}", draw.choice(("billing", "orders"))
        ends = at + timedelta(seconds=wait + talk)
        outcome = "answered" if is_answered else "abandoned_in_queue"
        rows[models.Interaction].append(
            models.Interaction(
                id=key, client_id="acme", channel="call", called="900", language="en",
                customer_id=customers[number % len(customers)], flow="main", flow_version=1,
                arrived_at=at, ended_at=ends, outcome=outcome, queue_id=queue,
                agent_id=agent if is_answered else None,
                answered_at=at + timedelta(seconds=wait) if is_answered else None,
            )
        )  # fmt: skip
        rows[models.QueueEntry].append(
            models.QueueEntry(
                id=f"{key}:1", interaction_id=key, entry=1, client_id="acme", queue_id=queue,
                queued_at=at, quarter=rules.quarter_of(at), ended_at=ends, outcome=outcome,
                waited_seconds=wait, short=not is_answered and wait < 5,
                within_goal=is_answered and wait <= 20,
            )
        )  # fmt: skip
        if is_answered:
            rows[models.AgentWork].append(
                models.AgentWork(
                    id=f"{key}:1", interaction_id=key, part=1, client_id="acme", agent_id=agent,
                    queue_id=queue, bridged_at=at, ended_at=ends, finished_at=ends,
                    quarter=rules.quarter_of(ends), talk_seconds=talk, wrap_seconds=15.0,
                )
            )  # fmt: skip
        if number % 50 == 0:
            rows[models.MissedOffer].append(
                models.MissedOffer(
                    id=key, interaction_id=key, client_id="acme", agent_id=agent, at=at,
                    outcome="missed",
                )
            )  # fmt: skip
    for agent in agents:
        for state, reason in (
            *(("ready", ""), ("talking", ""), ("wrap_up", ""), ("ringing", "")),
            *(("away", "lunch"), ("away", "")),
        ):
            rows[models.AgentDay].append(
                models.AgentDay(
                    day=day, agent_id=agent, state=state, reason=reason, spent_us=3_600_000_000
                )
            )
    return rows


def _customers() -> list[str]:
    from callfloor.records.customers.models import Customer

    return list(Customer.objects.order_by("pk").values_list("pk", flat=True))


if __name__ == "__main__":
    main()
