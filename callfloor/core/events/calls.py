"""
What an agent does in the call that he has in hand.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    from callfloor.core.record import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldAsked:
    """The agent puts the customer on hold."""

    agent: str
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeAsked:
    """The agent comes back to the customer."""

    agent: str
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteAsked:
    """The agent mutes or unmutes himself."""

    agent: str
    item: str
    muted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysAsked:
    """The agent sends keys into the call."""

    agent: str
    item: str
    count: int
    sealed: str | None = None
    """The keys; the floor sends them, the core only decides whether they may be sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferAsked:
    """The agent gives the call away without announcing it (blind)."""

    agent: str
    item: str
    queue: str | None = None
    """The queue to wait in, keeping the arrival time; or"""
    to_agent: str | None = None
    """the colleague to ring; if he does not answer the item waits in its queue, first in line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUpAsked:
    """The agent ends the call."""

    agent: str
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingPauseAsked:
    """Keep nothing for a while, for instance while a card number is read out."""

    agent: str
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingResumeAsked:
    """Keep what is said again; it also happens by itself after `recording_pause_seconds`."""

    agent: str
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingRefused:
    """The customer told the agent that he does not want to be recorded."""

    agent: str
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineMeasured:
    """A leg has left a talk, and its line was so good all in all."""

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
