"""
The migrations make the tables that the models say.

All other tests have their tables from the models (`--nomigrations`), which takes a tenth of the
time; here, and at every start of a journey, they come from the migrations.
"""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

pytestmark = pytest.mark.db

FILES = ("records.db", "keys.db")
MIGRATED = "django_migrations"
BY_MIGRATIONS = """
import django
django.setup()
from callfloor.app import database
from django.core.management import call_command
call_command("makemigrations", check=True, dry_run=True)
database.prepare()
"""
FROM_MODELS = """
import django
django.setup()
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
for alias in ("default", "keys"):
    call_command("migrate", database=alias, run_syncdb=True, verbosity=0)
"""


def test_migrations_and_models_make_the_same_tables(tmp_path):
    """Tables, columns and indexes by name, in both files; and no model is ahead of them."""
    migrated = made(tmp_path / "migrations", BY_MIGRATIONS)
    from_models = made(tmp_path / "models", FROM_MODELS)
    assert migrated == from_models
    assert len(from_models) > 50


def test_records_of_another_version_are_left_alone(tmp_path):
    """A newer one, or one from before the first release: a word, and no table is touched."""
    made(tmp_path / "data", BY_MIGRATIONS)
    with closing(sqlite3.connect(tmp_path / "data" / "records.db")) as file:
        file.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('people', '0099_wings', '2030-01-01')"
        )
        file.commit()
    before = (tmp_path / "data" / "records.db").read_bytes()
    done = run(tmp_path / "data", BY_MIGRATIONS)
    assert done.returncode == 1
    assert b"another version of Callfloor (they have people.0099_wings" in done.stderr
    assert (tmp_path / "data" / "records.db").read_bytes() == before


def made(folder, program):
    """Make both files by a program, and give their tables with columns and named indexes."""
    folder.mkdir()
    done = run(folder, program)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()[-3000:]
    found = {}
    for name in FILES:
        with closing(sqlite3.connect(folder / name)) as file:
            found |= {(name, table): shape(file, table) for table in tables(file)}
    return found


def run(folder, program):
    """Run a program on a data folder."""
    environment = {**os.environ, "CALLFLOOR_DATA": str(folder)}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-c", program]
    return subprocess.run(command, env=environment, timeout=120, capture_output=True, check=False)


def tables(file):
    """Name the tables, but for the one in which Django counts migrations."""
    rows = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    return [name for (name,) in file.execute(rows) if name != MIGRATED]


def shape(file, table):
    """Give the columns and the named indexes of a table."""
    columns = {row[1] for row in file.execute(f"PRAGMA table_info('{table}')")}
    indexes = {row[1] for row in file.execute(f"PRAGMA index_list('{table}')")}
    return columns, {name for name in indexes if not name.startswith("sqlite_autoindex")}
