"""Manifests that are read alone say the same as with all that is behind them, and load little."""

import json
import subprocess
import sys

import pytest

from callfloor.kernel import department

pytestmark = pytest.mark.wire

READ = """
import json, sys
from callfloor.app import manifests
manifests.read()
from callfloor.kernel import department
said = {
    "duties": {key: [duty.key, str(duty.name), list(duty.apart_from), duty.decides]
               for key, (_, duty) in department.duties().items()},
    "roles": {role.key: [str(role.name), list(role.duties)] for role in department.roles()},
    "homes": {role.key: department.home_of(role.key) for role in department.roles()},
    "loaded": [name for name in sys.modules
               if name in ("django.db.models", "django.urls", "callfloor.records")],
}
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def alone() -> dict:
    """Read the manifests in a process of its own."""
    words = [sys.executable, "-c", READ]
    done = subprocess.run(words, check=True, capture_output=True, text=True, timeout=60)
    return json.loads(done.stdout)


def test_duties_and_roles_are_the_same(alone):
    assert alone["duties"] == {
        key: [duty.key, str(duty.name), list(duty.apart_from), duty.decides]
        for key, (_, duty) in department.duties().items()
    }
    roles = department.roles()
    assert alone["roles"] == {role.key: [str(role.name), list(role.duties)] for role in roles}
    assert alone["homes"] == {role.key: department.home_of(role.key) for role in roles}


def test_no_table_and_no_page_is_loaded(alone):
    assert alone["loaded"] == []
