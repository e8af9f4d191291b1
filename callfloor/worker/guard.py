"""
Alarms of the machine: a disk that fills, a certificate that ends, a process that was restarted.

Each condition is told when it begins and again after a while as long as it lasts, so that nobody
is woken every minute. Refuses: to repair anything.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from callfloor.kernel import machine

AGAIN = {"disk_full": timedelta(hours=1), "certificate_ends": timedelta(days=1)}
"""How long an alarm of a lasting condition holds before it is told again."""

Alarm = Callable[[str, str], None]


class Guard:
    """What was told already, and what stands now."""

    def __init__(self, *, data: Path, certificate: Path | None, alarm: Alarm) -> None:
        self._data = data
        self._certificate = certificate
        self._alarm = alarm
        self._told_at: dict[str, datetime] = {}
        self._restarts = self._count()

    def run(self, now: datetime) -> None:
        """Look once."""
        wrong = dict(self._conditions(now))
        for name in self._told_at.keys() - wrong.keys():
            del self._told_at[name]
        for name, detail in wrong.items():
            told_at = self._told_at.get(name)
            if told_at is None or now - told_at >= AGAIN[name]:
                self._told_at[name] = now
                self._alarm(name, detail)
        self._look_at_processes()

    def _conditions(self, now: datetime) -> Iterator[tuple[str, str]]:
        disk = machine.disk(self._data)
        if disk.is_low:
            yield "disk_full", f"{disk.used_share:.0%}"
        certificate = machine.certificate(self._certificate)
        if certificate is not None and certificate.ends_soon(now):
            yield "certificate_ends", certificate.ends_at.date().isoformat()

    def _look_at_processes(self) -> None:
        known, self._restarts = self._restarts, self._count()
        for name, count in self._restarts.items():
            if count > known.get(name, 0):
                self._alarm("process_restarted", name)

    def _count(self) -> dict[str, int]:
        return {each.name: each.restarts for each in machine.processes(self._data)}
