"""
Looking for what must not be found: values in clear and known sound in any file of a centre.

The search itself is proved by what it must find (`test_first_call.py`): a search that finds nothing
anywhere proves nothing.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from callfloor.wire import g711
from tests.journeys import tones

KNOWN_BYTES = 1024  # The "1 kB of the known payload".
PIECE_BYTES = 64  # A kilobyte that was written in any pieces of at least this size is found.
CHI_SQUARE_MAX = 400.0  # Random bytes give 255 ± 23 (Knuth, vol. 2, 3.3.1): this is six sigma away.
BODY_BYTES_MIN = 4096  # Fewer bytes say little about their distribution.


def holding(files: Iterable[Path], needles: Iterable[bytes]) -> list[str]:
    """Tell which file holds which needle."""
    wanted = list(needles)
    found = []
    for path in files:
        body = path.read_bytes()
        found += [f"{path.name}: {needle[:24]!r}" for needle in wanted if needle in body]
    return found


def spellings(value: str) -> set[bytes]:
    """Return a value as it may stand in a file: as text, and as two-byte text."""
    return {value.encode(), value.encode("utf-16-le"), value.encode("utf-16-be")}


def payloads(samples: tones.Samples, hertz: float) -> Iterator[bytes]:
    """
    Cut a kilobyte of a known tone into pieces, as mu-law and as linear samples.

    The middle of the loudest stretch is taken, for beginnings and ends are not surely on the line.
    """
    ruled = tones.seconds_of(samples, hertz)
    assert len(ruled) > 5, "there is too little of the tone to look for"
    start = int(tones.RATE * ruled[len(ruled) // 2])
    linear = samples[start : start + KNOWN_BYTES].astype("<i2").tobytes()
    for known in (g711.linear_to_ulaw(linear), g711.linear_to_alaw(linear), linear[:KNOWN_BYTES]):
        for at in range(0, KNOWN_BYTES, PIECE_BYTES):
            yield known[at : at + PIECE_BYTES]


def chi_square(body: bytes) -> float:
    """Return how far the bytes are from equally frequent; 255 is what chance gives."""
    counts = np.bincount(np.frombuffer(body, "u1"), minlength=256)
    expected = len(body) / 256
    return float(np.sum((counts - expected) ** 2) / expected)
