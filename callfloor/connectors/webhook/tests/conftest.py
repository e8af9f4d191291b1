"""The centre that the tests of this connector stand in."""

from tests.records.fixtures import data, scene

__all__ = ["data", "scene"]
