"""The centre that the tests of this room stand in."""

from tests.records.scenes import data, scene

__all__ = ["data", "scene"]
