"""
Header fields as values: addresses, Via, CSeq; and the one spelling of each header's name.

Reading is generous where peers are known to sin (names in unquoted UTF-8, blanks around every
separator), writing is strict. Refuses: to know in which message a header belongs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from callfloor.wire.errors import PeerError
from callfloor.wire.sip import draft
from callfloor.wire.sip import uri as uris
from callfloor.wire.sip.uri import Params, Uri

CSEQ_MAX = 2**31 - 1  # RFC 3261 section 8.1.1.5.
NUMBER_MAX = 2**32 - 1  # RFC 3261 section 25.1, delta-seconds.

_COMPACT = {
    "a": "Accept-Contact", "b": "Referred-By", "c": "Content-Type", "d": "Request-Disposition",
    "e": "Content-Encoding", "f": "From", "i": "Call-ID", "j": "Reject-Contact", "k": "Supported",
    "l": "Content-Length", "m": "Contact", "o": "Event", "r": "Refer-To", "s": "Subject",
    "t": "To", "u": "Allow-Events", "v": "Via", "x": "Session-Expires", "y": "Identity",
}  # fmt: skip
_KNOWN = (
    "Accept", "Accept-Encoding", "Accept-Language", "Alert-Info", "Allow", "Authorization",
    "Call-Info", "Content-Disposition", "Content-Language", "CSeq", "Date", "Diversion",
    "Error-Info", "Expires", "Max-Forwards", "MIME-Version", "Min-Expires", "Min-SE",
    "P-Asserted-Identity", "P-Preferred-Identity", "Path", "Privacy", "Proxy-Authenticate",
    "Proxy-Authorization", "Proxy-Require", "RAck", "Reason", "Record-Route", "Referred-By",
    "Refer-Sub", "Remote-Party-ID", "Replaces", "Require", "Retry-After", "Route", "RSeq", "Server",
    "Subscription-State", "Timestamp", "Unsupported", "User-Agent", "Warning", "WWW-Authenticate",
)  # fmt: skip
NAMES: dict[str, str] = {}
for _name in (*_KNOWN, *_COMPACT.values()):
    NAMES.update({_name: _name, _name.lower(): _name, _name.upper(): _name})
for _short, _name in _COMPACT.items():
    NAMES.update({_short: _name, _short.upper(): _name})

TOKEN = re.compile(r"[A-Za-z0-9\-.!%*_+`'~]+")  # RFC 3261 section 25.1.
_CSEQ = re.compile(r"([0-9]{1,10})[ \t]+([A-Za-z0-9\-.!%*_+`'~]+)")
_USUAL_METHODS = frozenset({"INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "REGISTER"})
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
# The form nearly every peer sends; what it does not match goes the careful way.
_USUAL = re.compile(r'(?:"([^"\\]*)"|([^"<>]*))[ \t]?<' + uris.SIP_PATTERN + r">(;.*)?", re.DOTALL)
_SENT_BY = re.compile(
    r"([A-Za-z0-9]+)/([0-9.]+)/([A-Za-z0-9\-.!%*_+`'~]+) "
    r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?"
)
_BLANKS = re.compile(r"[ \t]+")


def canonical(name: str) -> str:
    """Give the one spelling of a header's name, whatever its case or compact form."""
    known = NAMES.get(name)
    if known is not None:
        return known
    return NAMES.get(name.lower()) or "-".join(p.capitalize() for p in name.split("-"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A From, To, Contact, Route or Refer-To value."""

    uri: Uri
    """Where; `Contact: *` is a URI of the scheme "*"."""
    display: str = ""
    """The name shown, unquoted; empty if there is none."""
    params: Params = field(default_factory=dict)
    """Parameters of the header, names in lower case; not those of the URI."""

    @property
    def tag(self) -> str | None:
        """The dialog tag, if there is one."""
        return self.params.get("tag")

    @property
    def is_star(self) -> bool:
        """Say whether this is `Contact: *`, which removes every binding."""
        return self.uri.scheme == "*"

    def with_tag(self, tag: str) -> Address:
        """Give the same address with another tag."""
        return replace(self, params={**self.params, "tag": tag})

    def bare(self) -> Address:
        """Give the same address without any parameter."""
        return replace(self, params={})

    def __str__(self) -> str:
        """Write the header's value, always with angle brackets."""
        if self.is_star:
            return "*"
        display = f"{quote_string(self.display)} " if self.display else ""
        return f"{display}<{self.uri}>{uris.write_params(self.params)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Via:
    """One hop that a request took, and where its response goes."""

    transport: str
    """Upper case: UDP, TCP, TLS, WS, WSS."""
    host: str
    """The host of sent-by, IPv6 in brackets."""
    port: int | None = None
    """The port of sent-by."""
    params: Params = field(default_factory=dict)
    """Names in lower case."""
    protocol: str = "SIP/2.0"
    """Name and version."""

    @property
    def branch(self) -> str:
        """The branch, empty if there is none (a client older than RFC 3261)."""
        return self.params.get("branch") or ""

    @property
    def sent_by(self) -> str:
        """Host and port for comparing, in lower case, the port always written."""
        return f"{self.host.lower()}:{self.port or 5060}"

    def answered_to(self) -> tuple[str, int]:
        """Say where a response over UDP goes (RFC 3261 section 18.2.2, RFC 3581 section 4)."""
        host = self.params.get("received") or self.host
        rport = self.params.get("rport")
        if rport is not None and rport.isascii() and rport.isdigit() and len(rport) <= 5:
            return host.strip("[]"), uris.parse_port(rport)
        return host.strip("[]"), self.port or 5060

    def __str__(self) -> str:
        """Write the header's value."""
        port = "" if self.port is None else f":{self.port}"
        return f"{self.protocol}/{self.transport} {self.host}{port}{uris.write_params(self.params)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CSeq:
    """The place of a request in its dialog."""

    number: int
    """0 to 2**31 - 1."""
    method: str
    """The method, in the case it was sent in."""

    def __str__(self) -> str:
        """Write the header's value."""
        return f"{self.number} {self.method}"


_address, _via, _cseq = draft.of(Address), draft.of(Via), draft.of(CSeq)


def parse_address(text: str) -> Address:
    """Read a name-addr or addr-spec with parameters; PeerError if it is neither."""
    usual = _USUAL.fullmatch(text)
    if usual is None:
        return _parse_unusual(text)
    quoted, plain, *parts, params = usual.groups()
    return _address(
        uris.of_parts(*parts),
        plain.strip() if quoted is None else quoted,
        uris.parse_params(params) if params else {},
    )


def parse_contact(text: str) -> Address:
    """Read a Contact value, which may be the star."""
    if text == "*":
        return Address(uri=Uri(scheme="*"))
    return parse_address(text)


def parse_via(text: str) -> Via:
    """Read one Via value; PeerError if it is malformed."""
    head, semicolon, params = text.partition(";")
    match = _SENT_BY.fullmatch(head) or _SENT_BY.fullmatch(_without_blanks(head))
    if match is None:
        raise PeerError(f"Via is malformed: {text[:80]!r}")
    name, version, transport, host, port = match.groups()
    return _via(
        transport.upper(),
        host,
        None if port is None else uris.parse_port(port),
        uris.parse_params(semicolon + params) if semicolon else {},
        f"{name.upper()}/{version}",
    )


def parse_cseq(text: str) -> CSeq:
    """Read a CSeq value; PeerError if it is malformed or its number is out of range."""
    digits, _, method = text.partition(" ")
    if method not in _USUAL_METHODS or not digits.isdigit() or not text.isascii():
        match = _CSEQ.fullmatch(text)
        digits, method = match.groups() if match else ("", "")
    if not 0 < len(digits) <= 10 or (number := int(digits)) > CSEQ_MAX:
        raise PeerError(f"CSeq is malformed: {text[:80]!r}")
    return _cseq(number, method)


def parse_number(text: str) -> int:
    """Read a count or a number of seconds; PeerError if it is none."""
    if not (text.isdigit() and text.isascii() and len(text) <= 10):
        raise PeerError(f"not a number: {text[:40]!r}")
    number = int(text)
    if number > NUMBER_MAX:
        raise PeerError(f"number is too large: {text}")
    return number


def split_values(text: str) -> list[str]:
    """Split a header that is a list at its commas, quotes and brackets respected."""
    if "," not in text:
        return [text]
    values = (value.strip() for value in uris.split_outside_quotes(text, ","))
    return [value for value in values if value]


def quote_string(text: str) -> str:
    """Write a quoted string (RFC 3261 section 25.1)."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def unquote_string(text: str) -> str:
    """Read a string that may be quoted."""
    match = _QUOTED.fullmatch(text)
    return re.sub(r"\\(.)", r"\1", match[1], flags=re.DOTALL) if match else text


def media_type(text: str) -> str:
    """Give the bare media type of a Content-Type value, in lower case and without parameters."""
    return text.partition(";")[0].replace(" ", "").replace("\t", "").lower()


def _parse_unusual(text: str) -> Address:
    opened = text.find("<")
    if opened < 0 or text.startswith('"'):
        return _parse_quoted(text) if text.startswith('"') else _parse_bare(text)
    display = text[:opened].strip()
    if '"' in display or ">" in display:
        raise PeerError(f"display name is malformed: {text[:80]!r}")
    return _parse_bracketed(display, text, opened)


def _parse_quoted(text: str) -> Address:
    match = _QUOTED.match(text)
    opened = -1 if match is None else text.find("<", match.end())
    if match is None or opened < 0 or text[match.end() : opened].strip():
        raise PeerError(f"quoted display name is malformed: {text[:80]!r}")
    return _parse_bracketed(unquote_string(match[0]), text, opened)


def _parse_bracketed(display: str, text: str, opened: int) -> Address:
    closed = text.find(">", opened)
    if closed < 0:
        raise PeerError(f"bracket is not closed: {text[:80]!r}")
    params = text[closed + 1 :]
    return Address(
        uri=uris.parse(text[opened + 1 : closed]),
        display=display,
        params=uris.parse_params(params) if params else {},
    )


def _parse_bare(text: str) -> Address:
    # RFC 3261 section 20.10: without brackets every parameter is the header's, and a URI with a
    # question mark or a comma may not stand there at all.
    head, semicolon, params = text.partition(";")
    uri = uris.parse(head.strip())
    if uri.headers or "," in head:
        raise PeerError(f"this URI needs angle brackets: {text[:80]!r}")
    return Address(uri=uri, params=uris.parse_params(semicolon + params) if semicolon else {})


def _without_blanks(head: str) -> str:
    # "SIP / 2.0 / UDP  host : 5060" is legal (RFC 4475 section 3.1.1.1); blanks count only
    # between the transport and the host.
    pieces = _BLANKS.sub(" ", head.strip()).replace(" /", "/").replace("/ ", "/")
    return pieces.replace(" :", ":").replace(": ", ":")
