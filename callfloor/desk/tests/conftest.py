"""The centre that the tests of pages stand in."""

from tests.records.scenes import data, scene

__all__ = ["data", "scene"]
