"""
The machine below a centre: disk, certificate, processes; asked by pages, metrics and the worker.

Refuses: to call anybody. Whoever asks compares with the limits that stand here.
"""

import contextlib
import json
import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509

DISK_SHARE_MAX = 0.9  # F38.2: a day or more before nothing more can be recorded.
CERTIFICATE_DAYS_MIN = 14  # F38.2; one of our own is made anew at the same age.
SECONDS_PER_DAY = 86_400.0


@dataclass(frozen=True, kw_only=True)
class Disk:
    """The disk of the data folder."""

    total: int
    """Bytes."""
    free: int
    """Bytes that we may still write."""

    @property
    def used_share(self) -> float:
        """How full it is, 0 to 1."""
        return 1 - self.free / self.total if self.total else 0.0

    @property
    def is_low(self) -> bool:
        """Whether somebody should make room."""
        return self.used_share >= DISK_SHARE_MAX


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """The certificate of the pages."""

    ends_at: datetime

    def days_left(self, now: datetime) -> float:
        """Return how many days it holds; negative when it has ended."""
        return (self.ends_at - now).total_seconds() / SECONDS_PER_DAY

    def ends_soon(self, now: datetime) -> bool:
        """Say whether somebody should renew it."""
        return self.days_left(now) <= CERTIFICATE_DAYS_MIN


@dataclass(frozen=True, kw_only=True)
class Process:
    """One process of the centre, as its supervisor knows it."""

    name: str
    pid: int
    restarts: int
    is_running: bool


@dataclass(frozen=True, kw_only=True)
class Probe:
    """What became of the last test call (`app.probe`)."""

    at: datetime
    outcome: str
    """ok, no_answer, silence, one_way, late, step, recording."""
    delay_ms: float | None
    """From the answer to the first sound."""
    every_seconds: float
    calls: int
    """How many test calls there were since the start."""
    failed: int


def disk(data: Path) -> Disk:
    """Return how full the disk of a folder is."""
    usage = shutil.disk_usage(data)
    return Disk(total=usage.total, free=usage.free)


def certificate(path: Path | None) -> Certificate | None:
    """Return the certificate in a file; None if there is none that could be read."""
    if path is None:
        return None
    with contextlib.suppress(OSError, ValueError):
        found = x509.load_pem_x509_certificate(path.read_bytes())
        return Certificate(ends_at=found.not_valid_after_utc)
    return None


def processes(data: Path) -> list[Process]:
    """Return the processes by name; none if no supervisor runs them."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        noted = json.loads((data / "processes.json").read_text(encoding="utf-8"))
        return [
            Process(
                name=name,
                pid=row["pid"],
                restarts=row["restarts"],
                is_running=_is_running(row["pid"]),
            )
            for name, row in sorted(noted["processes"].items())
        ]
    return []


def probe(data: Path) -> Probe | None:
    """Return what the last test call came to; None if there was none."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        noted = json.loads((data / "probe.json").read_text(encoding="utf-8"))
        return Probe(
            at=datetime.fromisoformat(noted["at"]),
            outcome=str(noted["outcome"]),
            delay_ms=noted["delay_ms"],
            every_seconds=float(noted["every_seconds"]),
            calls=int(noted["calls"]),
            failed=int(noted["failed"]),
        )
    return None


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # It is there, and somebody else's.
        return True
    return True
