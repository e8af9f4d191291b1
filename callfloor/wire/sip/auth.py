"""
Digest authentication as server and as client (RFC 3261 section 22, RFC 7616, RFC 8760).

The server keeps no nonce until it was used well: a nonce is its own proof, the time and a random
part under an HMAC, and lives 60 s. Used nonces are remembered with their highest count, so that no
answer is taken twice. An unknown user costs the same work and gets the same words as a wrong
password. Refuses: to store a password, to count failures (the driver bans by address).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from callfloor.wire.errors import PeerError
from callfloor.wire.sip import headers as heads
from callfloor.wire.sip import uri as uris
from callfloor.wire.sip.message import Header, Request, Response

ALGORITHMS = ("SHA-256", "MD5")  # In the order challenged and preferred (RFC 8760 section 2.4).
NONCE_SECONDS = 60.0  # Long enough for one call set-up over a bad line.
NONCES_MAX = 50_000  # Used within one lifetime: 800 authenticated requests a second.
DRAW_BYTES = 16
_HASHES = {"SHA-256": hashlib.sha256, "MD5": hashlib.md5}
_NONCE = re.compile(r"([0-9a-f]{12})([0-9a-f]{32})([0-9a-f]{32})")
_COUNT = re.compile(r"[0-9a-fA-F]{8}")

FindSecret = Callable[[str, str], str | None]
"""Gives H(A1) in hex for (user name, algorithm), None if there is no such user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a request is who it says."""

    username: str | None
    """Who it is; None if it is not proven."""
    is_stale: bool = False
    """The proof was good but its nonce is old: challenge again, the user need not be asked."""
    why: str = ""
    """For the log: none, unknown nonce, replayed, wrong …; never a name."""
    claimed: str | None = field(default=None, compare=False)
    """The name that was given with an answer, proven or not, for whoever counts failures."""


def secret_hash(*, username: str, realm: str, password: str, algorithm: str) -> str:
    """Give H(A1), which is what should be stored in place of a password (RFC 7616 3.4.2)."""
    return _hash(algorithm, f"{username}:{realm}:{password}")


def challenge(
    *,
    realm: str,
    now: float,
    secret: bytes,
    draw: bytes,
    is_stale: bool = False,
    is_proxy: bool = False,
    algorithms: Sequence[str] = ALGORITHMS,
) -> tuple[Header, ...]:
    """Write the headers of a 401 (or 407); `draw` are 16 random bytes."""
    nonce = make_nonce(now=now, secret=secret, draw=draw)
    name = "Proxy-Authenticate" if is_proxy else "WWW-Authenticate"
    stale = ", stale=true" if is_stale else ""
    return tuple(
        (
            name,
            f"Digest realm={heads.quote_string(realm)}, "
            f'nonce="{nonce}", algorithm={algorithm}, qop="auth"{stale}',
        )
        for algorithm in algorithms
    )


def make_nonce(*, now: float, secret: bytes, draw: bytes) -> str:
    """Make a nonce that proves by itself when it was made."""
    assert len(draw) == DRAW_BYTES, "sixteen random bytes"
    head = f"{int(now * 1_000) & 0xFFFFFFFFFFFF:012x}{draw.hex()}"
    return head + _seal(head, secret)


class Verifier:
    """The server side: verifies answers and remembers which were given."""

    def __init__(
        self, *, realm: str, secret: bytes, find: FindSecret, algorithms: Sequence[str] = ALGORITHMS
    ) -> None:
        """Begin with no nonce used; `secret` is the one that `challenge` is given."""
        self._realm = realm
        self._secret = secret
        self._find = find
        self._algorithms = tuple(algorithms)
        self._used: dict[str, tuple[float, int]] = {}  # nonce: (expires at, highest count)

    def challenge(
        self, *, now: float, draw: bytes, is_stale: bool = False, is_proxy: bool = False
    ) -> tuple[Header, ...]:
        """Write the headers of a 401 (or 407)."""
        return challenge(
            realm=self._realm,
            now=now,
            secret=self._secret,
            draw=draw,
            is_stale=is_stale,
            is_proxy=is_proxy,
            algorithms=self._algorithms,
        )

    def verify(self, request: Request, *, now: float) -> Verdict:
        """Say who sent a request, if its Authorization proves it."""
        answers = [*request.all("Authorization"), *request.all("Proxy-Authorization")]
        for text in answers:
            fields = _fields(text)
            if fields is not None and fields.get("realm") == self._realm:
                return self._verify(request, fields, now)
        return Verdict(username=None, why="none")

    def _verify(self, request: Request, fields: dict[str, str], now: float) -> Verdict:
        algorithm = fields.get("algorithm", "MD5").upper()  # RFC 7616 section 3.3.
        if algorithm not in self._algorithms or not _is_complete(fields):
            return Verdict(username=None, why="malformed", claimed=fields.get("username"))
        claimed = fields["username"]
        if not _names_target(fields["uri"], request):
            return Verdict(username=None, why="other uri", claimed=claimed)
        # The same work for an unknown user: a secret that nobody can know takes the place. It is
        # made for everybody, or the time that it takes would tell who is unknown.
        known, decoy = self._find(claimed, algorithm), self._decoy(claimed, algorithm)
        expected = _response(algorithm, decoy if known is None else known, fields, request)
        is_right = hmac.compare_digest(expected.encode(), _raw(fields["response"].lower()))
        made_at = self._made_at(fields["nonce"])
        if not is_right or known is None or made_at is None:
            return Verdict(username=None, why="wrong", claimed=claimed)
        if not made_at <= now < made_at + NONCE_SECONDS:
            return Verdict(username=None, is_stale=True, why="old nonce", claimed=claimed)
        if not self._count(fields["nonce"], int(fields["nc"], 16), made_at + NONCE_SECONDS, now):
            return Verdict(username=None, is_stale=True, why="replayed", claimed=claimed)
        return Verdict(username=claimed, claimed=claimed)

    def _decoy(self, username: str, algorithm: str) -> str:
        return hmac.new(self._secret, _raw(username), _HASHES[algorithm]).hexdigest()

    def _made_at(self, nonce: str) -> float | None:
        match = _NONCE.fullmatch(nonce)
        if match is None:
            return None
        seal = _seal(match[1] + match[2], self._secret)
        return int(match[1], 16) / 1_000 if hmac.compare_digest(seal, match[3]) else None

    def _count(self, nonce: str, count: int, expires_at: float, now: float) -> bool:
        _, highest = self._used.get(nonce, (0.0, 0))
        if count <= highest or not self._has_room(nonce, now):
            return False
        self._used[nonce] = (expires_at, count)
        return True

    def _has_room(self, nonce: str, now: float) -> bool:
        if nonce in self._used:
            return True
        # Insertion order is nearly that of expiry; a few that linger cost nothing. A nonce that
        # still lives is never forgotten: when all are taken, the newcomer is challenged again.
        while self._used and self._used[oldest := next(iter(self._used))][0] <= now:
            del self._used[oldest]
        return len(self._used) < NONCES_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """What a 401 or 407 asks us to prove."""

    realm: str
    """Whose password is meant."""
    nonce: str
    """What the proof is made with; opaque to us."""
    algorithm: str
    """SHA-256 or MD5."""
    has_qop: bool
    """Whether it offers qop=auth; one older than RFC 2617 does not (RFC 3261 section 22.4)."""
    opaque: str | None
    """To be given back as it came."""
    is_stale: bool
    """Whether only the nonce was too old."""
    is_proxy: bool
    """Whether it was a 407."""


def read_challenge(response: Response, *, realm: str | None = None) -> Challenge | None:
    """
    Read a 401 or 407, the strongest algorithm first; None if nothing in it can be answered.

    With `realm` only a challenge of that realm is read, so that nobody else can collect digests.
    """
    is_proxy = response.status == 407
    name = "Proxy-Authenticate" if is_proxy else "WWW-Authenticate"
    offered = [fields for text in response.all(name) if (fields := _fields(text)) is not None]
    wanted = [fields for fields in offered if realm is None or fields.get("realm") == realm]
    chosen = _strongest(wanted)
    if chosen is None:
        return None
    return Challenge(
        realm=chosen["realm"],
        nonce=chosen["nonce"],
        algorithm=chosen.get("algorithm", "MD5").upper(),
        has_qop="qop" in chosen,
        opaque=chosen.get("opaque"),
        is_stale=chosen.get("stale", "").lower() == "true",
        is_proxy=is_proxy,
    )


def prove(
    challenge: Challenge,
    *,
    request: Request,
    username: str,
    password: str,
    cnonce: str,
    count: int = 1,
) -> Header:
    """Write the header that answers a challenge; `count` is how often its nonce was used."""
    fields = {
        "username": username,
        "realm": challenge.realm,
        "nonce": challenge.nonce,
        "uri": request.uri,
    }
    if challenge.has_qop:
        fields.update({"qop": "auth", "nc": f"{count:08x}", "cnonce": cnonce})
    a1 = secret_hash(
        username=username,
        realm=challenge.realm,
        password=password,
        algorithm=challenge.algorithm,
    )
    fields["response"] = _response(challenge.algorithm, a1, fields, request)
    value = _write(fields, challenge.algorithm, challenge.opaque)
    return ("Proxy-Authorization" if challenge.is_proxy else "Authorization", value)


def answer(
    response: Response,
    *,
    request: Request,
    username: str,
    password: str,
    cnonce: str,
    realm: str | None = None,
    count: int = 1,
) -> Header | None:
    """Write the header that answers a 401 or 407; None if no challenge can be answered."""
    challenge = read_challenge(response, realm=realm)
    if challenge is None:
        return None
    return prove(
        challenge,
        request=request,
        username=username,
        password=password,
        cnonce=cnonce,
        count=count,
    )


def _strongest(offered: list[dict[str, str]]) -> dict[str, str] | None:
    for algorithm in ALGORITHMS:
        for fields in offered:
            known = fields.get("algorithm", "MD5").upper() == algorithm
            if known and _offers_auth(fields) and "nonce" in fields and "realm" in fields:
                return fields
    return None


def _offers_auth(fields: dict[str, str]) -> bool:
    qop = fields.get("qop")
    return qop is None or "auth" in [each.strip() for each in qop.split(",")]


def _write(fields: dict[str, str], algorithm: str, opaque: str | None) -> str:
    bare = ("qop", "nc")
    parts = [
        f"{name}={value if name in bare else heads.quote_string(value)}"
        for name, value in fields.items()
    ]
    if opaque is not None:
        parts.append(f"opaque={heads.quote_string(opaque)}")
    return f"Digest {', '.join(parts)}, algorithm={algorithm}"


def _fields(text: str) -> dict[str, str] | None:
    scheme, _, rest = text.strip().partition(" ")
    if scheme.lower() != "digest":
        return None
    fields: dict[str, str] = {}
    for piece in uris.split_outside_quotes(rest, ","):
        name, _, value = piece.partition("=")
        fields.setdefault(name.strip().lower(), heads.unquote_string(value.strip()))
    return fields


def _is_complete(fields: dict[str, str]) -> bool:
    wanted = ("username", "nonce", "uri", "response", "cnonce", "nc")
    return (
        all(name in fields for name in wanted)
        and fields.get("qop") == "auth"
        and _COUNT.fullmatch(fields["nc"]) is not None
    )


def _names_target(text: str, request: Request) -> bool:
    if text == request.uri:
        return True
    try:
        return uris.parse(text) == request.target
    except PeerError:
        return False


def _response(algorithm: str, a1: str, fields: dict[str, str], request: Request) -> str:
    # RFC 7616 section 3.4.1 with qop=auth; as a client also without (RFC 3261 section 22.4).
    a2 = _hash(algorithm, f"{request.method}:{fields['uri']}")
    middle = fields["nonce"]
    if "qop" in fields:
        middle = f"{middle}:{fields['nc']}:{fields['cnonce']}:{fields['qop']}"
    return _hash(algorithm, f"{a1}:{middle}:{a2}")


def _hash(algorithm: str, text: str) -> str:
    return _HASHES[algorithm](_raw(text)).hexdigest()


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _seal(head: str, secret: bytes) -> str:
    return hmac.new(secret, head.encode(), hashlib.sha256).hexdigest()[:32]
