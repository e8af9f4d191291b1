"""
How long a newcomer waits: `./run demo` in a fresh clone with an empty HOME, and the second time.

What is committed is cloned, nothing else is there; the time of downloads and installation is what
`./run` itself prints. Refuses: to count what is not committed yet.
"""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FIRST_SECONDS = 90.0  # The figures; the first is beside the time of the downloads.
SECOND_SECONDS = 5.0
WAIT_SECONDS = 900.0  # A slow line may need long for 50 packages.
POLL_SECONDS = 0.05
DOWNLOADS = re.compile(r"^downloads and installation: (\d+) s", re.MULTILINE)


def main() -> None:
    """Print the figures as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(Path(folder))))


def measure(folder: Path) -> dict[str, object]:
    """Clone, start twice, and give the seconds until /healthz answers."""
    clone, home = folder / "clone", folder / "home"
    home.mkdir()
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    first, downloads = start(clone, home)
    second, _ = start(clone, home)
    own = first - downloads
    return {
        "bench": "fresh_start",
        "first_seconds": round(first, 1),
        "downloads_seconds": downloads,
        "first_without_downloads_seconds": round(own, 1),
        "second_seconds": round(second, 2),
        "target_first_seconds": FIRST_SECONDS,
        "target_second_seconds": SECOND_SECONDS,
        "load_average": round(os.getloadavg()[0], 1),
        "meets_target": own < FIRST_SECONDS and second < SECOND_SECONDS,
    }


def start(clone: Path, home: Path) -> tuple[float, int]:
    """Start the demo until it is well; return the seconds, and those of its downloads."""
    http, sip = _free_port(), _free_port()
    command = ["./run", "demo", "--quiet-floor", "--http", str(http), "--sip", str(sip)]
    # Only the folder's own environment: this bench runs in a venv of its own.
    known = {name: value for name, value in os.environ.items() if name not in _OF_VENV}
    said = clone.parent / "said"
    began = time.monotonic()
    with said.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=clone, env={**known, "HOME": str(home)}, stdout=out, stderr=out
        )
    try:
        while not _is_well(http):
            assert process.poll() is None, said.read_text()
            assert time.monotonic() - began < WAIT_SECONDS, said.read_text()
            time.sleep(POLL_SECONDS)
        seconds = time.monotonic() - began
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    told = DOWNLOADS.search(said.read_text())
    return seconds, int(told[1]) if told else 0


_OF_VENV = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "CALLFLOOR_DATA")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _is_well(http: int) -> bool:
    address = f"http://127.0.0.1:{http}/healthz"
    with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=2) as answer:
        return bool(answer.status == 200)
    return False


if __name__ == "__main__":
    main()
