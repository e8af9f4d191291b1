"""
Which proofs hold at this instant, so that a queue which asks for one gets nobody without it.

The plan says from when until when each holds, in seconds of the wall clock. The next instant at
which one begins or ends is a lease like every other, so that no plan has to be sent at midnight
and the twin decides as the floor does. Whoever has a contact in hand, or lets it ring, when his
proof ends keeps it. Refuses: to know who vouched for what.
"""

from collections.abc import Iterable

from callfloor.core import plan, presence, state, waiting


def settle(agent: state.Agent, wall: float) -> bool:
    """Keep which of an agent's proofs hold at an instant of the wall clock; say if others did."""
    before = agent.proven
    proofs = agent.plan.proofs
    agent.proven = tuple(
        each.skill for each in proofs if each.from_at <= wall and not _over(each, wall)
    )
    agent.over = tuple(each.skill for each in proofs if _over(each, wall))
    return agent.proven != before


def _over(proof: plan.ProofPlan, wall: float) -> bool:
    return proof.until_at is not None and proof.until_at <= wall


class Proofs:
    """The proofs of everybody, and the instant at which the next of them turns."""

    __slots__ = ("_house", "_turns", "_waiting", "gen")

    def __init__(self, house: state.State, waiting_: waiting.Waiting) -> None:
        self._house = house
        self._waiting = waiting_
        self._turns: list[tuple[float, str]] = []
        """When whose proof turns by the wall clock, the next one last."""
        self.gen = 0

    def begin(self) -> None:
        """Look at everybody at a start, before anybody waits."""
        house = self._house
        for agent in house.agents.values():
            settle(agent, self._wall())
            house.matcher.enlist(agent)
        self.watch()

    def watch(self) -> None:
        """Lease the next turn, for a plan that holds from now on."""
        wall = self._wall()
        turns = {
            (at, agent.key)
            for agent in self._house.agents.values()
            for proof in agent.plan.proofs
            for at in (proof.from_at, proof.until_at)
            if at is not None and at > wall
        }
        self._turns = sorted(turns, reverse=True)
        self._arm()

    def look_again(self) -> None:
        """Look at everybody: the wall clock was set."""
        self._look(self._house.agents.values(), self._wall())
        self.watch()

    def _arm(self) -> None:
        self.gen += 1
        if self._turns:
            at = self._turns[-1][0] - self._house.clock_offset
            self._house.timers.arm(at, Proofs._turn, self)

    def _turn(self) -> None:
        wall = max(self._wall(), self._turns[-1][0])  # A sum of floats may fall short of it.
        due: dict[str, state.Agent] = {}
        while self._turns and self._turns[-1][0] <= wall:
            key = self._turns.pop()[1]
            if key in self._house.agents:
                due[key] = self._house.agents[key]
        self._look(due.values(), wall)
        self._arm()

    def _look(self, agents: Iterable[state.Agent], wall: float) -> None:
        house = self._house
        turned = [agent for agent in agents if settle(agent, wall)]
        for agent in turned:
            house.matcher.regroup(agent, seated=presence.is_seated(agent), now=house.now)
        for agent in turned:
            self._waiting.give_up_unproven(agent)
        if turned:
            self._waiting.seek_all(self._waiting.in_line())

    def _wall(self) -> float:
        return self._house.now + self._house.clock_offset
