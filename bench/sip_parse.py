"""
How many INVITEs per second one core reads, types and answers.

Each message differs in branch, Call-ID, tag and user, so that no cache can help. Printed as JSON:
messages per second (median of the rounds), with Via, From, To, CSeq and Contact read as values and
a 180 encoded for each. Time is the processor's, so that neighbors on the machine count little.
"""

from __future__ import annotations

import json
import platform
import statistics
import time

from callfloor.wire.sip import message

MESSAGES = 20_000
ROUNDS = 5
TARGET_PER_SECOND = 50_000

_SDP = (
    "v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n"
    "m=audio 6000 RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"
)


def invite(number: int) -> bytes:
    """Write an INVITE as a trunk sends it."""
    lines = [
        "INVITE sip:900@192.0.2.1:5070 SIP/2.0",
        f"Via: SIP/2.0/UDP 192.0.2.7:5062;rport;branch=z9hG4bK-{number:08x}-1",
        f'From: "Caller {number}" <sip:+4930{number:07d}@192.0.2.7:5062>;tag={number:x}a',
        "To: <sip:900@192.0.2.1:5070>",
        f"Call-ID: {number:012d}@192.0.2.7",
        "CSeq: 1 INVITE",
        f"Contact: <sip:+4930{number:07d}@192.0.2.7:5062;transport=udp>",
        "Max-Forwards: 70",
        "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE",
        "Supported: timer, replaces",
        "User-Agent: bench",
        "Content-Type: application/sdp",
        f"Content-Length: {len(_SDP)}",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n" + _SDP).encode()


def one_round(datagrams: list[bytes]) -> float:
    """Give the messages per second of one pass."""
    started = time.process_time()
    for datagram in datagrams:
        request = message.parse(datagram)
        assert isinstance(request, message.Request)
        assert request.via.branch
        assert request.from_.tag
        assert request.to.uri.user
        assert request.cseq.number
        assert request.contact
        message.respond(request, 180, tag="t1").encode()
    return len(datagrams) / (time.process_time() - started)


def main() -> None:
    """Print the figures."""
    datagrams = [invite(number) for number in range(MESSAGES)]
    rates = [one_round(datagrams) for _ in range(ROUNDS)]
    figures = {
        "bench": "sip_parse",
        "messages_per_second": round(statistics.median(rates)),
        "best": round(max(rates)),
        "worst": round(min(rates)),
        "target": TARGET_PER_SECOND,
        "python": platform.python_version(),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
