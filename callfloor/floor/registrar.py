"""
The telephones of agents: which are registered, for whom, and where each is reached.

A telephone registers under a user name that the plan gives an agent, with the password that is the
floor's secret; the bindings themselves are kept by `wire.sip.registrar`. They live in memory: after
a start every telephone comes back within its interval, which is short.

Refuses: a telephone that registers for somebody else; to ring or to know a call.
"""

from collections.abc import Callable, Iterable

from callfloor.core import plan
from callfloor.wire.sip import registrar
from callfloor.wire.sip.machines import Remote
from callfloor.wire.sip.message import Request
from callfloor.wire.sip.registrar import Binding, Outcome

FORBIDDEN = Outcome(status=403)
BAD = Outcome(status=400)


class Registrar:
    """Every telephone of every agent."""

    def __init__(self, *, changed: Callable[[str], None]) -> None:
        """Begin with none; `changed` is told of an agent whose telephones are others now."""
        self._changed = changed
        self._book = registrar.Registrar()
        self._agents: dict[str, str] = {}
        self._users: dict[str, tuple[str, ...]] = {}

    def __len__(self) -> int:
        """Count the telephones that are registered, for health."""
        return len(self._book)

    def use(self, floor_plan: plan.FloorPlan) -> None:
        """Let the telephones of a plan hold; one that it names no more rings no more."""
        self._users = {agent.key: agent.phones for agent in floor_plan.agents if agent.phones}
        before, self._agents = (
            self._agents,
            {user: agent for agent, users in self._users.items() for user in users},
        )
        moved = {user for user, agent in before.items() if self._agents.get(user) != agent}
        for agent in sorted({before[user] for user in moved}):
            self._changed(agent)

    def agent_of(self, user: str) -> str | None:
        """Name the agent of a telephone's user name."""
        return self._agents.get(user)

    def telephones(self, agent: str, now: float) -> list[Binding]:
        """Give the telephones that ring for an agent."""
        users = self._users.get(agent, ())
        return [binding for user in users for binding in self._book.bindings(user, now)]

    def speaks_from(self, source: Remote) -> bool:
        """Say whether a telephone is registered from exactly there."""
        return self._book.knows_source(source)

    def take(self, request: Request, user: str, source: Remote, now: float) -> Outcome:
        """Take a REGISTER of a user who has proven himself; give what it is owed."""
        agent = self._agents.get(user)
        # RFC 3261 section 10.3 steps 4 and 5: nobody registers for somebody else.
        if agent is None or request.to.uri.user != user:
            return FORBIDDEN
        if not request.to.uri.is_sip:
            return BAD
        outcome = self._book.register(user, request, source, now)
        if outcome.status == 200:
            self._changed(agent)
        return outcome

    def forget(self, users: Iterable[str]) -> None:
        """Forget the telephones of some users; they ring again when they have registered anew."""
        self._tell([user for user in sorted(users) if self._book.drop_user(user)])

    def closed(self, source: Remote) -> None:
        """Forget the telephones that were reached over a connection that has closed."""
        self._tell(self._book.drop_source(source))

    def timer(self) -> float | None:
        """Say when `fire` must be called, None if there is nothing to wait for."""
        return self._book.timer()

    def fire(self, now: float) -> None:
        """Forget the telephones that did not register again."""
        self._tell(self._book.fire(now))

    def _tell(self, users: list[str]) -> None:
        for agent in dict.fromkeys(self._agents.get(user) for user in users):
            if agent is not None:
                self._changed(agent)
