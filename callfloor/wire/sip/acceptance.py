"""
The 2xx of an INVITE, repeated until its ACK comes (RFC 3261 section 13.3.1.4).

This belongs to the core and not to a transaction, because the ACK comes end to end. One object
holds all that wait. Refuses: to end the call itself; it says when the ACK is not coming.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

from callfloor.wire.sip.dialog import DialogId
from callfloor.wire.sip.machines import Timings
from callfloor.wire.sip.message import Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """Send this 2xx again, through its transaction."""

    response: Response
    """The 2xx."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unacknowledged:
    """No ACK came within 64 T1: the dialog is confirmed and is owed a BYE."""

    dialog_id: DialogId
    """The dialog."""
    response: Response
    """The 2xx that nobody acknowledged."""


@dataclass(slots=True)
class _Waiting:
    response: Response
    pause: float
    due_at: float
    give_up_at: float


Waiting = tuple[DialogId, int]


class Acceptances:
    """All 2xx that wait for their ACK."""

    def __init__(self, *, timings: Timings | None = None) -> None:
        """Begin with none."""
        self._timings = timings or Timings()
        self._waiting: dict[Waiting, _Waiting] = {}
        self._heap: list[tuple[float, int, Waiting]] = []
        self._count = 0

    def __len__(self) -> int:
        """Count those that wait."""
        return len(self._waiting)

    def add(self, dialog_id: DialogId, response: Response, now: float) -> None:
        """Begin to wait; the 2xx itself has just been sent."""
        pause = self._timings.t1
        waiting = _Waiting(response, pause, now + pause, now + self._timings.patience)
        key = (dialog_id, response.cseq.number)
        self._waiting[key] = waiting
        self._push(key, waiting.due_at)

    def acknowledged(self, dialog_id: DialogId, cseq: int) -> bool:
        """Note an ACK; say whether it was the one waited for (and not a repetition)."""
        return self._waiting.pop((dialog_id, cseq), None) is not None

    def forget(self, dialog_id: DialogId) -> None:
        """Wait no longer for anything of a dialog that has ended."""
        for key in [key for key in self._waiting if key[0] == dialog_id]:
            del self._waiting[key]

    def timer(self) -> float | None:
        """Say when `fire` must be called, None if nothing waits."""
        while self._heap:
            at, _, key = self._heap[0]
            waiting = self._waiting.get(key)
            if waiting is not None and waiting.due_at == at:
                return at
            heapq.heappop(self._heap)
        return None

    def fire(self, now: float) -> list[Repeat | Unacknowledged]:
        """Give what is due: repetitions, and dialogs whose ACK is not coming."""
        due: list[Repeat | Unacknowledged] = []
        while (at := self.timer()) is not None and at <= now:
            _, _, key = heapq.heappop(self._heap)
            due.append(self._act(key, self._waiting[key]))
        return due

    def _act(self, key: Waiting, waiting: _Waiting) -> Repeat | Unacknowledged:
        if waiting.due_at >= waiting.give_up_at:
            del self._waiting[key]
            return Unacknowledged(dialog_id=key[0], response=waiting.response)
        waiting.pause = min(2 * waiting.pause, self._timings.t2)
        waiting.due_at = min(waiting.due_at + waiting.pause, waiting.give_up_at)
        self._push(key, waiting.due_at)
        return Repeat(response=waiting.response)

    def _push(self, key: Waiting, at: float) -> None:
        self._count += 1
        heapq.heappush(self._heap, (at, self._count, key))
