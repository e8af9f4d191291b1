"""G.711 tables agree with the standard's corner values and lose no more than its steps."""

import struct

import pytest

from callfloor.wire import g711

pytestmark = pytest.mark.pure


def linear(*samples):
    return struct.pack(f"<{len(samples)}h", *samples)


class TestUlaw:
    @pytest.mark.parametrize(
        ("code", "sample"),
        [
            (0xFF, 0),
            (0x7F, 0),
            (0xFE, 8),
            (0x7E, -8),
            (0xF0, 120),
            (0xEF, 132),
            (0x80, 32_124),
            (0x00, -32_124),
        ],
    )
    def test_codes_stand_for_the_standards_values(self, code, sample):
        """G.711 tables 2a and 2b, times four for 16 bits."""
        assert g711.ulaw_to_linear(bytes([code])) == linear(sample)

    def test_every_code_but_minus_zero_survives(self):
        codes = bytes(range(256))
        back = g711.linear_to_ulaw(g711.ulaw_to_linear(codes))
        assert back == codes.replace(b"\x7f", b"\xff")

    def test_extremes_are_clipped(self):
        assert g711.linear_to_ulaw(linear(32_767, -32_768)) == b"\x80\x00"


class TestAlaw:
    @pytest.mark.parametrize(
        ("code", "sample"),
        [
            (0xD5, 8),
            (0x55, -8),
            (0xD4, 24),
            (0xC5, 264),
            (0xF5, 528),
            (0xAA, 32_256),
            (0x2A, -32_256),
        ],
    )
    def test_codes_stand_for_the_standards_values(self, code, sample):
        """G.711 tables 1a and 1b, times eight for 16 bits."""
        assert g711.alaw_to_linear(bytes([code])) == linear(sample)

    def test_every_code_survives(self):
        codes = bytes(range(256))
        assert g711.linear_to_alaw(g711.alaw_to_linear(codes)) == codes

    def test_extremes_are_clipped(self):
        assert g711.linear_to_alaw(linear(32_767, -32_768)) == b"\xaa\x2a"


@pytest.mark.parametrize(
    ("encode", "decode", "half_step"),
    [
        # A segment begins at 32 times its half step, the bias of 132 included; the two lowest
        # bits are cut off before.
        (g711.linear_to_ulaw, g711.ulaw_to_linear, lambda size: (size + 132) / 32 + 3),
        (g711.linear_to_alaw, g711.alaw_to_linear, lambda size: max(size / 32, 8)),
    ],
)
def test_a_sample_moves_by_no_more_than_half_a_step(encode, decode, half_step):
    samples = range(-32_000, 32_001, 7)
    back = struct.unpack(f"<{len(samples)}h", decode(encode(linear(*samples))))
    assert all(abs(a - b) <= half_step(abs(a)) for a, b in zip(samples, back, strict=True))


def test_silence_is_silence():
    assert g711.ulaw_to_linear(g711.ULAW_SILENCE) == linear(0)
    assert g711.alaw_to_linear(g711.ALAW_SILENCE) == linear(8)
    assert g711.ulaw_to_alaw(g711.ULAW_SILENCE) == g711.ALAW_SILENCE


def test_one_law_becomes_the_other_within_a_step():
    """Every mu-law code comes back at most one step away (G.711 tables 3 and 4)."""
    codes = bytes(range(256))
    back = g711.alaw_to_ulaw(g711.ulaw_to_alaw(codes))
    assert max(abs((a & 0x7F) - (b & 0x7F)) for a, b in zip(codes, back, strict=True)) <= 1
