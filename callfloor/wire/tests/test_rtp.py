"""RTP and RTCP packets are read within their bounds and written as the RFC draws them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callfloor.wire import rtp
from callfloor.wire.errors import PeerError

pytestmark = pytest.mark.pure

words = st.integers(0, 2**32 - 1)
PACKET = rtp.Packet(
    payload_type=101, sequence=1, timestamp=2, ssrc=3, payload=b"sound", marker=True, csrcs=(4, 5)
)


class TestPacket:
    def test_is_written_as_drawn(self):
        """RFC 3550 section 5.1."""
        assert (
            PACKET.encode()
            == bytes.fromhex("82e50001 00000002 00000003 00000004 00000005".replace(" ", ""))
            + b"sound"
        )

    @settings(max_examples=40)
    @given(
        st.integers(0, 127),
        st.integers(0, 65_535),
        words,
        words,
        st.binary(max_size=200),
        st.booleans(),
        st.lists(words, max_size=15),
    )
    def test_reads_back_as_written(self, kind, sequence, timestamp, ssrc, payload, marker, csrcs):
        packet = rtp.Packet(
            payload_type=kind,
            sequence=sequence,
            timestamp=timestamp,
            ssrc=ssrc,
            payload=payload,
            marker=marker,
            csrcs=tuple(csrcs),
        )
        assert rtp.parse(packet.encode()) == packet

    def test_skips_extension_and_padding(self):
        head = bytes.fromhex("b0000001 00000002 00000003".replace(" ", ""))
        extension = bytes.fromhex("bede0001 10ff0000".replace(" ", ""))
        packet = rtp.parse(head + extension + b"sound" + b"\0\0\x03")
        assert packet.payload == b"sound"

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"\x80" * 11,
            b"\x40" + bytes(20),
            b"\x8f" + bytes(20),
            b"\x90" + bytes(11),
            b"\x90" + bytes(13) + b"\x00\x09",
            b"\xa0" + bytes(11) + b"\x09",
        ],
    )
    def test_refuses_what_is_cut_off(self, data):
        with pytest.raises(PeerError):
            rtp.parse(data)


REPORT = rtp.Report(
    ssrc=9,
    lost_fraction=0.25,
    lost_total=-3,
    highest_sequence=0x10007,
    jitter=8,
    last_sender_report=0xAABBCCDD,
    delay_since_last=65_536,
)


class TestRtcp:
    def test_reads_back_as_written(self):
        packets = [
            rtp.SenderReport(
                ssrc=1,
                ntp=rtp.ntp_time(0.5),
                timestamp=160,
                packets=7,
                payload_bytes=1_120,
                reports=(REPORT,),
            ),
            rtp.ReceiverReport(ssrc=1, reports=(REPORT, REPORT)),
            rtp.Goodbye(ssrcs=(1,)),
        ]
        assert rtp.parse_rtcp(rtp.encode_rtcp(packets, cname="floor")) == packets

    def test_the_cname_follows_the_first_report(self):
        written = rtp.encode_rtcp([rtp.ReceiverReport(ssrc=1)], cname="ab")
        assert written.hex(" ", 4) == "80c90001 00000001 81ca0003 00000001 01026162 00000000"

    def test_the_ntp_epoch_is_1900(self):
        assert rtp.ntp_time(0) == 2_208_988_800 << 32

    @pytest.mark.parametrize(
        "data",
        [
            b"\x80",
            b"\x00\xc9\x00\x00",
            b"\x80\xc9\x00\x05",
            b"\x81\xc9\x00\x01\x00\x00\x00\x01",
            b"\x80\xc8\x00\x00",
            b"\x82\xcb\x00\x01\x00\x00\x00\x01",
        ],
    )
    def test_refuses_what_is_cut_off(self, data):
        with pytest.raises(PeerError):
            rtp.parse_rtcp(data)


@settings(max_examples=100)
@given(st.binary(max_size=60), st.sampled_from([b"", b"\x80", b"\x90", b"\xb1", b"\x81\xc8\0\0"]))
def test_noise_gives_peer_error_only(noise, head):
    for read in (rtp.parse, rtp.parse_rtcp):
        try:
            read(head + noise)
        except PeerError:
            continue


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "unknown"),
        (b"\x00\x01", "stun"),
        (b"\x16\xfe", "dtls"),
        (b"\x80\x00", "rtp"),
        (b"\x80\xe5", "rtp"),
        (b"\x80\xc8", "rtcp"),
        (b"\x81\xcb", "rtcp"),
        (b"\x80", "unknown"),
        (b"\xff\xff", "unknown"),
    ],
)
def test_one_port_carries_four_protocols(data, kind):
    assert rtp.kind(data) == kind


@pytest.mark.parametrize(
    ("sequence", "than", "newer"),
    [(2, 1, True), (1, 1, False), (1, 2, False), (0, 65_535, True), (65_535, 0, False)],
)
def test_sequence_numbers_wrap(sequence, than, newer):
    assert rtp.is_newer(sequence, than) is newer
