"""The centre that the tests here stand in."""

from tests.records.fixtures import data, scene

__all__ = ["data", "scene"]
