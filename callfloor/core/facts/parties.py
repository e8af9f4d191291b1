"""
Who came beside agent and customer, and for how long: numbers dialed, colleagues, leaders.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    from callfloor.core.record import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialing:
    """A number is dialed on a trunk."""

    item: str
    client: str
    agent: str
    leg: str
    trunk: str
    zone: str | None
    emergency: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FarRang:
    """The far side of a leg that is being dialed rings."""

    item: str
    client: str
    agent: str
    leg: str
    early: bool = False
    """Whether the agent hears the far side's own sound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DialEnded:
    """Dialing on a trunk has ended, one way or the other."""

    item: str
    client: str
    agent: str
    leg: str
    trunk: str
    outcome: str
    """answered, busy, no_answer, declined, wrong_number, trunk_down, no_media, given_up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackPostponed:
    """Who is called back is called later, at the place in line that he had."""

    item: str
    client: str
    queue: str
    reason: str
    """busy, no_answer, or closed: the queue is."""
    calls: int
    """How often it was tried in vain."""
    until: float
    """When it waits in its queue again, UTC seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineEnded:
    """A line to the outside that we dialed and that was answered has ended: what it cost."""

    item: str
    client: str
    leg: str
    trunk: str
    answered_at: float
    """When its first minute began, UTC seconds."""
    seconds: float
    """How long it lasted."""
    cost_minute: int
    """Minor units of money for each minute that has begun."""
    cost: int
    """Minor units of money in all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultStarted:
    """The agent asks somebody; the customer is on hold."""

    item: str
    client: str
    agent: str
    to_agent: str | None = None
    queue: str | None = None
    leg: str | None = None
    """The leg of somebody outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultAnswered:
    """Whoever was asked talks with the agent."""

    item: str
    client: str
    agent: str
    to_agent: str | None = None
    leg: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultOver:
    """The question is over."""

    item: str
    client: str
    agent: str
    outcome: str
    """
    completed (the customer was handed over), conference (all talk), ended (by the agent), left (by
    whoever was asked), missed, declined, busy, failed, customer_left, lost.
    """
    seconds: float
    """How long the two talked; 0 if nobody answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyGone:
    """Somebody outside who had been brought into the call has left it, or was let go."""

    item: str
    client: str
    leg: str
    seconds: float
    """How long he was in the call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervised:
    """A leader hears into a call, or hears in another way."""

    item: str
    client: str
    agent: str
    """The leader."""
    of: str
    mode: str
    """listen, whisper, join."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuperviseOver:
    """The leader hears no more."""

    item: str
    client: str
    agent: str
    of: str
    seconds: float
    """How long he heard into the call."""
    outcome: str
    """ended, taken_over, call_over, lost."""
