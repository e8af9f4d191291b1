"""
What became of a caller: from his arrival to the one final state.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    from callfloor.core.record import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """An item exists: it will end in exactly one final state."""

    item: str
    client: str
    channel: str
    called: str
    flow: str
    flow_version: int
    language: str
    caller: str | None = None
    """The keyed token of the caller's number."""
    trunk: str | None = None
    sealed: str | None = None
    """Number and name, sealed under the item's key."""
    direction: str = "in"
    """in, out (an agent dialed), callback, internal (a colleague)."""
    leg: str | None = None
    """The leg of a callback's customer, that is dialed when it is taken."""
    zone: str | None = None
    of: str | None = None
    """The interaction or appointment that this one answers, for a callback."""
    born_at: float | None = None
    """The instant that a callback's place in line counts from, UTC seconds."""
    since: float | None = None
    """When what is written reached us, UTC seconds."""
    due: float | None = None
    """When an answer is owed, UTC seconds."""
    preferred: str | None = None
    """The agent who should have it if he is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """An item of the epoch before goes on or is marked as interrupted."""

    item: str
    client: str
    interrupted: bool
    channel: str = "call"
    called: str = ""
    arrived_at: float | None = None
    """When it first arrived, UTC seconds."""
    queue: str | None = None
    """The queue in which it waited, if it did."""
    queued_at: float | None = None
    """When it entered its queue, UTC seconds; None if it waits in none."""
    entry: int = 0
    language: str | None = None
    direction: str = "in"
    """in, out, callback or internal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """The caller is known to the records."""

    item: str
    client: str
    customer: str | None
    language: str | None = None
    preferred_agent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepEntered:
    """The caller is at a step of his flow."""

    item: str
    client: str
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chose:
    """The caller answered a menu, or failed to."""

    item: str
    client: str
    step: str
    choice: str | None
    """The choice's name; None after wrong input or silence."""
    reason: str | None = None
    """wrong_input or silence if there is no choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The caller typed digits that the agent will see."""

    item: str
    client: str
    label: str
    count: int
    sealed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeGiven:
    """The recording was announced to its end, or refused."""

    item: str
    client: str
    refused: bool = False
    """Whether the caller refused to be recorded, by a key or by telling the agent."""
    source: str | None = None
    """How it is known that he refused: key, agent (he told the agent), known (he has before)."""
    agent: str | None = None
    """The agent whom he told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageSet:
    """The call goes on in this language."""

    item: str
    client: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Branched:
    """A step has sent the call on by its language; this is why it went there."""

    item: str
    client: str
    step: str
    language: str
    to: str
    """The step that follows."""
    otherwise: bool = False
    """Whether the language has no way of its own here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The item has its one final state."""

    item: str
    client: str
    outcome: str
    """
    answered, abandoned_in_queue, left_in_flow, self_served, message_left, callback_asked,
    closed_hours, diverted, refused_no_capacity, lost_by_system; of calls that we make also
    not_reached.
    """
    queue: str | None = None
    """The last queue it was in."""
    short: bool = False
    message_seconds: float | None = None
    arrived_at: float | None = None
    """When it came, UTC seconds: of who asked to be called back, so that he keeps his place."""
