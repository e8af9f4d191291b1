"""
Who hears whom: a matrix of gains, relayed where an ear has one mouth at full gain, else mixed.

Refuses: to decide. Rows come from the floor, whole, each time something changes.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from callfloor.media.hall import Hall, Mix
from callfloor.media.leg import Leg
from callfloor.media.player import PHASES, Ticker

FULL_GAIN = 1_000  # Gains are thousandths.
GAIN_MAX = 10_000  # 20 dB louder than life is a mistake in a plan.
AGENT_CALL = "agent:"  # Legs of such calls go from one interaction to the next.

Gains = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Row:
    """One pair with sound."""

    ear: str
    mouth: str
    gain: int


class Matrix:
    """The gains of all pairs, and the wiring that follows from them."""

    def __init__(self, *, legs: Mapping[str, Leg], ticker: Ticker) -> None:
        self._legs = legs
        self._ticker = ticker
        self._halls = [Hall() for _ in range(PHASES)]
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
        phase = _phase(ear.name, gains)
        hall = self._halls[phase]
        if hall.is_empty:
            self._ticker.add(hall, phase=phase)
        hall.seat(ear, [(self._legs[name], gain / FULL_GAIN) for name, gain in gains.items()])

    def _unwire(self, ear: Leg) -> None:
        gains = self._wired.pop(ear.name, {})
        if isinstance(ear.mix, Mix):
            hall = self._halls[_phase(ear.name, gains)]
            hall.leave(ear, [self._legs[name] for name in gains])
            if hall.is_empty:
                self._ticker.remove(hall)
            return
        for name in gains:
            self._legs[name].ears.remove(ear)


def _phase(ear: str, gains: Gains) -> int:
    """Give the part of the 20 ms: the same for a whole room, so that each mouth is pulled once."""
    return zlib.crc32(min(ear, *gains).encode()) % PHASES
