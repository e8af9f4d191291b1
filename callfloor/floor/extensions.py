"""
Whom an agent means by what he dials on his telephone: a colleague, a queue, or a number outside.

Refuses: to read a number (`callees`); to say whether he may.
"""

from dataclasses import dataclass

from callfloor.core import plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Exactly one of the three."""

    agent: str | None = None
    queue: str | None = None
    number: str | None = None
    """As dialed."""


def find(dialed: str, floor_plan: plan.FloorPlan) -> Target:
    """Find whom a user part names; short numbers of the house come before all others."""
    if dialed in floor_plan.emergency:
        return Target(number=dialed)
    for agent in floor_plan.agents:
        if agent.extension == dialed:
            return Target(agent=agent.key)
    for queue in floor_plan.queues:
        if queue.extension == dialed:
            return Target(queue=queue.key)
    return Target(number=dialed)
