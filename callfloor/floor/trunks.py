"""
Who may call: trunks known by their address or by a password, and strangers kept out.

An address that a trunk names may send calls. Where a trunk has a digest user, anybody may try the
password; who fails too often is not heard for a while (`guesses`).

Refuses: to answer a stranger when nobody has a password: silence tells nothing to a scanner.
"""

from collections.abc import Callable, Mapping

from callfloor.core import plan
from callfloor.floor.guesses import Guesses
from callfloor.wire.sip import auth
from callfloor.wire.sip.message import Header, Request

HARMLESS = frozenset({"none", "old nonce", "replayed"})
"""Verdicts that are no guess: nothing was tried, or the proof was good and only too old."""


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
        self.guesses = Guesses()
        """Who failed and who has proven himself, from trunks and telephones alike."""
        self._secrets = secrets
        self._secret = secret
        self._draw = draw
        self._by_address: dict[str, str] = {}
        self._by_user: dict[str, str] = {}
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

    def is_line(self, host: str) -> bool:
        """Say whether an address is a configured trunk's, which is never banned."""
        return host in self._by_address

    def takes_strangers(self) -> bool:
        """Say whether somebody may prove himself by a password, from wherever he is."""
        return bool(self._by_user)

    def by_address(self, host: str) -> str | None:
        """Name the trunk of an address."""
        return self._by_address.get(host)

    def by_password(self, request: Request, host: str, now: float) -> "str | tuple[Header, ...]":
        """Name the trunk that a request proves to be of, or give the headers of a 401."""
        verdict = self._verifier.verify(request, now=now)
        user = verdict.username
        if user is not None and self.guesses.may_prove(host, user, now):
            self.guesses.proved(host, user, now)
            return self._by_user[user]
        if user is not None or verdict.why not in HARMLESS:
            self.guesses.failed(host, verdict.claimed, now)
        return self._verifier.challenge(
            now=now, draw=self._draw(auth.DRAW_BYTES), is_stale=verdict.is_stale
        )

    def _find(self, user: str, algorithm: str) -> str | None:
        # Worked out for everybody: a name that nobody has must take as long.
        found = auth.secret_hash(
            username=user,
            realm=self._realm,
            password=self._secrets.get(user, ""),
            algorithm=algorithm,
        )
        return found if user in self._by_user else None
