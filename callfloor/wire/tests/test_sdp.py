"""Offers are read whole, answered within what they allow, and refused when nothing fits."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callfloor.wire import sdp
from callfloor.wire.errors import LocalError, NothingInCommon, PeerError

pytestmark = pytest.mark.pure

TRUNK = b"""v=0\r
o=trunk 2890844526 2890844527 IN IP4 192.0.2.7\r
s=-\r
c=IN IP4 192.0.2.7\r
t=0 0\r
m=audio 6000 RTP/AVP 18 8 0 101\r
a=rtpmap:101 telephone-event/8000\r
a=fmtp:101 0-16\r
a=ptime:20\r
a=x-own:kept\r
"""
BROWSER = b"""v=0\r
o=- 4611731400430051336 2 IN IP4 127.0.0.1\r
s=-\r
t=0 0\r
a=group:BUNDLE 0 1\r
a=extmap-allow-mixed\r
a=msid-semantic: WMS\r
m=audio 9 UDP/TLS/RTP/SAVPF 111 0 8 110 126\r
c=IN IP4 0.0.0.0\r
a=rtcp:9 IN IP4 0.0.0.0\r
a=candidate:1 1 udp 2113937151 7e5e0c9b.local 51210 typ host generation 0 network-cost 999\r
a=ice-ufrag:Gr5x\r
a=ice-pwd:rPV2rHrB4ckvGUqMJgUDKmVT\r
a=ice-options:trickle\r
a=fingerprint:sha-256 AB:CD:EF\r
a=setup:actpass\r
a=mid:0\r
a=sendrecv\r
a=rtcp-mux\r
a=rtpmap:111 opus/48000/2\r
a=fmtp:111 minptime=10;useinbandfec=1\r
a=rtpmap:0 PCMU/8000\r
a=rtpmap:8 PCMA/8000\r
a=rtpmap:110 telephone-event/48000\r
a=rtpmap:126 telephone-event/8000\r
m=video 9 UDP/TLS/RTP/SAVPF 96\r
c=IN IP4 0.0.0.0\r
a=mid:1\r
a=rtpmap:96 VP8/90000\r
"""
SECURITY = sdp.Security(
    ice_ufrag="ours",
    ice_pwd="secret",
    fingerprint="sha-256 01:02",
    setup="passive",
    candidates=(
        sdp.Candidate(
            foundation="1",
            component=1,
            transport="udp",
            priority=2130706431,
            host="192.0.2.1",
            port=4000,
            kind="host",
        ),
    ),
)


class TestParse:
    def test_reads_a_trunks_offer(self):
        session = sdp.parse(TRUNK)
        audio = session.audio
        assert (session.origin_id, session.version, session.host) == (
            "2890844526",
            2890844527,
            "192.0.2.7",
        )
        assert audio is not None
        assert (audio.host, audio.port, audio.direction, audio.ptime_ms) == (
            "192.0.2.7",
            6000,
            "sendrecv",
            20,
        )
        assert [codec.name for codec in audio.codecs] == ["G729", "PCMA", "PCMU", sdp.EVENT]
        assert audio.attributes == (("x-own", "kept"),)

    def test_reads_a_browsers_offer(self):
        session = sdp.parse(BROWSER)
        audio = session.audio
        assert audio is not None
        assert audio.is_secure
        assert audio.rtcp_mux
        assert session.bundle == ("0", "1")
        assert (audio.mid, audio.setup, audio.ice_ufrag) == ("0", "actpass", "Gr5x")
        assert audio.candidates[0].host == "7e5e0c9b.local"
        assert audio.candidates[0].extra == "generation 0 network-cost 999"
        event = audio.codec(sdp.EVENT)
        assert event is not None
        assert event.payload == 126

    def test_takes_lines_that_end_in_lf_alone(self):
        assert sdp.parse(TRUNK.replace(b"\r\n", b"\n")) == sdp.parse(TRUNK)

    def test_a_session_wide_attribute_holds_for_the_line(self):
        session = sdp.parse(TRUNK.replace(b"t=0 0\r\n", b"t=0 0\r\na=sendonly\r\n"))
        assert session.audio is not None
        assert session.audio.direction == "sendonly"
        assert session.audio.is_held

    def test_the_old_way_to_hold_is_known(self):
        """RFC 2543 held a call with the address 0.0.0.0."""
        session = sdp.parse(TRUNK.replace(b"c=IN IP4 192.0.2.7", b"c=IN IP4 0.0.0.0"))
        assert session.audio is not None
        assert session.audio.is_held

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (b"v=0", b"v=1"),
            (b"v=0\r\n", b""),
            (b"o=trunk", b"p=trunk"),
            (b"2890844527 IN", b"x IN"),
            (b"c=IN IP4 192.0.2.7", b"c=IN IP9 192.0.2.7"),
            (b"c=IN IP4 192.0.2.7\r\n", b""),
            (b"6000", b"66000"),
            (b"6000", b"-1"),
            (b"audio 6000 RTP/AVP 18 8 0 101", b"audio 6000"),
            (b"18 8 0 101", b"18 8 0 201"),
            (b"telephone-event/8000", b"telephone-event"),
            (b"telephone-event/8000", b"telephone-event/" + b"9" * 30),
            (b"a=x-own:kept", b"a=:kept"),
            (b"a=x-own:kept", b"kept"),
            (b"a=x-own:kept", b"a=candidate:1 1 udp"),
            (b"a=x-own:kept", b"a=" + b"x" * 70_000),
            (b"a=x-own:kept", b"a=x\r\n" * 3_000),
            (b"a=x-own:kept", b"m=audio 1 RTP/AVP 0\r\n" * 20),
        ],
    )
    def test_refuses(self, old, new):
        assert old in TRUNK
        with pytest.raises(PeerError):
            sdp.parse(TRUNK.replace(old, new, 1))


class TestAnswer:
    def test_prefers_our_codec_and_keeps_their_payload_numbers(self):
        answered = sdp.answer(sdp.parse(TRUNK), host="192.0.2.1", port=7000, origin_id=5)
        assert sdp.encode(answered) == (
            b"v=0\r\no=- 5 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
            b"m=audio 7000 RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\n"
            b"a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n"
        )

    def test_takes_a_law_where_only_that_is_offered(self):
        offer = sdp.parse(TRUNK.replace(b"18 8 0 101", b"18 8 101"))
        audio = sdp.answer(offer, host="192.0.2.1", port=7000, origin_id=5).audio
        assert audio is not None
        assert audio.formats == ("8", "101")

    def test_answers_a_browser_with_security_and_refuses_its_video(self):
        answered = sdp.answer(
            sdp.parse(BROWSER), host="192.0.2.1", port=4000, origin_id=5, security=SECURITY
        )
        audio, video = answered.media
        assert audio.formats == ("0", "126")
        assert (audio.setup, audio.rtcp_mux, audio.mid) == ("passive", True, "0")
        assert audio.candidates == SECURITY.candidates
        assert (video.port, video.formats, video.mid) == (0, ("96",), "1")
        assert answered.bundle == ("0",)

    def test_a_browser_without_our_security_is_our_fault(self):
        with pytest.raises(LocalError):
            sdp.answer(sdp.parse(BROWSER), host="192.0.2.1", port=4000, origin_id=5)

    @pytest.mark.parametrize("formats", [b"18 101", b"3"])
    def test_nothing_in_common_is_said(self, formats):
        offer = sdp.parse(TRUNK.replace(b"18 8 0 101", formats))
        with pytest.raises(NothingInCommon):
            sdp.answer(offer, host="192.0.2.1", port=7000, origin_id=5)

    def test_a_protocol_that_is_not_spoken_is_nothing_in_common(self):
        offer = sdp.parse(TRUNK.replace(b"RTP/AVP", b"RTP/SAVP"))
        with pytest.raises(NothingInCommon):
            sdp.answer(offer, host="192.0.2.1", port=7000, origin_id=5)

    @pytest.mark.parametrize(
        ("offered", "wanted", "answered"),
        [
            ("sendrecv", "sendrecv", "sendrecv"),
            ("sendrecv", "sendonly", "sendonly"),
            ("sendrecv", "inactive", "inactive"),
            ("sendonly", "sendrecv", "recvonly"),
            ("sendonly", "sendonly", "inactive"),
            ("recvonly", "sendrecv", "sendonly"),
            ("recvonly", "recvonly", "inactive"),
            ("inactive", "sendrecv", "inactive"),
        ],
    )
    def test_never_says_more_than_the_offer_allows(self, offered, wanted, answered):
        assert sdp.answering_direction(offered, wanted) == answered


class TestOffer:
    def test_reads_back_as_written(self):
        offered = sdp.offer(host="2001:db8::1", port=4000, origin_id=7, security=SECURITY)
        assert sdp.parse(sdp.encode(offered)) == offered

    def test_is_answered_by_ourselves(self):
        offered = sdp.offer(host="192.0.2.1", port=4000, origin_id=7, codecs=("PCMA",))
        audio = sdp.answer(offered, host="192.0.2.2", port=4002, origin_id=8).audio
        assert audio is not None
        assert audio.formats == ("8", "101")


class TestSettle:
    OFFERED = sdp.offer(host="192.0.2.1", port=4000, origin_id=7)

    def answered(self, **changes):
        return sdp.answer(self.OFFERED, host="192.0.2.2", port=4002, origin_id=8, **changes)

    def test_gives_their_address_codec_and_keys(self):
        agreed = sdp.settle(self.OFFERED, self.answered(preferred=("PCMA",)))
        assert (agreed.host, agreed.port) == ("192.0.2.2", 4002)
        assert [codec.payload for codec in agreed.codecs] == [8, 101]

    def test_takes_the_first_of_an_answer_with_two_codecs(self):
        answered = sdp.parse(sdp.encode(self.OFFERED))
        assert sdp.settle(self.OFFERED, answered).codecs[0].name == "PCMU"

    @pytest.mark.parametrize(
        ("theirs", "ours"),
        [("sendrecv", "sendrecv"), ("sendonly", "recvonly"), ("recvonly", "sendonly")],
    )
    def test_the_direction_is_ours(self, theirs, ours):
        assert sdp.settle(self.OFFERED, self.answered(direction=theirs)).direction == ours

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("m=audio 4002", "m=audio 0"),
            ("RTP/AVP 0", "RTP/AVP 3"),
            ("RTP/AVP", "UDP/TLS/RTP/SAVPF"),
        ],
    )
    def test_nothing_in_common_is_said(self, old, new):
        text = sdp.encode(self.answered()).decode().replace(old, new)
        with pytest.raises(NothingInCommon):
            sdp.settle(self.OFFERED, sdp.parse(text.encode()))


class TestEncode:
    def test_a_line_break_in_a_value_is_our_fault(self):
        with pytest.raises(LocalError):
            sdp.encode(sdp.offer(host="192.0.2.1\r\na=x", port=1, origin_id=1))

    @pytest.mark.parametrize("text", [TRUNK, BROWSER])
    def test_what_was_read_is_written_without_loss(self, text):
        session = sdp.parse(text)
        assert sdp.parse(sdp.encode(session)) == session


@settings(max_examples=150)
@given(st.data())
def test_mutations_raise_peer_error_only(data):
    raw = bytearray(data.draw(st.sampled_from([TRUNK, BROWSER])))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=4))
    try:
        session = sdp.parse(bytes(raw))
        answered = sdp.answer(session, host="192.0.2.1", port=1, origin_id=1, security=SECURITY)
        sdp.encode(answered)
    except PeerError:
        return
