"""
How long the floor is away after a kill at each of its failpoints, and what a kill leaves behind.

Runs the rounds of `tests/faults` once over every point, with calls up, and prints JSON: seconds
from each start of the floor to the first call that is answered, and how recordings came out.
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import statistics
import tempfile
from pathlib import Path

from tests.faults import rounds
from tests.faults.points import POINTS

TARGET_SECONDS = 3.0


async def measure(folder: Path) -> rounds.Outcome:
    """Kill once at every point."""
    async with rounds.running(folder, seed=1) as running:
        return await running.run(POINTS)


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory(prefix="callfloor-kills-") as folder:
        outcome = asyncio.run(measure(Path(folder)))
    print(
        json.dumps(
            {
                "bench": "kills",
                "kills": sum(outcome.kills.values()),
                "points": len(outcome.kills),
                "faults": outcome.faults,
                "calls": outcome.calls,
                "recordings": outcome.recordings,
                "partial": outcome.partial,
                "missing": outcome.missing,
                "back_seconds": round(statistics.median(outcome.back_seconds), 2),
                "worst_seconds": round(max(outcome.back_seconds), 2),
                "target_seconds": TARGET_SECONDS,
                "load_before": round(os.getloadavg()[1], 2),
                "python": platform.python_version(),
            }
        )
    )


if __name__ == "__main__":
    main()
