"""The data folder in which the records of these tests lie."""

from tests.records.fixtures import data

__all__ = ["data"]
