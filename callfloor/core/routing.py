"""
Who may get what: profiles of agents, lines of waiting items, and the choice between them.

A profile is a distinct set of (skills, clients, capacity); a line is one tier of one queue. Bits
say which profiles serve which lines, so that the cost of a decision grows with the sets that are
eligible and not empty, never with the number of agents. Idle agents stand in a profile's pool in
the order of their idling; waiting entries lie in a line's heap by their place; an entry that has
left is dropped when it comes to the top.

Only one thing is an agent's whole attention: a call. Who has a call in hand gets nothing else, and
who has anything else in hand gets no call; items of other channels lie side by side up to the
capacity for their channel. Nobody gets anything in wrap-up.

Refuses to ring anybody: `offers` acts on what is found here.
"""

from collections import OrderedDict
from collections.abc import Iterator
from heapq import heapify, heappop, heappush
from itertools import islice

from callfloor.core import plan, presence
from callfloor.core.state import Agent, Entry

CALL = "call"
Pool = OrderedDict[Agent, None]


class Profile:
    """Agents who are alike to every queue."""

    __slots__ = ("agents", "awaits", "bit", "by_share", "clients", "index", "pools", "seated")

    def __init__(self, index: int, agent: plan.AgentPlan) -> None:
        self.index = index
        self.bit = 1 << index
        self.clients = frozenset(agent.clients)
        self.agents = 0
        self.seated = 0
        self.pools: dict[str, Pool] = {channel: OrderedDict() for channel, _ in agent.capacity}
        self.awaits: dict[str, int] = {}
        """By channel: the bits of the lines that the profile serves."""
        self.by_share: dict[str, list[tuple[float, int, Agent]]] = {}
        """By channel, if a queue wants it: idle agents as a heap by their share of work."""


class Line:
    """The items of one queue whose tier is this one."""

    __slots__ = ("bit", "eligible", "eligible_of", "heap", "levels", "queue", "serving")

    def __init__(self, queue: "Queue", index: int) -> None:
        self.queue = queue
        self.bit = 1 << index
        self.serving = 0
        self.levels: dict[int, int] = {}
        """By profile: how well it meets the tier, as the sum of the levels asked for."""
        self.heap: list[tuple[float, int, Entry]] = []
        self.eligible = 0
        self.eligible_of = -1
        """The seating for which `eligible` was counted."""


class Queue:
    """One queue, as lines by tier and as the order of everybody in it."""

    __slots__ = ("channel", "key", "lines", "order", "plan")

    def __init__(self, queue: plan.QueuePlan) -> None:
        self.plan = queue
        self.key = queue.key
        self.channel = queue.channel
        self.lines: list[Line] = []
        self.order: list[tuple[float, int]] = []
        """(key, seq) of everybody who waits, whether it rings for him or not, sorted."""


class Pick:
    """An agent who was chosen for an entry, with what explains it."""

    __slots__ = ("agent", "idle", "key", "runners")

    def __init__(
        self, agent: Agent, key: float, idle: int, runners: list[tuple[Agent, float]]
    ) -> None:
        self.agent = agent
        self.key = key
        self.idle = idle
        self.runners = runners


def level_met(requires: tuple[tuple[str, int], ...], skills: dict[str, int]) -> int | None:
    """Give the sum of the levels at the skills asked for, or None if one is too low."""
    total = 0
    for skill, lowest in requires:
        level = skills.get(skill, 0)
        if level < lowest:
            return None
        total += level
    return total


class Matcher:
    """All profiles, lines and pools of one plan."""

    __slots__ = (
        "_idlings",
        "_profiles",
        "_shares",
        "idle",
        "lines",
        "profiles",
        "queues",
        "seating",
        "waiting",
    )

    def __init__(self, queues: tuple[plan.QueuePlan, ...]) -> None:
        self.queues: dict[str, Queue] = {}
        self.lines: list[Line] = []
        self.profiles: list[Profile] = []
        self._profiles: dict[object, Profile] = {}
        self.idle: dict[str, int] = {}
        """By channel: the bits of the profiles in which somebody is idle."""
        self.waiting = 0
        """The bits of the lines in which something may wait."""
        self.seating = 0
        """Counts every sign-in and sign-out, for counts that are kept until then."""
        self._idlings = 0
        self._shares = {queue.channel for queue in queues if queue.choose == "least_occupied"}
        for queue in queues:
            self._add_queue(queue)

    def _add_queue(self, source: plan.QueuePlan) -> None:
        queue = Queue(source)
        self.queues[source.key] = queue
        self.idle.setdefault(source.channel, 0)
        for _ in source.tiers:
            line = Line(queue, len(self.lines))
            queue.lines.append(line)
            self.lines.append(line)

    # --- agents -----------------------------------------------------------------------------------

    def enlist(self, agent: Agent) -> None:
        """Give an agent the profile of his plan."""
        source = agent.plan
        alike = (source.skills, source.clients, source.capacity)
        profile = self._profiles.get(alike)
        if profile is None:
            profile = self._add_profile(source)
            self._profiles[alike] = profile
        agent.profile = profile

    def _add_profile(self, source: plan.AgentPlan) -> Profile:
        profile = Profile(len(self.profiles), source)
        self.profiles.append(profile)
        for channel in profile.pools:
            profile.awaits[channel] = 0
            if channel in self._shares:
                profile.by_share[channel] = []
        skills = dict(source.skills)
        for queue in self.queues.values():
            if queue.plan.client in profile.clients and queue.channel in profile.pools:
                _serve(profile, queue, skills)
        return profile

    def seat(self, agent: Agent, *, seated: bool) -> None:
        """Count an agent in or out, for the counts that explain."""
        agent.profile.seated += 1 if seated else -1
        self.seating += 1

    def start_stamps(self, last: int) -> None:
        """Count idlings on from those of the plan before."""
        self._idlings = last

    def place(self, agent: Agent, *, keep: bool = False, now: float) -> None:
        """
        Put an agent into the pools that fit his state, or take him out.

        With `keep` he gets the place back that he had before an offer that came to nothing.
        """
        if agent.pooled:
            self._take_out(agent)
        channels = open_channels(agent)
        if not channels:
            return
        if not keep:
            self._idlings += 1
            agent.stamp = self._idlings
            agent.idle_since = now
        agent.pooled = True
        profile = agent.profile
        for channel in channels:
            pool = profile.pools[channel]
            if keep:
                _put_back(pool, agent)
            else:
                pool[agent] = None
            self.idle[channel] = self.idle.get(channel, 0) | profile.bit
            if channel in profile.by_share:
                _push_share(profile, channel, agent)

    def _take_out(self, agent: Agent) -> None:
        agent.pooled = False
        profile = agent.profile
        for channel, pool in profile.pools.items():
            if agent in pool:
                del pool[agent]
                if not pool:
                    self.idle[channel] &= ~profile.bit

    # --- entries ----------------------------------------------------------------------------------

    def file(self, entry: Entry) -> None:
        """Let an entry wait in the line of its tier, at its place."""
        line = entry.queue.lines[entry.tier]
        entry.line = line
        heappush(line.heap, (entry.key, entry.seq, entry))
        self.waiting |= line.bit

    def best_entry(self, agent: Agent, now: float) -> Entry | None:
        """Find the entry with the best place that an idle agent may be given."""
        best = _awaited(agent)
        for channel in open_channels(agent):
            found = agent.profile.awaits[channel] & self.waiting
            while found:
                low = found & -found
                found ^= low
                head = self._head(self.lines[low.bit_length() - 1], agent, now)
                if head is not None and (best is None or head[:2] < best[:2]):
                    best = head
        return best[2] if best else None

    def _head(self, line: Line, agent: Agent, now: float) -> tuple[float, int, Entry] | None:
        heap = line.heap
        while heap:
            entry = heap[0][2]
            if _is_stale(heap[0], line):
                heappop(heap)
            elif entry.shunned and is_shunned(entry, agent, now):
                return self._deeper(line, agent, now)
            else:
                return heap[0]
        self.waiting &= ~line.bit
        return None

    def _deeper(self, line: Line, agent: Agent, now: float) -> tuple[float, int, Entry] | None:
        """Look past entries that the agent declined; so rare that a sort does no harm."""
        for row in sorted(set(line.heap)):
            if not _is_stale(row, line) and not is_shunned(row[2], agent, now):
                return row
        return None

    # --- the choice -------------------------------------------------------------------------------

    def best_agent(self, entry: Entry, now: float) -> Pick | None:
        """Choose an agent for an entry by its queue's rule, or None if nobody is idle for it."""
        queue = entry.queue
        line = queue.lines[entry.tier]
        found = line.serving & self.idle[queue.channel]
        if not found:
            return None
        rule = queue.plan.choose
        if rule == "least_occupied":
            return self._least_occupied(entry, found, now)
        ranked, idle = self._ranked(entry, found, now, line if rule == "best_skilled" else None)
        if not ranked:
            return None
        chosen = ranked[0]
        runners = [(agent, _shown(key, agent, now)) for key, _, agent in ranked[1:4]]
        return Pick(chosen[2], _shown(chosen[0], chosen[2], now), idle, runners)

    def _ranked(
        self, entry: Entry, found: int, now: float, skilled: Line | None
    ) -> tuple[list[tuple[int, int, Agent]], int]:
        """Give the best of every pool, best first, and how many are idle in all."""
        channel = entry.queue.channel
        ranked: list[tuple[int, int, Agent]] = []
        idle = 0
        while found:
            low = found & -found
            found ^= low
            index = low.bit_length() - 1
            pool = self.profiles[index].pools[channel]
            idle += len(pool)
            rank = -skilled.levels[index] if skilled else 0
            firsts = _firsts(pool, entry, now)
            ranked.extend([(rank, agent.stamp, agent) for agent in firsts])
        ranked.sort()
        return ranked, idle

    def _least_occupied(self, entry: Entry, found: int, now: float) -> Pick | None:
        channel = entry.queue.channel
        ranked: list[tuple[float, int, Agent]] = []
        idle = 0
        while found:
            low = found & -found
            found ^= low
            profile = self.profiles[low.bit_length() - 1]
            idle += len(profile.pools[channel])
            ranked.extend(_least_shares(profile, channel, entry, now))
        ranked.sort()
        if not ranked:
            return None
        runners = [(agent, round(share, 4)) for share, _, agent in ranked[1:4]]
        return Pick(ranked[0][2], round(ranked[0][0], 4), idle, runners)

    def could_serve(self, entry: Entry) -> Iterator[Profile]:
        """Give the profiles whose agents may be given the entry at its present tier."""
        found = entry.queue.lines[entry.tier].serving
        while found:
            low = found & -found
            found ^= low
            yield self.profiles[low.bit_length() - 1]

    def eligible(self, line: Line) -> int:
        """Count the seated agents who serve a line."""
        if line.eligible_of != self.seating:
            line.eligible_of = self.seating
            found, total = line.serving, 0
            while found:
                low = found & -found
                found ^= low
                total += self.profiles[low.bit_length() - 1].seated
            line.eligible = total
        return line.eligible

    def idle_of(self, line: Line) -> int:
        """Count the idle agents who serve a line."""
        channel = line.queue.channel
        found, total = line.serving & self.idle[channel], 0
        while found:
            low = found & -found
            found ^= low
            total += len(self.profiles[low.bit_length() - 1].pools[channel])
        return total


def open_channels(agent: Agent) -> tuple[str, ...]:
    """Name the channels of which the agent may be given something right now."""
    if agent.resting or agent.offer is not None:
        return ()
    capacity = agent.plan.capacity
    if agent.state == presence.READY:
        if len(capacity) == 1 and capacity[0][0] == CALL:
            return (CALL,) if agent.leg and capacity[0][1] > 0 else ()
        return tuple(
            channel for channel, most in capacity if most > 0 and (channel != CALL or agent.leg)
        )
    if agent.state != presence.TALKING or agent.wish is not None:
        return ()
    return _channels_beside(agent)


def _channels_beside(agent: Agent) -> tuple[str, ...]:
    in_hand: dict[str, int] = {}
    for work in agent.works:
        in_hand[work.item.channel] = in_hand.get(work.item.channel, 0) + 1
    if CALL in in_hand:
        return ()
    capacity = agent.plan.capacity
    return tuple(each for each, most in capacity if each != CALL and in_hand.get(each, 0) < most)


def is_shunned(entry: Entry, agent: Agent, now: float) -> bool:
    """Say whether the entry is not to be offered to this agent yet."""
    return entry.shunned is not None and entry.shunned.get(agent, now) > now


def _is_stale(row: tuple[float, int, Entry], line: Line) -> bool:
    """Say whether an entry has left, rings, has moved, or waits for somebody else alone."""
    key, _, entry = row
    return bool(
        entry.gen
        or entry.line is not line
        or entry.offer
        or entry.key != key
        or entry.preferred is not None
    )


def _serve(profile: Profile, queue: Queue, skills: dict[str, int]) -> None:
    best: int | None = None
    for tier, line in zip(queue.plan.tiers, queue.lines, strict=True):
        level = level_met(tier.requires, skills)
        if level is not None and (best is None or level > best):
            best = level
        if best is not None:  # A tier widens: who served an earlier one serves this one too.
            line.serving |= profile.bit
            line.levels[profile.index] = best
            profile.awaits[queue.channel] |= line.bit


def _awaited(agent: Agent) -> tuple[float, int, Entry] | None:
    heap = agent.awaited
    while heap:
        entry = heap[0][2]
        if entry.gen == 0 and entry.preferred is agent and entry.offer is None:
            if entry.queue.channel in open_channels(agent):
                return heap[0]
            return None
        heappop(heap)
    return None


def _firsts(pool: Pool, entry: Entry, now: float) -> list[Agent]:
    """Give up to four of a pool, longest idle first, without those who declined the entry."""
    if not entry.shunned:
        return list(islice(pool, 4))
    return list(islice((agent for agent in pool if not is_shunned(entry, agent, now)), 4))


def _shown(rank: int, agent: Agent, now: float) -> float:
    """Give the key that decided, as a person reads it: the level, or the seconds of idling."""
    return float(-rank) if rank else round(now - agent.idle_since, 3)


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


def _push_share(profile: Profile, channel: str, agent: Agent) -> None:
    heap = profile.by_share[channel]
    seated = agent.idle_since - agent.signed_in_at
    share = agent.busy_seconds / seated if seated > 0 else 0.0
    if len(heap) > 2 * len(profile.pools[channel]) + 16:  # Mostly rows of agents who moved on.
        heap[:] = [row for row in heap if _is_live(row, profile, channel)]
        heapify(heap)
    heappush(heap, (share, agent.stamp, agent))


def _is_live(row: tuple[float, int, Agent], profile: Profile, channel: str) -> bool:
    return row[1] == row[2].stamp and row[2] in profile.pools[channel]


def _least_shares(
    profile: Profile, channel: str, entry: Entry, now: float
) -> list[tuple[float, int, Agent]]:
    """Give up to four idle agents of a profile with the smallest share of work."""
    heap = profile.by_share[channel]
    best: list[tuple[float, int, Agent]] = []
    taken: list[tuple[float, int, Agent]] = []
    while heap and len(best) < 4:
        row = heappop(heap)
        if not _is_live(row, profile, channel) or (taken and taken[-1] == row):
            continue
        taken.append(row)
        if not is_shunned(entry, row[2], now):
            best.append(row)
    for row in taken:
        heappush(heap, row)
    return best
