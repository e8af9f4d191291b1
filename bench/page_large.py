"""
What a page costs in a centre of six hundred people: the same measure as `bench/page.py`.

The preset `everything` is applied as it stands but for one queue that keeps appointments, with
calls, cases and promises in its records, and its manager asks. Refuses: to make records that none
of these pages reads.
"""

import json
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import page

PRESET = "everything"
READERS, AGENT = ("manager_1", "it_support_1", "leader", "agent"), "en_1_04"
QUEUE, PROMISES = "service_en", 20
KEEPS = "    hours: always\n    appointments: {at_once: 20}\n"
SIP = "127.0.0.1:5070"  # A demo's; only a demo's people have names.
PAGES = page.PAGES | {
    "queue": "/queues/service_en",
    "promises": "/promises",
    "people_last": "/people?page=99",
    "people_found": "/people?q=an&role=agent",
    "person": f"/people/{AGENT}",
    "flow": "/flows/vela_main",
    "hours_one": "/hours/hungarian",
}
ENDPOINTS = page.ENDPOINTS | {
    "api_person": f"/api/people/{AGENT}",
    "api_people_all": "/api/people?size=200",
    "api_callbacks": "/api/callbacks",
    "api_appointments": "/api/appointments",
    "api_appointment": "/api/appointments/{appointment}",
    "api_times": f"/api/promises/times?queue={QUEUE}",
}


def main() -> None:
    """Print the figures as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(Path(folder))))


def measure(data: Path) -> dict[str, Any]:
    """Apply the preset, fill it, and ask for each page."""
    from callfloor.app import applying

    applying.open_records(data)
    people = _apply(data)
    found = page.figures(PAGES, ENDPOINTS, names=_fill(data), readers=READERS)
    return {"bench": "page_large", "people": people, **found}


def _apply(data: Path) -> int:
    """Make the folder the preset's centre; give how many work there."""
    from callfloor.app import applying
    from callfloor.blueprint import preset, standing
    from callfloor.blueprint.check import check

    path = preset.PRESETS / f"{PRESET}.yaml"
    head = f"  {QUEUE}:\n"
    text = path.read_text(encoding="utf-8").replace(head, head + KEEPS, 1)
    checked = check(text, file=str(path), near=preset.PRESETS)
    assert checked.blueprint is not None, "a preset has no faults"
    found = standing.of(checked.blueprint)
    assert found.blueprint is not None, "nobody else changes the centre of a bench"
    applying.take(found.blueprint, data=data, sip=SIP, passwords={}, now=datetime.now(UTC))
    return len(found.blueprint.people)


def _fill(data: Path) -> dict[str, str]:
    from callfloor.records.interactions.models import Interaction
    from tests.records import scenes

    scene = scenes.Scene(data)
    page.calls(scene, {"client": "vela", "called": "900", "queue": QUEUE}, agent=AGENT)
    row = Interaction.objects.order_by("-pk")[0]
    case = page.cases(client="vela", customer=str(row.customer_id), by=AGENT)
    made = {"interaction": str(row.pk), "customer": str(row.customer_id), "case": case}
    return made | {"appointment": _promises(made["customer"])}


def _promises(customer: str) -> str:
    """Promise a customer calls at the first time there is; give the last one's key."""
    from callfloor.records.outreach.queries import slots
    from callfloor.records.outreach.services import booking
    from tests.records import scenes

    person, now = scenes.person(AGENT), datetime.now(UTC)
    first = slots.slots_of(queue=QUEUE, now=now)[0].begins_at
    for _ in range(PROMISES):
        made = booking.book(
            person=person,
            customer_id=customer,
            queue=QUEUE,
            begins_at=first,
            now=now,
            chance=os.urandom(10),
        )
    return made


if __name__ == "__main__":
    main()
