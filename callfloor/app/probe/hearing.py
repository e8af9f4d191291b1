"""
What the test call hears: frames of mu-law with their instants, and whether a prompt is in them.

Refuses: sockets and clocks.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from callfloor.wire import g711

RATE = 8000
FRAME = 160
FRAME_SECONDS = FRAME / RATE
LOUD = 300.0  # Root mean square of 16-bit samples: -41 dBFS, far above the noise of mu-law.
LIKE_MIN = 0.5  # Of 1; speech that went through mu-law gives above 0.95, other speech below 0.2.
COMPARED_SECONDS = 1.5

Sound = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Heard:
    """How a prompt was heard."""

    likeness: float
    """0 to 1."""
    began_at: float
    """When its first sample came."""


class Ear:
    """Everything that was heard, in order."""

    def __init__(self) -> None:
        self.packets = 0
        self.loud_at: float | None = None
        """When the first frame that is no silence came."""
        self._frames: list[tuple[float, Sound]] = []

    def take(self, payload: bytes, *, at: float) -> None:
        """Take one frame of mu-law."""
        self.packets += 1
        sound = np.frombuffer(g711.ulaw_to_linear(payload), np.int16).astype(np.float32)
        self._frames.append((at, sound))
        if self.loud_at is None and loudness(sound) > LOUD:
            self.loud_at = at

    @property
    def is_silent(self) -> bool:
        """Whether nothing was heard at all."""
        return self.loud_at is None

    def find(self, prompt: Sound) -> Heard | None:
        """Look for the beginning of a prompt; None if nothing was loud."""
        if self.loud_at is None or not prompt.any():
            return None
        wanted = _from_first_sound(prompt)[: round(COMPARED_SECONDS * RATE)]
        heard = np.concatenate([sound for _, sound in self._frames])
        if len(heard) < len(wanted):
            return Heard(0.0, self.loud_at)
        likeness, place = _best(heard, wanted)
        return Heard(likeness, self._frames[min(place // FRAME, len(self._frames) - 1)][0])


def loudness(sound: Sound) -> float:
    """Return the root mean square of samples."""
    return float(np.sqrt(np.mean(np.square(sound)))) if len(sound) else 0.0


def _from_first_sound(prompt: Sound) -> Sound:
    quiet = next(
        (at for at in range(0, len(prompt), FRAME) if loudness(prompt[at : at + FRAME]) > LOUD), 0
    )
    return prompt[quiet:]


def _best(heard: Sound, wanted: Sound) -> tuple[float, int]:
    """Return the best normalized correlation and where it is."""
    size = 1 << (len(heard) + len(wanted)).bit_length()
    spectrum: Any = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(wanted, size))
    matches = np.fft.irfft(spectrum, size)[: len(heard) - len(wanted) + 1]
    sums = np.concatenate([[0.0], np.cumsum(np.square(heard, dtype=np.float64))])
    power = sums[len(wanted) :] - sums[: -len(wanted)]
    own = float(np.sqrt(np.sum(np.square(wanted, dtype=np.float64))))
    scores = matches / (np.sqrt(np.maximum(power, 1.0)) * max(own, 1.0))
    place = int(np.argmax(scores))
    return float(scores[place]), place
