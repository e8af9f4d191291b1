"""
The scan to compare the exchange with: how a plain program would find an agent or an item.

It is written to be fast for what it is: one bitmask of skills per agent and per queue and tier,
everybody in one line, and it stops at the first match. It keeps no facts, no
leases and no explanations. Nothing of the product uses it.
"""

from __future__ import annotations

from collections import OrderedDict

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
        self.can = {}
        for agent in floor_plan.agents:
            skills = dict(agent.skills)
            mask = 0
            for (skill, level), bit in bits.items():
                if skills.get(skill, 0) >= level:
                    mask |= bit
            self.can[agent.key] = mask
        self.agents: list[str] = []
        self.free: list[int] = []
        self.waiting: OrderedDict[str, tuple[int, ...]] = OrderedDict()

    def seat(self, agents: list[str], idle: set[str]) -> None:
        """Line everybody up; whoever is busy can do nothing for now."""
        self.agents = agents
        self.free = [self.can[agent] if agent in idle else 0 for agent in agents]

    def take_agent(self, queue: str, tier: int) -> str | None:
        """Find the first agent who is free and meets an open tier, and make him busy."""
        needs = self.needs[queue][: tier + 1]
        for place, can in enumerate(self.free):
            for need in needs:
                if can & need == need:
                    self.free[place] = 0
                    return self.agents[place]
        return None

    def take_item(self, agent: str) -> str | None:
        """Find the item that waits longest and that an agent may have, and take it out."""
        can = self.can[agent]
        for item, needs in self.waiting.items():
            for need in needs:
                if can & need == need:
                    del self.waiting[item]
                    return item
        return None


def _mask(bits: dict[tuple[str, int], int], requires: tuple[tuple[str, int], ...]) -> int:
    mask = 0
    for need in requires:
        mask |= bits[need]
    return mask
