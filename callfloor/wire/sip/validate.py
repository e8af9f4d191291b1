"""
What a message that was read is owed: nothing, a status, or silence (RFC 3261 sections 8.1.3, 8.2).

Only what can be judged from the message alone is judged here. A loop (482), an unknown dialog (481)
and a missing password (401) need more and are found in `transaction`, `dialog` and `auth`.

Refuses: to correct anything; to let a bad message reach a decision.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from callfloor.wire.errors import PeerError
from callfloor.wire.sip import headers as heads
from callfloor.wire.sip import message as messages
from callfloor.wire.sip.message import Header, Request, Response

# What the world knows (RFC 3261 and its extensions): these get 405 where we do not serve them,
# every other method gets 501 (RFC 3261 sections 8.2.1 and 21.5.2).
METHODS_KNOWN = frozenset({
    "ACK", "BYE", "CANCEL", "INFO", "INVITE", "MESSAGE", "NOTIFY", "OPTIONS", "PRACK", "PUBLISH",
    "REFER", "REGISTER", "SUBSCRIBE", "UPDATE",
})  # fmt: skip
_ONCE = frozenset({
    "Call-ID", "CSeq", "Content-Length", "Content-Type", "Date", "Expires", "From", "Max-Forwards",
    "To",
})  # fmt: skip
_CARRIES_SESSION = frozenset({"INVITE", "UPDATE"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What this element serves."""

    methods: frozenset[str] = frozenset({"INVITE", "ACK", "CANCEL", "BYE", "OPTIONS"})
    """Methods served; they go into Allow."""
    extensions: frozenset[str] = frozenset({"timer"})
    """Option tags that may be required; they go into Supported."""
    schemes: frozenset[str] = frozenset({"sip", "sips"})
    """Schemes of the Request-URI."""
    body_types: frozenset[str] = frozenset({"application/sdp"})
    """Media types of an INVITE's or UPDATE's body."""
    forwards: bool = False
    """Whether requests travel on from here, so that Max-Forwards 0 ends them."""
    uri_chars_max: int = 1_024
    """Request-URI; RFC 4475's longest legal one has about 600."""
    body_bytes_max: int = 32_768
    """Body; a browser's offer with all its candidates has about 8,000."""

    def allow(self) -> Header:
        """Write the Allow header."""
        return ("Allow", ", ".join(sorted(self.methods)))

    def supported(self) -> Header:
        """Write the Supported header."""
        return ("Supported", ", ".join(sorted(self.extensions)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a request goes no further."""

    status: int | None
    """The status owed; None if the request is dropped in silence."""
    why: str
    """For the log."""
    headers: tuple[Header, ...] = ()
    """Headers that belong to the status (Allow, Unsupported, Accept …)."""

    def answer(self, request: Request, *, tag: str) -> Response | None:
        """Build the response owed, None if silence is."""
        if self.status is None:
            return None
        return messages.respond(request, self.status, tag=tag, headers=self.headers)


def request(message: Request, policy: Policy) -> Refusal | None:
    """Judge a request; None if nothing is wrong with it."""
    refusal = _judge(message, policy)
    if refusal is not None and (message.method == "ACK" or message.get("Via") is None):
        # An ACK is never answered (RFC 3261 section 17), and without a Via nobody can be.
        return Refusal(status=None, why=refusal.why)
    return refusal


def response(message: Response) -> str | None:
    """Say why a response must be dropped; None if nothing is wrong with it."""
    if message.version.upper() != messages.VERSION:
        return f"version {message.version[:20]}"
    if message.flaws:
        return message.flaws[0]
    try:
        _read_mandatory(message)
    except PeerError as error:
        return str(error)
    if len(message.vias) > 1:  # RFC 3261 section 8.1.3.3: it was meant for somebody else.
        return "more than one Via"
    return None


def _judge(message: Request, policy: Policy) -> Refusal | None:
    if message.version.upper() != messages.VERSION:
        return Refusal(status=505, why=f"version {message.version[:20]}")
    if len(message.uri) > policy.uri_chars_max:
        return Refusal(status=414, why="Request-URI is too long")
    fault = _fault(message)
    if fault:
        return Refusal(status=400, why=fault)
    return (
        _judge_method(message, policy)
        or _judge_target(message, policy)
        or _judge_extensions(message, policy)
        or _judge_body(message, policy)
    )


def _fault(message: Request) -> str | None:
    if message.flaws:
        return message.flaws[0]
    try:
        _read_mandatory(message)
        _read_target(message)
        if message.cseq.method != message.method:  # RFC 3261 section 8.1.1.5.
            return "CSeq names another method"
        if "tag" not in message.from_.params and message.via.branch.startswith(
            messages.MAGIC_COOKIE
        ):
            return "From has no tag"
    except PeerError as error:
        return str(error)
    return None


def _read_mandatory(message: Request | Response) -> None:
    # Reading a typed header is what finds its faults.
    seen: set[str] = set()
    for name, _ in message.headers:
        if name in _ONCE and name in seen:
            raise PeerError(f"{name} comes twice")
        seen.add(name)
    if not message.vias or not message.call_id:
        raise PeerError("Via or Call-ID is missing")
    _ = message.from_, message.to, message.cseq, message.contacts, message.max_forwards
    for route in (*message.values("Route"), *message.values("Record-Route")):
        heads.parse_address(route)
    expires = message.get("Expires")
    if expires is not None:
        heads.parse_number(expires)


def _read_target(message: Request) -> None:
    target = message.target
    if target.headers:  # RFC 3261 section 19.1.1: not in a Request-URI.
        raise PeerError("Request-URI has headers")


def _judge_method(message: Request, policy: Policy) -> Refusal | None:
    if message.method in policy.methods:
        return None
    status = 405 if message.method in METHODS_KNOWN else 501
    return Refusal(status=status, why=f"method {message.method[:40]}", headers=(policy.allow(),))


def _judge_target(message: Request, policy: Policy) -> Refusal | None:
    if message.target.scheme not in policy.schemes:
        return Refusal(status=416, why=f"scheme {message.target.scheme[:40]}")
    if policy.forwards and message.max_forwards == 0 and message.to.tag is None:
        return Refusal(status=483, why="no hops left")
    return None


def _judge_extensions(message: Request, policy: Policy) -> Refusal | None:
    if message.method in ("ACK", "CANCEL"):  # RFC 3261 section 8.2.2.3: these are not asked.
        return None
    wanted = [*message.values("Require"), *message.values("Proxy-Require")]
    unknown = [tag for tag in wanted if tag.lower() not in policy.extensions]
    if not unknown:
        return None
    return Refusal(
        status=420, why="extension required", headers=(("Unsupported", ", ".join(unknown)),)
    )


def _judge_body(message: Request, policy: Policy) -> Refusal | None:
    if len(message.body) > policy.body_bytes_max:
        return Refusal(status=413, why=f"body of {len(message.body)} bytes")
    if message.method not in _CARRIES_SESSION:
        return None
    if not _accepts_any(message.values("Accept"), policy.body_types):
        return Refusal(status=406, why="accepts no body that is spoken here")
    if not message.body or _is_optional(message.get("Content-Disposition") or ""):
        return None
    return _judge_body_type(message, policy)


def _judge_body_type(message: Request, policy: Policy) -> Refusal | None:
    accept = ("Accept", ", ".join(sorted(policy.body_types)))
    if (message.get("Content-Encoding") or "identity").lower() != "identity":
        return Refusal(
            status=415, why="encoded body", headers=(accept, ("Accept-Encoding", "identity"))
        )
    if message.content_type not in policy.body_types:
        return Refusal(status=415, why=f"body {message.content_type[:40]}", headers=(accept,))
    return None


def _accepts_any(accepted: list[str], spoken: Iterable[str]) -> bool:
    if not accepted:
        return True  # RFC 3261 section 20.1: a missing Accept means application/sdp.
    types = {heads.media_type(value) for value in accepted}
    return any({media, f"{media.partition('/')[0]}/*", "*/*"} & types for media in spoken)


def _is_optional(disposition: str) -> bool:
    return "handling=optional" in disposition.replace(" ", "").lower()
