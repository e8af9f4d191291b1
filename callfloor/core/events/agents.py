"""
What an agent does about his seat, his device and the work that he is given.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    from callfloor.core.record import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSignedIn:
    """A person takes a seat; atomic with the state that he begins in."""

    agent: str
    ready: bool = False
    """Whether he begins ready; otherwise away with reason `arriving`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSignedOut:
    """A person leaves the seat; work in hand is treated as by `DeviceLost` and a hang-up."""

    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceUp:
    """An agent's audio is there, for the first time or again after a reload."""

    agent: str
    leg: str
    """The agent's new leg; it replaces any older one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceLost:
    """An agent's audio is gone; the customer is kept for `lost_agent_seconds`."""

    agent: str
    leg: str
    """The leg that is gone; ignored if it is not the agent's present one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyAsked:
    """The agent wants work."""

    agent: str
    by: str | None = None
    """The leader who calls him back to work; None if it is the agent's own wish."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwayAsked:
    """The agent wants no new work, at once or after what he has in hand."""

    agent: str
    reason: str
    """A key of the plan's away reasons."""
    by: str | None = None
    """The leader who forces it; None if it is the agent's own wish."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpAsked:
    """An agent asks for help, takes that back, or a leader says that he comes."""

    agent: str
    on: bool
    """Whether he asks; otherwise he does no more."""
    by: str | None = None
    """The leader who comes; None if it is the agent's own wish."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferAnswered:
    """The agent takes what rings."""

    agent: str
    offer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferDeclined:
    """The agent does not take what rings."""

    agent: str
    offer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WrapUpExtended:
    """The agent needs longer for the note."""

    agent: str
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkFinished:
    """The agent gave a disposition and is done with the item."""

    agent: str
    item: str
    disposition: str
    """A key; the note stays in the records and never comes here."""
