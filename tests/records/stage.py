"""
A centre's files as its processes leave them, for tests that look at bytes.

    python -m tests.records.stage fill DATA     tables, people, calls, a note, a recording's key
    python -m tests.records.stage erase DATA    the first caller's data are erased

Prints JSON. Everything personal in it is a canary that no file may hold in clear.
"""

import json
import os
import sys
import time
from pathlib import Path

NUMBER = "+36301234567"
NAME = "Csillag Zsófia"
DIGITS = "80917263"
NOTE = "Zsófia asked about the purple teapot"
PASSWORD = "a very purple teapot"
CANARIES = (NUMBER, NUMBER[1:], NAME, "Zsófia", DIGITS, NOTE, "teapot", PASSWORD, "Árvai")


def main(what: str, data: Path) -> dict[str, object]:
    """Do one of the two and say what came of it."""
    os.environ["CALLFLOOR_DATA"] = str(data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "callfloor.app.settings"
    import django

    django.setup()
    return {"fill": fill, "erase": erase}[what](data)


def fill(data: Path) -> dict[str, object]:
    """Let a caller be known by everything that is personal."""
    from callfloor.app import database
    from callfloor.records.interactions import queries, services
    from callfloor.records.interactions.models import Interaction
    from callfloor.records.people.services import PersonData, apply_people
    from callfloor.worker.plans import Plans
    from callfloor.worker.promises import Promises
    from callfloor.worker.rounds import Rounds
    from callfloor.worker.texts import Texts
    from tests.records import scenes

    database.prepare()
    scenes.apply()
    guest = PersonData(
        key="guest", name=NAME, roles=("agent",), clients=("acme",), password=PASSWORD
    )
    apply_people(people=[*scenes.people(), guest], skills={}, now=scenes.NOW)
    scene = scenes.Scene(data)
    call = scene.call(number=NUMBER, name=NAME)
    scenes.in_queue(call)
    scenes.typed(scene, call, DIGITS)
    scenes.answered(call, "anna")
    scene.write(call)
    rounds = Rounds(
        data=data,
        alarm=lambda name, detail: None,
        certificate=None,
        forget=lambda items: None,
        plans=Plans(send=lambda message: None),
        texts=Texts(journal_path=data / "journal.db", send=dict, alarm=print),
        promises=Promises(journal_path=data / "journal.db", send=dict, alarm=print),
        is_linked=lambda: False,
        tick=time.perf_counter,
    )
    rounds.run(scenes.NOW)
    anna = scenes.person("anna")
    services.save_note(person=anna, interaction_id=call.item, text=NOTE, now=scenes.NOW)
    found = queries.search(person=anna, filters=queries.Filters(number=NUMBER), now=scenes.NOW)
    detail = queries.detail(person=anna, interaction_id=call.item, now=scenes.NOW)
    return {
        "found": [row.customer_label for row in found.rows],
        "shown": [detail.number, detail.customer_name, detail.note],
        "customer": Interaction.objects.get().customer_id,
    }


def erase(data: Path) -> dict[str, object]:
    """Erase the caller, and tell which bytes must be nowhere any more."""
    from callfloor.kernel.models import SubjectKey
    from callfloor.records.customers import services
    from callfloor.records.interactions.models import Interaction
    from tests.records import scenes

    customer = Interaction.objects.get().customer
    wrapped = bytes(SubjectKey.objects.get(subject=customer.subject).wrapped)
    held = _anywhere(data, wrapped)
    services.erase(person=scenes.person("mara"), customer_id=customer.id, now=scenes.NOW)
    return {"held_before": held, "held_after": _anywhere(data, wrapped)}


def _anywhere(data: Path, needle: bytes) -> list[str]:
    return [path.name for path in sorted(data.rglob("*.db*")) if needle in path.read_bytes()]


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], Path(sys.argv[2]))))
