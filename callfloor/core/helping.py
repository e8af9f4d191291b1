"""
Agents who ask for help: a wish that stands until somebody comes, and never for ever.

It is answered when a leader hears into the agent's call or says that he comes, taken back by the
agent, and over with the work that it was asked at. Refuses: to choose who comes.
"""

from callfloor.core import facts, state

LEASE_SECONDS = 600.0  # Whoever still needs help then asks again, and the leader looks again.


def ask(house: state.State, agent: state.Agent) -> None:
    """Let an agent ask for help; `refusal` has found that he does not already."""
    agent.help = state.Help(agent=agent, since=house.now)
    house.timers.arm(
        house.now + LEASE_SECONDS, lambda help_: over(house, agent, "lease"), agent.help
    )
    _tell(house, agent, on=True, cause="asked", by=None)


def over(house: state.State, agent: state.Agent, cause: str, *, by: str | None = None) -> None:
    """Let an agent ask no more, if he did."""
    if agent.help is None:
        return
    agent.help.gen += 1
    agent.help = None
    _tell(house, agent, on=False, cause=cause, by=by)


def _tell(house: state.State, agent: state.Agent, *, on: bool, cause: str, by: str | None) -> None:
    item = agent.works[-1].item if agent.works else None
    house.tell(
        facts.HelpChanged(
            agent=agent.key,
            on=on,
            cause=cause,
            by=by,
            client=item.client if item else None,
            item=item.id if item else None,
        )
    )
