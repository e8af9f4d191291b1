"""
The sums that many ears hear, worked out at once: numpy's cost is in the call, not in the sample.

Each mouth is pulled once per 20 ms, however many ears it has; one table look-up decodes them all,
one sum makes every ear's sound, one look-up encodes it.

Refuses: to decide who hears whom, and to know an hour: it is ticked.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from callfloor.media import sound
from callfloor.media.leg import Leg
from callfloor.wire import g711

# A mouth's queue in frames: it starts at 40 ms, so that 20 ms of jitter do not empty it, and is cut
# back to that when a burst or a fast clock has filled it to 120 ms.
QUEUE_START = 2
QUEUE_MAX = 6
_SILENCE_CODE = {sound.PCMU: g711.ULAW_SILENCE, sound.PCMA: g711.ALAW_SILENCE}

Rows = npt.NDArray[np.int16]


class Feed:
    """What one mouth said since the last tick."""

    __slots__ = ("_flows", "_frames", "_rest", "law", "row")

    def __init__(self) -> None:
        self.law = sound.PCMU
        self.row: int | None = None  # Where its present 20 ms are; None while it is silent.
        self._frames: deque[bytes] = deque()
        self._rest = b""  # What is no whole frame yet, of telephones with another packet length.
        self._flows = False

    def push(self, payload: bytes, law: int) -> None:
        """Take one payload."""
        if law != self.law:
            self._frames.clear()
            self._rest, self.law = b"", law
        if self._rest or len(payload) != sound.FRAME_SAMPLES:
            self._cut(self._rest + payload)
        else:
            self._frames.append(payload)
        if len(self._frames) > QUEUE_MAX:
            while len(self._frames) > QUEUE_START:
                self._frames.popleft()

    def _cut(self, data: bytes) -> None:
        whole = len(data) - len(data) % sound.FRAME_SAMPLES
        for at in range(0, whole, sound.FRAME_SAMPLES):
            self._frames.append(data[at : at + sound.FRAME_SAMPLES])
        self._rest = data[whole:]

    def pull(self) -> bytes | None:
        """Give the next 20 ms, or None if the mouth is silent."""
        if self._frames and (self._flows or len(self._frames) >= QUEUE_START):
            self._flows = True
            return self._frames.popleft()
        if not self._flows:
            return None
        self._flows = False
        if not self._rest:
            return None
        last, self._rest = self._rest, b""
        return last.ljust(sound.FRAME_SAMPLES, _SILENCE_CODE[self.law])


@dataclass(slots=True, eq=False)
class _Mouth:
    """A mouth that somebody hears here."""

    leg: Leg
    feed: Feed
    ears: int = 0


@dataclass(slots=True, eq=False)
class Mix:
    """What one ear hears: feeds and their gains."""

    ear: Leg
    parts: list[tuple[Feed, float]] = field(default_factory=list)


class Hall:
    """See the module."""

    def __init__(self) -> None:
        self._mouths: dict[str, _Mouth] = {}
        self._mixes: dict[str, Mix] = {}

    @property
    def is_empty(self) -> bool:
        """Say whether nobody hears anybody here."""
        return not self._mixes

    def seat(self, ear: Leg, mouths: Sequence[tuple[Leg, float]]) -> None:
        """Let an ear hear these mouths at these gains, one for as it is."""
        mix = self._mixes[ear.name] = Mix(ear)
        for leg, gain in mouths:
            mouth = self._mouths.get(leg.name)
            if mouth is None:
                mouth = self._mouths[leg.name] = _Mouth(leg, Feed())
                leg.feeds.append(mouth.feed)
            mouth.ears += 1
            mix.parts.append((mouth.feed, gain))
        ear.mix = mix

    def leave(self, ear: Leg, mouths: Sequence[Leg]) -> None:
        """Let an ear hear these, all that it heard, no more."""
        del self._mixes[ear.name]
        ear.mix = None
        for leg in mouths:
            mouth = self._mouths[leg.name]
            mouth.ears -= 1
            if not mouth.ears:
                leg.feeds.remove(mouth.feed)
                del self._mouths[leg.name]

    def tick(self, now: float) -> None:
        """Send everybody's next 20 ms; nothing to an ear while every mouth is silent."""
        said = self._pulled()
        if not len(said):
            return
        mixes, picked, gains, starts = self._picked()
        if not mixes:
            return
        parts = said[picked].astype(np.int32)
        if any(gain != 1.0 for gain in gains):
            parts = (parts * np.array(gains, np.float32)[:, None]).astype(np.int32)
        total = np.add.reduceat(parts, starts, axis=0)
        np.clip(total, -32_768, 32_767, out=total)
        payloads = _encoded(total.astype(np.int16), [mix.ear.law for mix in mixes])
        for mix, payload in zip(mixes, payloads, strict=True):
            kept = mix.parts
            mix.parts = []  # An ear whose sending fails is left out from here on, alone.
            mix.ear.say(mix, payload, now)
            mix.parts = kept

    def _pulled(self) -> Rows:
        """Give what each mouth says now as a row, and tell the feeds which one is theirs."""
        frames: list[bytes] = []
        laws: list[int] = []
        for mouth in self._mouths.values():
            feed = mouth.feed
            payload = feed.pull()
            if payload is None:
                feed.row = None
                continue
            feed.row = len(frames)
            frames.append(payload)
            laws.append(feed.law)
        return _decoded(frames, laws)

    def _picked(self) -> tuple[list[Mix], list[int], list[float], list[int]]:
        """Give the ears that hear something, the rows and gains of all, and where each begins."""
        mixes: list[Mix] = []
        picked: list[int] = []
        gains: list[float] = []
        starts: list[int] = []
        for mix in self._mixes.values():
            if mix.ear.own is not mix:
                continue  # A prompt or a key is heard instead.
            start = len(picked)
            for feed, gain in mix.parts:
                if feed.row is not None:
                    picked.append(feed.row)
                    gains.append(gain)
            if len(picked) > start:
                mixes.append(mix)
                starts.append(start)
        return mixes, picked, gains, starts


def _decoded(frames: list[bytes], laws: list[int]) -> Rows:
    raw = np.frombuffer(b"".join(frames), np.uint8).reshape(len(frames), sound.FRAME_SAMPLES)
    if len(set(laws)) <= 1:
        return sound.SAMPLES[laws[0] if laws else sound.PCMU][raw]
    rows = sound.SAMPLES[sound.PCMU][raw]
    others = [row for row, law in enumerate(laws) if law == sound.PCMA]
    rows[others] = sound.SAMPLES[sound.PCMA][raw[others]]
    return rows


def _encoded(rows: Rows, laws: list[int]) -> list[bytes]:
    codes = rows.view(np.uint16)
    coded = sound.CODES[laws[0]][codes]
    others = [row for row, law in enumerate(laws) if law != laws[0]]
    if others:
        coded[others] = sound.CODES[laws[others[0]]][codes[others]]
    data, size = coded.tobytes(), sound.FRAME_SAMPLES
    return [data[at : at + size] for at in range(0, len(data), size)]
