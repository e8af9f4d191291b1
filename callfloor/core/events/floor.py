"""
What happens to the floor as a whole: time, starts, plans, faults.
"""

from typing import TYPE_CHECKING

from callfloor.core.plan import FloorPlan

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    from callfloor.core.record import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePassed:
    """Nothing but the time: a timer is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorStarted:
    """A new epoch begins: everything in time is built again from the plan and the open items."""

    epoch: int
    """Counts the starts of this journal."""
    code_version: str
    """The version of the code that decides from here on."""
    plan: FloorPlan
    """The plan that holds at the start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChanged:
    """A new plan holds from now on; waiting items are filed again with their original keys."""

    plan: FloorPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSet:
    """The wall clock was set: calendars follow it, leases do not."""

    jump_seconds: float
    """New wall clock minus old."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultNoticed:
    """The floor noticed a fault of its own that a person should know: a full disk, a late loop."""

    name: str
    """What it is, as a stable key."""
    detail: str
    """Where and how much; names nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencySet:
    """A leader switches an emergency on or off: callers hear of it from the next step on."""

    key: str
    """An emergency of the plan."""
    on: bool
    """Whether it is switched on."""
    by: str
    """The leader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyRestored:
    """An emergency that was on when the floor ended is on again, for as long as it was to be."""

    key: str
    by: str
    """The leader who switched it on."""
    since: float
    """When he did, UTC seconds."""
    until: float
    """When it is off by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaLost:
    """The media process died: what it carried is silent."""

    legs: tuple[str, ...]
    """The legs that it carried."""
