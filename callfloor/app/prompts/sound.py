"""
Samples and WAV files: 8 kHz, mono, 16 bit, as the media worker plays them.

Refuses: compressed files and anything that the standard library's `wave` cannot read.
"""

import os
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 8000
HEADROOM = 0.7  # Resampling rings at steep edges; without room the peaks would be cut.
QUIET = 0.01  # Below a hundredth of full scale is silence to a telephone.
TAIL_SECONDS = 0.15  # Between two prompts there is a breath.

Samples = NDArray[np.float32]


class BadSound(Exception):
    """The file is no sound that can be used."""


def finish(samples: Samples, *, rate: int) -> Samples:
    """Attenuate, resample to 8 kHz, trim silence at both ends and add a breath at the end."""
    soft = resample(samples * np.float32(HEADROOM), rate=rate)
    loud = np.flatnonzero(np.abs(soft) > QUIET)
    if loud.size:
        soft = soft[loud[0] : loud[-1] + 1]
    return np.concatenate([soft, np.zeros(int(RATE * TAIL_SECONDS), np.float32)])


def resample(samples: Samples, *, rate: int) -> Samples:
    """Bring samples to 8 kHz by their spectrum: what lies above 4 kHz is left out."""
    if rate == RATE or not samples.size:
        return samples
    padded = np.concatenate([samples, np.zeros(rate // 10, np.float32)])
    size = len(padded) * RATE // rate
    spectrum = np.fft.rfft(padded)
    resampled = np.fft.irfft(spectrum[: size // 2 + 1], n=size) * (size / len(padded))
    return resampled[: len(samples) * RATE // rate].astype(np.float32)


def from_pcm(raw: bytes) -> Samples:
    """Turn little-endian 16-bit samples into floats within ±1."""
    return np.frombuffer(raw[: len(raw) // 2 * 2], "<i2").astype(np.float32) / np.float32(32768)


def read(path: Path) -> tuple[Samples, int]:
    """
    Return the samples (channels mixed to one) and the rate of a WAV file.

    Raises BadSound if it is none, or not of 16 bits.
    """
    try:
        with wave.open(str(path), "rb") as file:
            if file.getsampwidth() != 2:
                raise BadSound(f"{path.name} has {8 * file.getsampwidth()} bits, 16 are needed")
            samples = from_pcm(file.readframes(file.getnframes()))
            channels, rate = file.getnchannels(), file.getframerate()
    except (wave.Error, EOFError, OSError) as error:
        raise BadSound(f"{path.name} cannot be read: {error}") from error
    return samples.reshape(-1, channels).mean(axis=1, dtype=np.float32), rate


def write(path: Path, samples: Samples) -> None:
    """Write a whole file or none: a player never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = np.clip(samples * 32767, -32768, 32767).astype("<i2").tobytes()
    half = path.with_name(f".{path.name}.{os.getpid()}")
    with wave.open(str(half), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(whole)
    half.replace(path)
