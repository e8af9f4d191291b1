"""Disk, certificate and processes are told as they are, and what is missing is no fault."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from callfloor.kernel import machine

pytestmark = pytest.mark.pure

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize(("free", "is_low"), [(11, False), (10, True), (0, True)])
def test_disk_is_low_from_nine_tenths_on(free: int, is_low: bool):
    """F38.2: an alarm at 90 %, before damage."""
    assert machine.Disk(total=100, free=free).is_low == is_low


def test_disk_of_a_folder_is_that_of_the_system(tmp_path: Path):
    """The numbers are the system's own."""
    found = machine.disk(tmp_path)
    assert found.total == os.statvfs(tmp_path).f_blocks * os.statvfs(tmp_path).f_frsize
    assert 0 < found.free <= found.total


@pytest.mark.parametrize(("days", "soon"), [(14.1, False), (13.9, True), (-1, True)])
def test_certificate_is_told_two_weeks_before(days: float, soon: bool):
    """F38.2: an alarm 14 days before the end."""
    found = machine.Certificate(ends_at=NOW + timedelta(days=days))
    assert found.ends_soon(NOW) == soon
    assert found.days_left(NOW) == pytest.approx(days)


def test_no_certificate_is_no_fault(tmp_path: Path):
    """A centre without TLS, or a file that is none, has no certificate to tell of."""
    (tmp_path / "torn.crt").write_text("-----BEGIN", encoding="ascii")
    assert machine.certificate(None) is None
    assert machine.certificate(tmp_path / "none.crt") is None
    assert machine.certificate(tmp_path / "torn.crt") is None


def test_processes_are_those_of_the_supervisor(tmp_path: Path):
    """Each with its restarts and whether it is there; a torn or missing file gives none."""
    assert machine.processes(tmp_path) == []
    rows = {"web": {"pid": os.getpid(), "restarts": 2}, "floor": {"pid": 2**22 + 1, "restarts": 0}}
    file = tmp_path / "processes.json"
    file.write_text(json.dumps({"supervisor": 1, "processes": rows}), encoding="utf-8")
    floor, web = machine.processes(tmp_path)
    assert (floor.name, floor.is_running) == ("floor", False)
    assert (web.name, web.restarts, web.is_running) == ("web", 2, True)
    file.write_text("{", encoding="utf-8")
    assert machine.processes(tmp_path) == []
