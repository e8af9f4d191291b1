"""The centre that the tests of this department stand in."""

from tests.records.fixtures import data, scene

__all__ = ["data", "scene"]
