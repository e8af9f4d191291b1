"""
What the centre is for: mission, values, yearly objectives, what drives them, and targets.

The measures are those of `docs/reference/kpis.md`.
"""

from typing import Annotated

from pydantic import Field, StringConstraints

from callfloor.blueprint.schema.parts import Key, Part, Text

YearKey = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}$")]


class Value(Part):
    """Something that the centre holds dear; one that is seen nowhere is a slogan."""

    name: Text
    interview: Text | None = None
    """What is asked of an applicant about it."""
    quality: Text | None = None
    """What is listened for in a contact."""
    recognition: Text | None = None
    """For what somebody is thanked."""


class Objective(Part):
    """What is to be reached in a year."""

    name: Text
    kpi: Key
    """The measure by which it is seen."""
    target: float
    """In the measure's unit; a share as 0.8, a time in seconds."""
    drivers: Annotated[list[Key], Field(min_length=1)]
    """What moves it."""


class Driver(Part):
    """Something that moves objectives and that the centre can control."""

    name: Text
    kpis: Annotated[list[Key], Field(min_length=1)]
    """The measures in which it is seen."""


class Target(Part):
    """What somebody is to reach in a measure of a driver."""

    kpi: Key
    value: float
    """In the measure's unit."""
    role: Key | None = None
    """Everybody with this role; else `team`, `person` or `queue`, exactly one of them."""
    team: Key | None = None
    person: Key | None = None
    queue: Key | None = None


class Year(Part):
    """One year's objectives; those of past years stay, so that old reports keep them."""

    objectives: Annotated[dict[Key, Objective], Field(min_length=1)]
    drivers: Annotated[dict[Key, Driver], Field(min_length=1)]
    targets: list[Target] = []


class Direction(Part):
    """Mission to targets, one tree."""

    mission: Text
    vision: Text | None = None
    values: dict[Key, Value] = {}
    years: dict[YearKey, Year] = {}
