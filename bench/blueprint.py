"""
How long it takes to check a center of six hundred people.

The preset `everything` is checked in a process of its own, as somebody does who has just changed
it: loading Python's modules and joining the manifests of all departments count. Printed as JSON:
seconds of the whole command and of the check alone (medians of the rounds), and what was checked.
Time is the processor's, so that neighbors on the machine count little.
"""

from __future__ import annotations

import json
import platform
import resource
import statistics
import subprocess
import sys
import time

from callfloor.app import manifests

ROUNDS = 5
TARGET_SECONDS = 2.0
PRESET = "everything"


def whole_command(path: str) -> float:
    """Give the processor's seconds of `callfloor check`, from the start to its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    words = [sys.executable, "-m", "callfloor.app.cli", "check", path]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)


def main() -> None:
    """Measure and print."""
    manifests.join()
    from callfloor.blueprint import preset
    from callfloor.blueprint.check import check

    path = preset.PRESETS / f"{PRESET}.yaml"
    text = path.read_text(encoding="utf-8")
    alone = []
    for _ in range(ROUNDS):
        began = time.process_time()
        found = check(text, file=str(path), near=preset.PRESETS)
        alone.append(time.process_time() - began)
    assert found.blueprint is not None, found.findings
    commands = [whole_command(str(path)) for _ in range(ROUNDS)]
    figures = {
        "people": len(found.blueprint.people),
        "command_seconds": round(statistics.median(commands), 3),
        "check_seconds": round(statistics.median(alone), 3),
        "target_seconds": TARGET_SECONDS,
        "python": platform.python_version(),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
