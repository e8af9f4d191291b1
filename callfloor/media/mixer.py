"""
Who hears whom: a matrix of gains, relayed where an ear has one mouth at full gain, else mixed.

Refuses: to decide. Rows come from the floor, whole, each time something changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from callfloor.media import sound
from callfloor.media.leg import Leg
from callfloor.media.player import Ticker
from callfloor.wire import g711

FULL_GAIN = 1_000  # Gains are thousandths.
GAIN_MAX = 10_000  # 20 dB louder than life is a mistake in a plan.
AGENT_CALL = "agent:"  # Legs of such calls go from one interaction to the next.

# A mouth's queue in bytes, which are samples: it starts at 40 ms, so that 20 ms of jitter do not
# empty it, and is cut back to that when a burst or a fast clock has filled it to 120 ms.
QUEUE_START = 2 * sound.FRAME_SAMPLES
QUEUE_MAX = 6 * sound.FRAME_SAMPLES
_SILENCE_CODE = {sound.PCMU: g711.ULAW_SILENCE, sound.PCMA: g711.ALAW_SILENCE}

Gains = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Row:
    """One pair with sound."""

    ear: str
    mouth: str
    gain: int


class Feed:
    """What one mouth said since the last tick, for one ear."""

    __slots__ = ("_flows", "_law", "_queue", "gain")

    def __init__(self, gain: int) -> None:
        self.gain = gain / FULL_GAIN
        self._law = sound.PCMU
        self._queue = bytearray()
        self._flows = False

    def push(self, payload: bytes, law: int) -> None:
        """Take one payload."""
        if law != self._law:
            self._queue.clear()
            self._law = law
        self._queue += payload
        if len(self._queue) > QUEUE_MAX:
            del self._queue[: len(self._queue) - QUEUE_START]

    def pull(self) -> sound.Linear | None:
        """Give the next 20 ms, or None if the mouth is silent."""
        if not self._flows and len(self._queue) < QUEUE_START:
            return None
        payload = bytes(self._queue[: sound.FRAME_SAMPLES])
        del self._queue[: sound.FRAME_SAMPLES]
        self._flows = len(payload) == sound.FRAME_SAMPLES
        if not self._flows:
            if not payload:
                return None
            payload = payload.ljust(sound.FRAME_SAMPLES, _SILENCE_CODE[self._law])
        return sound.decode(payload, self._law)


class Mix:
    """The sum that one ear hears."""

    def __init__(self, *, ear: Leg) -> None:
        self._ear = ear
        self.feeds: dict[str, Feed] = {}

    def tick(self, now: float) -> None:
        """Send the next 20 ms; nothing while every mouth is silent."""
        total: sound.Sum | None = None
        for feed in self.feeds.values():
            samples = feed.pull()
            if samples is None:
                continue
            part = (samples * feed.gain).astype(np.int32)
            total = part if total is None else total + part
        if total is not None:
            clipped = np.clip(total, -32_768, 32_767).astype(np.int16)
            self._ear.say(self, sound.encode(clipped, self._ear.law), now)


class Matrix:
    """The gains of all pairs, and the wiring that follows from them."""

    def __init__(self, *, legs: Mapping[str, Leg], ticker: Ticker) -> None:
        self._legs = legs
        self._ticker = ticker
        self._rows: dict[str, dict[str, int]] = {}  # ear -> mouth -> gain, as it should be
        self._ears: dict[str, set[str]] = {}  # mouth -> ears, the same the other way round
        self._wired: dict[str, dict[str, int]] = {}  # ear -> mouth -> gain, as it is

    def replace(self, *, legs: Iterable[str], rows: Iterable[Row]) -> set[str]:
        """
        Replace who hears whom among these legs; give the names that are unknown.

        A leg of an interaction (not of an agent) is heard by nobody and hears nobody that is not
        listed, also outside of these legs: an agent who left a call cannot go on listening.
        """
        named = set(legs)
        wanted = [row for row in rows if row.gain > 0 and row.ear != row.mouth]
        known = [row for row in wanted if row.ear in self._legs and row.mouth in self._legs]
        changed = self._clear(named) | {row.ear for row in known}
        for row in known:
            self._rows.setdefault(row.ear, {})[row.mouth] = min(row.gain, GAIN_MAX)
            self._ears.setdefault(row.mouth, set()).add(row.ear)
        for ear in sorted(changed):
            self._wire(ear)
        mentioned = named.union(*((row.ear, row.mouth) for row in wanted))
        return mentioned - self._legs.keys()

    def forget(self, name: str) -> None:
        """Take a leg that ends out of every row, before it leaves the table of legs."""
        changed = {name, *self._ears.get(name, ())}
        for ear, mouth in [(name, mouth) for mouth in self._rows.get(name, ())]:
            self._drop(ear, mouth)
        for ear in list(self._ears.get(name, ())):
            self._drop(ear, name)
        for ear in sorted(changed):
            self._wire(ear)

    def _clear(self, named: set[str]) -> set[str]:
        """Drop the pairs that a new set of rows speaks for; give the ears that lost one."""
        own = {name for name in named if self._is_of_an_interaction(name)}
        pairs = {(ear, mouth) for ear in named for mouth in self._rows.get(ear, ())}
        pairs |= {(ear, mouth) for mouth in named for ear in self._ears.get(mouth, ())}
        changed = set()
        for ear, mouth in pairs:
            if ear in own or mouth in own or (ear in named and mouth in named):
                self._drop(ear, mouth)
                changed.add(ear)
        return changed

    def _drop(self, ear: str, mouth: str) -> None:
        del self._rows[ear][mouth]
        self._ears[mouth].discard(ear)
        if not self._rows[ear]:
            del self._rows[ear]
        if not self._ears[mouth]:
            del self._ears[mouth]

    def _is_of_an_interaction(self, name: str) -> bool:
        leg = self._legs.get(name)
        return leg is not None and not leg.call.startswith(AGENT_CALL)

    def _wire(self, name: str) -> None:
        gains = self._rows.get(name, {})
        if gains == self._wired.get(name, {}):
            return  # Nothing that is heard would change but the queues.
        ear = self._legs[name]
        self._unwire(ear)
        if len(gains) == 1 and FULL_GAIN in gains.values():
            self._legs[next(iter(gains))].ears.append(ear)
        elif gains:
            self._mix(ear, gains)
        if gains:
            self._wired[name] = dict(gains)
        ear.choose()

    def _mix(self, ear: Leg, gains: Gains) -> None:
        mix = Mix(ear=ear)
        for name, gain in sorted(gains.items()):
            mix.feeds[name] = Feed(gain)
            self._legs[name].feeds.append(mix.feeds[name])
        ear.mix = mix
        self._ticker.add(mix)

    def _unwire(self, ear: Leg) -> None:
        mix = ear.mix if isinstance(ear.mix, Mix) else None
        for name in self._wired.pop(ear.name, {}):
            mouth = self._legs[name]
            if mix:
                mouth.feeds.remove(mix.feeds[name])
            else:
                mouth.ears.remove(ear)
        if mix:
            self._ticker.remove(mix)
            ear.mix = None
