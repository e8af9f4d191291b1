"""
SIP messages: bytes to values and back (RFC 3261 sections 7, 18 and 25).

Three laws hold here. The parser refuses only what it cannot represent; everything else that is
wrong with a message is listed in its `flaws` or raised by the typed header that is read, so that
the validator can name the status owed. Headers are typed when first looked at, never before. And
nothing is written that could be read as another header: a line break in a value is our own fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from callfloor.wire.errors import LocalError, PeerError
from callfloor.wire.sip import draft
from callfloor.wire.sip import headers as heads
from callfloor.wire.sip import uri as uris
from callfloor.wire.sip.headers import Address, CSeq, Via
from callfloor.wire.sip.uri import Uri

MESSAGE_BYTES_MAX = 65_535  # The largest UDP datagram; RFC 3261 section 18.1.1 asks for as much.
HOPS_MAX = 255  # RFC 3261 section 20.22.
VERSION = "SIP/2.0"
MAGIC_COOKIE = "z9hG4bK"  # RFC 3261 section 8.1.1.7.

Header = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What requests and responses have in common."""

    headers: tuple[Header, ...]
    """Canonical names and unfolded values, in the order of the message."""
    body: bytes = b""
    """The body, cut at Content-Length."""
    version: str = VERSION
    """The protocol of the start line, as written."""
    flaws: tuple[str, ...] = ()
    """What was wrong with the shape of the message; a request with a flaw is owed a 400."""
    _typed: dict[str, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    def get(self, name: str) -> str | None:
        """Give the first value of a header by its canonical name, or None."""
        for key, value in self.headers:
            if key == name:
                return value
        return None

    def all(self, name: str) -> list[str]:
        """Give every value of a header by its canonical name, as written."""
        return [value for key, value in self.headers if key == name]

    def values(self, name: str) -> list[str]:
        """Give every element of a header that is a list, whether comma or line separates them."""
        texts = [value for key, value in self.headers if key == name]
        if len(texts) == 1 and "," not in texts[0]:
            return texts
        return [value for text in texts for value in heads.split_values(text)]

    def need(self, name: str) -> str:
        """Give the first value of a header, PeerError if the message has none."""
        value = self.get(name)
        if value is None:
            raise PeerError(f"{name} is missing")
        return value

    @property
    def vias(self) -> tuple[Via, ...]:
        """Every Via, the last hop first; PeerError if one is malformed."""
        known: tuple[Via, ...] | None = self._typed.get("vias")
        if known is None:
            known = self._typed["vias"] = tuple(map(heads.parse_via, self.values("Via")))
        return known

    @property
    def via(self) -> Via:
        """The topmost Via; PeerError if it is missing or malformed."""
        known: Via | None = self._typed.get("via")
        if known is None:
            first = next(iter(heads.split_values(self.need("Via"))), "")  # It may be all commas.
            known = self._typed["via"] = heads.parse_via(first)
        return known

    @property
    def from_(self) -> Address:
        """The From header; PeerError if it is missing or malformed."""
        known: Address | None = self._typed.get("From")
        if known is None:
            known = self._typed["From"] = heads.parse_address(self.need("From"))
        return known

    @property
    def to(self) -> Address:
        """The To header; PeerError if it is missing or malformed."""
        known: Address | None = self._typed.get("To")
        if known is None:
            known = self._typed["To"] = heads.parse_address(self.need("To"))
        return known

    @property
    def cseq(self) -> CSeq:
        """The CSeq header; PeerError if it is missing or malformed."""
        known: CSeq | None = self._typed.get("CSeq")
        if known is None:
            known = self._typed["CSeq"] = heads.parse_cseq(self.need("CSeq"))
        return known

    @property
    def call_id(self) -> str:
        """The Call-ID header; PeerError if it is missing."""
        return self.need("Call-ID")

    @property
    def contacts(self) -> tuple[Address, ...]:
        """Every Contact; PeerError if one is malformed."""
        known: tuple[Address, ...] | None = self._typed.get("contacts")
        if known is None:
            known = self._typed["contacts"] = tuple(
                map(heads.parse_contact, self.values("Contact"))
            )
        return known

    @property
    def contact(self) -> Address | None:
        """The first Contact, or None."""
        contacts = self.contacts
        return contacts[0] if contacts else None

    @property
    def max_forwards(self) -> int | None:
        """Max-Forwards, None if it is missing; PeerError if it is not 0 to 255."""
        value = self.get("Max-Forwards")
        if value is None:
            return None
        hops = heads.parse_number(value)
        if hops > HOPS_MAX:
            raise PeerError("Max-Forwards is too large")
        return hops

    @property
    def content_length(self) -> int | None:
        """Content-Length, None if it is missing; PeerError if it is not a number."""
        value = self.get("Content-Length")
        return None if value is None else heads.parse_number(value)

    @property
    def content_type(self) -> str:
        """The bare media type of the body in lower case, empty if it is not named."""
        return heads.media_type(self.get("Content-Type") or "")

    def _encode(self, start: str) -> bytes:
        lines = [start, *[f"{name}: {value}" for name, value in self.headers]]
        if self.get("Content-Length") is None:
            lines.append(f"Content-Length: {len(self.body)}")
        text = "\r\n".join(lines)
        if text.count("\n") != len(lines) - 1 or text.count("\r") != len(lines) - 1:
            raise LocalError("line break inside a header")
        return f"{text}\r\n\r\n".encode("utf-8", "surrogateescape") + self.body


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Message):
    """A request."""

    method: str
    """As written: methods are case-sensitive."""
    uri: str
    """The Request-URI as written, which may be malformed."""

    @property
    def target(self) -> Uri:
        """The Request-URI as a value; PeerError if it is malformed."""
        known: Uri | None = self._typed.get("target")
        if known is None:
            known = self._typed["target"] = uris.parse(self.uri)
        return known

    def encode(self) -> bytes:
        """Write the request; LocalError if a header holds a line break."""
        return self._encode(f"{self.method} {self.uri} {self.version}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Response(Message):
    """A response."""

    status: int
    """100 to 699."""
    reason: str = ""
    """For people; may be empty."""

    def encode(self) -> bytes:
        """Write the response; LocalError if a header holds a line break."""
        return self._encode(f"{self.version} {self.status} {self.reason}")


AnyMessage = Request | Response
_make_request, _make_response = draft.of(Request), draft.of(Response)


def parse(data: bytes) -> AnyMessage:
    """
    Read one datagram.

    Bytes after Content-Length are ignored (RFC 3261 section 18.3), empty lines before the start
    line too (section 7.5). Raises PeerError on what is neither a request nor a response: nobody can
    be answered then.
    """
    if len(data) > MESSAGE_BYTES_MAX:
        raise PeerError(f"SIP message of {len(data)} bytes")
    head, blank, body = data.lstrip(b"\r\n").partition(b"\r\n\r\n")
    text = head.decode("utf-8", "surrogateescape")
    lines = text.split("\r\n")
    if text.count("\n") != len(lines) - 1 or text.count("\r") != len(lines) - 1:
        raise PeerError("line break inside a header")
    flaws: list[str] = [] if blank else ["the empty line after the headers is missing"]
    headers = _read_headers(lines, flaws)
    body = _cut_body(headers, body, flaws)
    start = lines[0]
    if start[:4].upper() == "SIP/":
        return _response(start, headers, body, flaws)
    return _request(start, headers, body, flaws)


def is_keep_alive(data: bytes) -> bool:
    """Say whether a datagram only holds a path open (RFC 5626 section 3.5.1, and NUL bytes)."""
    return not data.strip(b"\r\n\0 ")


def request(
    *,
    method: str,
    uri: Uri | str,
    via: Via,
    from_: Address,
    to: Address,
    call_id: str,
    cseq: int,
    contact: Address | None = None,
    routes: Sequence[str] = (),
    max_forwards: int = 70,
    headers: Iterable[Header] = (),
    body: bytes = b"",
    content_type: str = "",
) -> Request:
    """Build a request with the six headers that each must have (RFC 3261 section 8.1.1)."""
    lines: list[Header] = [
        ("Via", str(via)),
        ("Max-Forwards", str(max_forwards)),
        *[("Route", route) for route in routes],
        ("From", str(from_)),
        ("To", str(to)),
        ("Call-ID", call_id),
        ("CSeq", f"{cseq} {method}"),
    ]
    if contact is not None:
        lines.append(("Contact", str(contact)))
    return Request(
        method=method,
        uri=str(uri),
        headers=(*lines, *headers, *_body_headers(body, content_type)),
        body=body,
    )


def respond(
    to_request: Request,
    status: int,
    *,
    reason: str = "",
    tag: str = "",
    contact: Address | None = None,
    headers: Iterable[Header] = (),
    body: bytes = b"",
    content_type: str = "",
) -> Response:
    """
    Build the response to a request (RFC 3261 section 8.2.6).

    Via, From, To, Call-ID and CSeq are copied as they were written, Record-Route too where the
    response makes a dialog (section 12.1.1). `tag` goes into To unless the request had one there; a
    100 carries none. There is never a Max-Forwards.
    """
    copied = _COPIED_IN_100 if status == 100 else _COPIED if status < 300 else _COPIED_IN_REFUSAL
    lines: list[Header] = []
    for name, value in to_request.headers:
        if name == "To" and tag and status > 100:
            lines.append((name, _tagged(to_request, value, tag)))
        elif name in copied:
            lines.append((name, value))
    if contact is not None:
        lines.append(("Contact", str(contact)))
    return _make_response(
        (*lines, *headers, *_body_headers(body, content_type)),
        body,
        VERSION,
        (),
        {},
        status,
        reason or REASONS.get(status, ""),
    )


def received(message: Request, host: str, port: int) -> Request:
    """
    Note in the topmost Via where a request really came from.

    `received` is added when the sender's own word differs (RFC 3261 section 18.2.1) and always
    together with `rport` when that was asked for (RFC 3581 section 4).
    """
    via = message.via
    wants_port = "rport" in via.params
    if not wants_port and via.host.strip("[]") == host:
        return message
    params = {**via.params, "received": host}
    if wants_port:
        params["rport"] = str(port)
    return _with_top_via(message, replace(via, params=params))


def with_headers(message: Request, *, drop: Iterable[str], add: Iterable[Header]) -> Request:
    """Give the same request without some headers (canonical names) and with others at its end."""
    gone = frozenset(drop)
    kept = tuple(pair for pair in message.headers if pair[0] not in gone)
    return replace(message, headers=(*kept, *add))


def renumbered(message: Request, *, via: Via, cseq: int) -> Request:
    """Give one of our own requests as a new one: another branch, another number in its dialog."""
    changed = {"Via": str(via), "CSeq": f"{cseq} {message.method}"}
    headers = tuple((name, changed.get(name, value)) for name, value in message.headers)
    return replace(message, headers=headers)


def branch(token: str) -> str:
    """Make a branch that RFC 3261 clients and servers recognize out of a random token."""
    return f"{MAGIC_COOKIE}{token}"


def _tagged(request: Request, value: str, tag: str) -> str:
    try:
        has_tag = request.to.tag is not None
    except PeerError:  # A refusal goes back with the header as bad as it came.
        return value
    return value if has_tag else f"{value};tag={tag}"


def _with_top_via(message: Request, via: Via) -> Request:
    headers = list(message.headers)
    index = next(i for i, (name, _) in enumerate(headers) if name == "Via")
    rest = heads.split_values(headers[index][1])[1:]
    headers[index : index + 1] = [("Via", str(via)), *[("Via", value) for value in rest]]
    return replace(message, headers=tuple(headers))


def _unfold(lines: list[str]) -> list[str]:
    unfolded = [lines[0]]
    pieces: list[str] = []
    for line in lines[1:]:
        if line[:1] in (" ", "\t"):
            pieces.append(line.strip(" \t"))
            continue
        unfolded[-1] = " ".join([unfolded[-1], *pieces]) if pieces else unfolded[-1]
        pieces = []
        unfolded.append(line)
    unfolded[-1] = " ".join([unfolded[-1], *pieces]) if pieces else unfolded[-1]
    return unfolded


def _read_headers(lines: list[str], flaws: list[str]) -> tuple[Header, ...]:
    headers: list[Header] = []
    known = heads.NAMES.get
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        canonical = known(name)
        if canonical is None:
            if line[:1] in (" ", "\t"):  # Folded: rare enough to begin again.
                lines[:] = _unfold(lines)
                return _read_headers(lines, flaws)
            name = name.rstrip(" \t")
            if not colon or not heads.TOKEN.fullmatch(name):
                flaws.append(f"not a header: {line[:40]!r}")
                continue
            canonical = heads.canonical(name)
        headers.append((canonical, value.strip(" \t")))
    return tuple(headers)


def _cut_body(headers: tuple[Header, ...], body: bytes, flaws: list[str]) -> bytes:
    lengths = [value for name, value in headers if name == "Content-Length"]
    if not lengths:
        return body
    try:
        length = heads.parse_number(lengths[0])
    except PeerError as error:
        flaws.append(f"Content-Length is {error}")
        return body
    if len(lengths) > 1:
        flaws.append("Content-Length comes twice")
    if length == len(body):
        return body
    if length > len(body):
        flaws.append("the body is shorter than Content-Length")
    return body[:length]


def _request(start: str, headers: tuple[Header, ...], body: bytes, flaws: list[str]) -> Request:
    method, _, rest = start.partition(" ")
    uri, _, version = rest.rpartition(" ")
    if not version.strip() and uri:  # Blanks at the end of the line (RFC 4475 section 3.1.2.13).
        uri, _, version = rest.rstrip().rpartition(" ")
        flaws.append("blanks at the end of the request line")
    if not uri or (version != VERSION and version[:4].upper() != "SIP/"):
        raise PeerError(f"not a request line: {start[:80]!r}")
    if not heads.TOKEN.fullmatch(method):
        raise PeerError(f"not a method: {method[:40]!r}")
    if " " in uri or "\t" in uri:
        flaws.append("blanks in the request line")
    return _make_request(headers, body, version, tuple(flaws), {}, method, uri)


def _response(start: str, headers: tuple[Header, ...], body: bytes, flaws: list[str]) -> Response:
    version, _, rest = start.partition(" ")
    code, _, reason = rest.partition(" ")
    if not (code.isascii() and code.isdigit() and len(code) == 3 and "100" <= code < "700"):
        raise PeerError(f"not a status line: {start[:80]!r}")
    return _make_response(headers, body, version, tuple(flaws), {}, int(code), reason)


def _body_headers(body: bytes, content_type: str) -> tuple[Header, ...]:
    if not body:
        return (("Content-Length", "0"),)
    assert content_type, "a body has a type"
    return (("Content-Type", content_type), ("Content-Length", str(len(body))))


_COPIED_IN_REFUSAL = frozenset({"Via", "From", "To", "Call-ID", "CSeq"})
_COPIED = _COPIED_IN_REFUSAL | {"Record-Route"}
_COPIED_IN_100 = _COPIED_IN_REFUSAL | {"Timestamp"}  # RFC 3261 section 8.2.6.1.

REASONS = {
    100: "Trying", 180: "Ringing", 181: "Call Is Being Forwarded", 182: "Queued",
    183: "Session Progress", 199: "Early Dialog Terminated", 200: "OK", 202: "Accepted",
    204: "No Notification", 300: "Multiple Choices", 301: "Moved Permanently",
    302: "Moved Temporarily", 305: "Use Proxy", 380: "Alternative Service", 400: "Bad Request",
    401: "Unauthorized", 402: "Payment Required", 403: "Forbidden", 404: "Not Found",
    405: "Method Not Allowed", 406: "Not Acceptable", 407: "Proxy Authentication Required",
    408: "Request Timeout", 410: "Gone", 413: "Request Entity Too Large",
    414: "Request-URI Too Long", 415: "Unsupported Media Type", 416: "Unsupported URI Scheme",
    420: "Bad Extension", 421: "Extension Required", 422: "Session Interval Too Small",
    423: "Interval Too Brief", 480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist", 482: "Loop Detected", 483: "Too Many Hops",
    484: "Address Incomplete", 485: "Ambiguous", 486: "Busy Here", 487: "Request Terminated",
    488: "Not Acceptable Here", 491: "Request Pending", 493: "Undecipherable",
    500: "Server Internal Error", 501: "Not Implemented", 502: "Bad Gateway",
    503: "Service Unavailable", 504: "Server Time-out", 505: "Version Not Supported",
    513: "Message Too Large", 600: "Busy Everywhere", 603: "Decline",
    604: "Does Not Exist Anywhere", 606: "Not Acceptable",
}  # fmt: skip
