"""Several processes open cases at once: each number is given once, and none is left out."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.journey

ROOT = Path(__file__).parents[2]
PROCESSES, EACH = 2, 30
SECONDS_MAX = 120

PREPARE = """
import django; django.setup()
from callfloor.app.database import prepare; prepare()
from tests.records import cases, scenes; scenes.apply(); cases.customer()
"""
OPEN = f"""
import django; django.setup()
from callfloor.records.customers.models import Customer
from tests.records import cases
nora = Customer.objects.get(id="nora")
for _ in range({EACH}): print(cases.opened(nora).reference)
"""


def started(code: str, *, data: Path) -> subprocess.Popen[str]:
    """Begin a process of the records on a data folder."""
    env = {
        "PATH": os.environ["PATH"],
        "CALLFLOOR_DATA": str(data),
        "DJANGO_SETTINGS_MODULE": "callfloor.app.settings",
    }
    command = [sys.executable, "-c", code]
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)


def test_references_have_no_gaps_and_no_doubles(tmp_path):
    made = started(PREPARE, data=tmp_path)
    made.communicate(timeout=SECONDS_MAX)
    assert made.returncode == 0
    running = [started(OPEN, data=tmp_path) for _ in range(PROCESSES)]
    told = [each.communicate(timeout=SECONDS_MAX)[0].split() for each in running]
    assert [each.returncode for each in running] == [0] * PROCESSES
    given = sorted(reference for each in told for reference in each)
    assert given == [f"CF-2026-{number:06d}" for number in range(1, PROCESSES * EACH + 1)]
