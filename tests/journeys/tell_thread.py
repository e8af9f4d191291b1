"""
Print what a centre's records have of one client's customers as JSON: contacts, cases, figures.

    CALLFLOOR_DATA=DIR python -m tests.journeys.tell_thread PERSON CLIENT
"""

import json
import os
import sys
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

SETTLED = timedelta(days=8)
SUMS = (
    *("first_answered", "first_settled", "first_no_return", "first_one_agent"),
    *("first_cases", "first_cases_alone"),
)


def main() -> None:
    """Ask as a person of the centre in CALLFLOOR_DATA would, when all is settled."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callfloor.app.settings")
    import django

    django.setup()
    from callfloor.records.routing import queries as routing

    centre = routing.centre()
    assert centre is not None, "the centre has a plan"
    now = datetime.now(ZoneInfo(centre.timezone))
    person, client = sys.argv[1:3]
    print(json.dumps({**rows(client), "sums": sums(person, client, now=now)}))


def rows(client: str) -> dict[str, Any]:
    """Give the real contacts and cases of a client, in order."""
    from callfloor.records.cases.models import Case, CaseInteraction
    from callfloor.records.interactions.models import Interaction

    real = {"client_id": client, "simulated": False}
    contacts = Interaction.objects.filter(**real).order_by("arrived_at", "id")
    cases = []
    for case in Case.objects.filter(**real).order_by("opened_at", "id"):
        about = CaseInteraction.objects.filter(case=case).order_by("attached_at", "id")
        cases.append(
            {
                "reference": case.reference,
                "customer": case.customer_id,
                "contacts": list(about.values_list("interaction_id", flat=True)),
            }
        )
    return {
        "contacts": [
            {
                "id": row.id,
                "channel": row.channel,
                "customer": row.customer_id,
                "outcome": row.outcome,
                "agent": row.agent_id,
            }
            for row in contacts
        ],
        "cases": cases,
    }


def sums(person: str, client: str, *, now: datetime) -> dict[str, int]:
    """Give what the figures of today's first contacts are made of, when the seven days are over."""
    from callfloor.records.metrics import queries
    from callfloor.records.people.models import Person

    who = Person.objects.get(pk=person)
    scope = queries.scope(person=who, day_from=now.date(), client=client)
    found = queries.total(list(queries.first_contacts(scope, now=now + SETTLED).values()))
    return {key: getattr(found, key) for key in SUMS}


if __name__ == "__main__":
    main()
