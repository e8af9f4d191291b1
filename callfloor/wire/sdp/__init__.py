"""
Session descriptions: text to values and back, and the answer to an offer (RFC 8866, RFC 3264).

Audio is typed: G.711 and telephone events over plain RTP or DTLS-SRTP, with the ICE and bundle
attributes of browsers. Media that are not audio are read and refused with port 0.

Refuses: to transcode, to open a port, to look up a host name.
"""

from callfloor.wire.sdp.negotiation import PREFERRED, answer, answering_direction, offer, settle
from callfloor.wire.sdp.reader import parse, parse_candidate
from callfloor.wire.sdp.values import (
    CLOCK,
    EVENT,
    Attribute,
    Candidate,
    Codec,
    Media,
    Security,
    Session,
)
from callfloor.wire.sdp.writer import encode

__all__ = [
    "CLOCK",
    "EVENT",
    "PREFERRED",
    "Attribute",
    "Candidate",
    "Codec",
    "Media",
    "Security",
    "Session",
    "answer",
    "answering_direction",
    "encode",
    "offer",
    "parse",
    "parse_candidate",
    "settle",
]
