"""
What the exchange has decided: the journal's facts, which the worker projects and the feed shows.

A fact is never decided again. Each carries its client, so that a screen or a report can be
limited to one client without looking anything up; facts about an agent carry the client of the
work in hand, or none.
"""

from typing import TYPE_CHECKING, Any

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
    of: str | None = None
    """The interaction that this one answers, for a callback."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageSet:
    """The call goes on in this language."""

    item: str
    client: str
    language: str


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
    runners_up: at most three of {agent, key}; nobody: the reason if nobody was chosen.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridged:
    """Customer and agent hear one another."""

    item: str
    client: str
    queue: str
    agent: str
    leg: str
    """The agent's leg."""
    again: bool = False
    """Whether it is the same talk after a reload or a lost line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The customer is on hold, or was kept because the agent's line was lost."""

    item: str
    client: str
    agent: str
    reason: str = "asked"
    """asked or device_lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unheld:
    """The hold is over."""

    item: str
    client: str
    agent: str
    held_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Muted:
    """The agent muted or unmuted himself."""

    item: str
    client: str
    agent: str
    muted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysSent:
    """The agent sent keys into the call."""

    item: str
    client: str
    agent: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Transferred:
    """The agent gave the call away."""

    item: str
    client: str
    agent: str
    queue: str | None = None
    to_agent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingStarted:
    """Frames are kept from here on."""

    item: str
    client: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingStopped:
    """The recording is closed."""

    item: str
    client: str


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
    outcome: str
    """ended, taken_over, call_over, lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldReminded:
    """A hold has become long: the agent is reminded, and then his leader is told."""

    item: str
    client: str
    agent: str
    level: int
    """1 for the agent, 2 for the leader."""
    held_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingPaused:
    """Nothing is kept from here on."""

    item: str
    client: str
    agent: str
    until: float
    """When it goes on by itself, UTC seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingResumed:
    """What is said is kept again."""

    item: str
    client: str
    by_itself: bool
    """Whether nobody had asked for it: the lease had run out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkEnded:
    """The agent's part of the item is over; wrap-up begins."""

    item: str
    client: str
    queue: str
    agent: str
    talk_seconds: float
    """Without hold."""
    hold_seconds: float
    ended_by: str
    """customer, agent, transfer, conference, taken_over, not_reached, lost."""
    consult_seconds: float = 0.0
    """Spent with a colleague while the customer was on hold, or as the colleague who was asked."""
    dial_seconds: float = 0.0
    """Spent until the far side answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The agent is done with the item."""

    item: str
    client: str
    queue: str
    agent: str
    wrap_seconds: float
    disposition: str | None = None
    """None if the wrap-up ran out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentChanged:
    """An agent is in a new state."""

    agent: str
    state: str
    """signed_out, ready, away, ringing, talking, wrap_up, missed, reserved."""
    client: str | None = None
    """The client of the work in hand."""
    item: str | None = None
    reason: str | None = None
    """Why away, or what is asked for after this item."""
    by: str | None = None
    """The leader who forced it."""
    until: float | None = None
    """When the state ends by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceChanged:
    """An agent's audio came or went."""

    agent: str
    up: bool
    """Whether it is there now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interrupted:
    """A live call was cut by a fault of ours."""

    item: str
    client: str
    cause: str
    """media_lost, floor_restarted, parked."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanApplied:
    """A plan holds from here on."""

    version: str
    epoch: int | None = None
    """Set at a start of the floor: nobody is seated and no line is up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarmed:
    """Something is wrong that a person should know."""

    name: str
    detail: str


Fact = (
    Arrived
    | Restored
    | Recognised
    | StepEntered
    | Chose
    | Typed
    | NoticeGiven
    | LanguageSet
    | Queued
    | TierOpened
    | Explained
    | Ringing
    | RingEnded
    | Dequeued
    | Bridged
    | Held
    | Unheld
    | Muted
    | KeysSent
    | Transferred
    | RecordingStarted
    | RecordingStopped
    | Dialing
    | DialEnded
    | ConsultStarted
    | ConsultAnswered
    | ConsultOver
    | PartyGone
    | Supervised
    | SuperviseOver
    | HoldReminded
    | RecordingPaused
    | RecordingResumed
    | TalkEnded
    | Finished
    | AgentChanged
    | DeviceChanged
    | Interrupted
    | Closed
    | PlanApplied
    | Alarmed
)
