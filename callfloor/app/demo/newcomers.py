"""
Room for people: who sits in a free seat, and whether simulated customers should hold back.

Who has just become ready may want to call himself; for some seconds nobody simulated calls his
client, so that his own call is the next that comes to him.
"""

from collections.abc import Mapping
from typing import Any

from callfloor.core import facts
from callfloor.core.plan import FloorPlan

HOLD_BACK_SECONDS = 15.0


class Newcomers:
    """The free seats and who sits there."""

    def __init__(self, *, floor_plan: FloorPlan, free: set[str]) -> None:
        self.free = free
        self._clients = {
            agent.key: agent.clients for agent in floor_plan.agents if agent.key in free
        }
        self._ready_since: dict[str, float] = {}

    def see(self, board: Mapping[str, Any], *, now: float) -> None:
        """Start from the floor's board."""
        self._ready_since = {
            key: now
            for key, agent in board.get("agents", {}).items()
            if key in self.free and agent.get("state") == "ready"
        }

    def take(self, fact: facts.Fact, *, now: float) -> None:
        """Hear that somebody's state has changed."""
        if not isinstance(fact, facts.AgentChanged) or fact.agent not in self.free:
            return
        if fact.state == "ready":
            self._ready_since.setdefault(fact.agent, now)
        else:
            self._ready_since.pop(fact.agent, None)

    def may_call(self, client: str, *, now: float) -> bool:
        """Say whether a simulated customer may call this client now."""
        return not any(
            client in self._clients.get(agent, ()) and now - since < HOLD_BACK_SECONDS
            for agent, since in self._ready_since.items()
        )
