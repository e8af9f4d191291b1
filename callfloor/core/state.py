"""
What the exchange holds in memory: items, queue entries, offers, agents and their works.

Only data and the two doors to the outside, `tell` (facts) and `act` (actions). Nothing in here
decides; `presence` alone changes an agent's state.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

from callfloor.core import actions, facts, lookup, plan, timers


@dataclass(slots=True, eq=False)
class Playing:
    """What a customer's leg hears now; the lease is lifted when `gen` moves on."""

    id: str
    item: "Item"
    ended: Callable[["Item", bool], None] | None
    """Called when it has ended, with whether it was heard; None for a loop."""
    gen: int = 0


@dataclass(slots=True, eq=False)
class Item:
    """One interaction that is open."""

    id: str
    client: str
    channel: str
    called: str
    leg: str
    arrived_at: float
    language: str
    flow: lookup.Flow
    trunk: str | None = None
    gen: int = 0
    """Moves on with every step and every try within one."""

    # the caller
    customer_here: bool = True
    language_chosen: bool = False
    priority_seconds: float = 0.0
    preferred: str | None = None

    # the flow
    step: plan.Step | None = None
    tries_left: int = 0
    playing: Playing | None = None
    plays: int = 0
    collecting: bool = False
    message_since: float | None = None
    outcome: str | None = None
    """The final state, once it is certain."""

    # the queue
    entry: "Entry | None" = None
    entries: int = 0
    leaving: "Entry | None" = None
    """An entry whose outcome depends on the message that is being left."""
    last_queue: str | None = None
    offers: int = 0

    # the talk
    works: "list[Work]" = field(default_factory=list)
    answered: bool = False
    short: bool = False
    """Whether the caller gave up before the stated threshold."""
    recordable: bool = False
    recording: bool = False


@dataclass(slots=True, eq=False)
class Entry:
    """One wait of an item in a queue."""

    item: Item
    queue: Any  # routing.Queue; routing stands above this module.
    number: int
    born_at: float
    queued_at: float
    key: float
    """The place in line: born_at minus every credit; smaller is earlier."""
    seq: int
    credit: float = 0.0
    """Credit beside the queue's and the customer's: first in line after a lost agent."""
    tier: int = 0
    row: "tuple[float, int, Entry] | None" = None
    """Where it is filed to be found; a row that is not this one is a leftover."""
    offer: "Offer | None" = None
    preferred: "Agent | None" = None
    """Who alone may have it until the lease ends."""
    shunned: "dict[Agent, float] | None" = None
    """Who declined or missed it, and until when it is not offered to him again."""
    best_position: int | None = None
    nobody_tier: int = -1
    """The tier for which it was last explained that nobody is there."""
    gen: int = 0


@dataclass(slots=True, eq=False)
class Offer:
    """One agent's chance to take one item."""

    id: str
    agent: "Agent"
    entry: Entry
    gen: int = 0


@dataclass(slots=True, eq=False)
class Work:
    """One agent's part of one item, from the bridge to the disposition."""

    agent: "Agent"
    item: Item
    queue: plan.QueuePlan
    phase: str = "talking"
    """talking or wrap_up."""
    began_at: float = 0.0
    gen: int = 0

    # the talk
    held_at: float | None = None
    kept: bool = False
    """Whether the agent's line is lost and the customer waits for it."""
    on_hold: bool = False
    """Whether the agent asked for the hold."""
    hold_seconds: float = 0.0
    muted: bool = False

    # the wrap-up
    wrap_at: float = 0.0
    wrap_until: float = 0.0
    extra_seconds: float = 0.0


@dataclass(slots=True, eq=False)
class Agent:
    """A person who may take work, seated or not."""

    key: str
    plan: plan.AgentPlan
    state: str = "signed_out"
    since: float = 0.0
    reason: str | None = None
    by: str | None = None
    wish: str | None = None
    """The reason to be away after the work in hand."""
    wish_by: str | None = None
    leg: str | None = None
    works: "list[Work]" = field(default_factory=list)
    offer: Offer | None = None
    missed_in_a_row: int = 0
    gen: int = 0

    # for the matcher
    profile: Any = None  # routing.Profile
    pooled: tuple[str, ...] = ()
    """The channels in whose pools he stands."""
    stamp: int = 0
    """Counts on whenever somebody becomes idle: the smaller, the longer idle."""
    idle_since: float = 0.0
    resting: bool = False
    """Whether he was just in an offer that he broke off, and gets none for a moment."""
    awaited: "list[tuple[float, int, Entry]]" = field(default_factory=list)
    """Entries that wait for him alone, as a heap."""
    retired: bool = False
    """Whether a new plan has no seat for him any more."""
    signed_in_at: float = 0.0
    busy_seconds: float = 0.0


class State:
    """All of it, with the present instant and what is yet to be said and done."""

    __slots__ = (
        "_actions",
        "_facts",
        "_instants",
        "act",
        "agents",
        "calls_of_trunk",
        "clock_offset",
        "in_hand",
        "items",
        "lookup",
        "matcher",
        "now",
        "tell",
        "timers",
    )

    def __init__(self, floor_plan: plan.FloorPlan, matcher: Any) -> None:
        self.lookup = lookup.Lookup(floor_plan)
        self.matcher = matcher
        self.now = 0.0
        self.clock_offset = 0.0
        self.in_hand: str | None = None
        self.items: dict[str, Item] = {}
        self.agents = {each.key: Agent(key=each.key, plan=each) for each in floor_plan.agents}
        self.calls_of_trunk: dict[str, int] = {}
        self.timers = timers.Timers()
        self._actions: list[actions.Action] = []
        self._facts: list[facts.Fact] = []
        self._instants: list[tuple[int, float]] = [(0, 0.0)]
        self.act = self._actions.append
        """What is to be done."""
        self.tell = self._facts.append
        """What was decided, at this instant."""

    def move_to(self, now: float) -> None:
        """Let it be another instant: what is told from here on is told then."""
        self.now = now
        told = len(self._facts)
        if self._instants and self._instants[-1][0] == told:
            self._instants[-1] = (told, now)
        else:
            self._instants.append((told, now))

    def alarm(self, name: str, detail: str) -> None:
        """Call a person: in the journal and on the spot."""
        self.tell(facts.Alarmed(name=name, detail=detail))
        self.act(actions.Alarm(name=name, detail=detail))

    def drain_actions(self) -> list[actions.Action]:
        """Hand over what is to be done, once."""
        drained = self._actions[:]
        self._actions.clear()
        return drained

    def drain_untimed(self) -> list[facts.Fact]:
        """Hand over what was decided, once."""
        drained = self._facts[:]
        self._forget()
        return drained

    def drain_facts(self) -> list[tuple[float, facts.Fact]]:
        """Hand over what was decided and when, once."""
        instants = self._instants
        if len(instants) == 1:
            at = instants[0][1]
            drained = list(zip(repeat(at), self._facts, strict=False))
        else:
            drained = self._drain_many()
        self._forget()
        return drained

    def _forget(self) -> None:
        self._facts.clear()
        self._instants[:] = [(0, self.now)]

    def _drain_many(self) -> list[tuple[float, facts.Fact]]:
        ends = [begin for begin, _ in self._instants[1:]] + [len(self._facts)]
        return [
            (at, fact)
            for (begin, at), end in zip(self._instants, ends, strict=True)
            for fact in self._facts[begin:end]
        ]
