"""A media worker as its own process on its own core, and a floor to command it, for benches."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from callfloor.media import sound
from callfloor.wire import ng

HOST = "127.0.0.1"
START_SECONDS = 10.0
LAW = sound.PCMU
WORKER_CORE, OTHER_CORE = 0, 1


SILENCE_END = 0xFF  # Of a keep-alive in mu-law (`leg.KEEP_ALIVE_SECONDS`); ours end in zeros.

CORES = sorted(os.sched_getaffinity(0))  # Before anybody is pinned.


def pin(process: int, core: int) -> None:
    """Keep a process (0: this one) on one core."""
    os.sched_setaffinity(process, {CORES[core % len(CORES)]})


def prefer(process: int) -> str:
    """
    Put a process before the machine's other work, where that is allowed; tells how it is run.

    The figure is what a core can carry, not what a busy neighbor leaves of it.
    """
    try:
        os.sched_setscheduler(process, os.SCHED_RR, os.sched_param(1))
    except PermissionError:
        return "normal"
    return "round robin"


class Rig:
    """Starts and ends the worker; `ask` is the floor."""

    def __enter__(self) -> Rig:
        self._folder = tempfile.TemporaryDirectory()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((HOST, 0))
        self._socket.settimeout(0.2)
        self._worker = (HOST, _free_port())
        self._asked = 0
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "callfloor.media.main",
                "--control", f"{HOST}:{self._worker[1]}",
                "--floor", f"{HOST}:{self._socket.getsockname()[1]}",
                "--prompts", self._folder.name,
                "--recordings", str(Path(self._folder.name) / "recordings"),
            ],
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        pin(self.process.pid, WORKER_CORE)
        prefer(self.process.pid)
        self.ask("ping", seconds=START_SECONDS)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.process.terminate()
        self.process.wait(10)
        self._socket.close()
        self._folder.cleanup()

    def ask(self, command: str, *, seconds: float = 3.0, **fields: Any) -> dict[str, Any]:
        """Send a command and give its answer; events are answered on the way."""
        self._asked += 1
        cookie = f"b{self._asked}"
        body = {name.replace("_", "-"): value for name, value in fields.items()}
        datagram = ng.encode(cookie, {"command": command, **body})
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            self._socket.sendto(datagram, self._worker)
            answer = self._answer(cookie)
            if answer is not None:
                assert answer["result"] in ("ok", "pong"), answer
                return answer
        raise TimeoutError(command)

    def _answer(self, cookie: str) -> dict[str, Any] | None:
        while True:
            try:
                data, source = self._socket.recvfrom(65_536)
            except (TimeoutError, ConnectionRefusedError):
                return None
            told, body = ng.decode(data)
            if body.get("command") == "event":
                self._socket.sendto(ng.encode(told, {"result": "ok"}), source)
            elif told == cookie:
                return dict(body)

    def cpu_seconds(self) -> float:
        """Tell how much of a processor the worker has used so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def waited_seconds(self) -> float:
        """Tell how long the worker was ready to run while somebody else had its core."""
        fields = Path(f"/proc/{self.process.pid}/schedstat").read_text().split()
        return int(fields[1]) / 1e9


def is_ours(packet: bytes) -> bool:
    """Say whether this is speech that a peer sent, and not silence of the worker's own making."""
    return packet[-1] != SILENCE_END


def voice(*levels: int) -> bytes:
    """Give 20 ms of one level, or of the sum of what G.711 makes of several."""
    parts = [sound.encode(np.full(sound.FRAME_SAMPLES, level, np.int16), LAW) for level in levels]
    total = sum(sound.decode(part, LAW).astype(np.int32) for part in parts)
    return sound.encode(np.asarray(total, np.int16), LAW)


def percentile(values: list[float], share: float) -> float:
    """Give the value that so many are not above; zero for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((HOST, 0))
        port: int = sock.getsockname()[1]
        return port
