"""What comes in is counted as RFC 3550 counts it; what goes out never breaks."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callfloor.media import stream
from callfloor.wire import rtp

pytestmark = pytest.mark.pure

PAYLOAD = b"\x55" * 160


def relay(out: stream.Outgoing, source: object, seq: int, ts: int, now: float) -> rtp.Packet:
    packet = out.relay(
        source=source, seq=seq, ts=ts, marker=False, payload=PAYLOAD, kind=0, now=now
    )
    return rtp.parse(packet)


class TestOutgoing:
    @given(
        st.lists(
            st.tuples(
                st.integers(0, 3),  # Who speaks: nobody's stream is like another's.
                st.integers(1, 8),  # How many packets.
                st.floats(0, 5),  # How long nobody spoke before.
            ),
            max_size=12,
        )
    )
    def test_is_one_stream_whoever_speaks(self, turns):
        out = stream.Outgoing()
        packets: list[rtp.Packet] = []
        sources = [object() for _ in range(4)]
        now = 100.0
        for who, count, pause in turns:
            now += pause
            for number in range(count):
                now += 0.02
                if who == 0:
                    data = out.own(source=sources[0], payload=PAYLOAD, kind=0, now=now)
                    packets.append(rtp.parse(data))
                else:
                    seq, ts = (65_530 * who + number) % 2**16, (2**32 - 320 * who) + 160 * number
                    packets.append(relay(out, sources[who], seq, ts % 2**32, now))
            sources[who] = object()  # Who speaks again is another stream.
        for before, after in itertools.pairwise(packets):
            assert (after.sequence - before.sequence) % 2**16 == 1
            assert 160 <= (after.timestamp - before.timestamp) % 2**32 <= 8_000 * 60
            assert after.ssrc == before.ssrc

    def test_a_switch_follows_the_clock(self):
        """Two seconds without sound are two seconds on the stream's clock."""
        out = stream.Outgoing()
        first = relay(out, "a", 5, 1_000, 10.0)
        second = relay(out, "b", 9_000, 77, 12.0)
        assert (second.timestamp - first.timestamp) % 2**32 == 16_000
        assert second.marker

    def test_silence_of_our_own_counts_as_time(self):
        """A mix whose mouths were silent goes on where the clock is, not where it stopped."""
        out = stream.Outgoing()
        packets = [
            rtp.parse(out.own(source="mix", payload=PAYLOAD, kind=0, now=now))
            for now in (10.0, 10.02, 10.14, 10.15, 15.15)
        ]
        steps = [
            (after.timestamp - before.timestamp) % 2**32
            for before, after in itertools.pairwise(packets)
        ]
        assert steps == [160, 160, 160, 40_000]
        assert [packet.marker for packet in packets] == [True, False, False, False, True]

    def test_a_late_packet_keeps_its_place(self):
        out = stream.Outgoing()
        first, third, second = (relay(out, "a", seq, 160 * seq, 10.0) for seq in (1, 3, 2))
        assert (second.sequence - first.sequence) % 2**16 == 1
        assert (third.sequence - first.sequence) % 2**16 == 2
        after = relay(out, "b", 50, 0, 10.06)
        assert (after.sequence - third.sequence) % 2**16 == 1

    def test_counts_what_it_sent(self):
        out = stream.Outgoing()
        for seq in range(3):
            relay(out, "a", seq, 160 * seq, 1.0)
        assert (out.packets, out.octets) == (3, 480)


def take(incoming: stream.Incoming, sequences, *, ssrc: int = 7, jitter=lambda number: 0.0) -> None:
    for number, seq in enumerate(sequences):
        incoming.take(seq % 2**16, 160 * number, ssrc, 10 + 0.02 * number + jitter(number))


class TestIncoming:
    def test_counts_what_is_missing_across_the_wrap(self):
        incoming = stream.Incoming()
        take(incoming, [65_533, 65_534, 0, 1, 5])
        assert (incoming.packets, incoming.lost) == (5, 4)

    def test_what_comes_late_is_not_lost(self):
        incoming = stream.Incoming()
        take(incoming, [1, 3, 2, 4])
        assert incoming.lost == 0

    def test_a_duplicate_makes_no_negative_loss(self):
        incoming = stream.Incoming()
        take(incoming, [1, 1, 1, 2])
        assert incoming.lost == 0

    def test_another_ssrc_is_another_stream(self):
        incoming = stream.Incoming()
        take(incoming, [1, 2])
        before = incoming.source
        take(incoming, [40_000, 40_001], ssrc=8)
        assert incoming.source is not before
        assert (incoming.packets, incoming.received, incoming.lost) == (4, 2, 0)

    def test_a_jump_is_another_stream(self):
        """A telephone that starts anew without a new SSRC has not lost 20,000 packets."""
        incoming = stream.Incoming()
        take(incoming, [1, 2, 20_000, 20_001])
        assert incoming.lost == 0

    def test_an_even_stream_has_no_jitter_and_an_uneven_one_has(self):
        even, uneven = stream.Incoming(), stream.Incoming()
        take(even, range(200))
        take(uneven, range(200), jitter=lambda number: 0.01 * (number % 2))
        assert even.jitter_us < 10
        assert uneven.jitter_us == pytest.approx(10_000, rel=0.05)

    def test_reports_each_interval_by_itself(self):
        incoming = stream.Incoming()
        assert incoming.report(1.0) is None
        take(incoming, [1, 2, 4])
        first = incoming.report(1.0)
        take(incoming, [5, 6])
        second = incoming.report(2.0)
        assert (first.lost_fraction, first.lost_total) == (0.25, 1)
        assert (second.lost_fraction, second.lost_total) == (0.0, 1)
        assert second.highest_sequence == 6

    def test_tells_how_old_the_last_report_is(self):
        incoming = stream.Incoming()
        take(incoming, [1])
        incoming.note_report(0x0123456789ABCDEF, 10.0)
        report = incoming.report(10.5)
        assert (report.last_sender_report, report.delay_since_last) == (0x456789AB, 32_768)
