"""
Who comes beside agent and customer: colleagues, outsiders, leaders.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    from callfloor.core.record import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultAsked:
    """The agent asks somebody while the customer hears music: exactly one of the three."""

    agent: str
    item: str
    to_agent: str | None = None
    """The colleague, whose desk or telephone rings; or"""
    queue: str | None = None
    """the queue, whose next ready agent is asked; or"""
    leg: str | None = None
    """the leg, named by the floor, on which a number is dialed."""
    zone: str | None = None
    """The zone of that number."""
    emergency: bool = False
    callee: str | None = None
    """A keyed token of that number."""
    sealed: str | None = None
    """That number, sealed under the item's key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultEnded:
    """The agent goes back to his customer alone; whoever was asked is let go."""

    agent: str
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferCompleted:
    """The agent hands his customer to whomever he asked, and leaves."""

    agent: str
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceAsked:
    """The agent brings his customer and whomever he asked together, and stays."""

    agent: str
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceLeft:
    """The agent leaves a conference; the others talk on."""

    agent: str
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuperviseAsked:
    """A leader hears into a call, or changes how; web has asked whether he may."""

    agent: str
    """The leader."""
    item: str
    of: str
    """The agent whose call it is."""
    mode: str
    """listen, whisper, join."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuperviseEnded:
    """The leader hears no more."""

    agent: str
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOverAsked:
    """The leader who hears into a call takes it; its agent is free to write his note."""

    agent: str
    item: str
