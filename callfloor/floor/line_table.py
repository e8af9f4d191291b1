"""
Every call that goes by SIP, found by its transaction until it is answered, then by its dialog.

Refuses: to know what a line does; to hold more of them than the limits allow.
"""

from collections import Counter
from typing import Generic, Protocol, TypeVar

from callfloor.floor.buckets import Bucket, Pace
from callfloor.floor.shares import Shares
from callfloor.wire.sip.dialog import Dialog, DialogId
from callfloor.wire.sip.machines import Key

FRESH_MAX = 300  # Not yet answered: what comes in a second at the promised rate.
LINES_MAX = 5_000  # Twenty times what one media worker carries; beyond it callers get 503.
# Keys by INFO at the speed of fingers, holds, refreshes. Each request leaves 8 KB for 32 s.
ASKED = Pace(burst=50, per_second=20)


class Line(Protocol):
    """What a line is here."""

    @property
    def dialog(self) -> Dialog:
        """Give its end of the dialog."""


class Caller(Line, Protocol):
    """A line that came with an INVITE."""

    @property
    def key(self) -> Key:
        """Give the transaction of its INVITE."""


LineT = TypeVar("LineT", bound=Line)
CallerT = TypeVar("CallerT", bound=Caller)


class LineTable(Generic[LineT, CallerT]):
    """The lines that are up, and those that want to be."""

    def __init__(self) -> None:
        self.shares = Shares()
        self._fresh: dict[Key, CallerT] = {}
        self._lines: dict[DialogId, LineT] = {}
        self._call_ids: Counter[str] = Counter()
        self._asked: dict[DialogId, Bucket] = {}

    def is_full(self) -> bool:
        """Say whether no further call can be held."""
        return len(self._fresh) >= FRESH_MAX or len(self._lines) >= LINES_MAX

    def knows_call(self, call_id: str) -> bool:
        """Say whether a call has this Call-ID."""
        return call_id in self._call_ids

    def fresh(self, key: Key) -> CallerT | None:
        """Give the line of an INVITE that has no answer yet."""
        return self._fresh.get(key)

    def of_dialog(self, dialog_id: DialogId | None) -> LineT | None:
        """Give the line of a dialog."""
        return None if dialog_id is None else self._lines.get(dialog_id)

    def may_ask(self, dialog_id: DialogId, now: float) -> bool:
        """Say whether a request inside a dialog is taken: a call is no way to flood us either."""
        bucket = self._asked.get(dialog_id)
        if bucket is None:
            bucket = self._asked[dialog_id] = Bucket(pace=ASKED, at=now)
        return bucket.take(now)

    def arrived(self, line: CallerT, *, trunk: str) -> None:
        """Know a line by its INVITE."""
        self._fresh[line.key] = line
        self._call_ids[line.dialog.id.call_id] += 1
        self.shares.enter(trunk, line.key)

    def answered(self, key: Key) -> None:
        """Know a line no more by its INVITE."""
        line = self._fresh.pop(key, None)
        if line is not None:
            self.shares.answered(key)
            self._lose(line.dialog.id.call_id)

    def enter(self, line: LineT) -> None:
        """Know a line by its dialog; once more is as once."""
        if line.dialog.id not in self._lines:
            self._call_ids[line.dialog.id.call_id] += 1
        self._lines[line.dialog.id] = line

    def ended(self, key: Key) -> None:
        """Know no more of what came with an INVITE."""
        self.answered(key)
        self.shares.leave(key)

    def forget(self, line: LineT) -> bool:
        """Know no more of a line; say whether it had a dialog."""
        if self._lines.pop(line.dialog.id, None) is None:
            return False
        self._asked.pop(line.dialog.id, None)
        self._lose(line.dialog.id.call_id)
        return True

    def _lose(self, call_id: str) -> None:
        self._call_ids[call_id] -= 1
        if not self._call_ids[call_id]:
            del self._call_ids[call_id]
