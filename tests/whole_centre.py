"""The whole centre as a newcomer starts it: the command line, and everything that it brings up."""

import asyncio
import contextlib
import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from callfloor.app import supervisor
from tests.small_centre import LinkPeer, free_ports

START_SECONDS_MAX = 180.0  # Fifteen on two quiet cores; a machine that is busy is waited for.
POLL_SECONDS = 0.1
LAST_WORDS = "Ctrl-C"  # How to stop it is the last that a start prints.


class WholeCentre:
    """A running `callfloor demo` or `callfloor serve`."""

    start_seconds_max = START_SECONDS_MAX

    def __init__(self, data: Path) -> None:
        self.data = data
        self.http, self.sip = free_ports(2)
        self._out = data.parent / f"{data.name}.out"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *words: str) -> float:
        """Start it, wait until it takes calls and has said so; return the seconds that took."""
        command = [sys.executable, "-m", "callfloor.app.cli", *words, "--data", str(self.data)]
        command += ["--http", str(self.http), "--sip", str(self.sip)]
        began = time.monotonic()
        with self._out.open("wb") as out:
            self._process = subprocess.Popen(
                command, stdout=out, stderr=out, env=supervisor.environment({})
            )
        # Health is known to whoever asks a moment before it is to the supervisor that prints.
        while self.health()["status"] != "ok" or LAST_WORDS not in self.printed():
            assert self._process.poll() is None, self.printed()
            assert time.monotonic() - began < self.start_seconds_max, self.printed()
            time.sleep(POLL_SECONDS)
        return time.monotonic() - began

    def stop(self) -> int:
        """Ask it to end and return its exit status."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(timeout=60)

    def printed(self) -> str:
        """Return what it told its starter."""
        return self._out.read_text(encoding="utf-8", errors="replace")

    def health(self) -> dict[str, Any]:
        """Ask /healthz; without an answer the status is `away`."""
        address = f"http://127.0.0.1:{self.http}/healthz"
        with contextlib.suppress(OSError, ValueError):
            try:
                with urllib.request.urlopen(address, timeout=3) as answer:
                    found: dict[str, Any] = json.load(answer)
                    return found
            except urllib.error.HTTPError as error:
                with error:
                    return {"status": "not ready", "code": error.code}
        return {"status": "away"}

    def page(self, path: str) -> str:
        """Fetch a page without signing in."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.http}{path}", timeout=30) as answer:
            text: str = answer.read().decode()
            return text

    def pids(self) -> dict[str, int]:
        """Return the process ids by name."""
        known = json.loads((self.data / "processes.json").read_text(encoding="utf-8"))
        return {name: entry["pid"] for name, entry in known["processes"].items()}

    async def connect(self, role: str) -> LinkPeer:
        """Connect to the floor's link."""
        reader, writer = await asyncio.open_unix_connection(str(self.data / "floor.sock"))
        return await LinkPeer.greet(reader, writer, role)


@contextlib.contextmanager
def running(data: Path, *words: str) -> Iterator[WholeCentre]:
    """Run a centre for a while."""
    centre = WholeCentre(data)
    try:
        centre.start(*words)
        yield centre
    finally:
        centre.stop()
