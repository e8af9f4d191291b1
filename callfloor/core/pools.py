"""
Where agents and entries stand while nothing is decided: pools by profile, lines by tier.

The best of every pool also stands in a list of its own, so that a choice reads a few neighboring
numbers and not the memory of everybody it could fall on. Refuses to choose: `routing` does.
"""

from collections import OrderedDict
from collections.abc import Callable
from operator import itemgetter
from typing import Any

from callfloor.core import plan
from callfloor.core.state import Agent, Entry

NOBODY = 1 << 62  # Later than every stamp.
NOTHING = float("inf")  # Later than every place in line.

Pool = OrderedDict[Agent, None]
Filed = tuple[float, int, Entry]
"""Key, seq, entry; it counts as long as it is the entry's `row`."""
Ranked = tuple[float, float, Agent]
"""An agent by what is better: rank, then the stamp of his idling."""
Pick = tuple[Agent, int, list[Ranked]]
"""Who was chosen, how many are idle in all, and up to three who came next."""


Gather = Callable[[list[Any]], tuple[Any, ...]]


class Profile:
    """Agents who are alike to every queue."""

    __slots__ = ("awaits", "beside_call", "bit", "by_share", "capacity", "channels", "clients",
                 "gather", "index", "lines", "proven", "seated")  # fmt: skip

    def __init__(self, index: int, agent: plan.AgentPlan, proven: tuple[str, ...] = ()) -> None:
        self.index = index
        self.bit = 1 << index
        self.clients = frozenset(agent.clients)
        self.proven = frozenset(proven)
        self.capacity = agent.capacity
        self.beside_call = agent.beside_call
        self.channels = tuple(channel for channel, _ in agent.capacity)
        self.seated = 0
        self.awaits: dict[str, int] = dict.fromkeys(self.channels, 0)
        """By channel: the bits of the lines that the profile serves."""
        self.lines: dict[str, list[Line]] = {channel: [] for channel in self.channels}
        """By channel: the same lines themselves."""
        self.gather: dict[str, Gather] = {}
        """By channel: picks the places of these lines out of the list of all."""
        self.by_share: dict[str, list[tuple[float, int, Agent]]] = {}
        """By channel, if a queue wants it: idle agents as a heap by their share of work."""


class Idle:
    """Everybody who may be given something of one channel, by profile."""

    __slots__ = ("bits", "counts", "firsts", "heads", "pools")

    def __init__(self) -> None:
        self.bits = 0
        """The profiles in which somebody is idle."""
        self.pools: list[Pool] = []
        self.counts: list[int] = []
        self.heads: list[Any] = []
        """Who is idle longest, or None."""
        self.firsts: list[int] = []
        """His stamp, or NOBODY."""

    def widen(self, profiles: int) -> None:
        """Have a pool for every profile."""
        while len(self.pools) < profiles:
            self.pools.append(OrderedDict())
            self.counts.append(0)
            self.heads.append(None)
            self.firsts.append(NOBODY)

    def put(self, profile: Profile, agent: Agent, *, keep: bool) -> None:
        """Let an agent stand at the end of his pool, or at the place that he had."""
        index = profile.index
        pool = self.pools[index]
        self.counts[index] += 1
        if keep and pool:
            _put_back(pool, agent)
            self._lead(index, next(iter(pool)))
            return
        if not pool:
            self._lead(index, agent)
            self.bits |= profile.bit
        pool[agent] = None

    def take(self, profile: Profile, agent: Agent) -> None:
        """Take an agent out of his pool."""
        index = profile.index
        pool = self.pools[index]
        del pool[agent]
        self.counts[index] -= 1
        if not pool:
            self.heads[index] = None
            self.firsts[index] = NOBODY
            self.bits &= ~profile.bit
        elif self.heads[index] is agent:
            self._lead(index, next(iter(pool)))

    def _lead(self, index: int, agent: Agent) -> None:
        self.heads[index] = agent
        self.firsts[index] = agent.stamp


class Line:
    """The items of one queue whose tier is this one."""

    __slots__ = ("barred", "bit", "eligible", "eligible_of", "gather", "heap", "index", "indexes",
                 "levels", "profiles", "queue", "serving", "tier", "unproven",
                 "unproven_of")  # fmt: skip

    def __init__(self, queue: "Queue", index: int) -> None:
        self.queue = queue
        self.tier = len(queue.lines)
        self.index = index
        self.bit = 1 << index
        self.serving = 0
        """The bits of the profiles that serve it."""
        self.barred = 0
        """The bits of those that would serve it, if they had the proofs that it asks for."""
        self.indexes: list[int] = []
        """The same profiles by their index."""
        self.profiles: list[Profile] = []
        """The same profiles themselves."""
        self.gather: Gather = gather([])
        """Picks what is theirs out of a list of all profiles."""
        self.levels: dict[int, int] = {}
        """By profile: how well it meets the tier, as the sum of the levels asked for."""
        self.heap: list[Filed] = []
        self.eligible: list[int] = []
        """How many are seated for this tier and each before it."""
        self.eligible_of = -1
        """The seating for which `eligible` was counted."""
        self.unproven: list[Agent] = []
        """Who of the seated is barred."""
        self.unproven_of = -1
        """The seating for which `unproven` was found."""


class Queue:
    """One queue, as lines by tier and as the order of everybody in it."""

    __slots__ = ("by_share", "by_skill", "channel", "key", "lines", "order", "plan", "proven")

    def __init__(self, queue: plan.QueuePlan) -> None:
        self.plan = queue
        self.key = queue.key
        self.channel = queue.channel
        self.proven = frozenset(queue.proven)
        self.by_skill = queue.choose == "best_skilled"
        self.by_share = queue.choose == "least_occupied"
        self.lines: list[Line] = []
        self.order: list[tuple[float, int]] = []
        """(key, seq) of everybody who waits, whether it rings for him or not, sorted."""


def is_proven(profile: Profile, queue: Queue) -> bool:
    """Say whether the proofs that a queue asks for hold."""
    return queue.proven <= profile.proven


def level_met(requires: tuple[tuple[str, int], ...], skills: dict[str, int]) -> int | None:
    """Give the sum of the levels at the skills asked for, or None if one is too low."""
    total = 0
    for skill, lowest in requires:
        level = skills.get(skill, 0)
        if level < lowest:
            return None
        total += level
    return total


def gather(indexes: list[int]) -> Gather:
    """Make what picks some places out of a list as a tuple, at the speed of the interpreter."""
    if len(indexes) > 1:
        return itemgetter(*indexes)
    if indexes:
        only = indexes[0]
        return lambda numbers: (numbers[only],)
    return lambda numbers: ()


def _put_back(pool: Pool, agent: Agent) -> None:
    first = next(iter(pool), None)
    pool[agent] = None
    if first is None:
        return
    if agent.stamp < first.stamp:
        pool.move_to_end(agent, last=False)
        return
    # Somebody idles longer: only after a choice by skill or preference, so the sort is rare.
    for each in sorted(pool, key=_stamp):
        pool.move_to_end(each)


def _stamp(agent: Agent) -> int:
    return agent.stamp
