"""
What was decided about the floor as a whole.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    from callfloor.core.record import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanApplied:
    """A plan holds from here on."""

    version: str
    epoch: int | None = None
    """Set at a start of the floor: nobody is seated and no line is up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarmed:
    """Something is wrong that a person should know."""

    name: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Interrupted:
    """A live call was cut by a fault of ours."""

    item: str
    client: str
    cause: str
    """media_lost, floor_restarted, parked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyChanged:
    """An emergency is on or off from here on."""

    key: str
    on: bool
    """Whether callers hear it from here on."""
    cause: str
    """asked (a leader), restored (a start of the floor), lease (its time is over) or plan."""
    by: str | None = None
    """The leader; none if nobody asked."""
    since: float | None = None
    """When it was switched on; none if it is off."""
    until: float | None = None
    """When it is off by itself."""
