"""
SIP and SIPS URIs as values (RFC 3261 section 19.1), and other schemes as opaque text.

The user part is held unescaped and escaped again when written, so that two spellings of one user
are one value. Refuses: to look anything up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from callfloor.wire.errors import PeerError
from callfloor.wire.sip import draft

Params = Mapping[str, str | None]

PORT_MAX = 65_535

# One expression for the whole URI: hosts may carry "_", users "#" and any UTF-8, as peers send.
# Whitespace is spelled out, because a class that the engine can make a bitmap of is twice as fast.
SIP_PATTERN = (
    r"([sS][iI][pP][sS]?):"
    r'(?:([^@: \t\r\n\v\f<>"]+)(?::([^@ \t\r\n\v\f<>"]*))?@)?'
    r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)"
    r"(?::([0-9]{1,5}))?"
    r"(;[^? \t\r\n\v\f<>]*)?"
    r"(?:\?([^ \t\r\n\v\f<>]*))?"
)
_SIP = re.compile(SIP_PATTERN)
_OTHER = re.compile(r'([A-Za-z][A-Za-z0-9+.-]*):([^\s<>"]+)')
_USER_AS_IT_IS = re.compile(r"[A-Za-z0-9\-_.!~*'()&=+$,;?/]*")
_USER_SAFE = "-_.!~*'()&=+$,;?/"  # RFC 3261 section 25.1: unreserved and user-unreserved.


@dataclass(frozen=True, slots=True, kw_only=True)
class Uri:
    """Where a request may be sent."""

    scheme: str = "sip"
    """Lower case."""
    user: str | None = None
    """Unescaped; None if the URI names a host only."""
    password: str | None = None
    """As written; deprecated, kept to write back what was read."""
    host: str = ""
    """Name or address, IPv6 in brackets; empty for schemes other than sip and sips."""
    port: int | None = None
    """None if the URI names none."""
    params: Params = field(default_factory=dict)
    """Names in lower case; None for a parameter without a value."""
    headers: str = ""
    """What follows the question mark, as written."""
    opaque: str = ""
    """What follows the scheme, for schemes other than sip and sips."""

    @property
    def is_sip(self) -> bool:
        """Say whether requests can be sent there by SIP."""
        return self.scheme in ("sip", "sips")

    def __str__(self) -> str:
        """Write the URI, without angle brackets."""
        if not self.is_sip:
            return f"{self.scheme}:{self.opaque}"
        text = f"{self.scheme}:{self._userinfo()}{self.host}"
        if self.port is not None:
            text += f":{self.port}"
        if self.params:
            text += write_params(self.params)
        return f"{text}?{self.headers}" if self.headers else text

    def _userinfo(self) -> str:
        if self.user is None:
            return ""
        password = "" if self.password is None else f":{self.password}"
        return f"{escape_user(self.user)}{password}@"


_uri = draft.of(Uri)


def parse(text: str) -> Uri:
    """Read a URI without angle brackets; PeerError if it is none."""
    match = _SIP.fullmatch(text)
    if match is None:
        return _parse_other(text)
    return of_parts(*match.groups())


def of_parts(
    scheme: str,
    user: str | None,
    password: str | None,
    host: str,
    port: str | None,
    params: str | None,
    headers: str | None,
) -> Uri:
    """Make a URI of the seven groups of SIP_PATTERN; PeerError if port or parameters are bad."""
    return _uri(
        scheme if scheme == "sip" else scheme.lower(),
        unescape(user) if user is not None and "%" in user else user,
        password,
        host,
        None if port is None else parse_port(port),
        parse_params(params) if params else {},
        headers or "",
        "",
    )


def parse_port(digits: str) -> int:
    """Read a port number; PeerError if there is no such port."""
    port = int(digits)
    if not 0 < port <= PORT_MAX:
        raise PeerError(f"no such port: {digits}")
    return port


def parse_params(text: str) -> dict[str, str | None]:
    """Read `;name=value;flag`; PeerError if a name comes twice or text stands before the first."""
    # What stands in quotes or brackets is one piece, with blanks around it or without.
    is_plain = '"' not in text and " " not in text and "\t" not in text and "<" not in text
    pieces = text.split(";") if is_plain else _pieces_of_params(text)
    if pieces[0]:
        raise PeerError(f"text before the parameters: {pieces[0][:40]!r}")
    if not pieces[-1] and len(pieces) > 2:
        pieces.pop()  # One semicolon too many at the end is a common slip.
    params: dict[str, str | None] = {}
    for piece in pieces[1:]:
        name, equals, value = piece.partition("=")
        name = name.lower()
        if name in params or not name:
            raise PeerError(f"parameter {name[:40]!r} is malformed or comes twice")
        params[name] = value if equals else None
    return params


def _pieces_of_params(text: str) -> list[str]:
    pieces = []
    for piece in split_outside_quotes(text, ";"):
        name, equals, value = piece.partition("=")
        pieces.append(f"{name.strip()}{equals}{value.strip()}")
    return pieces


def write_params(params: Params) -> str:
    """Write `;name=value;flag`."""
    return "".join(f";{n}" if v is None else f";{n}={v}" for n, v in params.items())


def split_outside_quotes(text: str, separator: str) -> list[str]:
    """Split at a separator that stands neither in a quoted string nor in angle brackets."""
    pieces: list[str] = []
    start = at = 0
    quoted = bracketed = False
    while at < len(text):
        char = text[at]
        if quoted:
            at += char == "\\"
            quoted = char != '"'
        elif char == '"':
            quoted = True
        elif char in "<>":
            bracketed = char == "<"
        elif char == separator and not bracketed:
            pieces.append(text[start:at])
            start = at + 1
        at += 1
    pieces.append(text[start:])
    return pieces


def unescape(text: str) -> str:
    """Undo percent escapes; bytes that are not UTF-8 survive as surrogates."""
    return unquote(text, errors="surrogateescape")


def escape_user(user: str) -> str:
    """Escape what a user part may not show (RFC 3261 section 25.1)."""
    if _USER_AS_IT_IS.fullmatch(user):
        return user
    return quote(user.encode("utf-8", "surrogateescape"), safe=_USER_SAFE)


def _parse_other(text: str) -> Uri:
    match = _OTHER.fullmatch(text)
    if match is None or match[1].lower() in ("sip", "sips"):
        raise PeerError(f"not a URI: {text[:80]!r}")
    return Uri(scheme=match[1].lower(), opaque=match[2])
