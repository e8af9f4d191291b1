"""The centre that the tests of the web process stand in."""

from tests.records.fixtures import data, scene

__all__ = ["data", "scene"]
