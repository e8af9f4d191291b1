"""
Our own password at somebody else's: which challenges are answered, and how often (RFC 3261 22.2).

A digest is a thing that an attacker wants, because a weak password can be found from it. So with a
realm configured no other is answered, no nonce is answered twice for one request, and a realm that
asks again without saying that its nonce was old is taken at its word: the password is wrong.

Refuses: to keep a password anywhere else; to show it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from callfloor.wire.sip import auth
from callfloor.wire.sip import message as messages
from callfloor.wire.sip.message import Request, Response

ANSWERS_MAX = 4  # A proxy and a server, each with one stale nonce.
NONCES_MAX = 8  # Kept with their counts; a provider that reuses them has one at a time.


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Who we are somewhere."""

    username: str
    """The digest user."""
    password: str = field(repr=False)
    """The password."""
    realm: str | None = None
    """The only realm that is answered; None answers whoever asks."""


class Prover:
    """Answers challenges to the requests of one owner: a call, or a registration."""

    def __init__(self, *, credentials: Credentials | None, token: Callable[[], str]) -> None:
        """Begin with nothing answered; `token` gives random text for each proof."""
        self._credentials = credentials
        self._token = token
        self._counts: dict[str, int] = {}
        self._answered: set[tuple[str, bool]] = set()
        self._answers = 0

    def begin(self) -> None:
        """Begin another request, to which the same realms may ask again."""
        self._answered.clear()
        self._answers = 0

    def prove(self, request: Request, refusal: Response) -> Request | None:
        """
        Give the request with the proof that a 401 or 407 wants, None if it gets none.

        CSeq and branch are still those of the refused one: whoever sends it sets new ones.
        """
        credentials = self._credentials
        if credentials is None or self._answers >= ANSWERS_MAX:
            return None
        challenge = auth.read_challenge(refusal, realm=credentials.realm)
        if challenge is None or not self._is_new(challenge):
            return None
        self._answers += 1
        proof = auth.prove(
            challenge,
            request=request,
            username=credentials.username,
            password=credentials.password,
            cnonce=self._token(),
            count=self._count(challenge.nonce),
        )
        # A proxy's proof stays when the server behind it asks too (RFC 3261 section 22.3).
        return messages.with_headers(request, drop=[proof[0]], add=[proof])

    def _is_new(self, challenge: auth.Challenge) -> bool:
        who = (challenge.realm, challenge.is_proxy)
        if who in self._answered and (not challenge.is_stale or challenge.nonce in self._counts):
            return False
        self._answered.add(who)
        return True

    def _count(self, nonce: str) -> int:
        count = self._counts.pop(nonce, 0) + 1
        while len(self._counts) >= NONCES_MAX:
            del self._counts[next(iter(self._counts))]
        self._counts[nonce] = count
        return count
