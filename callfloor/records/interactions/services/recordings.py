"""
Recordings: taken over from the floor under the customer's key, and opened for those who may listen.

The floor's list says which files there are; each file's data key comes sealed to the centre. Once
the key lies under the customer's key here, its seal in the file is overwritten, so that destroying
the customer's key makes the sound unreadable. Refuses: plain sound on a disk.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callfloor.core.plan import PROBE_TRUNK
from callfloor.kernel import access, audit
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.kernel.journal import RecordingRow
from callfloor.kernel.keys import crypt, ring
from callfloor.records.interactions import queries
from callfloor.records.interactions.models import Interaction, Recording
from callfloor.records.interactions.services.course import instant
from callfloor.wire import fail
from callfloor.wire.errors import PeerError

if TYPE_CHECKING:  # With it comes numpy, a tenth of a start; whoever opens a file imports it.
    from callfloor.wire import ccr

FOLDER = "recordings"
BATCH = 100  # Files looked at in one go; between two the worker projects.
GRACE = timedelta(minutes=10)
"""After the end of a call a recording without an end is marked: nobody will complete it."""
HEAD_BYTES_MAX = 1024  # Far more than a head has; the sealed key lies at its end.

ReadRows = Callable[[list[str]], Sequence[RecordingRow]]


class RecordingGone(Refusal):
    """There is nothing to listen to."""

    code = "interactions.recording_gone"
    message = _("This recording cannot be played: it is missing, damaged or erased.")


class RecordingNotReady(Refusal):
    """The file is still being written or taken over."""

    code = "interactions.recording_not_ready"
    message = _("This recording is not ready yet. Try again in a moment.")


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What was found in a finished file."""

    wrapped_key: bytes | None
    seconds: float | None
    channels: int
    partial: bool
    missing: bool


class RecordingAudio:
    """A recording as a WAV file, in clear only in memory and only as far as it is asked for."""

    content_type = "audio/wav"

    def __init__(self, reader: ccr.Reader) -> None:
        from callfloor.wire import ccr

        self._reader = reader
        self.size = ccr.wav_size(reader)
        """Bytes of the whole file."""

    def read(self, *, start: int, length: int) -> bytes:
        """Give bytes of the file from `start` on; fewer at its end."""
        if length <= 0 or start >= self.size:
            return b""
        from callfloor.wire import ccr

        return ccr.render_wav_range(self._reader, first=start, last=start + length - 1)

    def close(self) -> None:
        """Let go of what was read."""
        del self._reader


def follow(
    *,
    simulated: bool,
    read: ReadRows,
    now: datetime,
    is_late: Callable[[str], bool] = lambda item: True,
) -> int:
    """
    Take over the recordings of interactions that still wait for one; give how many wait.

    Whether a recording's end is overdue is asked of the wall clock, and then of `is_late`, which
    has another: a wall clock that was set ahead makes every call look long over.
    """
    of_twin = Q(simulated=True) & ~Q(trunk=PROBE_TRUNK)  # Test calls are in the live journal.
    waiting = Interaction.objects.filter(of_twin if simulated else ~of_twin, recording_open=True)
    found = list(waiting.order_by("id")[:BATCH])
    rows: dict[str, list[RecordingRow]] = {}
    for row in read([interaction.id for interaction in found]):
        rows.setdefault(row.item, []).append(row)
    for interaction in found:
        is_over = interaction.ended_at is not None and now - interaction.ended_at > GRACE
        over = is_over and is_late(interaction.id)
        _follow(interaction, rows.get(interaction.id, []), over=over)
    return len(found)


def open_recording(
    *, person: Someone, recording_id: str, now: datetime, again: bool = False
) -> RecordingAudio:
    """
    Open a recording for listening; the listening is noted, a later part (`again`) is not.

    Raises NotFound, Forbidden, RecordingNotReady, RecordingGone.
    """
    recording = _audible(person, recording_id)
    if not recording.wrapped_key and not recording.missing:
        raise RecordingNotReady
    reader = _reader(recording)
    if not again:
        about, client = f"recording:{recording.id}", recording.client_id
        audit.note(by=person.key, action="recording.heard", about=about, client=client, now=now)
    return RecordingAudio(reader)


def file_of(path: str) -> Path:
    """Give the file of a recording, which must lie in the folder of recordings."""
    folder = (Path(settings.DATA) / FOLDER).resolve()
    file = (folder / path).resolve()
    assert file.is_relative_to(folder), "a recording outside of its folder"
    return file


def remove_files(*, customer_id: str) -> int:
    """Delete the sound of an erased customer, unreadable as it is; give how many files."""
    rows = Recording.objects.filter(interaction__customer_id=customer_id).exclude(path="")
    removed = 0
    for recording in rows.order_by("id"):
        file_of(recording.path).unlink(missing_ok=True)
        removed += 1
    rows.update(missing=True, wrapped_key=None)
    return removed


def sound_of(recording: Recording) -> RecordingAudio:
    """
    Open a recording that the caller has checked, and noted.

    Raises RecordingGone.
    """
    return RecordingAudio(_reader(recording))


def forget(recording: Recording) -> None:
    """Delete the sound of a recording whose time is over; that it was made is still to be seen."""
    if recording.path:
        file_of(recording.path).unlink(missing_ok=True)
    Recording.objects.filter(id=recording.id).update(path="", wrapped_key=None)


def _audible(person: Someone, recording_id: str) -> Recording:
    mine = access.within(person, Recording.objects.filter(id=recording_id))
    recording = mine.select_related("interaction__customer").first()
    if recording is None:
        raise access.NotFound
    if not queries.may_listen(person, interaction_id=recording.interaction_id):
        raise access.Forbidden
    return recording


def _reader(recording: Recording) -> ccr.Reader:
    subject = recording.interaction.customer.subject
    key = ring.get(subjects=[subject]).get(subject)
    if key is None or recording.missing or recording.wrapped_key is None:
        raise RecordingGone
    from callfloor.wire import ccr

    try:
        data_key = crypt.decrypt(bytes(recording.wrapped_key), key=key, bound=_bound(recording.id))
        reader = ccr.Reader(file_of(recording.path).read_bytes(), data_key=data_key)
        reader.duration_ms()  # A file whose end does not open is not played at all.
    except (OSError, PeerError, crypt.Unreadable) as error:
        raise RecordingGone from error
    return reader


def _follow(interaction: Interaction, rows: Sequence[RecordingRow], *, over: bool) -> None:
    taken = {row.recording: _take(interaction, row, over=over) for row in rows}
    with transaction.atomic():
        for row in rows:
            _write(interaction, row, taken[row.recording])
        if not rows and over:
            _write_missing(interaction)
        is_done = interaction.ended_at is not None and all(taken.values())
        if (rows and is_done) or over:
            Interaction.objects.filter(id=interaction.id).update(recording_open=False)
    fail.point("recordings.key_taken_over")
    # Only when the key is safe here may its seal in the file go.
    _overwrite_seals(row for row in rows if (each := taken[row.recording]) and each.wrapped_key)


def _take(interaction: Interaction, row: RecordingRow, *, over: bool) -> Taken | None:
    """Read a finished file; None if it is not finished yet."""
    if row.ended_at is None and not over:
        return None
    from callfloor.wire import ccr

    try:
        data = file_of(row.path).read_bytes()
        head = ccr.read_head(data)
    except (OSError, PeerError):
        return Taken(wrapped_key=None, seconds=row.seconds, channels=2, partial=True, missing=True)
    data_key = ring.data_key(head.sealed_key)
    if data_key is None:  # Taken over before, in a run that did not come to its end.
        return _as_before(row, head)
    seconds, partial = _length(data, data_key, row)
    return Taken(
        wrapped_key=_wrap(interaction, row.recording, data_key),
        seconds=seconds,
        channels=head.channels,
        partial=partial,
        missing=False,
    )


def _as_before(row: RecordingRow, head: ccr.Head) -> Taken:
    known = Recording.objects.filter(id=row.recording).first()
    key = bytes(known.wrapped_key) if known and known.wrapped_key else None
    return Taken(
        wrapped_key=key,
        seconds=known.seconds if known else row.seconds,
        channels=head.channels,
        partial=known.partial if known else True,
        missing=False,
    )


def _length(data: bytes, data_key: bytes, row: RecordingRow) -> tuple[float | None, bool]:
    from callfloor.wire import ccr

    try:
        reader = ccr.Reader(data, data_key=data_key)
        return reader.duration_ms() / 1000, reader.partial or row.partial
    except PeerError:
        return row.seconds, True


def _wrap(interaction: Interaction, recording: str, data_key: bytes) -> bytes | None:
    subject = f"customer:{interaction.customer_id}"
    key = ring.get(subjects=[subject]).get(subject)
    return crypt.encrypt(data_key, key=key, bound=_bound(recording)) if key else None


def _bound(recording: str) -> str:
    return f"interactions.recording.wrapped_key:{recording}"


def _write(interaction: Interaction, row: RecordingRow, taken: Taken | None) -> None:
    values = {
        "interaction_id": interaction.id,
        "client_id": interaction.client_id,
        "path": row.path,
        "started_at": instant(row.started_at),
        "ended_at": instant(row.ended_at) if row.ended_at is not None else None,
        "simulated": interaction.simulated,
    }
    if taken is not None:
        values |= {
            "wrapped_key": taken.wrapped_key,
            "seconds": taken.seconds,
            "channels": taken.channels,
            "partial": taken.partial,
            "missing": taken.missing,
        }
    Recording.objects.update_or_create(id=row.recording, defaults=values)


def _write_missing(interaction: Interaction) -> None:
    """Say that frames were to be kept and nothing is there, rather than nothing (I6)."""
    values = {
        "interaction_id": interaction.id,
        "client_id": interaction.client_id,
        "path": "",
        "started_at": interaction.answered_at or interaction.arrived_at,
        "ended_at": interaction.ended_at,
        "partial": True,
        "missing": True,
        "simulated": interaction.simulated,
    }
    Recording.objects.update_or_create(id=f"missing-{interaction.id}"[:64], defaults=values)


def _overwrite_seals(rows: Iterable[RecordingRow]) -> None:
    from callfloor.wire import ccr

    for row in rows:
        with file_of(row.path).open("r+b") as file:
            data = file.read(HEAD_BYTES_MAX)
            head = ccr.read_head(data)
            file.seek(len(head.encode()) - len(head.sealed_key))
            file.write(bytes(len(head.sealed_key)))
            file.flush()
            fail.point("recordings.seal_overwritten")
            os.fsync(file.fileno())
