"""
What agents' telephones ask by SIP outside a call: to be registered, and to call.

Each proves itself by digest first, wherever it speaks from; what is answered to a name that nobody
has is word for word what is answered to a wrong password (`passwords`).

Refuses: to know a trunk; to decide whom an agent may call.
"""

from collections.abc import Callable, Iterable
from typing import Protocol

from callfloor.core import plan
from callfloor.floor.passwords import Passwords
from callfloor.floor.phone_line import Board, PhoneCall
from callfloor.floor.phones import Phones
from callfloor.floor.signals import Signals
from callfloor.wire.errors import PeerError
from callfloor.wire.sip import machines
from callfloor.wire.sip.machines import Remote
from callfloor.wire.sip.message import Header, Request


class TurnAway(Protocol):
    """Refuses what belongs to no call, and keeps nothing of it."""

    def __call__(
        self,
        request: Request,
        status: int,
        remote: Remote,
        now: float,
        headers: tuple[Header, ...] = (),
    ) -> None: ...


class PhoneDoor:
    """The door by which telephones come."""

    def __init__(
        self,
        *,
        phones: Phones,
        passwords: Passwords,
        board: Board,
        turn_away: TurnAway,
        say: Callable[[Request, int, tuple[Header, ...]], None],
    ) -> None:
        self._phones = phones
        self._passwords = passwords
        self._board = board
        self._turn_away = turn_away
        self._say = say
        self._due: float | None = None
        phones.attach(board)

    @property
    def _signals(self) -> Signals:
        return self._board.signals

    def use(self, floor_plan: plan.FloorPlan) -> None:
        """Let the telephones of a plan hold."""
        self._phones.use(floor_plan)

    def forget(self, users: Iterable[str]) -> None:
        """Let the telephones of some users prove themselves anew before they ring again."""
        self._phones.registrar.forget(users)

    def registered(self, request: Request, up: machines.Up, now: float) -> None:
        """Take a REGISTER."""
        proof = self._passwords.prove(request, up.remote.host, now)
        if not isinstance(proof, str):
            self._turn_away(request, 401, up.remote, now, proof)
            return
        try:
            outcome = self._phones.registrar.take(request, proof, up.remote, now)
        except PeerError:
            self._turn_away(request, 400, up.remote, now)
            return
        # In its transaction: the same REGISTER again would be one that comes too late.
        self._say(request, outcome.status, outcome.headers)
        self._rearm()

    def speaks_from(self, source: Remote) -> bool:
        """Say whether a telephone is registered from exactly there."""
        return self._phones.registrar.speaks_from(source)

    def line_of(self, invite: Request, up: machines.Up, user: str, now: float) -> PhoneCall | None:
        """Make the line of a telephone that has proven itself; None if it has been refused."""
        if self._phones.registrar.agent_of(user) is None:
            self._turn_away(invite, 403, up.remote, now)
            return None
        return PhoneCall(
            self._board, invite, key=up.key, source=up.remote, name=self._signals.token()
        )

    def called(self, line: PhoneCall, user: str) -> None:
        """Let whoever has the telephone call."""
        agent = self._phones.registrar.agent_of(user)
        assert agent is not None, "its line was made"
        self._phones.called(line, agent)

    def _rearm(self) -> None:
        due = self._phones.registrar.timer()
        if due is not None and due != self._due:
            self._due = due
            self._signals.at(due, self._fire)

    def _fire(self) -> None:
        self._due = None
        self._phones.registrar.fire(self._signals.now())
        self._rearm()
