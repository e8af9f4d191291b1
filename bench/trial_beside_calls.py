"""
What a trial in the twin does to the calls beside it: how late the floor is, what sound is lost.

The demo runs with its simulated callers and agents. For a while nothing is tried, then trials are
asked for from the page, one after the other, for as long. Printed as JSON, for both stretches: the
floor's loop lag as it says it every second (median, p99, worst), packets that the media process
missed of those it should have had, and how many calls went on; for the trials how long each took
from the form to the answer. A busy machine shows in the first stretch; `load` is its load average.
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.journeys.stack import Stack, Visitor

SECONDS = 60  # A p99 of sixty seconds is the worst of them: `worst` says the same, honestly.
WARM_SECONDS = 20  # Until the first callers talk.
TRIAL = {"kind": "sick", "count": "3", "days": "20"}


async def stretch(stack: Stack, *, trials: bool) -> dict[str, Any]:
    """Listen to the floor's health for a while, with trials or without."""
    peer = await stack.connect("web")
    said: list[dict[str, Any]] = []
    answers: list[float] = []
    asking = asyncio.create_task(asyncio.to_thread(_try_always, stack, answers)) if trials else None
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        peer.health = None
        await peer.wait_for(lambda: peer.health is not None)
        assert peer.health is not None
        said.append(peer.health)
    if asking is not None:
        await asking
    await peer.close()
    return {**_figures(said), **({"trial_seconds": answers} if trials else {})}


def _figures(said: list[dict[str, Any]]) -> dict[str, Any]:
    lags = sorted(each["lag_ms"] for each in said)
    legs = [leg for each in said for leg in each.get("legs", [])]
    lost, heard = sum(leg[2] for leg in legs), sum(leg[1] for leg in legs)
    return {
        "seconds": len(said),
        "lag_ms_median": round(statistics.median(lags), 2),
        "lag_ms_p99": round(lags[min(len(lags) - 1, round(0.99 * len(lags)))], 2),
        "lag_ms_worst": round(lags[-1], 2),
        "media_lag_ms_worst": max(each["media"].get("lag_ms") or 0 for each in said),
        "lost_share": round(lost / (lost + heard), 6) if legs else None,
        "calls_mean": round(statistics.mean(each.get("calls") or 0 for each in said), 1),
    }


def _try_always(stack: Stack, answers: list[float]) -> None:
    """Ask for one trial after another until the time is over."""
    manager = Visitor.signed_in(stack, "manager")
    manager.ask("/try")
    began = time.monotonic()
    seed = 0
    while time.monotonic() - began < SECONDS:
        seed += 1
        asked = time.monotonic()
        _, _, headers = manager.post("/try", seed=str(seed), **TRIAL)
        link = {key.lower(): value for key, value in headers.items()}["location"]
        while b"data-every" in manager.ask(link)[1]:
            time.sleep(0.5)
        answers.append(round(time.monotonic() - asked, 1))


async def measure(data: Path) -> dict[str, Any]:
    """Measure both stretches on one running demo."""
    stack = Stack(data)
    try:
        stack.start("demo")
        await asyncio.sleep(WARM_SECONDS)
        load = os.getloadavg()[0]
        without = await stretch(stack, trials=False)
        beside = await stretch(stack, trials=True)
    finally:
        stack.stop()
    return {"load": round(load, 2), "without": without, "beside_a_trial": beside}


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(measure(Path(folder) / "data"))
    machine = {"python": platform.python_version(), "cores": os.cpu_count()}
    print(json.dumps({"bench": "trial_beside_calls", **machine, **found}, indent=2))


if __name__ == "__main__":
    main()
