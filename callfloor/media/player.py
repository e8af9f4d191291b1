"""
What the process makes by itself in steps of 20 ms: prompts, music, keys. One ticker for all.

A prompt that is missing is heard as a tone and reported as failed: a caller never gets silence.

Refuses: to render speech. Prompts are WAV files, 8 kHz, mono, 16 bits.
"""

from __future__ import annotations

import asyncio
import logging
import wave
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import monotonic

import numpy as np

from callfloor.media import sound
from callfloor.media.leg import Leg, OwnSound
from callfloor.wire import dtmf

log = logging.getLogger(__name__)

FRAME_SECONDS = sound.FRAME_MS / 1_000
PHASES = 4  # A phase of a core that is full to the brim takes less than its 5 ms.
TICKS_LATE_MAX = 5  # After 100 ms of standing still, catching up is worse than skipping.
CACHE_BYTES_MAX = 64 * 1024 * 1024  # Both laws of 67 minutes; a prompt set in six languages fits.
PROMPT_SECONDS_MAX = 15 * 60  # Music; more would be a mistaken file.
KEY_GAP_TICKS = 3  # 60 ms between keys (ETSI ES 201 235-2 asks for 65 ms at most to be seen).

FALLBACK_HERTZ = 425.0  # The tone European exchanges speak with (ITU-T E.180).
FALLBACK_SECONDS = 0.5
FALLBACK_AMPLITUDE = 4_000  # About -18 dBFS.

Laws = dict[int, bytes]


class Ticker:
    """
    Calls everything that makes sound every 20 ms, and nothing when nothing does.

    The 20 ms have phases, so that a packet which is relayed meanwhile waits for one of them only.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._sounds: dict[OwnSound, int] = {}
        self._phases: list[dict[OwnSound, None]] = [{} for _ in range(PHASES)]
        self._phase = 0
        self._halls: set[OwnSound] = set()
        self._handle: asyncio.TimerHandle | None = None
        self._due = 0.0

    def add(self, own: OwnSound, *, phase: int | None = None) -> None:
        """
        Call it from now on; in the phase that has the least to do if none is given.

        What has a phase of its own is the sound of many and is called again after a fault.
        """
        if phase is None:
            phase = min(range(PHASES), key=lambda each: len(self._phases[each]))
        else:
            self._halls.add(own)
        self._sounds[own] = phase
        self._phases[phase][own] = None
        if self._handle is None:
            self._due = self._loop.time()
            self._handle = self._loop.call_at(self._due, self._tick)

    def remove(self, own: OwnSound) -> None:
        """Call it no more."""
        self._halls.discard(own)
        phase = self._sounds.pop(own, None)
        if phase is not None:
            del self._phases[phase][own]

    def _tick(self) -> None:
        if not self._sounds:
            self._handle = None
            return
        self._due += FRAME_SECONDS / PHASES
        if self._loop.time() - self._due > TICKS_LATE_MAX * FRAME_SECONDS:
            self._due = self._loop.time()
        self._handle = self._loop.call_at(self._due, self._tick)
        self._phase = (self._phase + 1) % PHASES
        if self._phases[self._phase]:
            self._let(iter(list(self._phases[self._phase])), monotonic())

    def _let(self, sounds: Iterator[OwnSound], now: float) -> None:
        """Let each make its sound; one that fails is left out and silences no other."""
        for own in sounds:
            if own not in self._sounds:
                continue  # Another's end has ended it.
            done = False
            try:
                own.tick(now)
                done = True
            finally:
                if not done:  # The fault goes on to the loop, which tells it, and so do the rest.
                    if own not in self._halls:
                        self.remove(own)
                    self._loop.call_soon(self._let, sounds, now)


class Prompts:
    """Prompt files as G.711, encoded once and kept while they are wanted."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._cache: OrderedDict[Path, tuple[int, Laws]] = OrderedDict()
        self._bytes = 0
        tone = sound.tone(
            hertz=FALLBACK_HERTZ, seconds=FALLBACK_SECONDS, amplitude=FALLBACK_AMPLITUDE
        )
        quiet = np.zeros(len(tone), dtype=np.int16)
        self._fallback = _both(np.concatenate((tone, quiet)))

    def load(self, names: Sequence[str]) -> tuple[list[Laws], bool]:
        """Give the prompts of a list, and whether any of them is only the tone."""
        found = [self._load(name) for name in names]
        return [prompt or self._fallback for prompt in found] or [self._fallback], not all(found)

    def _load(self, name: str) -> Laws | None:
        path = (self._folder / name).resolve()
        try:
            if not path.is_relative_to(self._folder):
                raise ValueError("outside of the prompt folder")
            changed = path.stat().st_mtime_ns
            known = self._cache.get(path)
            if known is None or known[0] != changed:
                self._keep(path, changed, _both(_read(path)))
            self._cache.move_to_end(path)
            return self._cache[path][1]
        except (OSError, EOFError, ValueError, wave.Error) as error:
            log.warning("prompt.missing", extra={"prompt": name, "reason": str(error)})
            return None

    def _keep(self, path: Path, changed: int, laws: Laws) -> None:
        self._drop(path)
        self._cache[path] = changed, laws
        self._bytes += _size(laws)
        while self._bytes > CACHE_BYTES_MAX and len(self._cache) > 1:
            self._drop(next(iter(self._cache)))

    def _drop(self, path: Path) -> None:
        if path in self._cache:
            self._bytes -= _size(self._cache.pop(path)[1])


class Player:
    """Plays a list of prompts to one leg."""

    def __init__(
        self, *, leg: Leg, prompts: Sequence[Laws], repeat: bool, ended: Callable[[], None]
    ) -> None:
        self._leg = leg
        self._prompts = prompts
        self._repeat = repeat
        self._ended = ended
        self._index = 0
        self._at = 0

    def tick(self, now: float) -> None:
        """Send the next 20 ms, or tell the end."""
        if self._index == len(self._prompts):
            self._ended()
            return
        prompt = self._prompts[self._index][self._leg.law]
        payload = prompt[self._at : self._at + sound.FRAME_SAMPLES]
        self._at += sound.FRAME_SAMPLES
        if self._at >= len(prompt):
            self._at = 0
            self._index += 1
            if self._repeat:
                self._index %= len(self._prompts)
        self._leg.say(self, payload, now)


class Keys:
    """Presses keys towards one leg, one after the other."""

    def __init__(self, *, leg: Leg, code: str, ended: Callable[[], None]) -> None:
        self._leg = leg
        self._ended = ended
        self._steps: list[dtmf.Step | None] = []
        for key in code:
            self._steps += dtmf.press(key)
            self._steps += [None] * KEY_GAP_TICKS
        self._steps.reverse()

    def tick(self, now: float) -> None:
        """Send the next packet, or tell the end."""
        if not self._steps:
            self._ended()
        elif step := self._steps.pop():
            self._leg.press(self, step, now)


def _read(path: Path) -> sound.Linear:
    with wave.open(str(path), "rb") as file:
        form = (file.getnchannels(), file.getsampwidth(), file.getframerate())
        if form != (1, 2, sound.RATE) or not 0 < file.getnframes() <= (
            PROMPT_SECONDS_MAX * sound.RATE
        ):
            raise ValueError("not a prompt of 8 kHz, mono, 16 bits")
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(np.int16)


def _both(samples: sound.Linear) -> Laws:
    missing = -len(samples) % sound.FRAME_SAMPLES
    padded = np.concatenate((samples, np.zeros(missing, dtype=np.int16)))
    return {law: sound.encode(padded, law) for law in (sound.PCMU, sound.PCMA)}


def _size(laws: Laws) -> int:
    return sum(map(len, laws.values()))
