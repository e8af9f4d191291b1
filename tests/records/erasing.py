"""
A centre's real files with two customers in every table, of whom one is erased.

    python -m tests.records.erasing DATA

Prints JSON: what of each stands in which files before and after, and the figures of both times.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

BYTES_AT_LEAST = 12  # A nonce alone is so long; shorter pieces meet by chance.


def main(data: Path) -> dict[str, object]:
    """Plant, count, erase, count again."""
    os.environ["CALLFLOOR_DATA"] = str(data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "callfloor.app.settings"
    import django

    django.setup()
    from callfloor.app import database
    from callfloor.kernel.models import SubjectKey
    from callfloor.records.customers import services
    from tests.records import planting, scenes

    database.prepare()
    scenes.apply()
    _calls(data)
    chances = (bytes([number]) * 10 for number in (1, 2, 3))
    numbers = ("+3615550100", "+3615550111", "+3615550122")
    people = [
        planting.customer(mark, number=number, chance=chance)
        for mark, number, chance in zip("ABC", numbers, chances, strict=True)
    ]
    sealed = [planting.plant(people[place], other=people[2], mark="AB"[place]) for place in (0, 1)]
    keys = [
        {"key": bytes(SubjectKey.objects.get(subject=each.subject).wrapped)} for each in people[:2]
    ]
    sound = _sound(data, people[0])
    before = _figures()
    held_before = [_held(data, each | key) for each, key in zip(sealed, keys, strict=True)]
    from callfloor.departments.management.services import emptying

    services.erase(person=scenes.person("mara"), customer_id=people[0].id, now=scenes.NOW)
    emptying.empty_erased(now=scenes.NOW)
    held_after = [_held(data, each | key) for each, key in zip(sealed, keys, strict=True)]
    return {
        "held_before": held_before,
        "held_after": held_after,
        "planted": len(sealed[0]),
        "figures_before": before,
        "figures_after": _figures(),
        "clear": _clear(data, [text for each in sealed for text in each]),
        "sound_is_there": sound.exists(),
    }


def _calls(data: Path) -> None:
    """Let there be a day's figures."""
    from tests.records import scenes

    scene = scenes.Scene(data)
    for number in range(6):
        call = scene.call(number=f"+3615551{number:03}")
        scenes.in_queue(call)
        if number % 3:
            scenes.answered(call, "anna", wait=float(number), talk=20.0 + number)
        else:
            scenes.abandoned(call)
        scene.write(call)
    scenes.project(scene)
    scene.close()


def _sound(data: Path, customer: Any) -> Path:
    """Put a file where the recording of the planted contact would lie."""
    from callfloor.records.interactions.models import Recording

    folder = data / "recordings"
    folder.mkdir(exist_ok=True)
    path = folder / "planted.ccr"
    path.write_bytes(b"CCR1 sealed sound")
    rows = Recording.objects.filter(interaction__customer=customer)
    assert rows.update(path="planted.ccr") == 1
    return path


def _figures() -> dict[str, list[Any]]:
    """Give every number, instant and outcome that a report is made of."""
    from callfloor.records.interactions.models import AgentWork, Interaction, QueueEntry

    fields = {
        Interaction: (
            "id", "client_id", "channel", "direction", "outcome", "queue_id", "agent_id",
            "disposition", "arrived_at", "answered_at", "ended_at", "wait_seconds",
            "talk_seconds", "hold_seconds", "wrap_seconds", "short", "written", "customer_id",
        ),
        QueueEntry: ("id", "queue_id", "outcome", "waited_seconds", "within_goal"),
        AgentWork: ("id", "agent_id", "bridged_at", "talk_seconds", "wrap_seconds"),
    }  # fmt: skip
    return {
        model.__name__: [[str(value) for value in row] for row in
                         model.objects.order_by("pk").values_list(*names)]
        for model, names in fields.items()
    }  # fmt: skip


def _held(data: Path, sealed: dict[str, bytes]) -> dict[str, list[str]]:
    """Give the files that hold sealed bytes, by what they are of."""
    contents = {path.name: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    return {
        text: names
        for text, value in sealed.items()
        if (names := [name for name, content in contents.items() if value in content])
    }


def _clear(data: Path, texts: list[str]) -> list[str]:
    """Give the files that hold a canary in clear."""
    needles = [text.encode() for text in texts]
    return [
        path.name
        for path in data.rglob("*")
        if path.is_file() and any(each in path.read_bytes() for each in needles)
    ]


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
