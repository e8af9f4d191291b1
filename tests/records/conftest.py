"""The centre that the tests here stand in."""

from tests.records.scenes import data, scene

__all__ = ["data", "scene"]
