"""
Fixtures of a centre, for the conftest of any room that tests records.

What needs models is imported late: a conftest is read before Django is ready.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def data(tmp_path: Path, settings) -> Iterator[Path]:
    """Give a data folder with keys of its own."""
    from callfloor.kernel.keys import files, ring

    settings.DATA = tmp_path
    files.create(data=tmp_path)
    ring.centre.cache_clear()
    yield tmp_path
    ring.centre.cache_clear()


@pytest.fixture
def scene(data: Path, db):
    """Give a journal whose plan the records have applied."""
    from tests.records import scenes

    scenes.apply()
    made = scenes.Scene(data)
    yield made
    made.close()
