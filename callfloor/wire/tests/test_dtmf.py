"""Each press is sent as RFC 4733 asks and is heard exactly once."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callfloor.wire import dtmf
from callfloor.wire.errors import LocalError, PeerError

pytestmark = pytest.mark.pure


def hear(decoder, key, timestamp, keep=None, ssrc=7):
    steps = dtmf.press(key)
    kept = [step for i, step in enumerate(steps) if keep is None or i in keep]
    heard = [decoder.feed(step.payload, timestamp=timestamp, ssrc=ssrc) for step in kept]
    return "".join(key for key in heard if key)


class TestPress:
    def test_grows_by_steps_and_ends_three_times(self):
        steps = dtmf.press("#", duration_ms=60)
        assert [step.payload.hex() for step in steps] == [
            "0b0a00a0",
            "0b0a0140",
            "0b8a01e0",
            "0b8a01e0",
            "0b8a01e0",
        ]
        assert [step.marker for step in steps] == [True, False, False, False, False]
        assert [step.after_samples for step in steps] == [0, 160, 320, 480, 640]

    @pytest.mark.parametrize(
        ("key", "ms"), [("E", 100), ("", 100), ("12", 100), ("1", 0), ("1", 8_001)]
    )
    def test_refuses_what_cannot_be_pressed(self, key, ms):
        with pytest.raises(LocalError):
            dtmf.press(key, duration_ms=ms)


class TestDecoder:
    def test_hears_every_key_once(self):
        decoder = dtmf.Decoder()
        heard = [hear(decoder, key, 1_000 * i) for i, key in enumerate(dtmf.KEYS)]
        assert "".join(heard) == dtmf.KEYS

    def test_hears_the_same_key_twice_when_it_is_pressed_twice(self):
        decoder = dtmf.Decoder()
        assert hear(decoder, "1", 0) + hear(decoder, "1", 2_000) == "11"

    @settings(max_examples=60)
    @given(st.lists(st.sets(st.integers(0, 7), min_size=1), min_size=1, max_size=6))
    def test_any_one_packet_of_a_press_is_enough(self, losses):
        decoder = dtmf.Decoder()
        heard = [hear(decoder, "5", 2_000 * i, keep) for i, keep in enumerate(losses)]
        assert heard == ["5"] * len(losses)

    def test_a_late_packet_of_the_press_before_is_no_press(self):
        decoder = dtmf.Decoder()
        hear(decoder, "1", 0)
        hear(decoder, "2", 2_000)
        assert hear(decoder, "1", 0) == ""

    def test_timestamps_wrap(self):
        decoder = dtmf.Decoder()
        assert hear(decoder, "1", 2**32 - 100) + hear(decoder, "2", 900) == "12"

    def test_a_new_stream_begins_anew(self):
        decoder = dtmf.Decoder()
        assert hear(decoder, "1", 5_000) + hear(decoder, "2", 10, ssrc=8) == "12"

    def test_a_press_in_segments_is_one_press(self):
        """RFC 4733 section 2.5.1.3."""
        decoder = dtmf.Decoder()
        full = dtmf.Event(code=1, is_end=False, duration=0xFFFF).encode()
        rest = dtmf.Event(code=1, is_end=True, duration=400).encode()
        assert decoder.feed(full, timestamp=10, ssrc=7) == "1"
        assert decoder.feed(rest, timestamp=10 + 0xFFFF, ssrc=7) is None

    def test_other_events_are_no_keys(self):
        flash = dtmf.Event(code=16, is_end=False, duration=160).encode()
        assert dtmf.Decoder().feed(flash, timestamp=1, ssrc=7) is None

    def test_a_short_payload_is_the_peers_fault(self):
        with pytest.raises(PeerError):
            dtmf.Decoder().feed(b"\x01\x02\x03", timestamp=1, ssrc=7)
