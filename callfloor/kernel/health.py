"""
Heartbeats of processes that nobody can ask over a port: the worker's, for /healthz.

Refuses: to judge. Whoever reads knows how old a beat may be.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from callfloor.kernel.models import Heartbeat


@dataclass(frozen=True, kw_only=True)
class Beat:
    """What a process last said of itself."""

    at: datetime
    detail: dict[str, Any]


def beat(*, name: str, now: datetime, detail: dict[str, Any]) -> None:
    """Say that a process is well, and how far it has come."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now, "detail": detail})


def beats() -> dict[str, Beat]:
    """Give the last beat of every process that has ever given one."""
    rows = Heartbeat.objects.order_by("name")
    return {row.name: Beat(at=row.at, detail=row.detail) for row in rows}
