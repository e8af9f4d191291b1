"""
How long a floor is away after a kill, with a journal of ten thousand contacts behind it.

A day of the twin is fed to the real floor on a stepped clock, so that its journal is as a floor
writes it; then a real floor process is started on it, killed and started again. Printed as JSON:
the seconds from the kill to the first welcome on the link, and the part of it that reads the past.
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from callfloor.floor import past
from callfloor.floor.journal import Journal
from callfloor.floor.tests import stand
from callfloor.twin import run
from callfloor.twin.tests import centre
from tests import small_centre

CONTACTS = 10_000
HOURS = 20.0
AGENTS = 60
ROUNDS = 5
TARGET_SECONDS = 3.0


def write_day(folder: Path) -> int:
    """Write the journal of a day; give the contacts in it."""
    plan = centre.floor_plan(agents=AGENTS)
    day = run.day(
        plan=plan,
        demand=centre.demand(per_hour=CONTACTS / HOURS),
        seed=1,
        start_at=centre.START_AT,
        seconds=HOURS * 3600,
    )
    house = stand.Stand(folder, floor_plan=plan, version="twin")
    inputs = [(at, body) for _, at, kind, body in day.rows if kind == run.INPUT]
    house.now = inputs[0][0]
    house.start()
    for at, event in inputs[1:]:
        house.step(at - house.now)
        house.now = at
        house.told.clear()
        house.floor.happen(event)
    house.journal.checkpoint()
    house.journal.close()
    return int(day.summary["contacts"])


async def away(data: Path) -> list[float]:
    """Kill and start a real floor on a journal; give the seconds without one, for each round."""
    seconds = []
    async with small_centre.running(data, centre.floor_plan(agents=AGENTS)) as house:
        for _ in range(ROUNDS):
            began = time.monotonic()
            await house.kill("floor")
            await house.spawn_floor()
            web = await house.connect("web")
            seconds.append(time.monotonic() - began)
            await web.close()
    return seconds


def reading(data: Path) -> dict[str, Any]:
    """Measure what reading the past takes of it."""
    journal = Journal(data / "journal.db")
    rows = journal.read("SELECT count(*) FROM journal")[0][0]
    began = time.process_time()
    read = past.read(journal)
    took = time.process_time() - began
    journal.close()
    return {"rows": rows, "facts_read": len(read.later), "read_seconds": round(took, 3)}


def main() -> None:
    """Print the figures."""
    folder = Path(tempfile.mkdtemp(prefix="callfloor-restart-"))
    try:
        contacts = write_day(folder)
        figures = reading(folder)
        seconds = asyncio.run(away(folder))
    finally:
        shutil.rmtree(folder)
    print(
        json.dumps(
            {
                "bench": "restart",
                "contacts": contacts,
                **figures,
                "away_seconds": round(statistics.median(seconds), 2),
                "worst_seconds": round(max(seconds), 2),
                "target_seconds": TARGET_SECONDS,
                "load_before": round(os.getloadavg()[1], 2),
                "python": platform.python_version(),
            }
        )
    )


if __name__ == "__main__":
    main()
