"""
Sounds that are made, not spoken: hold music, tones, and the melody that stands in for speech.

All of it is computed here from sines, so that nobody's rights hang on it.
"""

import hashlib
from collections.abc import Callable

import numpy as np

from callfloor.app.prompts.sound import RATE, Samples

_A4 = 440.0
_CHORDS = ((0, 4, 7, 11), (9, 12, 16, 19), (5, 9, 12, 16), (7, 11, 14, 17))  # Cmaj7 Am7 Fmaj7 G7
_BEAT_SECONDS = 0.75
_ARPEGGIO = (0, 1, 2, 3, 2, 1, 3, 2)
_ROUNDS = 2


def _frequency(semitones_above_c4: int) -> float:
    return _A4 * 2.0 ** ((semitones_above_c4 - 9) / 12)


def _time(seconds: float) -> Samples:
    return (np.arange(round(seconds * RATE)) / RATE).astype(np.float32)


def _note(frequency: float, seconds: float, loudness: float) -> Samples:
    """A struck note: a few overtones that die away sooner the higher they are."""
    time = _time(seconds)
    sound = np.zeros_like(time)
    for overtone, share in ((1, 1.0), (2, 0.35), (3, 0.12)):
        sound += (
            share * np.sin(2 * np.pi * overtone * frequency * time) * np.exp(-time * 1.6 * overtone)
        )
    attack = np.minimum(time / 0.012, 1)
    release = np.minimum((seconds - time) / 0.05, 1)
    return (loudness * attack * release * sound).astype(np.float32)


def hold_music() -> Samples:
    """Return a calm tune of about 50 seconds whose end meets its beginning."""
    beats = len(_CHORDS) * len(_ARPEGGIO) * _ROUNDS
    tune = np.zeros(round(beats * _BEAT_SECONDS * RATE), np.float32)
    for beat in range(beats):
        chord = _CHORDS[beat // len(_ARPEGGIO) % len(_CHORDS)]
        place = beat % len(_ARPEGGIO)
        lift = 12 if beat // (len(_ARPEGGIO) * len(_CHORDS)) else 0  # The second round is higher.
        _add(tune, beat, _note(_frequency(chord[_ARPEGGIO[place]] + lift), 2.4, 0.16))
        if place == 0:
            _add(tune, beat, _note(_frequency(chord[0] - 12), 5.5, 0.22))
        if place == 4:
            _add(tune, beat, _note(_frequency(chord[2] - 12), 2.8, 0.14))
    return tune


def _add(tune: Samples, beat: int, note: Samples) -> None:
    """Lay a note over the tune; what rings past the end goes on at the beginning."""
    start = round(beat * _BEAT_SECONDS * RATE)
    places = (start + np.arange(len(note))) % len(tune)
    tune[places] += note


def ring_tone() -> Samples:
    """Return one second of 425 Hz and four of silence (ITU-T E.180, as in most of Europe)."""
    time = _time(1.0)
    edge = np.minimum(np.minimum(time, 1 - time) / 0.01, 1)
    tone = 0.2 * edge * np.sin(2 * np.pi * 425 * time)
    return np.concatenate([tone, np.zeros(4 * RATE)]).astype(np.float32)


def supervision_tone() -> Samples:
    """Return two short low tones: a leader hears from here on."""
    time = _time(0.15)
    edge = np.minimum(np.minimum(time, 0.15 - time) / 0.02, 1)
    tone = 0.1 * edge * np.sin(2 * np.pi * 440 * time)
    return np.concatenate([tone, np.zeros(round(0.1 * RATE)), tone]).astype(np.float32)


def beep() -> Samples:
    """Return the tone after which a caller speaks."""
    time = _time(0.4)
    edge = np.minimum(np.minimum(time, 0.4 - time) / 0.02, 1)
    return (0.25 * edge * np.sin(2 * np.pi * 880 * time)).astype(np.float32)


def with_beep(speech: Samples) -> Samples:
    """Return speech with the tone at its end."""
    return np.concatenate([speech, beep()])


SOUNDS: dict[str, Callable[[], Samples]] = {
    "hold_music": hold_music,
    "ring_tone": ring_tone,
    "supervision_tone": supervision_tone,
}


def melody(text: str) -> Samples:
    """Return a few notes that are always the same for this text: something, where speech lacks."""
    steps = (0, 2, 4, 7, 9, 12, 14, 16)
    digest = hashlib.sha256(text.encode()).digest()
    count = min(3 + len(text) // 20, 8)
    notes = [_note(_frequency(steps[byte % len(steps)]), 0.35, 0.3) for byte in digest[:count]]
    return np.concatenate(notes)
