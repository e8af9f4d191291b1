"""
Tones: what each side of a call says in the journeys, and how strongly one is heard.

A tone is named by its frequency. Levels are shares of the whole energy, so that no loudness has to
be agreed: 1.0 is this tone and nothing else, 0.0 is silence or everything else.
"""

import struct
import wave
from pathlib import Path

import numpy as np

from callfloor.wire import g711

RATE = 8000
FRAME_SAMPLES = 160  # 20 ms, the packet of every telephone here.
CALLER_HZ, AGENT_HZ = 600, 1400  # Neither is a harmonic or an alias of the other.
LOUD = 8_000
QUIET = 300  # Below this nobody speaks: the noise of G.711 and of a fake microphone.

Samples = np.ndarray


def tone(hertz: float, *, seconds: float) -> Samples:
    """Return a steady tone."""
    at = np.arange(int(RATE * seconds)) / RATE
    return (LOUD * np.sin(2 * np.pi * hertz * at)).astype("<i2")


def write(path: Path, samples: Samples) -> Path:
    """Write a WAV of 8 kHz, mono, 16 bit."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.astype("<i2").tobytes())
    return path


def channels(wav: bytes) -> list[Samples]:
    """Return the channels of a WAV, also of one that is still being written."""
    at = wav.find(b"data")
    if at < 0:
        return []
    count = struct.unpack_from("<H", wav, wav.index(b"fmt ") + 10)[0]
    body = wav[at + 8 :]
    body = body[: len(body) - len(body) % (2 * count)]
    return list(np.frombuffer(body, "<i2").reshape(-1, count).T)


def share(samples: Samples, hertz: float) -> float:
    """Return which part of the energy is this tone, by Goertzel's filter; 0 for silence."""
    signal = samples.astype(float)
    energy = float(np.sum(signal**2))
    if len(signal) == 0 or energy < len(signal) * QUIET**2:
        return 0.0
    turns = np.exp(-2j * np.pi * hertz * np.arange(len(signal)) / RATE)
    return float(2 * abs(np.sum(signal * turns)) ** 2 / (len(signal) * energy))


def loudness(samples: Samples) -> float:
    """Return the mean amplitude (RMS)."""
    return float(np.sqrt(np.mean(samples.astype(float) ** 2))) if len(samples) else 0.0


def seconds_of(samples: Samples, hertz: float, *, window_seconds: float = 0.1) -> list[float]:
    """Return where the tone rules: the beginnings of the windows of which it is the most."""
    size = int(RATE * window_seconds)
    starts = range(0, len(samples) - size + 1, size)
    return [at / RATE for at in starts if share(samples[at : at + size], hertz) > 0.5]


def linear(ulaw: bytes) -> Samples:
    """Return mu-law as samples."""
    return np.frombuffer(g711.ulaw_to_linear(ulaw), "<i2")
