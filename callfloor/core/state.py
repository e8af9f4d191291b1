"""
What the exchange holds in memory: items, queue entries, offers, agents and their works.

Only data and the two doors to the outside, `tell` (facts) and `act` (actions). Nothing in here
decides; `presence` alone changes an agent's state.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

from callfloor.core import actions, dialing, facts, lookup, plan, timers

LIVE = frozenset({"dialing", "talking"})
"""The phases of a work in which the agent is on the line."""


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
    caller: str | None = None
    """A keyed token of the customer's number."""
    trunk: str | None = None
    direction: str = "in"
    """in, out, callback or internal."""
    zone: str | None = None
    sealed: str | None = None
    """The number of a call that we make, sealed under the item's key."""
    gen: int = 0
    """Moves on with every step and every try within one."""

    # the caller
    customer_here: bool = True
    language_chosen: bool = False
    priority_seconds: float = 0.0
    preferred: str | None = None
    due: float | None = None
    """When an answer is owed, UTC seconds."""

    # the flow
    step: plan.Step | None = None
    tries_left: int = 0
    playing: Playing | None = None
    plays: int = 0
    collecting: bool = False
    message_since: float | None = None
    warned: tuple[str, ...] = ()
    """The emergencies that the caller has heard of, by key."""
    outcome: str | None = None
    """The final state, once it is certain."""

    # the queue
    entry: "Entry | None" = None
    entries: int = 0
    leaving: "Entry | None" = None
    """An entry whose outcome depends on the message that is being left."""
    last_queue: str | None = None
    offers: int = 0
    rest: "Rest | None" = None
    """A callback waits until it is time for its next try, or until its customer is off the line."""
    calls: int = 0
    """How often its customer was called back in vain."""
    stands_for: "tuple[Item, ...]" = ()
    """The callbacks that stand aside while their customer calls himself, with this call."""

    # the talk
    works: "list[Work]" = field(default_factory=list)
    answered: bool = False
    short: bool = False
    """Whether the caller gave up before the stated threshold."""
    recordable: bool = False
    unrecorded: bool = False
    """Whether its customer has said, now or before, that he is not to be recorded."""
    recording: bool = False
    pause: "Pause | None" = None
    """The recording keeps nothing for a while."""

    # who is there beside customer and agent
    dial: "Dial | None" = None
    """The customer's leg is being dialed."""
    ringing: "Offer | None" = None
    """It rings for the colleague who is called."""
    consult: "Consult | None" = None
    guests: "tuple[Guest, ...]" = ()
    """Somebody outside who talks with the customer, by the order of coming."""
    watches: "tuple[Watch, ...]" = ()
    """Leaders who hear into the call, by the order of coming."""
    tones: int = 0
    """Counts what was played to agents' legs."""


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
    item: Item
    entry: Entry | None
    """The wait in a queue that it would end; None for what a colleague asks for."""
    kind: str = "queue"
    """queue, callback, consult or colleague."""
    by: "Agent | None" = None
    """The colleague who asks or calls."""
    outcome: str = ""
    """How it ended."""
    gen: int = 0


@dataclass(slots=True, eq=False)
class Work:
    """One agent's part of one item, from the bridge to the disposition."""

    agent: "Agent"
    item: Item
    queue: plan.QueuePlan
    phase: str = "talking"
    """dialing, talking, wrap_up or finished."""
    part: str = "serves"
    """
    serves (whose the item is: one at most), asked (by who serves, apart from the customer), joins
    (talks with the customer beside who serves).
    """
    began_at: float = 0.0
    gen: int = 0

    # the talk
    held_at: float | None = None
    kept: bool = False
    """Whether the agent's line is lost and the customer waits for it."""
    on_hold: bool = False
    """Whether the agent asked for the hold."""
    hold_seconds: float = 0.0
    hold: "Hold | None" = None
    """The lease after which the agent is reminded of the hold."""
    consult_seconds: float = 0.0
    dial_seconds: float = 0.0
    apart_seconds: float = 0.0
    """Of all its time, what was neither talk nor hold: dialing, or being asked."""
    muted: bool = False
    tone: str | None = None
    """What is played to the agent's leg while he waits for somebody."""

    # the wrap-up
    wrap_at: float = 0.0
    wrap_until: float = 0.0
    extra_seconds: float = 0.0


@dataclass(slots=True, eq=False)
class Hold:
    """A hold that may become long."""

    work: Work
    gen: int = 0


@dataclass(slots=True, eq=False)
class Pause:
    """A recording that keeps nothing, until it goes on by itself."""

    item: Item
    gen: int = 0


@dataclass(slots=True, eq=False)
class Dial:
    """A leg that is being dialed, on one trunk after the other."""

    item: Item
    work: Work
    leg: str
    zone: str | None
    sealed: str | None
    emergency: bool
    trunk: str = ""
    tried: tuple[str, ...] = ()
    since: float = 0.0
    early: bool = False
    """Whether the far side sends sound before it answers."""
    gen: int = 0


@dataclass(slots=True, eq=False)
class Rest:
    """A callback that is tried again when its lease ends."""

    item: Item
    queue: str
    until: float = 0.0
    """When it is tried again."""
    reason: str = "closed"
    """Why it rests: busy, no_answer, closed, held (its customer is on the line himself)."""
    by: Item | None = None
    """The call by which he is, while it lasts."""
    gen: int = 0


@dataclass(slots=True, eq=False)
class Consult:
    """A question that an agent asks somebody while his customer is on hold."""

    item: Item
    by: Work
    to_agent: str | None = None
    queue: str | None = None
    leg: str | None = None
    """The leg of somebody outside."""
    search: Entry | None = None
    """What the queue's next agent is looked for with; it waits in no line."""
    offer: Offer | None = None
    dial: Dial | None = None
    work: Work | None = None
    """The part of the colleague who has answered."""
    until: float = 0.0
    """When it is given up if nobody answers."""
    answered_at: float | None = None
    gen: int = 0


@dataclass(slots=True, eq=False)
class Guest:
    """Somebody outside who was brought into a call."""

    leg: str
    since: float


@dataclass(slots=True, eq=False)
class Watch:
    """A leader who hears into a call."""

    leader: "Agent"
    item: Item
    of: Work
    mode: str
    since: float


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
    watch: Watch | None = None
    help: "Help | None" = None
    """His wish for help, while it stands."""
    missed_in_a_row: int = 0
    gen: int = 0

    # for the matcher
    profile: Any = None  # routing.Profile
    proven: tuple[str, ...] = ()
    """Skills whose proof holds now; `proofs` keeps it true."""
    over: tuple[str, ...] = ()
    """Skills whose proof has held, and holds no more."""
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


@dataclass(slots=True, eq=False)
class Help:
    """A wish for help; its lease ends when `gen` moves on."""

    agent: "Agent"
    since: float
    gen: int = 0


@dataclass(slots=True, eq=False)
class Emergency:
    """An emergency that is on; its lease ends when `gen` moves on."""

    key: str
    by: str
    since: float
    until: float
    gen: int = 0


def owner(item: Item) -> Work | None:
    """Give the part of the agent whose the item is now, if there is one on the line."""
    for work in item.works:
        if work.part == "serves" and work.phase in LIVE:
            return work
    return None


class State:
    """All of it, with the present instant and what is yet to be said and done."""

    __slots__ = (
        "_actions",
        "_facts",
        "_instants",
        "act",
        "agents",
        "calls_of",
        "calls_of_trunk",
        "clock_offset",
        "emergencies",
        "in_hand",
        "items",
        "ledger",
        "lookup",
        "matcher",
        "now",
        "promised",
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
        self.emergencies: dict[str, Emergency] = {}
        """Those that are on, by key."""
        self.promised: dict[tuple[str, str | None], list[Item]] = {}
        """Open callbacks by client and their customer's token."""
        self.calls_of: dict[tuple[str, str], list[Item]] = {}
        """Items that came in, by client and their caller's token, in the order of their coming."""
        self.calls_of_trunk: dict[str, int] = {}
        self.ledger = dialing.Ledger()
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

    def enter(self, item: Item) -> None:
        """Let an item be there, and be found by its id and by who came with it."""
        self.items[item.id] = item
        if item.direction == "in" and item.caller is not None:
            self.calls_of.setdefault((item.client, item.caller), []).append(item)

    def leave(self, item: Item) -> bool:
        """Let an item be there no more; say whether it was."""
        mine = self.items.get(item.id) is item
        if mine:
            del self.items[item.id]
        if item.direction == "in" and item.caller is not None:
            who = item.client, item.caller
            others = [each for each in self.calls_of.get(who, ()) if each is not item]
            if others:
                self.calls_of[who] = others
            else:
                self.calls_of.pop(who, None)
        return mine

    def promise(self, item: Item) -> None:
        """List a callback by the token of its customer, so that he is recognized."""
        if item.caller is not None:
            self.promised.setdefault((item.client, item.caller), []).append(item)

    def promise_over(self, item: Item) -> None:
        """Take a callback that is over from the list."""
        listed = self.promised.get((item.client, item.caller))
        if listed is not None and item in listed:
            listed.remove(item)
            if not listed:
                del self.promised[item.client, item.caller]

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
