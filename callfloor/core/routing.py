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
FEW = 32  # Up to so many groups are looked at one by one; of more, bits find those with somebody.

Pool = OrderedDict[Agent, None]
Filed = tuple[float, int, Entry]
"""Key, seq, entry; it counts as long as it is the entry's `row`."""
Ranked = tuple[float, int, Agent]
"""An agent by what is better: rank, then the stamp of his idling."""
Pick = tuple[Agent, int, list[Ranked]]
"""Who was chosen, how many are idle in all, and who came next (the best of every group)."""


class Profile:
    """Agents who are alike to every queue."""

    __slots__ = ("awaits", "bit", "by_share", "clients", "index", "lines", "pools", "seated")

    def __init__(self, index: int, agent: plan.AgentPlan) -> None:
        self.index = index
        self.bit = 1 << index
        self.clients = frozenset(agent.clients)
        self.seated = 0
        self.pools: dict[str, Pool] = {channel: OrderedDict() for channel, _ in agent.capacity}
        self.awaits: dict[str, int] = dict.fromkeys(self.pools, 0)
        """By channel: the bits of the lines that the profile serves."""
        self.lines: dict[str, list[Line]] = {channel: [] for channel in self.pools}
        """By channel: the same lines themselves."""
        self.by_share: dict[str, list[tuple[float, int, Agent]]] = {}
        """By channel, if a queue wants it: idle agents as a heap by their share of work."""


class Line:
    """The items of one queue whose tier is this one."""

    __slots__ = ("bit", "eligible", "eligible_of", "groups", "heap", "levels", "queue", "serving")

    def __init__(self, queue: "Queue", index: int) -> None:
        self.queue = queue
        self.bit = 1 << index
        self.serving = 0
        """The bits of the profiles that serve it."""
        self.groups: list[tuple[int, Pool]] = []
        """The pools of the same profiles, each with its rank by skill: the smaller, the better."""
        self.levels: dict[int, int] = {}
        """By profile: how well it meets the tier, as the sum of the levels asked for."""
        self.heap: list[Filed] = []
        self.eligible = 0
        self.eligible_of = -1
        """The seating for which `eligible` was counted."""


class Queue:
    """One queue, as lines by tier and as the order of everybody in it."""

    __slots__ = ("by_share", "by_skill", "channel", "key", "lines", "order", "plan")

    def __init__(self, queue: plan.QueuePlan) -> None:
        self.plan = queue
        self.key = queue.key
        self.channel = queue.channel
        self.by_skill = queue.choose == "best_skilled"
        self.by_share = queue.choose == "least_occupied"
        self.lines: list[Line] = []
        self.order: list[tuple[float, int]] = []
        """(key, seq) of everybody who waits, whether it rings for him or not, sorted."""


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
        for channel in sorted(self._shares & profile.pools.keys()):
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
        agent.pooled = channels
        profile = agent.profile
        for channel in channels:
            pool = profile.pools[channel]
            if not pool:
                self.idle[channel] = self.idle.get(channel, 0) | profile.bit
            if keep:
                _put_back(pool, agent)
            else:
                pool[agent] = None
            if channel in profile.by_share:
                _push_share(profile, channel, agent)

    def _take_out(self, agent: Agent) -> None:
        profile = agent.profile
        for channel in agent.pooled:
            pool = profile.pools[channel]
            del pool[agent]
            if not pool:
                self.idle[channel] &= ~profile.bit
        agent.pooled = ()

    # --- entries ----------------------------------------------------------------------------------

    def file(self, entry: Entry) -> None:
        """Let an entry wait in the line of its tier, at its place."""
        line = entry.queue.lines[entry.tier]
        row = entry.row = (entry.key, entry.seq, entry)
        if not line.heap:
            self.waiting |= line.bit
        heappush(line.heap, row)

    def best_entry(self, agent: Agent, now: float) -> Entry | None:
        """Find the entry with the best place that an idle agent may be given."""
        best = _awaited(agent) if agent.awaited else None
        for channel in agent.pooled:
            lines = agent.profile.lines[channel]
            if len(lines) > FEW:
                lines = self._waiting_lines(agent.profile.awaits[channel])
            for line in lines:
                if not line.heap:
                    continue
                head: Filed | None = line.heap[0]
                entry = line.heap[0][2]
                if entry.row is not head or entry.shunned:
                    head = self._head(line, agent, now)
                    if head is None:
                        continue
                if best is None or head < best:
                    best = head
        return best[2] if best else None

    def _waiting_lines(self, served: int) -> list[Line]:
        found, lines = served & self.waiting, []
        while found:
            low = found & -found
            found ^= low
            lines.append(self.lines[low.bit_length() - 1])
        return lines

    def _head(self, line: Line, agent: Agent, now: float) -> Filed | None:
        heap = line.heap
        while heap:
            row = heap[0]
            if row[2].row is not row:
                heappop(heap)
            elif row[2].shunned and is_shunned(row[2], agent, now):
                return _deeper(line, agent, now)
            else:
                return row
        self.waiting &= ~line.bit
        return None

    # --- the choice -------------------------------------------------------------------------------

    def best_agent(self, entry: Entry, now: float) -> Pick | None:
        """Choose an agent for an entry by its queue's rule, or None if nobody is idle for it."""
        queue = entry.queue
        line = queue.lines[entry.tier]
        if not line.serving & self.idle[queue.channel]:
            return None
        if queue.by_share:
            return self._least_occupied(entry, line, now)
        groups = line.groups
        if len(groups) > FEW:
            groups = self._idle_groups(line)
        firsts: list[tuple[float, int, Agent, Pool]] = []
        idle = 0
        for rank, pool in groups:
            if pool:
                idle += len(pool)
                first = _first(pool, entry, now) if entry.shunned else next(iter(pool))
                if first is not None:
                    firsts.append((rank if queue.by_skill else 0, first.stamp, first, pool))
        if not firsts:
            return None
        firsts.sort()
        return firsts[0][2], idle, _runners(firsts)

    def _idle_groups(self, line: Line) -> list[tuple[int, Pool]]:
        channel = line.queue.channel
        return [
            (-line.levels[profile.index], profile.pools[channel])
            for profile in self._of(line.serving & self.idle[channel])
        ]

    def _of(self, bits: int) -> Iterator[Profile]:
        while bits:
            low = bits & -bits
            bits ^= low
            yield self.profiles[low.bit_length() - 1]

    def _least_occupied(self, entry: Entry, line: Line, now: float) -> Pick | None:
        channel = entry.queue.channel
        ranked: list[Ranked] = []
        idle = 0
        for profile in self._of(line.serving & self.idle[channel]):
            idle += len(profile.pools[channel])
            ranked.extend(_least_shares(profile, channel, entry, now))
        if not ranked:
            return None
        ranked.sort()
        return ranked[0][2], idle, ranked[1:4]

    def could_serve(self, entry: Entry) -> Iterator[Profile]:
        """Give the profiles whose agents may be given the entry at its present tier."""
        return self._of(entry.queue.lines[entry.tier].serving)

    def eligible(self, line: Line) -> int:
        """Count the seated agents who serve a line."""
        if line.eligible_of != self.seating:
            line.eligible_of = self.seating
            line.eligible = sum(profile.seated for profile in self._of(line.serving))
        return line.eligible

    def idle_of(self, line: Line) -> int:
        """Count the idle agents who serve a line."""
        channel = line.queue.channel
        idle = line.serving & self.idle[channel]
        return sum(len(profile.pools[channel]) for profile in self._of(idle)) if idle else 0


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


def _deeper(line: Line, agent: Agent, now: float) -> Filed | None:
    """Look past entries that the agent declined; so rare that a sort does no harm."""
    for row in sorted(row for row in line.heap if row[2].row is row):
        if not is_shunned(row[2], agent, now):
            return row
    return None


def _serve(profile: Profile, queue: Queue, skills: dict[str, int]) -> None:
    best: int | None = None
    for tier, line in zip(queue.plan.tiers, queue.lines, strict=True):
        level = level_met(tier.requires, skills)
        if level is not None and (best is None or level > best):
            best = level
        if best is not None:  # A tier widens: who served an earlier one serves this one too.
            line.serving |= profile.bit
            line.groups.append((-best, profile.pools[queue.channel]))
            line.levels[profile.index] = best
            profile.awaits[queue.channel] |= line.bit
            profile.lines[queue.channel].append(line)


def _awaited(agent: Agent) -> Filed | None:
    heap = agent.awaited
    while heap:
        row = heap[0]
        if row[2].row is row:
            return row if row[2].queue.channel in agent.pooled else None
        heappop(heap)
    return None


def _first(pool: Pool, entry: Entry, now: float) -> Agent | None:
    """Give who is idle longest among those who did not just let the entry go."""
    return next((agent for agent in pool if not is_shunned(entry, agent, now)), None)


def _runners(firsts: list[tuple[float, int, Agent, Pool]]) -> list[Ranked]:
    """Give who came next: the best of the other groups, and the second of the chosen one's."""
    rank, _, chosen, pool = firsts[0]
    runners: list[Ranked] = [row[:3] for row in firsts[1:4]]
    if len(pool) > 1:
        for second in islice(pool, 2):
            if second is not chosen:
                runners.append((rank, second.stamp, second))
        runners.sort()
        del runners[3:]
    return runners


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
