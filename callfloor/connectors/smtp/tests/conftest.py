"""The centre that the tests of this connector stand in."""

import pytest

from tests.records.fixtures import data, scene

__all__ = ["data", "scene"]


@pytest.fixture
def room(scene):
    """Give a centre with mail."""
    from tests.records.mailroom import MailRoom

    return MailRoom()
