"""The centre that these tests stand in."""

from tests.records.fixtures import data, scene

__all__ = ["data", "scene"]
