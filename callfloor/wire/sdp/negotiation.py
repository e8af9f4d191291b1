"""
Offers and answers (RFC 3264): which codec, which direction, what is refused.

One speech codec is answered, never two, so that neither side may switch in mid-call and nothing is
ever transcoded but mu-law and A-law. Refuses: to open a port or to make a key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from callfloor.wire.errors import LocalError, NothingInCommon
from callfloor.wire.sdp.values import CLOCK, EVENT, STATIC, Codec, Media, Security, Session

PREFERRED = ("PCMU", "PCMA")
EVENT_KEYS = "0-15"  # The sixteen keys of RFC 4733 section 3.2.
PROTOCOLS = ("RTP/AVP", "RTP/SAVPF", "UDP/TLS/RTP/SAVPF")
_MIRROR = {"sendonly": "recvonly", "recvonly": "sendonly"}


def answer(
    offer: Session,
    *,
    host: str,
    port: int,
    origin_id: int,
    version: int = 1,
    direction: str = "sendrecv",
    security: Security | None = None,
    preferred: Sequence[str] = PREFERRED,
) -> Session:
    """
    Answer an offer with one speech codec and the keys, everything else refused.

    `direction` is what this side wants; the answer never says more than the offer allows (RFC 3264
    section 6.1). `security` is required where the offer asks for DTLS. Raises NothingInCommon if no
    audio line can be taken; that is a 488.
    """
    chosen = _choose(offer, preferred)
    if chosen is None:
        raise NothingInCommon("no audio line with G.711")
    if offer.media[chosen].is_secure and security is None:
        raise LocalError("this offer needs ICE and DTLS")
    media = tuple(
        _accept(line, host, port, direction, security, preferred)
        if index == chosen
        else _refuse(line)
        for index, line in enumerate(offer.media)
    )
    mid = media[chosen].mid
    return Session(
        origin_id=str(origin_id),
        version=version,
        host=host,
        media=media,
        bundle=(mid,) if mid is not None and mid in offer.bundle else (),
    )


def offer(
    *,
    host: str,
    port: int,
    origin_id: int,
    version: int = 1,
    direction: str = "sendrecv",
    codecs: Sequence[str] = PREFERRED,
    event_payload: int = 101,
    security: Security | None = None,
) -> Session:
    """Offer G.711 and keys on one audio line, over DTLS-SRTP if `security` is given."""
    payloads = {name: number for number, (name, _) in STATIC.items()}
    line = Media(
        kind="audio",
        port=port,
        protocol=PROTOCOLS[2] if security else PROTOCOLS[0],
        formats=(),
        host=host,
        codecs=(
            *[Codec(payload=payloads[name], name=name, clock=CLOCK) for name in codecs],
            Codec(payload=event_payload, name=EVENT, clock=CLOCK, fmtp=EVENT_KEYS),
        ),
        direction=direction,
        ptime_ms=20,
        mid="0" if security else None,
    )
    bundle = ("0",) if security else ()
    return Session(
        origin_id=str(origin_id),
        version=version,
        host=host,
        media=(_with_formats(_secured(line, security)),),
        bundle=bundle,
    )


def settle(offered: Session, answered: Session) -> Media:
    """
    Give what an answer to our offer of one audio line agrees on, seen from our side.

    The far side's address, its first speech codec of those that were offered and its number for
    keys; the direction is what we may do (RFC 3264 section 7). Raises NothingInCommon if the
    answer takes no audio.
    """
    line = answered.audio
    if line is None or line.protocol != offered.media[0].protocol:
        raise NothingInCommon("the answer takes no audio")
    names = {codec.name for codec in offered.media[0].codecs} - {EVENT}
    speech = next((c for c in line.codecs if c.name in names and c.clock == CLOCK), None)
    if speech is None:
        raise NothingInCommon("the answer takes no codec that was offered")
    events = line.codec(EVENT)
    return replace(
        line,
        codecs=(speech, *(() if events is None else (events,))),
        direction=answering_direction(line.direction, offered.media[0].direction),
    )


def answering_direction(offered: str, wanted: str) -> str:
    """Give the most of `wanted` that an offered direction allows (RFC 3264 section 6.1)."""
    allowed = _MIRROR.get(offered, offered)
    sends = allowed in ("sendrecv", "sendonly") and wanted in ("sendrecv", "sendonly")
    hears = allowed in ("sendrecv", "recvonly") and wanted in ("sendrecv", "recvonly")
    if sends:
        return "sendrecv" if hears else "sendonly"
    return "recvonly" if hears else "inactive"


def _choose(offered: Session, preferred: Sequence[str]) -> int | None:
    for index, line in enumerate(offered.media):
        known = line.kind == "audio" and line.port and line.protocol in PROTOCOLS
        if known and any(line.codec(name) for name in preferred):
            return index
    return None


def _accept(
    line: Media,
    host: str,
    port: int,
    direction: str,
    security: Security | None,
    preferred: Sequence[str],
) -> Media:
    speech = next(codec for name in preferred if (codec := line.codec(name)))
    events = line.codec(EVENT)
    keys = () if events is None else (replace(events, fmtp=EVENT_KEYS),)
    taken = Media(
        kind="audio",
        port=port,
        protocol=line.protocol,
        formats=(),
        host=host,
        codecs=(speech, *keys),
        direction=answering_direction(line.direction, direction),
        mid=line.mid,
        rtcp_mux=line.rtcp_mux,
        ptime_ms=20,
    )
    return _with_formats(_secured(taken, security) if line.is_secure else taken)


def _secured(line: Media, security: Security | None) -> Media:
    if security is None:
        return line
    return replace(
        line,
        rtcp_mux=True,
        ice_ufrag=security.ice_ufrag,
        ice_pwd=security.ice_pwd,
        fingerprint=security.fingerprint,
        setup=security.setup,
        candidates=security.candidates,
    )


def _with_formats(line: Media) -> Media:
    return replace(line, formats=tuple(str(codec.payload) for codec in line.codecs))


def _refuse(line: Media) -> Media:
    # RFC 3264 section 6: the line stays, with port 0 and a format of the offer.
    return Media(
        kind=line.kind,
        port=0,
        protocol=line.protocol,
        formats=line.formats,
        host=line.host,
        direction="inactive",
        mid=line.mid,
    )
