"""
How long a call may go without a sign of life, and who gives it (RFC 4028).

Refuses: to keep the time; the owner of the call asks `refresh_at` and `ends_at`.
"""

from __future__ import annotations

from dataclasses import dataclass

from callfloor.wire.errors import PeerError
from callfloor.wire.sip import headers as heads
from callfloor.wire.sip import uri as uris
from callfloor.wire.sip.message import Header, Message, Request, Response

MIN_SE_SECONDS = 90  # RFC 4028 section 4: nobody may ask for less.
USUAL_SECONDS = 1_800  # RFC 4028 section 4 recommends half an hour.


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What both sides agreed on, as seen from here."""

    interval_seconds: int
    """From one sign of life to the end without another."""
    we_refresh: bool
    """Whether it is on us to send the re-INVITE or UPDATE."""

    def refresh_at(self, since: float) -> float:
        """Say when the refresh is due: half way (RFC 4028 section 7.2)."""
        return since + self.interval_seconds / 2

    def ends_at(self, since: float) -> float:
        """Say when to send BYE if nothing came (RFC 4028 section 10)."""
        return since + self.interval_seconds - min(32, self.interval_seconds / 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a 2xx to this request says about the timer, or the refusal owed."""

    agreement: Agreement | None
    """None if there is no timer, or the request is refused."""
    headers: tuple[Header, ...]
    """For the 2xx, or for the 422."""
    status: int | None = None
    """422 if the interval is too small, else None."""


def wanted(message: Message) -> tuple[int, str | None] | None:
    """Read Session-Expires: seconds and refresher; None if there is none. PeerError if bad."""
    value = message.get("Session-Expires")
    if value is None:
        return None
    seconds, semicolon, params = value.partition(";")
    refresher = uris.parse_params(semicolon + params).get("refresher") if semicolon else None
    if refresher not in (None, "uac", "uas"):
        raise PeerError("Session-Expires has an unknown refresher")
    return heads.parse_number(seconds.strip()), refresher


def answer(request: Request, *, min_se: int = MIN_SE_SECONDS) -> Answer:
    """
    Answer the timer that an INVITE or UPDATE asks for (RFC 4028 section 9).

    Raises PeerError if the request's headers are malformed; that is a 400.
    """
    asked = wanted(request)
    if asked is None:
        return Answer(agreement=None, headers=())
    seconds, refresher = asked
    peer_knows = "timer" in (tag.lower() for tag in request.values("Supported"))
    if seconds < min_se and peer_knows:
        return Answer(agreement=None, headers=(("Min-SE", str(min_se)),), status=422)
    seconds = max(seconds, min_se, _min_se(request))
    refresher = (refresher or "uac") if peer_knows else "uas"
    headers: list[Header] = [("Session-Expires", f"{seconds};refresher={refresher}")]
    if refresher == "uac":
        headers.append(("Require", "timer"))
    agreement = Agreement(interval_seconds=seconds, we_refresh=refresher == "uas")
    return Answer(agreement=agreement, headers=tuple(headers))


def offer(*, seconds: int = USUAL_SECONDS, refresher: str = "uac") -> tuple[Header, ...]:
    """Write the headers that ask for a timer in our own INVITE (RFC 4028 section 7.1)."""
    assert seconds >= MIN_SE_SECONDS, "RFC 4028 section 4"
    return (
        ("Supported", "timer"),
        ("Session-Expires", f"{seconds};refresher={refresher}"),
        ("Min-SE", str(MIN_SE_SECONDS)),
    )


def agreed(response: Response, *, seconds: int = USUAL_SECONDS) -> Agreement:
    """Read what a 2xx to our INVITE agreed to; without Session-Expires only we refresh."""
    said = wanted(response)
    if said is None:  # RFC 4028 section 7.2: the peer does not know timers, but answers refreshes.
        return Agreement(interval_seconds=seconds, we_refresh=True)
    return Agreement(interval_seconds=max(said[0], MIN_SE_SECONDS), we_refresh=said[1] != "uas")


def _min_se(request: Request) -> int:
    value = request.get("Min-SE")
    return heads.parse_number(value.partition(";")[0].strip()) if value else 0
