"""
What became of an agent, apart from the call in hand.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    from callfloor.core.record import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The agent is done with the item."""

    item: str
    client: str
    queue: str
    agent: str
    wrap_seconds: float
    disposition: str | None = None
    """None if the wrap-up ran out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentChanged:
    """An agent is in a new state."""

    agent: str
    state: str
    """signed_out, ready, away, ringing, talking, wrap_up, missed, reserved."""
    client: str | None = None
    """The client of the work in hand."""
    item: str | None = None
    reason: str | None = None
    """Why away, or what is asked for after this item."""
    by: str | None = None
    """The leader who forced it."""
    until: float | None = None
    """When the state ends by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpChanged:
    """An agent asks for help, or does no more."""

    agent: str
    on: bool
    """Whether he asks now."""
    cause: str
    """asked, taken_back, answered (a leader comes), over (the work has ended), lease."""
    by: str | None = None
    """The leader who comes."""
    client: str | None = None
    """The client of the work in hand."""
    item: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceChanged:
    """An agent's audio came or went."""

    agent: str
    up: bool
    """Whether it is there now."""
