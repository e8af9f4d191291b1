"""What others may react to: written contacts, and the end of interactions and of agents' work."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class InteractionClosed:
    """An interaction has its one final state; an agent may still be writing his note."""

    interaction_id: str
    """The interaction; also the subject, so that its events come in order."""
    client: str
    """The client's key."""
    channel: str
    """call, chat, mail, case."""
    outcome: str
    """One of the final states."""
    queue: str | None
    """The last queue it was in."""
    agent: str | None
    """The last agent who talked."""
    closed_at: datetime
    """When the floor decided so."""
    simulated: bool
    """Whether the twin made it; reactions leave those alone."""


@dataclass(frozen=True, kw_only=True)
class WorkWrappedUp:
    """An agent is done with his part of an interaction."""

    interaction_id: str
    """The interaction; also the subject."""
    client: str
    """The client's key."""
    agent: str
    """Whose work it was."""
    queue: str
    """The queue from which it came."""
    disposition: str | None
    """None if the wrap-up ran out."""
    finished_at: datetime
    """When the agent finished, or his time ran out."""
    simulated: bool
    """Whether the twin made it; reactions leave those alone."""


@dataclass(frozen=True, kw_only=True)
class RecordingDeclined:
    """A customer does not want to be recorded, and said so in a call."""

    interaction_id: str
    """The call; also the subject."""
    client: str
    """The client's key."""
    agent: str | None
    """Whom he told; None if he pressed the key when it was announced."""
    at: datetime
    """When."""


@dataclass(frozen=True, kw_only=True)
class CallbackGivenUp:
    """Somebody who was to be called back is not tried again."""

    interaction_id: str
    """The callback; also the subject."""
    client: str
    """The client's key."""
    reason: str
    """busy, no_answer, declined, wrong_number, given_up …"""
    at: datetime
    """When his last try was over."""


@dataclass(frozen=True, kw_only=True)
class TextArrived:
    """A chat, mail or case is there and wants an agent; the worker takes it to the floor."""

    interaction_id: str
    """The interaction; also the subject, and the floor's item."""
    client: str
    """The client's key."""
    channel: str
    """chat, mail, case."""
    called: str
    """The address of ours that was used, as in the plan's numbers."""
    customer: str
    """The customer's id."""
    arrived_at: datetime
    """When it reached us."""


@dataclass(frozen=True, kw_only=True)
class MessageWritten:
    """Somebody has written in an interaction."""

    interaction_id: str
    """The interaction; also the subject, so that its messages come in order."""
    client: str
    """The client's key."""
    channel: str
    """chat, mail, case, call."""
    message_id: str
    """The message."""
    number: int
    """Its place in the interaction, from 1."""
    direction: str
    """in, out, note."""
    author: str | None
    """Who wrote it here, if it was one of us."""
    written_at: datetime
    """When."""
    simulated: bool
    """Whether the twin made it; reactions leave those alone."""
