"""
The scan to compare the exchange with: how a plain program would find an agent or an item.

It is written to be fast for what it is: one bitmask of skills per agent and per queue and tier,
everybody in one line in the order of waiting, and it stops at the first match. Where a queue wants
the best skilled or the least occupied there is none, and it looks at everybody. It keeps no facts,
no leases and no explanations. Nothing of the product uses it.
"""

from __future__ import annotations

from callfloor.core import plan


class Scan:
    """Agents as masks of what they can do, in a list of who is idle longest."""

    def __init__(self, floor_plan: plan.FloorPlan) -> None:
        bits: dict[tuple[str, int], int] = {}
        for queue in floor_plan.queues:
            for tier in queue.tiers:
                for need in tier.requires:
                    bits.setdefault(need, 1 << len(bits))
        self.needs = {
            queue.key: [_mask(bits, tier.requires) for tier in queue.tiers]
            for queue in floor_plan.queues
        }
        self.skill = {queue.key: queue.tiers[0].requires[0][0] for queue in floor_plan.queues}
        self.skills = {agent.key: dict(agent.skills) for agent in floor_plan.agents}
        self.can = {}
        for agent in floor_plan.agents:
            skills = self.skills[agent.key]
            mask = 0
            for (skill, level), bit in bits.items():
                if skills.get(skill, 0) >= level:
                    mask |= bit
            self.can[agent.key] = mask
        self.takers = {
            "longest_idle": self.take_first,
            "best_skilled": self.take_best_skilled,
            "least_occupied": self.take_least_occupied,
        }
        self.tests = 0
        """How many agents or items were looked at."""
        self.agents: list[str] = []
        self.free: list[int] = []
        self.shares: list[float] = []
        self.waiting: dict[str, tuple[int, ...]] = {}

    def seat(self, agents: list[tuple[str, bool, float]]) -> None:
        """Line everybody up, with his share of work; whoever is busy can do nothing for now."""
        self.agents = [agent for agent, _, _ in agents]
        self.free = [self.can[agent] if is_idle else 0 for agent, is_idle, _ in agents]
        self.shares = [share for _, _, share in agents]

    def line_up(self, items: list[tuple[str, str, int]]) -> None:
        """Line up what waits: item, queue and tier."""
        self.waiting = {item: tuple(self.needs[queue][: tier + 1]) for item, queue, tier in items}

    def take_first(self, queue: str) -> str | None:
        """Find the first agent who is free and meets the first tier, and make him busy."""
        need = self.needs[queue][0]
        for place, can in enumerate(self.free):
            if can & need == need:
                return self._take(place, place + 1)
        self.tests += len(self.free)
        return None

    def take_best_skilled(self, queue: str) -> str | None:
        """Find who is best at what the queue asks for."""
        need, skill = self.needs[queue][0], self.skill[queue]
        best, chosen = 0, -1
        for place, can in enumerate(self.free):
            if can & need == need:
                level = self.skills[self.agents[place]][skill]
                if level > best:
                    best, chosen = level, place
        return self._take(chosen, len(self.free))

    def take_least_occupied(self, queue: str) -> str | None:
        """Find who had the least work."""
        need, shares = self.needs[queue][0], self.shares
        least, chosen = float("inf"), -1
        for place, can in enumerate(self.free):
            if can & need == need and shares[place] < least:
                least, chosen = shares[place], place
        return self._take(chosen, len(self.free))

    def _take(self, place: int, tests: int) -> str | None:
        self.tests += tests
        if place < 0:
            return None
        self.free[place] = 0
        return self.agents[place]

    def take_item(self, agent: str) -> str | None:
        """Find the item that waits longest and that an agent may have, and take it out."""
        can = self.can[agent]
        tests = 0
        for item, needs in self.waiting.items():
            tests += 1
            for need in needs:
                if can & need == need:
                    del self.waiting[item]
                    self.tests += tests
                    return item
        self.tests += tests
        return None


def _mask(bits: dict[tuple[str, int], int], requires: tuple[tuple[str, int], ...]) -> int:
    mask = 0
    for need in requires:
        mask |= bits[need]
    return mask
