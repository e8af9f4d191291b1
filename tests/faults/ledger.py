"""
What a centre's files say after faults: the journal by itself, and the records beside it.

`python -m tests.faults.ledger DATA` prints what the records hold, as JSON, after everything that
is still to be taken over was taken over. The rest reads the journal and needs no Django.
"""

import json
import os
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

STUCK_SECONDS = 5.0  # I3.
HOLDS_A_CALL = ("ringing", "talking")


def ask(data: Path, query: str, *values: Any) -> list[Any]:
    """Ask the journal."""
    connection = sqlite3.connect(f"file:{data / 'journal.db'}?mode=ro", uri=True, timeout=10)
    try:
        return connection.execute(query, values).fetchall()
    finally:
        connection.close()


def facts(data: Path, *names: str) -> list[tuple[int, float, int, dict[str, Any]]]:
    """Give seq, instant, epoch and fact of some classes, in order."""
    marks = ",".join("?" * len(names))
    rows = ask(
        data,
        "SELECT seq, at, epoch, body FROM journal WHERE kind = 'fact' "
        f"AND name IN ({marks}) ORDER BY seq",
        *names,
    )
    return [(seq, at, epoch, json.loads(body)) for seq, at, epoch, body in rows]


def not_as_shown(data: Path, shown: Iterable[dict[str, Any]]) -> list[int]:
    """Give the numbers of facts that a screen was shown and the journal does not hold like that."""
    wrong = []
    for row in shown:
        held = ask(data, "SELECT body FROM journal WHERE seq = ?", row["seq"])
        if not held or json.loads(held[0][0]) != row["fact"]:
            wrong.append(row["seq"])
    return wrong


def missing_numbers(data: Path) -> int:
    """Count the holes in the journal's numbers."""
    ((first, last, count),) = ask(data, "SELECT min(seq), max(seq), count(*) FROM journal")
    return int(last - first + 1 - count)


def not_ended_once(data: Path) -> list[str]:
    """Name the items that have arrived and have not exactly one end, or are open after it."""
    ends = Counter(fact["item"] for *_, fact in facts(data, "Closed"))
    arrived = [fact["item"] for *_, fact in facts(data, "Arrived")]
    still_open = {item for (item,) in ask(data, "SELECT item FROM open_items")}
    assert len(arrived) == len(set(arrived)), "an item arrived twice"
    return [item for item in arrived if ends[item] != (0 if item in still_open else 1)]


def stuck(data: Path) -> list[tuple[str, str, float]]:
    """Give each agent who held an item that had ended, with the seconds, if more than allowed."""
    ended = {fact["item"]: at for _, at, _, fact in facts(data, "Closed")}
    ((now,),) = ask(data, "SELECT max(at) FROM journal")
    found = []
    holding: dict[str, tuple[str, int]] = {}
    for _, at, epoch, fact in facts(data, "AgentChanged"):
        item, since = holding.pop(fact["agent"], (None, 0))
        # A start seats everybody anew, so an epoch's last state is over with its floor.
        if item is not None and since == epoch:
            found.append((fact["agent"], item, at - ended.get(item, at)))
        if fact["state"] in HOLDS_A_CALL and fact.get("item"):
            holding[fact["agent"]] = fact["item"], epoch
    ((epoch,),) = ask(data, "SELECT max(epoch) FROM journal")
    found += [
        (agent, item, now - ended.get(item, now))
        for agent, (item, since) in holding.items()
        if since == epoch
    ]
    return [each for each in found if each[2] > STUCK_SECONDS]


def orphans(data: Path) -> list[str]:
    """Name the files of recordings that no row of the journal knows."""
    known = {path for (path,) in ask(data, "SELECT path FROM recordings")}
    folder = data / "recordings"
    return [
        name
        for path in folder.rglob("*.ccr")
        if (name := path.relative_to(folder).as_posix()) not in known
    ]


def unfinished(data: Path) -> int:
    """Count the recordings that the floor has not said the end of."""
    ((count,),) = ask(data, "SELECT count(*) FROM recordings WHERE ended_at IS NULL")
    return int(count)


def recordings(data: Path) -> dict[str, dict[str, Any]]:
    """Give item, path and `partial` of every recording in the journal."""
    rows = ask(data, "SELECT recording, item, path, partial FROM recordings")
    return {
        name: {"item": item, "path": path, "partial": bool(partial)}
        for name, item, path, partial in rows
    }


# --- The records ----------------------------------------------------------------------------------


def records(data: Path) -> dict[str, Any]:
    """Give what the records hold; must run in a process of its own, with Django."""
    os.environ["CALLFLOOR_DATA"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callfloor.app.settings")
    import django

    django.setup()
    from callfloor.kernel import audit, events
    from callfloor.kernel.models import AuditEntry
    from callfloor.records.interactions.models import Interaction, Recording
    from tests.faults.worker import MARK

    _take_over(data)
    reacted = Counter(AuditEntry.objects.filter(action=MARK).values_list("about", flat=True))
    return {
        "interactions": dict(Interaction.objects.values_list("id", "outcome")),
        "recordings": [_heard(recording) for recording in Recording.objects.order_by("id")],
        "reacted": dict(reacted),
        "waiting": events.waiting(),
        "audit_ok": audit.verify().ok,
    }


def _take_over(data: Path) -> None:
    """Project and take over what is left, as a worker would ten minutes later."""
    from datetime import UTC, datetime

    from callfloor.kernel import events
    from callfloor.worker.projection import Follower, sources
    from tests.faults import worker

    worker.join()
    now = datetime.now(UTC) + timedelta(minutes=11)  # The grace for recordings is ten.
    ticks = [0.0]
    follower = Follower(sources(data)[0], tick=lambda: ticks[0])
    while follower.follow(now=now):
        pass
    while events.deliver(now=now).delivered:
        pass
    while follower.follow_recordings(now=now):
        ticks[0] += 60.0  # Nobody waits here for what is late.
    follower.close()


def _heard(recording: Any) -> dict[str, Any]:
    from callfloor.records.interactions.services import recordings as services

    try:
        reader = services._reader(recording)
        whole, seconds = not reader.partial, reader.duration_ms() / 1000
    except services.RecordingGone:
        whole, seconds = False, None
    return {
        "id": recording.id,
        "item": recording.interaction_id,
        "partial": recording.partial,
        "missing": recording.missing,
        "whole": whole,
        "seconds": seconds,
    }


if __name__ == "__main__":
    print(json.dumps(records(Path(sys.argv[1]))))
