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
    """Somebody asked to be called back: an item that waits like any other and is dialed when taken."""

    item: str
    leg: str
    client: str
    queue: str
    of: str
    """The interaction in which it was asked for."""
    born_at: float
    """When the customer first arrived, UTC seconds: he keeps that place."""
    language: str
    zone: str | None = None
    caller: str | None = None
    """A keyed token of the number."""
    sealed: str | None = None
    """The number, sealed under the item's key."""


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
class PartyLeft:
    """Somebody outside who was brought into a call, and is not its customer, has hung up."""

    item: str
    leg: str
    reason: str = "hung_up"
    """hung_up, timed_out, lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultAsked:
    """The agent asks somebody while the customer hears music: exactly one of the three."""

    agent: str
    item: str
    to_agent: str | None = None
    """The colleague, whose desk or telephone rings; or"""
    queue: str | None = None
    """the queue, whose next ready agent is asked; or"""
    leg: str | None = None
    """the leg, named by the floor, on which a number is dialed."""
    zone: str | None = None
    """The zone of that number."""
    emergency: bool = False
    callee: str | None = None
    """A keyed token of that number."""
    sealed: str | None = None
    """That number, sealed under the item's key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultEnded:
    """The agent goes back to his customer alone; whoever was asked is let go."""

    agent: str
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferCompleted:
    """The agent hands his customer to whomever he asked, and leaves."""

    agent: str
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceAsked:
    """The agent brings his customer and whomever he asked together, and stays."""

    agent: str
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceLeft:
    """The agent leaves a conference; the others talk on."""

    agent: str
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuperviseAsked:
    """A leader hears into a call, or changes how; web has asked whether he may."""

    agent: str
    """The leader."""
    item: str
    of: str
    """The agent whose call it is."""
    mode: str
    """listen, whisper, join."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuperviseEnded:
    """The leader hears no more."""

    agent: str
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOverAsked:
    """The leader who hears into a call takes it; its agent is free to write his note."""

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
    | CallAsked
    | CallbackArrived
    | DialRang
    | DialAnswered
    | DialFailed
    | PartyLeft
    | ConsultAsked
    | ConsultEnded
    | TransferCompleted
    | ConferenceAsked
    | ConferenceLeft
    | SuperviseAsked
    | SuperviseEnded
    | TakeOverAsked
    | RecordingPauseAsked
    | RecordingResumeAsked
    | RecordingRefused
    | HangUpAsked
    | WrapUpExtended
    | WorkFinished
)
