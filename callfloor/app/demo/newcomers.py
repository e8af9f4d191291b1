"""
Room for people: who sits in a free seat, and which calls are his.

A call that nobody simulated placed is somebody's own, and he wants to hear himself. As long as a
newcomer of that client is at work, simulated agents leave it to him, and simulated customers hold
back; they also hold back for some seconds after he has become ready. Only one calls as soon as he
is ready and no call of his own is on its way, so that nobody sits before an empty desk.
"""

from collections.abc import Callable, Mapping
from typing import Any

from callfloor.core import facts
from callfloor.core.plan import CALL, FloorPlan

HOLD_BACK_SECONDS = 15.0
LEFT_TO_NEWCOMER_SECONDS = 180.0  # Then somebody else answers: nobody shall wait for ever.
NOT_READY = frozenset({"signed_out", "away", "missed", "wrap_up"})
AT_WORK = frozenset({"ready", "ringing", "talking", "wrap_up"})


class Newcomers:
    """The free seats, who sits there, and the calls that are real."""

    def __init__(
        self,
        *,
        floor_plan: FloorPlan,
        free: set[str],
        is_simulated: Callable[[str], bool],
        is_ours: Callable[[str], bool] = lambda item: False,
    ) -> None:
        """Know calls of ours by their callers' tokens, what is written by its item."""
        self.free = free
        self._is_simulated = is_simulated
        self._is_ours = is_ours
        self._clients = {
            agent.key: agent.clients
            for agent in floor_plan.agents
            if agent.key in free and agent.skills  # A leader without skills takes no call.
        }
        self._states: dict[str, tuple[str, float]] = {}
        self._devices: set[str] = set()
        self._own: dict[str, tuple[str, float]] = {}
        self._own_written: dict[str, tuple[str, float]] = {}

    def see(self, board: Mapping[str, Any], *, now: float) -> None:
        """Start from the floor's board."""
        agents = board.get("agents", {})
        self._own.clear()
        self._states = {key: (agents[key]["state"], now) for key in self.free if key in agents}
        self._devices = {key for key in self._states if agents[key].get("device")}

    def take(self, fact: facts.Fact, *, now: float) -> None:
        """Hear what was decided."""
        match fact:
            case facts.AgentChanged() if fact.agent in self.free:
                if self._states.get(fact.agent, ("", 0.0))[0] != fact.state:
                    self._states[fact.agent] = (fact.state, now)
            case facts.DeviceChanged() if fact.agent in self.free:
                (self._devices.add if fact.up else self._devices.discard)(fact.agent)
            case facts.Arrived() if fact.channel != CALL:
                if not self._is_ours(fact.item):
                    self._own_written[fact.item] = (fact.client, now)
            case facts.Arrived() if not self._is_simulated(fact.caller or ""):
                self._own[fact.item] = (fact.client, now)
            case facts.Bridged() | facts.Closed():
                self._own.pop(fact.item, None)
                self._own_written.pop(fact.item, None)

    def wants_calls_of(self, fact: facts.Fact) -> tuple[str, ...]:
        """Return whose customer shall call at once: he is ready now. Ask before take."""
        if not isinstance(fact, facts.AgentChanged) or fact.agent not in self.free:
            return ()
        before = self._states.get(fact.agent, ("signed_out", 0.0))[0]
        if fact.state != "ready" or before not in NOT_READY:
            return ()
        clients = self._clients.get(fact.agent, ())
        return tuple(client for client in clients if not self._own_of(client))

    def is_own_call_there(self, client: str, *, now: float) -> bool:
        """Say whether a call that is left to a newcomer waits for him, or is on its way."""
        return any(self.is_left(item, now=now) for item in self._own_of(client))

    def may_call(self, client: str, *, now: float) -> bool:
        """Say whether a simulated customer may call this client now."""
        is_fresh = any(
            state == "ready" and now - since < HOLD_BACK_SECONDS
            for state, since in self._at_work(client)
        )
        return not is_fresh and not self.is_own_call_there(client, now=now)

    def is_left(self, item: str, *, now: float) -> bool:
        """Say whether something is somebody's own and a newcomer is there to take it."""
        client, since = self._own.get(item) or self._own_written.get(item) or ("", 0.0)
        return now - since < LEFT_TO_NEWCOMER_SECONDS and bool(self._at_work(client))

    def _at_work(self, client: str) -> list[tuple[str, float]]:
        return [
            known
            for agent, known in self._states.items()
            if known[0] in AT_WORK
            and agent in self._devices  # A closed tab is nobody.
            and client in self._clients.get(agent, ())
        ]

    def _own_of(self, client: str) -> list[str]:
        return [item for item, (whose, _) in self._own.items() if whose == client]
