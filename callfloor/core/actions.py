"""
What the exchange wants done, in order. The floor does it with sockets, the twin pretends.

An action is never journaled: the facts say what was decided, and a restart decides anew.
"""

from typing import TYPE_CHECKING

from callfloor.core.plan import Choice

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    from callfloor.core.record import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AskWho:
    """Ask the records who the caller is; the answer comes as CallerRecognised, or never."""

    item: str
    caller: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Take the customer's call: from here on it is connected and billed."""

    item: str
    leg: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    """Do not take the customer's call."""

    item: str
    leg: str
    reason: str
    """no_such_number, no_capacity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """Play prompts one after the other to one leg, instead of what it hears now."""

    item: str
    leg: str
    play: str
    """An id; PromptEnded names it (never for a loop)."""
    prompts: tuple[str, ...]
    """Keys of prompts; `number:7` is a spoken number."""
    language: str
    loop: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StopPlay:
    """Stop what is played to a leg."""

    item: str
    leg: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Collect:
    """
    Listen for keys on a leg, for one step, until another Collect or StopCollect.

    With choices, each key becomes a ChoiceMade; with digits_max, the keys become one
    DigitsEntered, at the end key `#` or at the full length or at `flush` by StopCollect.
    With ahead, a key that is no choice here is kept: the next Collect takes it as if it were
    pressed then (type-ahead). StopCollect drops what is kept.
    """

    item: str
    leg: str
    step: str
    choices: tuple[Choice, ...] = ()
    """The keys that mean something at this step."""
    digits_max: int = 0
    ahead: bool = False
    """Whether keys that are typed too early are kept for the step after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StopCollect:
    """Stop listening for keys; digits typed so far are reported first if `flush`."""

    item: str
    leg: str
    flush: bool = False
    """Whether digits typed so far are reported before it stops."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """Offer an item to an agent."""

    agent: str
    item: str
    offer: str
    """The offer's id; answers and refusals name it."""
    queue: str
    """The queue it comes from; empty for a colleague's call."""
    seconds: float
    """When the lease ends; the exchange ends it by itself."""
    kind: str = "queue"
    """queue, callback (it is dialed when taken), consult or colleague."""
    by: str | None = None
    """The colleague who asks or calls."""
    channel: str = "call"
    """call, chat, mail, case: what is written rings on no telephone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRing:
    """The offer is over for this agent."""

    agent: str
    item: str
    offer: str
    reason: str
    """answered, missed, declined, caller_left, withdrawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hear:
    """One row of the gain matrix: `ear` hears `mouth`."""

    ear: str
    """The leg that listens."""
    mouth: str
    """The leg that is heard."""
    gain: float = 1.0
    """Factor on the samples; 1.0 leaves them as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """Who hears whom in one item, whole: a pair that is not listed is silent."""

    item: str
    legs: tuple[str, ...]
    """Every leg that the row set speaks for."""
    hears: tuple[Hear, ...]
    """The pairs with sound, one way each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRecording:
    """
    Record from here on: what the customer says in one channel, whom he hears in the other.

    It goes on through hold, consultation, conference and reload, whoever serves him.
    """

    item: str
    customer_leg: str
    agent_leg: str | None
    """Who serves him when it begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRecording:
    """Close the recording of this item."""

    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMessage:
    """Record what the caller says until MessageEnded or the limit."""

    item: str
    leg: str
    seconds_max: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseRecording:
    """Keep nothing until ResumeRecording; the gap is seen in the file."""

    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeRecording:
    """Keep what is said again."""

    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """
    Call a number on a trunk.

    DialRang, DialAnswered or DialFailed name the leg; HangUp ends it at any time. The next trunk
    is tried by another Dial of the same leg after DialFailed with `trunk_down`.
    """

    item: str
    leg: str
    trunk: str
    caller_id: str | None
    """The number that is shown; None to show none."""
    sealed: str | None
    """The number to dial, sealed under the item's key."""
    seconds: float
    """How long it may ring; the exchange ends it by itself."""
    emergency: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SendKeys:
    """Send keys to the customer's side."""

    item: str
    leg: str
    sealed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUp:
    """End a leg to the outside, or stop dialing it. An agent's leg stays up for the next call."""

    item: str
    leg: str
    reason: str
    """normal, no_capacity, lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something is wrong that a person should know."""

    name: str
    detail: str


Action = (
    AskWho
    | Answer
    | Refuse
    | Play
    | StopPlay
    | Collect
    | StopCollect
    | Ring
    | StopRing
    | Mix
    | StartRecording
    | StopRecording
    | RecordMessage
    | PauseRecording
    | ResumeRecording
    | Dial
    | SendKeys
    | HangUp
    | Alarm
)
