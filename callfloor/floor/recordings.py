"""
Which recordings run, and their rows in the journal: in it before media is told to begin.

Starts and stops both go through the journal, so that neither overtakes the other; a recording that
is still without an end in the journal when its worker is gone is marked as partial.

Refuses: to know what may be recorded. The exchange has decided that.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Protocol

from callfloor.core import events
from callfloor.floor import ids, journal
from callfloor.floor.journal import Change
from callfloor.floor.media_client import Media
from callfloor.wire import fail

Then = Callable[[], None]


class Keeper(Protocol):
    """The floor's side of it."""

    def keep(self, changes: Sequence[Change], then: Then | None = None) -> None:
        """Commit changes, then go on."""


class Recordings:
    """The recordings that run now, at most one per item."""

    def __init__(
        self,
        *,
        media: Media,
        names: ids.Ids,
        now: Callable[[], float],
        happen: Callable[[events.Event], None],
    ) -> None:
        self._media = media
        self._ids = names
        self._now = now
        self._happen = happen
        self._floor: Keeper
        self._live: dict[str, str] = {}
        self._messages: dict[str, str] = {}
        self._unclosed: set[str] = set()

    def bind(self, floor: Keeper) -> None:
        """Say in whose journal they are kept."""
        self._floor = floor

    def start(self, *, item: str, customer: str, agent: str | None) -> None:
        """Record a talk; if it is being recorded, whoever the customer hears is in it already."""
        live = self._live.get(item)
        if live is None:
            self._begin(item, customer, agent)
        else:
            self._messages.pop(live, None)  # Somebody serves him: silence ends nothing now.

    def start_message(self, *, item: str, customer: str) -> None:
        """Record what a caller says to nobody."""
        self._begin(item, customer, None, is_message=True)

    def pause(self, item: str) -> None:
        """Keep nothing of an item for a while."""
        live = self._live.get(item)
        if live is not None:
            self._floor.keep([], lambda: self._media.pause_recording(call=item, recording=live))

    def resume(self, item: str) -> None:
        """Keep what is said again."""
        live = self._live.get(item)
        if live is not None:
            self._floor.keep([], lambda: self._media.resume_recording(call=item, recording=live))

    @property
    def unclosed(self) -> int:
        """Count the recordings whose file is not known to be closed."""
        return len(self._unclosed)

    def is_message(self, item: str) -> bool:
        """Say whether the caller is leaving a message."""
        return self._live.get(item) in self._messages

    def stop(self, item: str, then: Then | None = None) -> None:
        """End the recording of an item, if there is one, then go on."""
        recording = self._live.pop(item, None)
        if recording is None:
            if then is not None:
                then()
            return
        self._messages.pop(recording, None)

        def stop() -> None:
            self._media.stop_recording(call=item, recording=recording, then=_heard)
            if then is not None:
                then()

        self._floor.keep([], stop)

    def end_message(self, item: str) -> None:
        """Let the caller end his message by a key."""
        recording = self._live[item]
        del self._messages[recording]

        def stopped(seconds: float | None) -> None:
            self._happen(events.MessageEnded(item=item, seconds=seconds or 0.0))

        self._media.stop_recording(call=item, recording=recording, then=stopped)

    # --- what the media worker says ---

    def said(self, recording: str, seconds: float) -> None:
        """Let silence end a message."""
        item = self._messages.pop(recording, None)
        if item is not None:
            self._happen(events.MessageEnded(item=item, seconds=seconds))

    def closed(self, recording: str, *, seconds: float, partial: bool) -> None:
        """Complete the row of a recording whose file is closed."""
        fail.point("recordings.before_end_kept")
        self._unclosed.discard(recording)
        self._end(recording, seconds=seconds, partial=partial)
        if partial:
            self._happen(events.FaultNoticed(name="recording_partial", detail=recording))

    def cut(self, items: Sequence[str]) -> None:
        """Mark the recordings of items whose media worker is gone, and what it was closing."""
        for item in items:
            self._live.pop(item, None)
        lost = self._unclosed - set(self._live.values())
        self._unclosed -= lost
        for recording in sorted(lost):
            self._end(recording, seconds=None, partial=True)

    def give_up_before(self, started_before: float) -> None:
        """Mark what an earlier epoch recorded and no worker has closed since."""
        self._floor.keep([journal.recordings_abandoned(before=started_before, at=self._now())])

    # --- inside ---

    def _end(self, recording: str, *, seconds: float | None, partial: bool) -> None:
        ended = journal.recording_ended(
            recording=recording, at=self._now(), seconds=seconds, partial=partial
        )
        self._floor.keep([ended])

    def _refused(self, item: str, recording: str) -> None:
        """Mark what was never begun: the talk goes on without it, and somebody must know."""
        if recording in self._unclosed:
            if self._live.get(item) == recording:
                del self._live[item]
            self._unclosed.discard(recording)
            self._end(recording, seconds=0.0, partial=True)
            self._happen(events.FaultNoticed(name="recording_refused", detail=recording))
            if self._messages.pop(recording, None) is not None:
                self._happen(events.MessageEnded(item=item, seconds=0.0))  # He speaks to nobody.

    def _begin(
        self, item: str, customer: str, agent: str | None, *, is_message: bool = False
    ) -> None:
        now = self._now()
        recording = self._live[item] = self._ids.item(now)
        path = f"{datetime.fromtimestamp(now, UTC):%Y/%m/%d}/{recording}.ccr"
        started = journal.recording_started(recording=recording, item=item, path=path, at=now)
        self._unclosed.add(recording)
        if is_message:
            self._messages[recording] = item

        def start() -> None:
            fail.point("recordings.row_kept")
            self._media.start_recording(
                call=item,
                recording=recording,
                customer=customer,
                agent=agent,
                path=path,
                refused=lambda: self._refused(item, recording),
            )

        self._floor.keep([started], start)


def _heard(_seconds: float | None) -> None:
    """The length comes with the event `recorded`, when the file is closed."""
