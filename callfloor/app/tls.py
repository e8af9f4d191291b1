"""
Certificates of the pages and of SIP: where they lie, whose they are, how long they hold.

Standard library only, for the supervisor asks; `app.certificate` makes one, in a process of its
own. A self-made certificate lies in DATA/tls with its key (mode 0600) and is made anew 14 days
before its end, or when the centre is reached by another name.
"""

import contextlib
import hashlib
import json
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

SELF = "self"
"""What stands for a certificate that Callfloor makes itself."""
RENEW_DAYS = 14  # TRUST.md, F38.2: told or mended two weeks before the end.


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A certificate with its key."""

    certificate: Path
    key: Path
    is_self_made: bool = False


class BadPair(Exception):
    """Certificate and key cannot be used; the text says why."""


def self_made(data: Path) -> Pair:
    """Return where a self-made certificate lies."""
    folder = data / "tls"
    return Pair(certificate=folder / "self.crt", key=folder / "self.key", is_self_made=True)


def is_fresh(data: Path, *, names: tuple[str, ...], now: datetime) -> bool:
    """Say whether the self-made certificate is there, for these names, and holds a while yet."""
    pair = self_made(data)
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        noted = json.loads((data / "tls" / "self.json").read_text(encoding="utf-8"))
        ends = datetime.fromisoformat(noted["not_after"])
        if noted["names"] == list(names) and ends - now > timedelta(days=RENEW_DAYS):
            return pair.certificate.is_file() and pair.key.is_file()
    return False


def check(pair: Pair) -> None:
    """
    Prove that certificate and key can be read and belong together.

    Raises BadPair.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(pair.certificate, pair.key, password=_no_password)
    except OSError as error:  # ssl.SSLError is one too.
        why = getattr(error, "reason", None) or error.strerror or str(error)
        raise BadPair(f"{pair.certificate} and {pair.key} cannot be used: {why}") from error


def _no_password() -> str:
    raise BadPair("the key is closed by a password, and nobody is there to type it")


def fingerprint(pair: Pair) -> str:
    """Return the SHA-256 of the certificate, as browsers show it."""
    first = pair.certificate.read_text(encoding="ascii")
    end = "-----END CERTIFICATE-----"
    der = ssl.PEM_cert_to_DER_cert(first[: first.index(end) + len(end)])
    digest = hashlib.sha256(der).hexdigest().upper()
    return ":".join(digest[at : at + 2] for at in range(0, len(digest), 2))
