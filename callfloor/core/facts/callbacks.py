"""
Callbacks beside their customers: who calls himself while he waits to be called is one, not two.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    from callfloor.core.record import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackHeld:
    """Its customer is on the line himself: nobody calls him meanwhile."""

    item: str
    client: str
    queue: str
    by: str
    """The call of his, which stands where the callback stood."""
    until: float
    """When it would be tried next, UTC seconds; passed if it waited in its queue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackReturned:
    """Its customer hung up before an answer: the callback stands again, where it stood."""

    item: str
    client: str
    queue: str
    by: str
    """The call that is over."""
    until: float
    """When it waits in its queue again, UTC seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackWithdrawn:
    """Nobody needs to be called any more."""

    item: str
    client: str
    queue: str
    reason: str
    """customer_called: he has got his answer."""
    by: str
    """The call in which he got it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackJoined:
    """Asked for once more by a customer who waits for it already: he is called once."""

    item: str
    """The callback that waits."""
    client: str
    queue: str
    of: str
    """The interaction or appointment that asked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackGivenUp:
    """Its customer is not tried again."""

    item: str
    client: str
    queue: str
    reason: str
    """busy, no_answer, declined, wrong_number, trunk_down, no_media, given_up, or a gate."""
    calls: int
    """How often he was tried."""
