"""
A minute of each flood against a real floor, with calls up and calls that begin (TRUST.md R43).

Every flood comes from a process of its own at 3,000 datagrams a second; a second trunk brings ten
calls a second meanwhile. Printed as JSON, for each kind: how much the floor's memory grew, the 99th
percentile of the way of an RTP frame from caller to agent, and of the time from an INVITE to its
200 (with a commit to disk in it), what was dropped by reason, and the floor's share of a core.
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests import small_centre
from tests.abuse import floods, rig

SECONDS = float(os.environ.get("CALLFLOOR_FLOOD_SECONDS", "60"))
PER_SECOND = 3_000
QUIET_SECONDS = 10.0
TALKS = 5
TARGETS = {"rss_growth_mib": 64, "rtp_p99_ms": 20, "new_call_p99_ms": 200, "new_calls_failed": 0}


async def measure(folder: Path) -> dict[str, Any]:
    """Flood one floor with all kinds, one after the other."""
    rig.write_passwords(folder)
    async with (
        small_centre.running(folder, rig.flooded_plan(agents=TALKS)) as centre,
        rig.Talks.up(centre, TALKS) as talks,
    ):
        quiet = await rig.measure_quiet(centre, talks, seconds=QUIET_SECONDS)
        figures: dict[str, Any] = {"quiet": quiet.plain()}
        for kind in floods.KINDS:
            measured = await rig.measure(
                centre, talks, kind, per_second=PER_SECOND, seconds=SECONDS
            )
            figures[kind] = measured.plain()
            print(kind, figures[kind], file=sys.stderr, flush=True)  # A quarter of an hour is long.
        figures["calls_lost"] = talks.lost_calls()
    return figures


def main() -> None:
    """Print the figures."""
    load = os.getloadavg()[1]
    with tempfile.TemporaryDirectory(prefix="callfloor-floods-") as folder:
        figures = asyncio.run(measure(Path(folder)))
    print(
        json.dumps(
            {
                "bench": "floods",
                "seconds": SECONDS,
                "per_second": PER_SECOND,
                **figures,
                "targets": TARGETS,
                "load_before": round(load, 2),
                "python": platform.python_version(),
            }
        )
    )


if __name__ == "__main__":
    main()
