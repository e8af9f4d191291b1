"""
How fast heads are computed: a thousand intervals of 10 to 300 erlangs, against pyworkforce.

Both give the fewest heads for 80 % within 20 s of talks of three minutes, without a ceiling of
occupancy; they must say the same number for every interval.
"""

from __future__ import annotations

import json
import math
import platform
import random
import sys
import time
from collections.abc import Callable
from typing import Any

from callfloor.core import staffing

INTERVALS = 1_000
LOADS = (10.0, 300.0)
HANDLING_MINUTES = 3.0
INTERVAL_MINUTES = 30.0
GOAL = staffing.Goal(share=0.8, seconds=20.0)
ROUNDS = 5
SEED = 20_261_122
TARGET = 50


def transactions() -> list[float]:
    """Draw contacts per half hour, so that the loads are spread evenly."""
    draw = random.Random(SEED)
    return [draw.uniform(*LOADS) * INTERVAL_MINUTES / HANDLING_MINUTES for _ in range(INTERVALS)]


def ours(contacts: list[float]) -> list[int]:
    """Compute all heads at once with callfloor.core.staffing."""
    handling = HANDLING_MINUTES * 60
    seconds = INTERVAL_MINUTES * 60
    return staffing.heads_c_many(
        loads=[
            staffing.load_of(contacts=each, interval_seconds=seconds, handling_seconds=handling)
            for each in contacts
        ],
        handling_seconds=handling,
        goal=GOAL,
    )


def one_by_one(contacts: list[float]) -> list[int]:
    """Compute them one after the other."""
    handling = HANDLING_MINUTES * 60
    seconds = INTERVAL_MINUTES * 60
    return [
        staffing.heads_c(
            load=staffing.load_of(
                contacts=each, interval_seconds=seconds, handling_seconds=handling
            ),
            handling_seconds=handling,
            goal=GOAL,
        )
        for each in contacts
    ]


def theirs(contacts: list[float]) -> list[int]:
    """Compute heads with pyworkforce, an interval after the other as its documentation does."""
    from pyworkforce.queuing import ErlangC

    found = []
    for each in contacts:
        erlang = ErlangC(
            transactions=each,
            aht=HANDLING_MINUTES,
            asa=GOAL.seconds / 60,
            interval=INTERVAL_MINUTES,
            shrinkage=0.0,
        )
        found.append(erlang.required_positions(service_level=GOAL.share)["raw_positions"])
    return found


def timed(what: Callable[[list[float]], list[int]], contacts: list[float]) -> tuple[float, Any]:
    """Give the processor seconds of the best of some rounds, and the result."""
    best, result = math.inf, []
    for _ in range(ROUNDS):
        started = time.process_time()
        result = what(contacts)
        best = min(best, time.process_time() - started)
    return best, result


def main() -> None:
    """Print the figures as JSON."""
    contacts = transactions()
    seconds, heads = timed(ours, contacts)
    alone, same = timed(one_by_one, contacts)
    assert heads == same, "both ways say the same"
    report: dict[str, Any] = {
        "bench": "staffing",
        "intervals": INTERVALS,
        "intervals_per_second": round(INTERVALS / seconds),
        "one_by_one_per_second": round(INTERVALS / alone),
        "targets": {"times_pyworkforce": TARGET},
    }
    try:
        their_seconds, their_heads = timed(theirs, contacts)
    except ImportError:
        report["pyworkforce"] = "not installed: it is in bench/requirements.txt, ./run bench has it"
    else:
        report["pyworkforce_per_second"] = round(INTERVALS / their_seconds)
        report["times_pyworkforce"] = round(their_seconds / seconds, 1)
        report["one_by_one_times_pyworkforce"] = round(their_seconds / alone, 1)
        report["differ"] = sum(a != b for a, b in zip(heads, their_heads, strict=True))
    report["python"] = platform.python_version()
    json.dump(report, sys.stdout, indent=None if "--json" in sys.argv else 2)
    print()


if __name__ == "__main__":
    main()
