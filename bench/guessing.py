"""
What a guesser's stop-watch sees: a thousand interleaved pairs of wrong answers, for a name that
there is and for one that there is not, over real sockets to a real floor (TRUST.md section 4).

Each address tries four times, so that none is silenced. Printed as JSON: both medians, their ratio
(target: within 10 %), and the ratio of two halves of the same name, which is the noise.
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import socket
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from callfloor.wire.sip import message as messages
from tests import small_centre
from tests.abuse import rig
from tests.abuse.guesser import Guesser

PAIRS = 1_000
TRIES_PER_ADDRESS = 4
PAUSE_SECONDS = 0.004  # Under the pace at which all strangers together are heard.
KNOWN, UNKNOWN = "mobile", "mobilx"


class Address:
    """One source address with its guesser; says how long its last answer took."""

    def __init__(self, number: int, port: int) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((f"127.2.{number // 250}.{number % 250 + 1}", 0))
        self._socket.settimeout(2.0)
        self._target = ("127.0.0.1", port)
        self.took = 0
        self.guesser = Guesser(self._ask)

    def _ask(self, data: bytes) -> messages.Response:
        host, port = self._socket.getsockname()
        data = data.replace(b"203.0.113.9:5060", f"{host}:{port}".encode(), 1)
        began = time.perf_counter_ns()
        self._socket.sendto(data, self._target)
        answer = self._socket.recv(65_535)
        self.took = time.perf_counter_ns() - began
        read = messages.parse(answer)
        assert isinstance(read, messages.Response), "a floor answers"
        return read

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()


def guess_pairs(port: int) -> tuple[list[int], list[int]]:
    """Guess in turn; give the nanoseconds of each answer for the known and the unknown name."""
    times: tuple[list[int], list[int]] = ([], [])
    per_address = TRIES_PER_ADDRESS // 2
    for number in range(PAIRS // per_address):
        address = Address(number, port)
        for pair in range(per_address):
            for which in (0, 1) if (number + pair) % 2 else (1, 0):
                answer = address.guesser.guess((KNOWN, UNKNOWN)[which], "wrong")
                assert answer is not None, "a floor answers"
                assert answer.status == 401, "a wrong answer gets a 401"
                times[which].append(address.took)
                time.sleep(PAUSE_SECONDS)
        address.close()
    return times


async def measure(folder: Path) -> dict[str, Any]:
    """Guess at one floor."""
    rig.write_passwords(folder)
    async with small_centre.running(folder, rig.flooded_plan(agents=0)) as centre:
        known, unknown = await asyncio.to_thread(guess_pairs, centre.sip)
    medians = [statistics.median(times) / 1000 for times in (known, unknown)]
    halves = [statistics.median(known[half::2]) for half in (0, 1)]
    return {
        "pairs": len(known),
        "known_us": round(medians[0], 1),
        "unknown_us": round(medians[1], 1),
        "ratio": round(medians[0] / medians[1], 3),
        "noise_ratio": round(halves[0] / halves[1], 3),
    }


def main() -> None:
    """Print the figures."""
    load = os.getloadavg()[1]
    with tempfile.TemporaryDirectory(prefix="callfloor-guessing-") as folder:
        figures = asyncio.run(measure(Path(folder)))
    print(
        json.dumps(
            {
                "bench": "guessing",
                **figures,
                "target": "ratio within 0.9 to 1.1",
                "load_before": round(load, 2),
                "python": platform.python_version(),
            }
        )
    )


if __name__ == "__main__":
    main()
