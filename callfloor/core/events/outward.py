"""
Calls that we make: who wants one, and what the far side does.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    from callfloor.core.record import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAsked:
    """
    An agent calls out: a number, or a colleague.

    The floor gives item, leg, zone and seal; a person gives only whom he wants to reach and for
    which client. The trunk rings only after the exchange has let it through.
    """

    agent: str
    item: str
    """The interaction's id, given by the floor."""
    leg: str
    """The leg that will be dialed; for a colleague the leg is his own and this is empty."""
    client: str
    """For whom the call is made: its caller id, its trunks, its caps."""
    to_agent: str | None = None
    """The colleague; or"""
    zone: str | None = None
    """the plan's zone of the number that is dialed; None if no zone has its prefix."""
    emergency: bool = False
    """Whether the number is an emergency number: no gate of ours may stop it."""
    callee: str | None = None
    """A keyed token of the number."""
    sealed: str | None = None
    """The number, sealed under the item's key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackArrived:
    """Somebody asked to be called back: an item that waits, and is dialed when it is taken."""

    item: str
    leg: str
    client: str
    queue: str
    of: str
    """The interaction in which it was asked for, or the appointment that has come."""
    born_at: float
    """When the customer first arrived, UTC seconds: he keeps that place."""
    language: str
    zone: str | None = None
    caller: str | None = None
    """A keyed token of the number."""
    sealed: str | None = None
    """The number, sealed under the item's key."""
    due: float | None = None
    """When he was promised to be called, UTC seconds: of an appointment."""
    preferred: str | None = None
    """The agent who was promised to him, if he is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DialRang:
    """The far side of a leg that is being dialed rings."""

    item: str
    leg: str
    early: bool = False
    """Whether it sends sound already (183 with a description): then no tone of ours is played."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DialAnswered:
    """The far side of a leg that was dialed has answered."""

    item: str
    leg: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DialFailed:
    """A leg that was dialed came to nothing."""

    item: str
    leg: str
    reason: str
    """busy, no_answer, declined, wrong_number, trunk_down, no_media."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRestored:
    """A line that we had dialed ended before the floor began: its minutes still count."""

    client: str
    cost_minute: int
    """Minor units of money for each minute that has begun."""
    answered_at: float
    """When its first minute began, UTC seconds."""
    seconds: float
    """How long it lasted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyLeft:
    """Somebody outside who was brought into a call, and is not its customer, has hung up."""

    item: str
    leg: str
    reason: str = "hung_up"
    """hung_up, timed_out, lost."""
