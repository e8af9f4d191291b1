"""
What happens to the floor: every input of the exchange, in one list.

Each is journaled before anything follows from it. Times are not in here: `now` comes beside the
event. No field holds a number, digit, name or text in clear; a field called `sealed` holds what
was encrypted under the item's key and is never looked into.
"""

from typing import TYPE_CHECKING

from callfloor.core.plan import FloorPlan

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    from callfloor.core.record import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePassed:
    """Nothing but the time: a timer is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorStarted:
    """A new epoch begins: everything in time is built again from the plan and the open items."""

    epoch: int
    """Counts the starts of this journal."""
    code_version: str
    """The version of the code that decides from here on."""
    plan: FloorPlan
    """The plan that holds at the start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChanged:
    """A new plan holds from now on; waiting items are filed again with their original keys."""

    plan: FloorPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSet:
    """The wall clock was set: calendars follow it, leases do not."""

    jump_seconds: float
    """New wall clock minus old."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultNoticed:
    """The floor noticed a fault of its own that a person should know: a full disk, a late loop."""

    name: str
    """What it is, as a stable key."""
    detail: str
    """Where and how much; names nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemArrived:
    """A call (or, later, a chat, mail or case) has come in."""

    item: str
    """The interaction's id, given by the floor; sortable by time."""
    channel: str
    """call, chat, mail, case."""
    called: str
    """The number or address that was used, as in the plan's numbers."""
    leg: str
    """The customer's leg."""
    caller: str | None = None
    """A keyed token of the caller's number; None if it was withheld."""
    trunk: str | None = None
    """The trunk it came by; None for a call from a browser."""
    sealed: str | None = None
    """The caller's number and name, sealed under the item's key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRestored:
    """An item that was open when the floor stopped is entered again with its history."""

    item: str
    channel: str
    client: str
    called: str
    arrived_at: float
    """When it first arrived, UTC seconds."""
    queue: str | None = None
    """The queue in which it waited; None if it was still in the flow or with an agent."""
    queued_at: float | None = None
    """When it entered that queue."""
    tries: int = 0
    """How often it had been offered."""
    language: str | None = None
    interrupted: bool = True
    """Whether its live legs were cut by the stop."""
    answered: bool = False
    """Whether an agent had been bridged with it; it then closes as answered."""
    entries: int = 0
    """How many queue entries it had, so that later ones count on."""
    priority_seconds: float = 0.0
    """Seconds of waiting that its customer is worth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerRecognised:
    """The records know the caller; may come late or never."""

    item: str
    customer: str | None = None
    """The customer's id."""
    language: str | None = None
    priority_seconds: float = 0.0
    """Seconds of waiting that the customer is worth."""
    preferred_agent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceMade:
    """A key was pressed that the step in hand offers, or one that it does not."""

    item: str
    step: str
    """The step that was collecting, so that a late key is not taken for another step's."""
    choice: str | None
    """The choice's name; None for a key that means nothing here."""
    sealed: str | None = None
    """The key itself, for the agent's screen; none for a key that means nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigitsEntered:
    """The digits that a step asked for are complete."""

    item: str
    step: str
    count: int
    """How many; 0 if the caller only pressed the end key."""
    sealed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptEnded:
    """A prompt was played to its end, or could not be played."""

    item: str
    play: str
    """The id given in the action Play."""
    failed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEnded:
    """The caller finished his message (by key, silence, length)."""

    item: str
    seconds: float
    """Length of what was said; 0 if nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerLeft:
    """The customer's leg ended from his side."""

    item: str
    reason: str = "hung_up"
    """hung_up, cancelled, timed_out, lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaLost:
    """The media process died: what it carried is silent."""

    legs: tuple[str, ...]
    """The legs that it carried."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class AwayAsked:
    """The agent wants no new work, at once or after what he has in hand."""

    agent: str
    reason: str
    """A key of the plan's away reasons."""
    by: str | None = None
    """The leader who forces it; None if it is the agent's own wish."""


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


Event = (
    TimePassed
    | FloorStarted
    | PlanChanged
    | ClockSet
    | FaultNoticed
    | ItemArrived
    | ItemRestored
    | CallerRecognised
    | ChoiceMade
    | DigitsEntered
    | PromptEnded
    | MessageEnded
    | CustomerLeft
    | MediaLost
    | AgentSignedIn
    | AgentSignedOut
    | DeviceUp
    | DeviceLost
    | ReadyAsked
    | AwayAsked
    | OfferAnswered
    | OfferDeclined
    | HoldAsked
    | ResumeAsked
    | MuteAsked
    | KeysAsked
    | TransferAsked
    | HangUpAsked
    | WrapUpExtended
    | WorkFinished
)
