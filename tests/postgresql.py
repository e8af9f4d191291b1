"""
A PostgreSQL server of the tests' own, and what makes our database tests run on it.

As a plugin (`pytest -p tests.postgresql` with DATABASE_URL) it leaves out what is about SQLite.
"""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper

DEBIANS = Path("/usr/lib/postgresql")  # Debian keeps the server's programs off the PATH.
SERVER_USER = "postgres"  # The server refuses to run as root.
SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")  # Nothing is kept.


def programs() -> Path | None:
    """Find the folder of initdb and postgres."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).resolve().parent
    return max((path.parent for path in DEBIANS.glob("*/bin/initdb")), default=None)


@contextlib.contextmanager
def server(*, port: int, bin_: Path) -> Iterator[str]:
    """Run a server on 127.0.0.1 for a while; give the address of an empty database."""
    # Not in pytest's folder: pytest closes that to every user but its own.
    with tempfile.TemporaryDirectory(prefix="callfloor-postgresql-") as folder:
        yield from _served(Path(folder), port, bin_)


def _served(folder: Path, port: int, bin_: Path) -> Iterator[str]:
    data = folder / "data"
    if os.geteuid() == 0:
        owner = pwd.getpwnam(SERVER_USER)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    _run(bin_ / "initdb", "-D", data, "-U", "test", "-A", "trust", "-E", "UTF8", "--no-sync")
    words = ["-p", port, "-k", folder, "-c", "listen_addresses=127.0.0.1"]
    words += [word for each in SETTINGS for word in ("-c", each)]
    command = _as_server([bin_ / "postgres", "-D", data, *words])
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        _run(bin_ / "pg_isready", "-h", "127.0.0.1", "-p", port, "-t", 1, tries=50)
        for name in ("callfloor", "callfloor_keys"):
            _run(bin_ / "createdb", "-h", "127.0.0.1", "-p", port, "-U", "test", name)
        yield f"postgres://test@127.0.0.1:{port}/callfloor"
    finally:
        running.terminate()
        running.wait(timeout=20)


def _as_server(words: list[object]) -> list[str]:
    command = [str(word) for word in words]
    return ["setpriv", f"--reuid={SERVER_USER}", f"--regid={SERVER_USER}", "--clear-groups",
            *command] if os.geteuid() == 0 else command  # fmt: skip


def _run(*words: object, tries: int = 1) -> None:
    for left in reversed(range(tries)):
        done = subprocess.run(_as_server(list(words)), capture_output=True, text=True, cwd="/")
        if done.returncode == 0:
            return
        if not left:
            raise AssertionError(done.stdout + done.stderr)


# --- as a plugin ----------------------------------------------------------------------------------


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about SQLite."""
    others = [item for item in items if item.get_closest_marker("sqlite")]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if item not in others]


@pytest.fixture(autouse=True)
def _connection_of_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Keep the test's own connection open.

    A test lies in a transaction that is rolled back at its end. Our processes let go of old
    connections between two rounds, which would end that transaction; SQLite in memory ignores it.
    """
    let_go = BaseDatabaseWrapper.close_if_unusable_or_obsolete

    def unless_in_a_test(wrapper: BaseDatabaseWrapper) -> None:
        if not wrapper.in_atomic_block:
            let_go(wrapper)

    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", unless_in_a_test)
