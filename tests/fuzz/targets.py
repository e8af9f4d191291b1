"""
Every parser of bytes from outside, as one function of bytes that must raise nothing.

A target swallows PeerError, the one exception that a parser may raise, and checks what must hold of
whatever was read: it can be written and read again, however it came in pieces.

Refuses: to make inputs. Seeds stand beside each target because a mutation needs something whole.
"""

import contextlib
import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from callfloor.floor import numbers
from callfloor.media import webrtc
from callfloor.wire import ccr, dtmf, link, ng, rtp, sdp, seal
from callfloor.wire.errors import LocalError, PeerError
from callfloor.wire.mail import read, write
from callfloor.wire.mail.headers import Address
from callfloor.wire.mail.tests import samples as mails
from callfloor.wire.sip import auth, endpoint, message, refer, session_timer, stream, uri, validate
from callfloor.wire.sip import headers as heads
from callfloor.wire.sip.machines import Remote, Send
from callfloor.wire.sip.registrar import Registrar
from callfloor.wire.sip.tests import torture

UDP = Remote(host="192.0.2.95", port=5060)
TCP = Remote(host="192.0.2.95", port=5060, transport="TCP")
KEY = bytes(range(32))
POLICY = validate.Policy(methods=torture.POLICY_METHODS | {"REFER", "NOTIFY", "PRACK", "INFO"})


@dataclass(frozen=True)
class Target:
    """One parser."""

    run: Callable[[bytes], None]
    seeds: tuple[bytes, ...]
    words: tuple[bytes, ...] = ()
    """What a mutation puts in besides bytes: the grammar's own marks."""


# --- SIP ------------------------------------------------------------------------------------------


def sip_message(data: bytes) -> None:
    """Read a datagram, judge it, answer it; what is answered can be read."""
    for remote in (UDP, TCP):
        party = endpoint.Endpoint(policy=POLICY, secret=b"s")
        for output in party.receive(data, remote, 0.0):
            if isinstance(output, Send):
                message.parse(output.data)
        party.fire(40.0)


def sip_values(data: bytes) -> None:
    """Read a datagram and look at all that is ever looked at in one."""
    try:
        read = message.parse(data)
    except PeerError:
        return
    written = read.encode()
    if len(written) <= message.MESSAGE_BYTES_MAX:  # Short names grow when they are written.
        assert message.parse(written).headers[: len(read.headers)] == read.headers
    if isinstance(read, message.Response):
        auth.read_challenge(read)
        return
    for look in LOOKS:
        with contextlib.suppress(PeerError):
            look(read)
    _registered(read)


def _proof(request: message.Request) -> None:
    auth.Verifier(realm="callfloor", secret=b"s", find=_find).verify(request, now=1.0)


def _find(user: str, algorithm: str) -> str | None:
    return auth.secret_hash(username=user, realm="callfloor", password="x", algorithm=algorithm)


def _caller(request: message.Request) -> None:
    with contextlib.suppress(PeerError):
        _ = request.from_
        numbers.caller_of(request, "HU")
    numbers.normal(request.uri, "HU")


def _registered(request: message.Request) -> None:
    if request.method != "REGISTER" or validate.request(request, POLICY) is not None:
        return
    registrar = Registrar()
    outcome = registrar.register("1001", request, UDP, 0.0)
    message.parse(outcome.answer(request, tag="t").encode())
    registrar.fire(1e6)


LOOKS: tuple[Callable[[message.Request], object], ...] = (
    refer.read,
    refer.replaced,
    refer.status_of,
    session_timer.answer,
    _proof,
    _caller,
)


def sip_pieces(data: bytes) -> None:
    """Read addresses, Via, CSeq and URIs; what is read is written back the same."""
    text = data.decode("utf-8", "surrogateescape")
    for parse in (heads.parse_address, heads.parse_contact, heads.parse_via, uri.parse):
        with contextlib.suppress(PeerError):
            once = parse(text)
            again = parse(str(once))
            assert str(again) == str(once), text
    for parse_one in (heads.parse_cseq, heads.parse_number, refer.parse_replaces):
        with contextlib.suppress(PeerError):
            parse_one(text)
    heads.split_values(text)
    heads.media_type(text)
    assert heads.unquote_string(heads.quote_string(text)) == text


def sip_stream(data: bytes) -> None:
    """Cut a connection's bytes; in whatever pieces they come, the frames are the same."""
    whole, why = _frames(data, [len(data)])
    single, why_single = _frames(data, [1] * min(len(data), 400) + [len(data)])
    assert whole == single[: len(whole)] or single == whole[: len(single)]
    assert (why is None) == (why_single is None)


def _frames(data: bytes, sizes: list[int]) -> tuple[list[bytes], str | None]:
    reader, frames, at = stream.Stream(), [], 0
    try:
        for size in sizes:
            frames += reader.receive(data[at : at + size])
            at += size
    except PeerError as error:
        return frames, str(error)
    return frames, None


# --- Sessions and sound ---------------------------------------------------------------------------


def sdp_session(data: bytes) -> None:
    """Read an offer, answer it; the answer can be read."""
    offered = sdp.parse(data)
    sdp.parse(sdp.encode(offered))
    security = sdp.Security(
        ice_ufrag="abcd", ice_pwd="p" * 24, fingerprint="AA:BB", setup="passive"
    )
    answered = sdp.answer(offered, host="192.0.2.1", port=4000, origin_id=1, security=security)
    sdp.parse(sdp.encode(answered))
    sdp.settle(offered, answered)


def rtp_packet(data: bytes) -> None:
    """Read an RTP packet, and the key in it if it is one."""
    rtp.kind(data)
    packet = rtp.parse(data)
    start, end = rtp.payload_span(data)
    assert data[start:end] == packet.payload
    again = rtp.parse(packet.encode())
    assert (again.payload, again.sequence, again.ssrc) == (
        packet.payload,
        packet.sequence,
        packet.ssrc,
    )
    dtmf.Decoder().feed(packet.payload, timestamp=packet.timestamp, ssrc=packet.ssrc)


def rtcp_packet(data: bytes) -> None:
    """Read a compound RTCP packet; what is understood can be written."""
    packets = rtp.parse_rtcp(data)
    if packets and not isinstance(packets[0], rtp.Goodbye):
        rtp.parse_rtcp(rtp.encode_rtcp(packets, cname="c"))


def dtmf_events(data: bytes) -> None:
    """Feed a row of key events; what comes out is a key."""
    decoder = dtmf.Decoder()
    for at in range(0, len(data) - 7, 8):
        timestamp = int.from_bytes(data[at : at + 4], "big")
        key = decoder.feed(data[at + 4 : at + 8], timestamp=timestamp, ssrc=1)
        assert key is None or key in dtmf.KEYS
    dtmf.parse(data)


class _Line:
    """A socket that sends nothing."""

    def sendto(self, data: bytes, to: Any) -> None:
        """Forget it."""


def stun_check(data: bytes) -> None:
    """Take a connectivity check as the browser's leg does, with our name and password."""
    leg = object.__new__(webrtc.BrowserTransport)
    leg._ufrag, leg._password, leg._remote = "ours", "p" * 24, ("theirs", "", "")
    leg._paths, leg._path, leg._nominated, leg.refused, leg.unsent = set(), None, False, 0, 0
    leg._srtp = leg._keys = None
    leg._take_stun(data, (_Line(), ("192.0.2.7", 4000)))


# --- Our own formats ------------------------------------------------------------------------------


def ng_message(data: bytes) -> None:
    """Read an ng datagram; what is read can be written and read again."""
    cookie, body = ng.decode(data)
    assert ng.decode(ng.encode(cookie, body)) == (cookie, body)


def link_stream(data: bytes) -> None:
    """Read the link's frames, in one piece and byte by byte."""
    whole = link.Decoder().feed(data)
    decoder, single = link.Decoder(), []
    for at in range(len(data)):
        single += decoder.feed(data[at : at + 1])
    assert repr(whole) == repr(single)


def recording(data: bytes) -> None:
    """Read a recording's head and chunks, with a key and without."""
    head = ccr.read_head(data)
    assert ccr.read_head(head.encode()) == head
    for _ in ccr.ciphertexts(data):
        pass
    reader = ccr.Reader(data, data_key=KEY)
    _ = reader.partial
    with contextlib.suppress(PeerError):
        for _frame in reader.frames():
            pass
    with contextlib.suppress(PeerError):
        reader.gaps()


def recording_inside(data: bytes) -> None:
    """Read frames that were sealed by who has the key and writes nonsense."""
    head = _head()
    writer = ccr.Writer(head=head, data_key=KEY)
    writer._parts, writer._size, writer._since = [data], len(data), 0
    reader = ccr.Reader(head.encode() + writer._chunk(last=True), data_key=KEY)
    for _frame in reader.frames():
        pass
    reader.gaps()


def sealed_value(data: bytes) -> None:
    """Open a seal, and a sealed field."""
    with contextlib.suppress(PeerError):
        seal.unseal(data, private_key=KEY)
    seal.decrypt_field(data.decode("latin-1"), key=KEY, item="i")


# --- Seeds ----------------------------------------------------------------------------------------


def _head() -> ccr.Head:
    return ccr.Head(
        recording="r-1", started_at_ms=1, nonce_prefix=b"n" * ccr.PREFIX_BYTES, sealed_key=b"k" * 80
    )


def _recording() -> bytes:
    head = _head()
    writer = ccr.Writer(head=head, data_key=KEY)
    parts = [head.encode()]
    for number in range(4):
        parts.append(writer.frame(channel=0, at_ms=number * 1_000, codec=0, payload=b"x" * 160))
    return b"".join([*parts, writer.pause(at_ms=4_000), writer.close(at_ms=5_000)])


def _check() -> bytes:
    from aioice import stun

    check = stun.Message(
        message_method=stun.Method.BINDING,
        message_class=stun.Class.REQUEST,
        transaction_id=b"t" * 12,
    )
    check.attributes["USERNAME"] = "ours:theirs"
    check.attributes["PRIORITY"] = 1
    check.attributes["USE-CANDIDATE"] = None
    check.add_message_integrity(b"p" * 24)
    return bytes(check)


REQUESTS = tuple(data for data, _ in torture.REQUESTS.values() if len(data) < 4_000)
RESPONSES = tuple(data for data, _ in torture.RESPONSES.values())
TRANSFERS = tuple(
    torture.plain(name, method=method, extra=extra)
    for name, method, extra in (
        ("r1", "REFER", "Refer-To: <sip:x@example.com?Replaces=a%40b%3Bto-tag%3D1%3Bfrom-tag%3D2>"),
        ("r2", "INVITE", "Replaces: a@b;to-tag=1;from-tag=2;early-only"),
        ("r3", "INVITE", "Session-Expires: 1800;refresher=uac\nMin-SE: 90\nSupported: timer"),
        ("r4", "NOTIFY", "Event: refer\nSubscription-State: active;expires=60"),
        ("r5", "REGISTER", 'Authorization: Digest username="u", realm="callfloor", nonce="'
         + "0" * 76 + '", uri="sip:user@example.com", response="' + "0" * 64
         + '", algorithm=SHA-256, qop=auth, nc=00000001, cnonce="c"\nExpires: 60'),
    )
)  # fmt: skip
CHALLENGE = torture.raw(
    'SIP/2.0 401 No\nWWW-Authenticate: Digest realm="callfloor", nonce="n", algorithm=SHA-256, '
    f'qop="auth,auth-int", stale=TRUE, opaque="o"\n{torture.RESPONSE_HEAD}'
)
MARKS = (b"\r\n", b"\r\n ", b";", b",", b'"', b"<", b">", b":", b"%", b"=", b"\\", b"@", b"?",
         b"[::1]", b"sip:", b"tel:", b";tag=", b";lr", b"\xff", b"\x00", b"SIP/2.0",
         b"99999999999999999999", b"\r\n\r\n", b"Content-Length: ", b"*")  # fmt: skip
OFFER = (
    b"v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n"
    b"a=group:BUNDLE 0\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\n"
    b"a=fingerprint:sha-256 AA:BB\r\nm=audio 4000 UDP/TLS/RTP/SAVPF 0 8 101\r\na=mid:0\r\n"
    b"a=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n"
    b"a=candidate:1 1 udp 2130706431 192.0.2.7 4000 typ host\r\na=setup:actpass\r\na=rtcp-mux\r\n"
    b"a=sendrecv\r\na=ptime:20\r\nm=video 0 RTP/AVP 31\r\n"
)
SDP_MARKS = (b"\r\n", b"m=audio ", b"a=", b"c=IN IP6 ", b"a=rtpmap:", b"/", b" ", b"-1", b"65536",
             b"a=inactive\r\n", b"a=candidate:", b"v=0\r\n", b"PCMA", b"9" * 30)  # fmt: skip
RTP = struct.pack("!BBHII", 0x80, 0, 1, 160, 7) + b"\xff" * 160
EXTENDED = struct.pack("!BBHIII", 0xB1, 101, 2, 320, 7, 9) + b"\xbe\xde\x00\x01abcd\x05\x8a\x00\xa0"
SENDER = rtp.encode_rtcp(
    [rtp.SenderReport(ssrc=1, ntp=2, timestamp=3, packets=4, payload_bytes=5)], cname="c"
)


def mail_read(data: bytes) -> None:
    """Read a mail; its files, its answer and its fingerprint can be made of whatever was read."""
    assert len(read.fingerprint(data)) == 64
    found = read.mail(data, trusted="mx.x")
    for each in found.files:
        assert read.file(data, number=each.number) is not None
    for word in ("<script", "javascript:", "onerror="):
        assert word not in found.html.lower().replace("&lt;", "")
    to = found.answer_to or Address(address="a@b.example")
    sender = Address(address="help@acme.example")
    with contextlib.suppress(LocalError):
        out = write.Outgoing(
            sender=sender,
            to=to,
            subject=found.subject,
            text=found.text,
            message_id="m@b.example",
            references=found.thread,
            at=MAILED,
        )
        assert read.mail(write.mail(out)).sender == sender


MAIL_MARKS = (
    *(b"\r\n", b"\n ", b"--o", b"--b", b"=?utf-8?B?", b"?=", b"=?x?Q?=", b"<", b">", b"@", b","),
    *(b"Content-Type: ", b"multipart/mixed; boundary=o", b"message/rfc822", b"charset=", b"\xff"),
    *(b"Content-Transfer-Encoding: base64", b"filename*=", b"begin 644 a", b"From: ", b"<p>"),
)
MAILED = datetime(2026, 3, 2, tzinfo=UTC)

TARGETS: dict[str, Target] = {
    "mail": Target(
        mail_read,
        (
            *(mails.plain(), mails.with_file(), mails.nested(4), mails.given_back("a@b.example")),
            *(mails.given_back_by_qmail("a@b"), mails.out_of_office()),
            b"from:\xff\xff&.:om:m:..",  # R48.
        ),
        MAIL_MARKS,
    ),
    "sip_message": Target(sip_message, (*REQUESTS, *RESPONSES, *TRANSFERS), MARKS),
    "sip_values": Target(sip_values, (*TRANSFERS, CHALLENGE, *REQUESTS), MARKS),
    "sip_pieces": Target(
        sip_pieces,
        (
            b'"Nora \\"N\\" Nagy" <sips:nora:pw@[2001:db8::1]:5061;transport=tcp?a=b>;tag=x;q=0.5',
            b"SIP/2.0/UDP host.example.com:5060;branch=z9hG4bKx;received=192.0.2.1;rport=5",
            b"tel:+36-1-234;ext=12;phone-context=example.com",
            b"314159 INVITE",
            b"a@b;to-tag=1;from-tag=2",
        ),
        MARKS,
    ),
    "sip_stream": Target(
        sip_stream, (*REQUESTS[:8], b"\r\n\r\n" + REQUESTS[0] + b"\r\n" + REQUESTS[1]), MARKS
    ),
    "sdp": Target(sdp_session, (OFFER, torture.SDP.encode()), SDP_MARKS),
    "rtp": Target(rtp_packet, (RTP, EXTENDED)),
    "rtcp": Target(rtcp_packet, (SENDER, SENDER + b"\x81\xcb\x00\x01\x00\x00\x00\x01")),
    "dtmf": Target(dtmf_events, (b"\x00\x00\x00\xa0\x05\x0a\x00\xa0" * 4, b"\x05\x8a\xff\xff")),
    "stun": Target(stun_check, (_check(),)),
    "ng": Target(
        ng_message,
        (
            ng.encode("c1", {"command": "offer", "n": -5, "list": [1, "a", {"b": b"\xff"}]}),
            b"c2 d7:command4:ping4:sdp 3:abce",
        ),
        (b"d", b"l", b"e", b"i", b"0:", b"i-0e", b"9999999999:", b"dededede", b"llllllll"),
    ),
    "link": Target(
        link_stream, (link.encode({"type": "hello", "n": 1.5}) * 2,), (b"\x00\x00\x00\x02{}",)
    ),
    "recording": Target(recording, (_recording(),)),
    "recording_inside": Target(
        recording_inside, (struct.pack(">BIH", 0, 1, 3) + b"abc" + struct.pack(">BIH", 0xF0, 9, 0),)
    ),
    "seal": Target(
        sealed_value,
        (
            seal.seal(b"v", public_key=seal.public_key_of(KEY), ephemeral_private=KEY[::-1],
                      nonce=b"n" * 12),
            seal.encrypt_field(b"v", key=KEY, item="i", nonce=b"n" * 12).encode(),
        ),
    ),
}  # fmt: skip
"""Every parser by its name."""


def try_one(name: str, data: bytes) -> None:
    """Give one input to a parser; whatever is raised but a PeerError is a finding."""
    with contextlib.suppress(PeerError):
        TARGETS[name].run(data)
