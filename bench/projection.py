"""
How fast facts become records: contacts per second of CPU, and the longest write transaction.

A journal of calls as in issue 2 (50 calls/s for 60 s, one in ten answered, each with a number of
its own) is written by the floor's own writer and projected into SQLite files by the worker's
follower. Refuses: to measure the floor; the journal is there before the clock starts.
"""

import json
import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

CONTACTS = 3_000
TARGET = 60  # Contacts per second on half a core: 60 s of load are complete after 60 s.


def main() -> None:
    """Print the figures as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CALLFLOOR_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "callfloor.app.settings"
        print(json.dumps(measure(Path(folder))))


def measure(data: Path) -> dict[str, object]:
    """Project a journal and give what it took."""
    import django

    django.setup()
    from callfloor.app import database
    from callfloor.records.interactions.models import Interaction
    from callfloor.worker import projection
    from tests.records import scenes

    database.prepare()
    scenes.apply()
    facts = _write(scenes, data)
    follower = projection.Follower(projection.sources(data)[0], tick=time.perf_counter)
    writes = _watch(follower)
    began, cpu = time.perf_counter(), time.process_time()
    while follower.follow(now=datetime.now(UTC)):
        pass
    seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu
    assert Interaction.objects.exclude(outcome="").count() == CONTACTS
    writes.sort()
    return {
        "bench": "projection",
        "contacts": CONTACTS,
        "facts": facts,
        "contacts_per_second": round(CONTACTS / seconds),
        "contacts_per_cpu_second": round(CONTACTS / cpu_seconds),
        "cpu_ms_per_contact": round(cpu_seconds / CONTACTS * 1000, 2),
        "write_ms_p50": round(writes[len(writes) // 2] * 1000, 1),
        "write_ms_p99": round(writes[int(len(writes) * 0.99)] * 1000, 1),
        "write_ms_max": round(writes[-1] * 1000, 1),
        "batches": len(writes),
        "target_contacts_per_cpu_second": TARGET * 2,
        "meets_target": CONTACTS / cpu_seconds >= TARGET * 2,
    }


def _write(scenes, data: Path) -> int:  # type: ignore[no-untyped-def]
    scene = scenes.Scene(data)
    calls = []
    for number in range(CONTACTS):
        call = scene.call(at=scenes.START + number / 50, number=f"+361{number:07d}")
        scenes.in_queue(call)
        if number % 10 == 0:
            scenes.typed(scene, call, "123456")
            scenes.answered(call, scenes.AGENTS[number % 3])
        else:
            scenes.abandoned(call)
        calls.append(call)
    count = sum(len(call.facts) for call in calls)
    scene.write(*calls)
    scene.close()
    return count


def _watch(follower) -> list[float]:  # type: ignore[no-untyped-def]
    """Note how long each write transaction takes."""
    writes: list[float] = []
    adapt = follower._adapt

    def noted(write_seconds: float, *, facts: int) -> None:
        writes.append(write_seconds)
        adapt(write_seconds, facts=facts)

    follower._adapt = noted
    return writes


if __name__ == "__main__":
    main()
