"""The machine's alarms come in time, once, and again only after a while."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from callfloor.kernel import machine
from callfloor.worker.guard import Guard

pytestmark = pytest.mark.pure

NOW = datetime(2026, 11, 22, tzinfo=UTC)


class Machine:
    """A machine whose disk and certificate are as a test wants them."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.free = 50
        self.ends_at = NOW + timedelta(days=100)
        self.told: list[tuple[str, str]] = []
        monkeypatch.setattr(machine, "disk", lambda _: machine.Disk(total=100, free=self.free))
        monkeypatch.setattr(
            machine, "certificate", lambda _: machine.Certificate(ends_at=self.ends_at)
        )
        self.restarted(0)
        self.guard = Guard(
            data=folder,
            certificate=None,
            alarm=lambda name, detail: self.told.append((name, detail)),
        )

    def restarted(self, count: int) -> None:
        rows = {"media": {"pid": 1, "restarts": count}}
        text = json.dumps({"supervisor": 1, "processes": rows})
        (self.folder / "processes.json").write_text(text, encoding="utf-8")

    def look(self, after: timedelta = timedelta()) -> list[tuple[str, str]]:
        self.told.clear()
        self.guard.run(NOW + after)
        return list(self.told)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Give a machine on which all is well."""
    return Machine(tmp_path, monkeypatch)


def test_full_disk_is_told_once_an_hour(house: Machine):
    """F38.2: at 90 %; again while it lasts, and at once when it comes back."""
    assert house.look() == []
    house.free = 9
    assert house.look() == [("disk_full", "91%")]
    assert house.look(timedelta(minutes=59)) == []
    assert house.look(timedelta(minutes=60)) == [("disk_full", "91%")]
    house.free = 50
    assert house.look(timedelta(minutes=61)) == []
    house.free = 5
    assert house.look(timedelta(minutes=62)) == [("disk_full", "95%")]


def test_ending_certificate_is_told_once_a_day(house: Machine):
    """F38.2: from 14 days before the end on."""
    house.ends_at = NOW + timedelta(days=14)
    assert house.look() == [("certificate_ends", "2026-12-06")]
    assert house.look(timedelta(hours=23)) == []
    assert house.look(timedelta(hours=24)) == [("certificate_ends", "2026-12-06")]


def test_restart_of_a_process_is_told(house: Machine):
    """Whoever was restarted is named, each time."""
    house.restarted(1)
    assert house.look() == [("process_restarted", "media")]
    assert house.look() == []
    house.restarted(2)
    assert house.look() == [("process_restarted", "media")]
