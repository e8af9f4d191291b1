"""
G.711 for many samples at once: numpy tables made from `wire/g711.py`, levels, a test tone.

Refuses: to know a leg, a file or a clock.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from callfloor.wire import ccr, g711

RATE = 8_000
FRAME_MS = 20
FRAME_SAMPLES = RATE * FRAME_MS // 1_000

# Laws are named by their payload types (RFC 3551, table 4), as in recordings.
PCMU = ccr.PCMU
PCMA = ccr.PCMA

SILENCE = {PCMU: g711.ULAW_SILENCE * FRAME_SAMPLES, PCMA: g711.ALAW_SILENCE * FRAME_SAMPLES}

Linear = npt.NDArray[np.int16]
Sum = npt.NDArray[np.int32]

_ALL = np.arange(65_536, dtype=np.uint16).astype("<u2").tobytes()
# The code of each sample (as an unsigned number) and the sample of each code, by law.
CODES = {
    PCMU: np.frombuffer(g711.linear_to_ulaw(_ALL), dtype=np.uint8),
    PCMA: np.frombuffer(g711.linear_to_alaw(_ALL), dtype=np.uint8),
}
SAMPLES = {
    PCMU: np.array(g711.ulaw_table(), dtype=np.int16),
    PCMA: np.array(g711.alaw_table(), dtype=np.int16),
}
_CODES_OF_CODE = bytes(range(256))
# From one law to the other by `bytes.translate`, keyed by (from, to).
TRANSLATE = {
    (PCMU, PCMA): g711.ulaw_to_alaw(_CODES_OF_CODE),
    (PCMA, PCMU): g711.alaw_to_ulaw(_CODES_OF_CODE),
}


def decode(payload: bytes, law: int) -> Linear:
    """Give the samples of a payload."""
    return SAMPLES[law][np.frombuffer(payload, dtype=np.uint8)]


def encode(samples: Linear, law: int) -> bytes:
    """Give the payload for samples."""
    return CODES[law][samples.view(np.uint16)].tobytes()


def loudness(payload: bytes, law: int) -> float:
    """Tell the root mean square of a payload, 0 to 32,767."""
    samples = decode(payload, law).astype(np.float32)
    return float(np.sqrt(np.mean(samples * samples))) if len(samples) else 0.0


def tone(*, hertz: float, seconds: float, amplitude: int) -> Linear:
    """Make a sine."""
    at = np.arange(int(RATE * seconds)) / RATE
    wave: Linear = (amplitude * np.sin(2 * np.pi * hertz * at)).astype(np.int16)
    return wave
