"""
Who may call: trunks known by their address or by a password, and strangers kept out.

An address that a trunk names may send calls. Where a trunk has a digest user, anybody may try the
password; who fails too often is not heard for a while (TRUST.md section 4: five bad answers per
account in ten minutes, twenty per address, then fifteen minutes of silence).

Refuses: to answer a stranger when no trunk takes passwords: silence tells nothing to a scanner.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from callfloor.core import plan
from callfloor.wire.sip import auth
from callfloor.wire.sip.message import Header, Request

FAILURES_MAX = 5
WINDOW_SECONDS = 600.0
BAN_SECONDS = 900.0
HOSTS_MAX = 10_000  # Remembered at once; more is a flood from forged addresses.


@dataclass(slots=True)
class _Failures:
    count: int
    since: float
    banned_until: float = 0.0


class Trunks:
    """The lines of the plan in force."""

    def __init__(
        self,
        *,
        secrets: Mapping[str, str],
        secret: bytes,
        draw: Callable[[int], bytes],
    ) -> None:
        """Begin with no trunk; `secrets` are passwords by digest user, `secret` random bytes."""
        self._secrets = secrets
        self._secret = secret
        self._draw = draw
        self._by_address: dict[str, str] = {}
        self._by_user: dict[str, str] = {}
        self._failures: dict[str, _Failures] = {}
        self._verifier: auth.Verifier
        self._realm = ""

    def use(self, floor_plan: plan.FloorPlan) -> None:
        """Let the trunks of a plan hold."""
        self._by_address = {
            address: trunk.key for trunk in floor_plan.trunks for address in trunk.addresses
        }
        self._by_user = {
            trunk.digest_user: trunk.key
            for trunk in floor_plan.trunks
            if trunk.digest_user is not None and trunk.digest_user in self._secrets
        }
        self._realm = floor_plan.centre
        self._verifier = auth.Verifier(realm=self._realm, secret=self._secret, find=self._find)

    def may_speak(self, host: str, now: float) -> bool:
        """Say whether anything from an address is looked at."""
        if host in self._by_address:
            return True
        if not self._by_user:
            return False
        failures = self._failures.get(host)
        return failures is None or failures.banned_until <= now

    def by_address(self, host: str) -> str | None:
        """Name the trunk of an address."""
        return self._by_address.get(host)

    def by_password(self, request: Request, host: str, now: float) -> "str | tuple[Header, ...]":
        """Name the trunk that a request proves to be of, or give the headers of a 401."""
        verdict = self._verifier.verify(request, now=now)
        if verdict.username is not None:
            self._failures.pop(host, None)
            return self._by_user[verdict.username]
        if verdict.why not in ("none", "old nonce"):
            self._failed(host, now)
        return self._verifier.challenge(
            now=now, draw=self._draw(auth.DRAW_BYTES), is_stale=verdict.is_stale
        )

    def _find(self, user: str, algorithm: str) -> str | None:
        if user not in self._by_user:
            return None
        return auth.secret_hash(
            username=user, realm=self._realm, password=self._secrets[user], algorithm=algorithm
        )

    def _failed(self, host: str, now: float) -> None:
        failures = self._failures.get(host)
        if failures is None or now - failures.since > WINDOW_SECONDS:
            while len(self._failures) >= HOSTS_MAX:
                del self._failures[next(iter(self._failures))]
            failures = self._failures[host] = _Failures(count=0, since=now)
        failures.count += 1
        if failures.count >= FAILURES_MAX:
            failures.banned_until = now + BAN_SECONDS
