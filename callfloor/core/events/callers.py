"""
What a caller does, and what becomes known of him.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    from callfloor.core.record import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemArrived:
    """A call, chat, mail or case has come in."""

    item: str
    """The interaction's id; of a call given by the floor, else by the records; sortable by time."""
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
    since: float | None = None
    """When what is written reached us, UTC seconds: the floor may hear of it later."""
    due: float | None = None
    """When an answer is owed, UTC seconds; None lets the queue's goal say it."""
    customer: str | None = None
    """The customer's id, if the records know him already."""
    language: str | None = None
    """His language, if it is known; None for that of the address."""
    preferred: str | None = None
    """The agent who should have it if he is there, such as the owner of its case."""


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
    direction: str = "in"
    """in, out, callback or internal; a callback that waited goes on waiting."""
    leg: str = ""
    """The leg of a callback's customer, that is dialed when it is taken."""
    zone: str | None = None
    """The zone of a callback's number."""
    caller: str | None = None
    """A keyed token of a callback's number."""
    sealed: str | None = None
    """A callback's number, sealed under the item's key."""
    due: float | None = None
    """When an answer is owed, UTC seconds."""
    credit: float = 0.0
    """What its place in that queue was worth beside every priority."""
    rest_until: float | None = None
    """When a callback that was tried in vain is tried again, UTC seconds."""
    calls: int = 0
    """How often a callback was tried in vain."""
    preferred: str | None = None
    """The agent who should have it if he is there."""
    works: tuple[tuple[str, str, float, float | None], ...] = ()
    """
    Of a written item: who had it in hand (agent, queue, since, and since when he wrote his note;
    None if he was still at it).
    """


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
    do_not_record: bool = False
    """Whether the customer has said that no call of his is to be recorded."""


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
