"""
What binds the centre: hours of work, and how long what is kept.
"""

from typing import Annotated

from pydantic import Field

from callfloor.blueprint.schema.parts import Part

Hours = Annotated[float, Field(gt=0, le=168)]
KeptDays = Annotated[int, Field(ge=1, le=36_500)]


class Labour(Part):
    """Limits of working time; the plan and the twin's shifts keep to them."""

    day_hours_max: Hours = 12.0
    """From a shift's begin to its end (directive 2003/88/EC leaves 13 of 24 hours)."""
    week_hours_max: Hours = 48.0
    """In one week, with overtime."""
    rest_hours_min: Hours = 11.0
    """Between two shifts of one person."""
    break_after_hours: Hours = 6.0
    """A shift that is longer has a break."""
    break_minutes_min: Annotated[float, Field(ge=0, le=120)] = 15.0
    """How long its breaks are, together."""


class Privacy(Part):
    """How long what is kept; afterwards it is erased."""

    recordings_days: KeptDays = 90
    """Recorded calls."""
    messages_days: KeptDays = 180
    """Messages that callers have left."""
    interactions_days: KeptDays = 1_095
    """Names, numbers and notes of contacts; counts stay."""
    notices_days: KeptDays = 365
    """What leaders and departments say to people of the house."""


class Rules(Part):
    """All of them."""

    labour: Labour = Labour()
    privacy: Privacy = Privacy()
