"""
What became of a talk: bridge, hold, recording, end.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    from callfloor.core.record import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridged:
    """Customer and agent hear one another."""

    item: str
    client: str
    queue: str
    agent: str
    leg: str
    """The agent's leg."""
    again: bool = False
    """Whether it is the same talk after a reload or a lost line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The customer is on hold, or was kept because the agent's line was lost."""

    item: str
    client: str
    agent: str
    reason: str = "asked"
    """asked, consult (the agent asks somebody) or device_lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unheld:
    """The hold is over."""

    item: str
    client: str
    agent: str
    held_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldReminded:
    """A hold has become long: the agent is reminded, and then his leader is told."""

    item: str
    client: str
    agent: str
    level: int
    """1 for the agent, 2 for the leader."""
    held_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Muted:
    """The agent muted or unmuted himself."""

    item: str
    client: str
    agent: str
    muted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysSent:
    """The agent sent keys into the call."""

    item: str
    client: str
    agent: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Transferred:
    """The agent gave the call away."""

    item: str
    client: str
    agent: str
    queue: str | None = None
    to_agent: str | None = None
    leg: str | None = None
    """The leg of somebody outside, who has the customer now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkEnded:
    """The agent's part of the item is over; wrap-up begins."""

    item: str
    client: str
    queue: str
    agent: str
    talk_seconds: float
    """Without hold."""
    hold_seconds: float
    ended_by: str
    """
    customer, agent, transfer, conference, taken_over, not_reached, lost; consult for the part of a
    colleague who was asked and did not take the customer.
    """
    consult_seconds: float = 0.0
    """
    Spent with whoever was asked while the customer was on hold, as a part of hold_seconds; or as
    the colleague who was asked, beside them.
    """
    dial_seconds: float = 0.0
    """Spent until the far side answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteBegun:
    """An agent writes his note beside other work, and has so long for it."""

    item: str
    client: str
    agent: str
    until: float
    """When it ends by itself, UTC seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingStarted:
    """Frames are kept from here on."""

    item: str
    client: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingStopped:
    """The recording is closed."""

    item: str
    client: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingPaused:
    """Nothing is kept from here on."""

    item: str
    client: str
    agent: str
    until: float
    """When it goes on by itself, UTC seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingResumed:
    """What is said is kept again."""

    item: str
    client: str
    by_itself: bool
    """Whether nobody had asked for it: the lease had run out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineHeard:
    """How well a leg was heard in an item, from its begin to its end."""

    item: str
    client: str
    leg: str
    agent: str | None = None
    """Whose leg it is; None for the customer or somebody else outside."""
    trunk: str | None = None
    """The trunk of a leg outside; None for an agent's, and for a browser's."""
    packets: int = 0
    """What arrived from the far side."""
    lost: int = 0
    """What did not, of as many as were sent."""
    jitter_ms: float = 0.0
    """The mean, by packets."""
    mos: float = 0.0
    """The mean opinion score, 1 to 4.5, by the E-model for G.711; by packets."""
    mos_worst: float = 0.0
    """That of the worst report, of some five seconds."""
