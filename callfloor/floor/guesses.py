"""
Who guesses passwords, and who has proven one.

After five wrong answers in ten minutes an address is not heard for fifteen (TRUST.md section 4). A
name that was tried in vain five times from anywhere takes no new address for as long, known or
not: from where it was proven before it goes on, so that a guesser cannot put a telephone out of
service. All tables are bounded: addresses can be forged by the million.

Refuses: to know which addresses are a provider's; whoever asks has looked there first.
"""

from dataclasses import dataclass, field
from typing import TypeVar

FAILURES_MAX = 5
WINDOW_SECONDS = 600.0
BAN_SECONDS = 900.0
PROOF_SECONDS = 86_400.0  # A telephone proves itself again long before a day is over.
REMEMBERED_MAX = 10_000  # In each table; more at once is a flood from forged addresses.

Key = TypeVar("Key")


@dataclass(slots=True)
class _Failures:
    count: int
    since: float
    silent_until: float = field(default=0.0)


class _Table:
    """Wrong answers by a key, the oldest forgotten first."""

    def __init__(self) -> None:
        self._rows: dict[str, _Failures] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def is_silent(self, key: str, now: float) -> bool:
        row = self._rows.get(key)
        return row is not None and row.silent_until > now

    def failed(self, key: str, now: float) -> None:
        row = self._rows.get(key)
        if row is None or now - row.since > WINDOW_SECONDS:
            if row is None and len(self._rows) >= REMEMBERED_MAX:
                del self._rows[next(iter(self._rows))]
            row = self._rows[key] = _Failures(count=0, since=now)
        row.count += 1
        if row.count >= FAILURES_MAX:
            row.silent_until = now + BAN_SECONDS

    def forget(self, key: str) -> None:
        self._rows.pop(key, None)


class Guesses:
    """Wrong and right answers by address and by name."""

    def __init__(self) -> None:
        self._hosts = _Table()
        self._users = _Table()
        self._proofs: dict[tuple[str, str], float] = {}
        self._proven: dict[str, float] = {}

    def is_silenced(self, host: str, now: float) -> bool:
        """Say whether nothing from an address is looked at."""
        return self._hosts.is_silent(host, now)

    def is_proven(self, host: str, now: float) -> bool:
        """Say whether somebody at an address has given a right answer within a day."""
        return self._proven.get(host, 0.0) > now

    def may_prove(self, host: str, user: str, now: float) -> bool:
        """Say whether an answer for a name counts at all when it comes from an address."""
        return not self._users.is_silent(user, now) or self._proofs.get((host, user), 0.0) > now

    def failed(self, host: str, user: str | None, now: float) -> None:
        """Count a wrong answer; the name may be one that nobody has."""
        self._hosts.failed(host, now)
        if user is not None:
            self._users.failed(user, now)

    def proved(self, host: str, user: str, now: float) -> None:
        """Remember a right answer; it ends the suspicion against its address."""
        self._hosts.forget(host)
        _remember(self._proofs, (host, user), now + PROOF_SECONDS)
        _remember(self._proven, host, now + PROOF_SECONDS)

    def forgive(self, user: str) -> None:
        """Forget what was tried for a name: its password is another now. Addresses are not."""
        self._users.forget(user)

    def sizes(self) -> dict[str, int]:
        """Count what is remembered, for health."""
        return {"hosts": len(self._hosts), "users": len(self._users), "proofs": len(self._proofs)}


def _remember(table: dict[Key, float], key: Key, until: float) -> None:
    # To the end again: what is forgotten first is what was proven longest ago.
    table.pop(key, None)
    if len(table) >= REMEMBERED_MAX:
        del table[next(iter(table))]
    table[key] = until
