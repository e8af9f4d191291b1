"""
Who may get what: profiles of agents, lines of waiting items, and the choice between them.

A profile is a distinct set of (skills, proofs that hold, clients, capacity); a line is one tier of
one queue. Bits
say which profiles serve which lines, so that the cost of a decision grows with the sets that are
eligible and not empty, never with the number of agents. Idle agents stand in a profile's pool in
the order of their idling; waiting entries lie in a line's heap by their place; an entry that has
left is dropped when it comes to the top. The best of every pool and line also stands in a list,
so that a choice reads a few neighboring numbers and not the memory of everybody it could fall on.

Only one thing is an agent's whole attention: a call. What is written lies side by side up to the
capacity for its channel; beside a call there may be so much of it as his plan says (`beside_call`,
nothing if it does not say): with more in hand he gets no call, and in a call no more. A note that
is still to be written counts like its item. Who has only notes to write gets nothing.

Refuses to ring anybody: `offers` acts on what is found here.
"""

from bisect import insort
from collections.abc import Iterator
from heapq import heapify, heappop, heappush
from itertools import islice

from callfloor.core import plan, pools, presence
from callfloor.core.pools import (
    NOBODY,
    NOTHING,
    Filed,
    Gather,
    Idle,
    Line,
    Pick,
    Pool,
    Profile,
    Queue,
    Ranked,
)
from callfloor.core.state import Agent, Entry

CALL = "call"
FEW = 64  # Up to so many groups are looked at one by one; of more, bits find those with somebody.


class Matcher:
    """All profiles, lines and pools of one plan."""

    __slots__ = (
        "_heads",
        "_idlings",
        "_profiles",
        "_shares",
        "idle",
        "lines",
        "profiles",
        "queues",
        "seating",
        "seats",
        "waiting",
    )

    def __init__(self, queues: tuple[plan.QueuePlan, ...]) -> None:
        self.queues: dict[str, Queue] = {}
        self.lines: list[Line] = []
        self.profiles: list[Profile] = []
        self._profiles: dict[object, Profile] = {}
        self.idle: dict[str, Idle] = {}
        """By channel."""
        self.waiting = 0
        """The bits of the lines in which something may wait."""
        self._heads: list[float] = []
        """By line: a place at or before that of everything in it."""
        self.seating = 0
        """Counts every sign-in and sign-out, for counts that are kept until then."""
        self.seats: dict[Agent, None] = {}
        """Who is seated, in the order of coming."""
        self._idlings = 0
        self._shares = {queue.channel for queue in queues if queue.choose == "least_occupied"}
        for queue in queues:
            self._add_queue(queue)

    def _add_queue(self, source: plan.QueuePlan) -> None:
        queue = Queue(source)
        self.queues[source.key] = queue
        self.idle.setdefault(source.channel, Idle())
        for _ in source.tiers:
            line = Line(queue, len(self.lines))
            queue.lines.append(line)
            self.lines.append(line)
            self._heads.append(NOTHING)

    # --- agents -----------------------------------------------------------------------------------

    def enlist(self, agent: Agent) -> None:
        """Give an agent the profile of his plan and of his proofs that hold."""
        source = agent.plan
        alike = (source.skills, agent.proven, source.clients, source.capacity, source.beside_call)
        profile = self._profiles.get(alike)
        if profile is None:
            profile = self._add_profile(source, agent.proven)
            self._profiles[alike] = profile
        agent.profile = profile

    def _add_profile(self, source: plan.AgentPlan, proven: tuple[str, ...]) -> Profile:
        profile = Profile(len(self.profiles), source, proven)
        self.profiles.append(profile)
        for channel in profile.channels:
            self.idle.setdefault(channel, Idle())
            if channel in self._shares:
                profile.by_share[channel] = []
        for idle in self.idle.values():
            idle.widen(len(self.profiles))  # A channel may be new with this profile.
        skills = dict(source.skills)
        for queue in self.queues.values():
            if queue.plan.client in profile.clients and queue.channel in profile.channels:
                _serve(profile, queue, skills)
        for channel, lines in profile.lines.items():
            profile.gather[channel] = pools.gather([line.index for line in lines])
        return profile

    def seat(self, agent: Agent, *, seated: bool) -> None:
        """Count an agent in or out, for the counts that explain."""
        agent.profile.seated += 1 if seated else -1
        self.seating += 1
        if seated:
            self.seats[agent] = None
        else:
            self.seats.pop(agent, None)

    def regroup(self, agent: Agent, *, seated: bool, now: float) -> None:
        """Give an agent whose proofs have turned another profile, and there his place."""
        is_idle = bool(agent.pooled)
        self.take_out(agent)
        agent.profile.seated -= seated
        self.enlist(agent)
        agent.profile.seated += seated
        self.seating += 1
        if is_idle:
            self.place(agent, keep=True, now=now)

    def start_stamps(self, last: int) -> None:
        """Count idlings on from those of the plan before."""
        self._idlings = last

    def place(self, agent: Agent, *, keep: bool = False, now: float) -> None:
        """
        Put an agent into the pools that fit his state, or take him out.

        With `keep` he gets the place back that he had before an offer that came to nothing.
        """
        if agent.pooled:
            self.take_out(agent)
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
            self.idle[channel].put(profile, agent, keep=keep)
            if channel in profile.by_share:
                self._push_share(profile, channel, agent)

    def take_out(self, agent: Agent) -> None:
        """Take an agent out of every pool."""
        for channel in agent.pooled:
            self.idle[channel].take(agent.profile, agent)
        agent.pooled = ()

    # --- entries ----------------------------------------------------------------------------------

    def file(self, entry: Entry) -> None:
        """Let an entry wait in the line of its tier, at its place."""
        line = entry.queue.lines[entry.tier]
        row = entry.row = (entry.key, entry.seq, entry)
        heappush(line.heap, row)
        self.waiting |= line.bit
        if entry.key < self._heads[line.index]:
            self._heads[line.index] = entry.key

    def take_entry(self, agent: Agent, now: float) -> Entry | None:
        """Take the entry with the best place that an idle agent may be given; ring it for him."""
        best = _awaited(agent) if agent.awaited else None
        for channel in agent.pooled:
            found = self._best_of(agent, channel, now)
            if found is not None and (best is None or found < best):
                best = found
        if best is None:
            return None
        entry = best[2]
        line = entry.queue.lines[entry.tier]
        if line.heap and line.heap[0] is best:
            heappop(line.heap)
            self._drop_leftovers(line)
        return entry

    def _best_of(self, agent: Agent, channel: str, now: float) -> Filed | None:
        profile = agent.profile
        lines = profile.lines[channel]
        if len(lines) > FEW:
            lines = self._waiting_lines(profile.awaits[channel])
            gather = pools.gather([line.index for line in lines])
        else:
            gather = profile.gather[channel]
        while True:
            places = gather(self._heads)
            first = min(places, default=NOTHING)
            if first == NOTHING:
                return None
            line = lines[places.index(first)]
            row: Filed | None = line.heap[0] if line.heap else None
            if row is None or row[2].row is not row or row[0] != first:
                self._drop_leftovers(line)
            elif row[2].shunned or places.count(first) > 1:
                return self._search(lines, agent, now)
            else:
                return row

    def _drop_leftovers(self, line: Line) -> None:
        heap = line.heap
        while heap and heap[0][2].row is not heap[0]:
            heappop(heap)
        if heap:
            self._heads[line.index] = heap[0][0]
        else:
            self._heads[line.index] = NOTHING
            self.waiting &= ~line.bit

    def _search(self, lines: list[Line], agent: Agent, now: float) -> Filed | None:
        """Look at every line: somebody declined, or two came in the same instant."""
        best: Filed | None = None
        for line in lines:
            self._drop_leftovers(line)
            if line.heap:
                head: Filed | None = line.heap[0]
                if is_shunned(line.heap[0][2], agent, now):
                    head = _deeper(line, agent, now)
                if head is not None and (best is None or head < best):
                    best = head
        return best

    def _waiting_lines(self, served: int) -> list[Line]:
        found, lines = served & self.waiting, []
        while found:
            low = found & -found
            found ^= low
            lines.append(self.lines[low.bit_length() - 1])
        return lines

    # --- the choice -------------------------------------------------------------------------------

    def best_agent(self, entry: Entry, now: float) -> Pick | None:
        """Choose an agent for an entry by its queue's rule, or None if nobody is idle for it."""
        queue = entry.queue
        line = queue.lines[entry.tier]
        idle = self.idle[queue.channel]
        if queue.by_share:
            return self._least_occupied(entry, line, now)
        if len(line.indexes) > FEW:
            indexes = [profile.index for profile in self._of(line.serving & idle.bits)]
            gather = pools.gather(indexes)
        else:
            indexes, gather = line.indexes, line.gather
        if entry.shunned:
            return _pick(_unshunned(entry, line, idle, indexes, now), idle, gather)
        stamps = gather(idle.firsts)
        if queue.by_skill:
            ranks = [-line.levels[index] for index in indexes]
            return _pick(_by_rank(ranks, stamps, indexes, idle), idle, gather)
        order = sorted(stamps)
        if not order or order[0] == NOBODY:
            return None
        heads = idle.heads
        runners: list[Ranked] = [
            (0, stamp, heads[indexes[stamps.index(stamp)]])
            for stamp in order[1:4]
            if stamp != NOBODY
        ]
        first = indexes[stamps.index(order[0])]
        _add_own(runners, 0, idle.pools[first])
        return heads[first], sum(gather(idle.counts)), runners

    def _of(self, bits: int) -> Iterator[Profile]:
        while bits:
            low = bits & -bits
            bits ^= low
            yield self.profiles[low.bit_length() - 1]

    def _least_occupied(self, entry: Entry, line: Line, now: float) -> Pick | None:
        channel = entry.queue.channel
        idle = self.idle[channel]
        ranked: list[Ranked] = []
        few = len(line.profiles) <= FEW
        for profile in line.profiles if few else self._of(line.serving & idle.bits):
            pool = idle.pools[profile.index]
            if not pool:
                continue
            least = _least_share(profile.by_share[channel], pool, entry, now)
            if least is not None:
                ranked.append(least)
        if not ranked:
            return None
        ranked.sort()
        return ranked[0][2], self.idle_of(line), ranked[1:4]

    def _push_share(self, profile: Profile, channel: str, agent: Agent) -> None:
        heap = profile.by_share[channel]
        pool = self.idle[channel].pools[profile.index]
        seated = agent.idle_since - agent.signed_in_at
        share = agent.busy_seconds / seated if seated > 0 else 0.0
        if len(heap) > 2 * len(pool) + 16:  # Mostly rows of agents who moved on.
            heap[:] = [row for row in heap if _is_live(row, pool)]
            heapify(heap)
        heappush(heap, (share, agent.stamp, agent))

    def could_serve(self, entry: Entry) -> Iterator[Profile]:
        """Give the profiles whose agents may be given the entry at its present tier."""
        return self._of(entry.queue.lines[entry.tier].serving)

    def eligible(self, line: Line) -> list[int]:
        """Count the seated agents for every open tier; kept until somebody comes or goes."""
        if line.eligible_of != self.seating:
            line.eligible_of = self.seating
            line.eligible = [
                sum(profile.seated for profile in self._of(each.serving))
                for each in line.queue.lines[: line.tier + 1]
            ]
        return line.eligible

    def unproven(self, line: Line) -> list[Agent]:
        """Give the seated who lack nothing for a line but a proof; kept as `eligible` is."""
        if line.barred and line.unproven_of != self.seating:
            line.unproven_of = self.seating
            line.unproven = [each for each in self.seats if each.profile.bit & line.barred]
        return line.unproven

    def idle_of(self, line: Line) -> int:
        """Count the idle agents who serve a line."""
        idle = self.idle[line.queue.channel]
        if len(line.indexes) <= FEW:
            return sum(line.gather(idle.counts))
        return sum(len(idle.pools[profile.index]) for profile in self._of(line.serving & idle.bits))


def open_channels(agent: Agent) -> tuple[str, ...]:
    """Name the channels of which the agent may be given something right now."""
    if agent.resting or agent.offer is not None:
        return ()
    capacity = agent.profile.capacity
    if agent.state == presence.READY:
        if len(capacity) == 1:
            channel, most = capacity[0]
            return (channel,) if most > 0 and (channel != CALL or agent.leg) else ()
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
    profile = agent.profile
    calls = in_hand.pop(CALL, 0)
    written = sum(in_hand.values())
    if calls and written >= profile.beside_call:
        return ()
    call = not calls and bool(agent.leg) and written <= profile.beside_call > 0
    return tuple(
        each
        for each, most in profile.capacity
        if (call and most > 0 if each == CALL else in_hand.get(each, 0) < most)
    )


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
    proven = pools.is_proven(profile, queue)
    best: int | None = None
    for tier, line in zip(queue.plan.tiers, queue.lines, strict=True):
        level = pools.level_met(tier.requires, skills)
        if level is not None and (best is None or level > best):
            best = level
        if best is not None and not proven:
            line.barred |= profile.bit
        elif best is not None:  # A tier widens: who served an earlier one serves this one too.
            line.serving |= profile.bit
            line.indexes.append(profile.index)
            line.profiles.append(profile)
            line.gather = pools.gather(line.indexes)
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


def _unshunned(
    entry: Entry, line: Line, idle: Idle, indexes: list[int], now: float
) -> list[Ranked]:
    """Rank who is idle longest in every pool among those who did not just let the entry go."""
    firsts: list[Ranked] = []
    for index in indexes:
        pool = idle.pools[index]
        first = next((agent for agent in pool if not is_shunned(entry, agent, now)), None)
        if first is not None:
            rank = -line.levels[index] if entry.queue.by_skill else 0
            firsts.append((rank, first.stamp, first))
    firsts.sort()
    return firsts


def _by_rank(
    ranks: list[int], stamps: tuple[int, ...], indexes: list[int], idle: Idle
) -> list[Ranked]:
    """Rank the pools in which somebody is idle by skill, and then by idling."""
    rows = sorted(
        (rank, stamp, index)
        for rank, stamp, index in zip(ranks, stamps, indexes, strict=True)
        if stamp != NOBODY
    )
    return [(rank, stamp, idle.heads[index]) for rank, stamp, index in rows[:4]]


def _pick(firsts: list[Ranked], idle: Idle, gather: Gather) -> Pick | None:
    """Choose the first, and give who came next: of other groups, and from his own."""
    if not firsts:
        return None
    rank, _, chosen = firsts[0]
    runners = firsts[1:4]
    pool = idle.pools[chosen.profile.index]
    for other in islice(pool, max(2, 4 - len(runners))):
        if other is not chosen:
            insort(runners, (rank, other.stamp, other))
    del runners[3:]
    return chosen, sum(gather(idle.counts)), runners


def _add_own(runners: list[Ranked], rank: int, pool: Pool) -> None:
    """Add those who come next in the pool of the first, and keep three in all."""
    for other in islice(pool, 1, max(2, 4 - len(runners))):
        if len(runners) < 3 or other.stamp < runners[2][1]:
            insort(runners, (rank, other.stamp, other))
    del runners[3:]


def _is_live(row: tuple[float, int, Agent], pool: Pool) -> bool:
    return row[1] == row[2].stamp and row[2] in pool


def _least_share(
    heap: list[tuple[float, int, Agent]], pool: Pool, entry: Entry, now: float
) -> Ranked | None:
    """Give the idle agent of a profile with the smallest share of work."""
    while heap and not _is_live(heap[0], pool):
        heappop(heap)
    if not entry.shunned:
        return heap[0] if heap else None
    willing = (row for row in heap if _is_live(row, pool) and not is_shunned(entry, row[2], now))
    return min(willing, default=None)
