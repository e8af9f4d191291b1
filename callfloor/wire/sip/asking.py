"""
What the client machines of this room want done: a request sent, an INVITE taken back.

Refuses: to say over which socket; whoever performs it knows where a URI is reached.
"""

from __future__ import annotations

from dataclasses import dataclass

from callfloor.wire.sip.message import Request
from callfloor.wire.sip.uri import Uri


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Send a request in a new transaction; an ACK without one (`Endpoint.send`)."""

    request: Request
    """The request."""
    hop: Uri
    """Where it goes first, if nothing better is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack:
    """Cancel an INVITE as soon as that is allowed (`Endpoint.cancel`)."""

    invite: Request
    """The INVITE."""
    reason: str
    """The Reason header of the CANCEL (RFC 3326); may be empty."""
