"""
Waiting and ringing: the facts of which every report's sums are made.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    from callfloor.core.record import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """The item waits in a queue: one queue entry begins."""

    item: str
    client: str
    queue: str
    entry: int
    """Counts the queue entries of this item; a transfer is a new one."""
    position: int
    """How many wait before it in this queue, plus one."""
    born_at: float
    """The instant that its place in line counts from, before priority."""
    credit: float | None = None
    """Seconds that its place is worth beside every priority: first in line after a lost agent."""
    due: float | None = None
    """When an answer is owed, UTC seconds: of a mail or case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TierOpened:
    """A wider tier of agents may now be given the item."""

    item: str
    client: str
    queue: str
    tier: int
    """The tier's index, 0 for the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Why an item was offered to this agent, or to nobody; at most 512 bytes as JSON."""

    item: str
    client: str
    queue: str
    offer: str | None
    why: dict[str, Any]
    """
    rule, chosen, level, ready_seconds, tier, waited_seconds; eligible and idle as counts per tier;
    runners_up: at most three of {agent, key}; nobody: the reason if nobody was chosen; unproven, if
    somebody lacks nothing but a proof: their count, and at most three agents of {agent, proof},
    which is over or missing.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Ringing:
    """The item is offered to an agent."""

    item: str
    client: str
    queue: str
    agent: str
    offer: str
    until: float
    """When the lease ends, UTC seconds."""
    kind: str = "queue"
    """queue, callback (it is dialed when taken), consult or colleague."""
    by: str | None = None
    """The colleague who asks or calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RingEnded:
    """The offer ended without an answer."""

    item: str
    client: str
    queue: str
    agent: str
    offer: str
    outcome: str
    """missed, declined, caller_left, withdrawn."""
    kind: str = "queue"
    """queue, callback, consult or colleague."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dequeued:
    """A queue entry ends; with Queued it makes the sums of every report."""

    item: str
    client: str
    queue: str
    entry: int
    outcome: str
    """answered, abandoned_in_queue, callback_asked, message_left, diverted, lost_by_system."""
    waited_seconds: float
    queued_at: float
    """When the entry began: reports count it in this half hour."""
    short: bool = False
    """Whether an abandonment came before the stated threshold."""
    within_goal: bool = False
    """Whether an answer came within the queue's goal."""
