"""
G.711: mu-law and A-law to linear and back, and to one another (ITU-T G.711).

Linear means 16-bit little-endian samples. Everything is a table: 256 entries to decode, 65,536 to
encode, both made on first use; one law becomes the other by `bytes.translate`.

Refuses: any other codec, and any change of level.
"""

from __future__ import annotations

import sys
from array import array
from functools import cache

ULAW_SILENCE = b"\xff"
ALAW_SILENCE = b"\xd5"
_ULAW_BIAS = 33  # G.711 table 2: the first segment ends where the second's step doubles.
_ULAW_LARGEST = 8_158  # 14 bits without sign, the bias left out.
_SAMPLE_BYTES = 2


def ulaw_to_linear(data: bytes) -> bytes:
    """Decode mu-law to 16-bit samples."""
    return _decode(data, ulaw_table())


def alaw_to_linear(data: bytes) -> bytes:
    """Decode A-law to 16-bit samples."""
    return _decode(data, alaw_table())


def linear_to_ulaw(samples: bytes) -> bytes:
    """Encode 16-bit samples as mu-law."""
    return _encode(samples, _ulaw_codes())


def linear_to_alaw(samples: bytes) -> bytes:
    """Encode 16-bit samples as A-law."""
    return _encode(samples, _alaw_codes())


def ulaw_to_alaw(data: bytes) -> bytes:
    """Turn mu-law into A-law."""
    return data.translate(_ulaw_to_alaw())


def alaw_to_ulaw(data: bytes) -> bytes:
    """Turn A-law into mu-law."""
    return data.translate(_alaw_to_ulaw())


@cache
def ulaw_table() -> tuple[int, ...]:
    """Give the 256 samples that the mu-law codes stand for."""
    return tuple(_ulaw_sample(code) for code in range(256))


@cache
def alaw_table() -> tuple[int, ...]:
    """Give the 256 samples that the A-law codes stand for."""
    return tuple(_alaw_sample(code) for code in range(256))


def _ulaw_sample(code: int) -> int:
    plain = ~code & 0xFF  # Sent inverted, so that silence has many edges.
    segment, step = plain >> 4 & 7, plain & 15
    size = ((2 * step + _ULAW_BIAS << segment) - _ULAW_BIAS) * 4
    return -size if plain & 0x80 else size


def _alaw_sample(code: int) -> int:
    plain = code ^ 0x55  # Every other bit is sent inverted.
    segment, step = plain >> 4 & 7, plain & 15
    size = 2 * step + 1 if segment == 0 else 2 * step + 33 << segment - 1
    return size * 8 if plain & 0x80 else -size * 8


def _ulaw_code(sample: int) -> int:
    size = min(abs(sample) >> 2, _ULAW_LARGEST) + _ULAW_BIAS
    segment = size.bit_length() - 6
    step = size >> segment + 1 & 15
    sign = 0x80 if sample < 0 else 0
    return ~(sign | segment << 4 | step) & 0xFF


def _alaw_code(sample: int) -> int:
    # Below zero the steps begin at -1, so that both signs have equally many.
    size = sample >> 3 if sample >= 0 else -sample - 1 >> 3
    segment = max(size.bit_length() - 5, 0)
    step = size >> max(segment, 1) & 15
    sign = 0x80 if sample >= 0 else 0
    return (sign | segment << 4 | step) ^ 0x55


@cache
def _ulaw_codes() -> bytes:
    return bytes(_ulaw_code(_signed(index)) for index in range(65_536))


@cache
def _alaw_codes() -> bytes:
    return bytes(_alaw_code(_signed(index)) for index in range(65_536))


@cache
def _ulaw_to_alaw() -> bytes:
    return bytes(_alaw_code(sample) for sample in ulaw_table())


@cache
def _alaw_to_ulaw() -> bytes:
    return bytes(_ulaw_code(sample) for sample in alaw_table())


def _signed(index: int) -> int:
    return index - 65_536 if index >= 32_768 else index


def _decode(data: bytes, table: tuple[int, ...]) -> bytes:
    samples = array("h", map(table.__getitem__, data))
    if sys.byteorder == "big":
        samples.byteswap()
    return samples.tobytes()


def _encode(samples: bytes, codes: bytes) -> bytes:
    assert len(samples) % _SAMPLE_BYTES == 0, "samples have two bytes"
    values = array("H", samples)
    if sys.byteorder == "big":
        values.byteswap()
    return bytes(map(codes.__getitem__, values))
