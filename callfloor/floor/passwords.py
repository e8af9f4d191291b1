"""
Who has a password here: trunks that send calls with one, and telephones that register.

One verifier serves both, so that nothing in an answer or its timing tells a trunk's name from a
telephone's or from one that nobody has (RFC 8760, TRUST.md section 4). Who fails too often is not
heard for a while (`guesses`).

Some telephones give up when they are offered anything but MD5, so those whose secret says so are
offered MD5 alone. A name that nobody has is offered it as often as names that somebody has, always
the same for the same name: so the offer tells nothing either.

Refuses: to keep what is not in force; MD5 for a telephone whose secret does not allow it.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from callfloor.floor.guesses import Guesses
from callfloor.wire.sip import auth
from callfloor.wire.sip.message import Header, Request

SHA_256, MD5 = ("SHA-256",), ("MD5",)
HARMLESS = frozenset({"none", "old nonce", "replayed"})
"""Verdicts that are no guess: nothing was tried, or the proof was good and only too old."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Password:
    """What somebody proves himself by."""

    text: str = field(repr=False)
    """The password."""
    algorithms: tuple[str, ...] = SHA_256
    """What is offered, and what a proof is taken by."""


class Unreadable(Exception):
    """The file of passwords cannot be used; the text says why and nothing of what it holds."""


def read(path: Path) -> dict[str, Password]:
    """
    Read the passwords that a centre keeps (`callfloor password`), by user name.

    None without a file. Raises Unreadable, also for an empty one: that would let everybody in.
    """
    try:
        known = phone_passwords(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError, LookupError) as error:
        raise Unreadable(f"{path.name}: {type(error).__name__}") from None
    if not all(each.text for each in known.values()):
        raise Unreadable(f"{path.name}: an empty password")
    return known


def changed(before: Mapping[str, Password], after: Mapping[str, Password]) -> frozenset[str]:
    """Give the users whose password is another now, those who have one no more among them."""
    names = before.keys() | after.keys()
    return frozenset(name for name in names if before.get(name) != after.get(name))


def phone_passwords(stored: Mapping[str, Any]) -> dict[str, Password]:
    """
    Read the telephones' secrets as they are stored, by user name.

    Each is a password, or `{"password": …, "md5": true}` for a telephone that knows no SHA-256.
    """
    return {
        user: Password(text=value)
        if isinstance(value, str)
        else Password(
            text=str(value["password"]), algorithms=MD5 if value.get("md5", False) else SHA_256
        )
        for user, value in stored.items()
    }


class Passwords:
    """The passwords in force."""

    def __init__(self, *, secret: bytes, draw: Callable[[int], bytes]) -> None:
        """Begin with none; `secret` are random bytes, `draw` gives more of them."""
        self.guesses = Guesses()
        """Who failed and who has proven himself."""
        self._secret = secret
        self._draw = draw
        self._known: Mapping[str, Password] = {}
        self._md5_in_256 = 0
        self._usual: tuple[str, ...] = SHA_256
        self._realm = ""
        self._verifier = self._make_verifier()

    def __len__(self) -> int:
        """Count who has one."""
        return len(self._known)

    def use(self, realm: str, known: Mapping[str, Password]) -> None:
        """Let these hold, by user name."""
        self._known = known
        md5 = sum(each.algorithms == MD5 for each in known.values())
        self._md5_in_256 = 256 * md5 // len(known) if known else 0
        both = any(each.algorithms == auth.ALGORITHMS for each in known.values())
        self._usual = auth.ALGORITHMS if both else SHA_256
        if realm != self._realm:  # Else the nonces that were used stay known.
            self._realm = realm
            self._verifier = self._make_verifier()

    def forgive(self, users: Iterable[str]) -> None:
        """Forget who was tried in vain: their passwords are others now."""
        for user in users:
            self.guesses.forgive(user)

    def prove(self, request: Request, host: str, now: float) -> "str | tuple[Header, ...]":
        """Name the user that a request proves to be of, or give the headers of a 401."""
        verdict = self._verifier.verify(request, now=now)
        user = verdict.username
        if user is not None and self.guesses.may_prove(host, user, now):
            self.guesses.proved(host, user, now)
            return user
        if user is not None or verdict.why not in HARMLESS:
            self.guesses.failed(host, verdict.claimed, now)
        return auth.challenge(
            realm=self._realm,
            now=now,
            secret=self._secret,
            draw=self._draw(auth.DRAW_BYTES),
            is_stale=verdict.is_stale,
            algorithms=self._offered(request),
        )

    def _offered(self, request: Request) -> tuple[str, ...]:
        who = request.to if request.method == "REGISTER" else request.from_
        name = who.uri.user or ""
        known = self._known.get(name)
        # Worked out for everybody, like the digest.
        lot = hmac.digest(self._secret, name.encode("utf-8", "surrogateescape"), hashlib.sha256)
        is_unlucky = lot[0] < self._md5_in_256
        is_md5 = is_unlucky if known is None else known.algorithms == MD5
        return MD5 if is_md5 else self._usual

    def _make_verifier(self) -> auth.Verifier:
        return auth.Verifier(realm=self._realm, secret=self._secret, find=self._find)

    def _find(self, user: str, algorithm: str) -> str | None:
        known = self._known.get(user)
        # Worked out for everybody: a name that nobody has must take as long.
        found = auth.secret_hash(
            username=user,
            realm=self._realm,
            password="" if known is None else known.text,
            algorithm=algorithm,
        )
        if known is None or algorithm not in known.algorithms:
            return None
        return found
