"""Everything that is kept can be kept in PostgreSQL: the database tests run on it as they are."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import postgresql
from tests.small_centre import free_ports

pytestmark = pytest.mark.journey

ROOT = Path(__file__).parents[2]
SECONDS_MAX = 2400  # Six minutes on two quiet cores, and it stands back behind the journeys.
KINDS = "(db or page) and not long"


def test_the_database_tests_pass_on_postgresql():
    bin_ = postgresql.programs()
    if bin_ is None:
        pytest.skip("postgres is missing: apt-get install postgresql")
    (port,) = free_ports(1)
    with postgresql.server(port=port, bin_=bin_) as address:
        environment = {**os.environ, "DATABASE_URL": address}
        environment.pop("CALLFLOOR_DATA", None)  # The tests within make a folder of their own.
        command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.postgresql", "-m", KINDS]
        done = subprocess.run(
            [*command, "callfloor"], cwd=ROOT, env=environment, capture_output=True, text=True,
            timeout=SECONDS_MAX,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
