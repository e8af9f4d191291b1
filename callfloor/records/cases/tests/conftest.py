"""
The centre that the tests of this noun stand in.

What needs models is imported late: a conftest is read before Django is ready.
"""

import pytest

from tests.records.fixtures import data, scene

__all__ = ["data", "scene"]


@pytest.fixture
def customer(scene):
    """Give a customer of acme whose key is there."""
    from tests.records import cases

    return cases.customer()
