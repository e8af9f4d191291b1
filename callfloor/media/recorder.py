"""
Recordings: what a customer says and what he hears of others, encrypted while it is written.

The second channel is the customer's ear and not an agent's mouth, so that it is right in every
transfer and conference, and nothing that was whispered to an agent can be in it.

`wire/ccr.py` is the format. Payloads are kept as they came, at the place that their timestamps
give them, and rendered only for whoever listens. Files are written by one thread, so that a slow
disk does not delay a packet.

Refuses: to read a recording. The data key is sealed to the centre and lives only in the writer.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic, time

from callfloor.media import sound
from callfloor.media.control import Refused
from callfloor.media.leg import Leg
from callfloor.wire import ccr, fail, seal

log = logging.getLogger(__name__)

CUSTOMER, AGENT = 0, 1  # Channels: left and right.
DRIFT_MS_MAX = 150  # A stream's clock may run from ours by that before its place is set anew.
UNWRITTEN_BYTES_MAX = 16 * 1024 * 1024  # A disk that stands still for minutes loses a recording.

SAID_SILENCE_SECONDS = 3.0  # A message ends so long after the last loud moment.
SAID_NOTHING_SECONDS = 8.0  # … or so long after its start if nobody spoke; people need a breath.
LOUD = 330.0  # RMS; -40 dBFS lies between line noise (-50) and quiet speech (-35).


class File:
    """One file that is appended to; after a failed write it takes nothing more."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND
        self._number = os.open(path, flags, 0o600)
        self.failed = False

    def append(self, data: bytes) -> None:
        """Write all of it; what was whole before a failure stays readable."""
        view = memoryview(data)
        try:
            while view and not self.failed:
                view = view[os.write(self._number, view) :]
            fail.point("recorder.chunk_written")
        except OSError as error:
            self.failed = True
            log.error("recording.write_failed", extra={"reason": error.strerror})

    def close(self) -> None:
        """Close after everything lies on the disk."""
        fail.point("recorder.before_close")
        try:
            os.fsync(self._number)
        except OSError:
            self.failed = True
        os.close(self._number)


class Files:
    """Does what files need in one thread, in the order asked."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="recordings")
        self._loop = asyncio.get_running_loop()

    def do(self, work: Callable[[], None], then: Callable[[], None]) -> None:
        """Do something in a while, and then something in the loop."""
        done = self._thread.submit(work)
        done.add_done_callback(lambda _: self._loop.call_soon_threadsafe(then))

    async def stop(self) -> None:
        """Wait for everything."""
        await asyncio.to_thread(self._thread.shutdown)
        await asyncio.sleep(0)  # What was to be done in the loop is done.


class Tap:
    """One channel of a recording: places what is said or heard on the recording's time."""

    __slots__ = ("_anchor_ms", "_anchor_ts", "_channel", "_recording", "_source")

    def __init__(self, *, recording: Recording, channel: int) -> None:
        self._recording = recording
        self._channel = channel
        self._source: object = None
        self._anchor_ms = self._anchor_ts = 0

    def take(self, payload: bytes, law: int, ts: int, source: object, now: float) -> None:
        """Take one payload as it came."""
        arrived_ms = self._recording.ms_at(now)
        at_ms = self._anchor_ms + _signed(ts - self._anchor_ts) * 1_000 // sound.RATE
        if source is not self._source or abs(at_ms - arrived_ms) > DRIFT_MS_MAX:
            self._source = source
            self._anchor_ms, self._anchor_ts = arrived_ms, ts
            at_ms = arrived_ms
        if at_ms >= 0:
            self._recording.take(self._channel, at_ms, law, payload)


class Recording:
    """One file in two channels."""

    def __init__(
        self,
        *,
        name: str,
        path: Path,
        public_key: bytes,
        customer: Leg,
        is_message: bool,
        files: Files,
        said: Callable[[Recording], None],
    ) -> None:
        self.name = name
        self.customer = customer
        self._files = files
        self._said = said
        self._started = monotonic()
        self._paused = False
        self._from_ms = self._end_ms = 0
        self._overrun = False
        self._unwritten = 0
        self.bytes = 0
        self.heard_ms = [0, 0]
        data_key = secrets.token_bytes(ccr.KEY_BYTES)
        head = _head(name, data_key, public_key)
        self._writer = ccr.Writer(head=head, data_key=data_key)
        self._file = File(path)
        fail.point("recorder.opened")
        self._append(head.encode())
        self._mouth = Tap(recording=self, channel=CUSTOMER)
        self._ear = Tap(recording=self, channel=AGENT)
        customer.taps.append(self._mouth)
        customer.ear_taps.append(self._ear)
        self._is_message = is_message
        self._has_spoken = False
        self._loud_at = self._started
        self._is_said = False

    def ms_at(self, now: float) -> int:
        """Turn a moment into the recording's time."""
        return int((now - self._started) * 1_000)

    def take(self, channel: int, at_ms: int, law: int, payload: bytes) -> None:
        """Keep one payload."""
        if self._paused or at_ms < self._from_ms or len(payload) > ccr.PAYLOAD_BYTES_MAX:
            return
        length = len(payload) * 1_000 // sound.RATE
        self._end_ms = max(self._end_ms, at_ms + length)
        self.heard_ms[channel] += length
        self._append(self._writer.frame(channel=channel, at_ms=at_ms, codec=law, payload=payload))
        if self._is_message and channel == CUSTOMER and sound.loudness(payload, law) > LOUD:
            self._loud_at = monotonic()
            self._has_spoken = True

    def pause(self, now: float) -> None:
        """Keep nothing from now on; the gap is marked in the file."""
        if not self._paused:
            self._paused = True
            # A heap of packets stands ahead of the clock: the gap begins where their sound ends.
            self._end_ms = max(self._end_ms, self.ms_at(now))
            self._append(self._writer.pause(at_ms=self._end_ms))

    def resume(self, now: float) -> None:
        """Go on after a pause."""
        if self._paused:
            self._paused = False
            # What belongs before this moment was said in the gap and comes late.
            self._from_ms = max(self._end_ms, self.ms_at(now))
            self._append(self._writer.resume(at_ms=self._from_ms))

    def watch(self, now: float) -> None:
        """Write what has waited and notice the end of a message; called a few times a second."""
        self._append(self._writer.tick(at_ms=self.ms_at(now)))
        if not self._is_message or self._is_said:
            return
        limit = SAID_SILENCE_SECONDS if self._has_spoken else SAID_NOTHING_SECONDS
        if now - self._loud_at >= limit:
            self._is_said = True
            self._said(self)

    def close(self, now: float, closed: Callable[[int, bool], None]) -> int:
        """
        End the recording and give its length in milliseconds.

        `closed(bytes, partial)` is called when the file is.
        """
        self.customer.taps.remove(self._mouth)
        self.customer.ear_taps.remove(self._ear)
        length = self.ms_at(now)
        fail.point("recorder.before_last_chunk")
        self._append(self._writer.close(at_ms=length))
        self._files.do(self._file.close, lambda: closed(self.bytes, self._is_broken))
        return length

    @property
    def _is_broken(self) -> bool:
        return self._overrun or self._file.failed

    def _append(self, data: bytes) -> None:
        if not data or self._overrun:
            return
        if self._unwritten + len(data) > UNWRITTEN_BYTES_MAX:
            self._overrun = True  # What is in the file is readable; it stays without its end.
            log.error("recording.disk_too_slow", extra={"recording": self.name})
            return
        self._unwritten += len(data)
        self.bytes += len(data)
        self._files.do(lambda: self._file.append(data), lambda: self._written(len(data)))

    def _written(self, size: int) -> None:
        self._unwritten -= size


def _head(name: str, data_key: bytes, public_key: bytes) -> ccr.Head:
    sealed = seal.seal(
        data_key,
        public_key=public_key,
        ephemeral_private=secrets.token_bytes(seal.KEY_BYTES),
        nonce=secrets.token_bytes(seal.NONCE_BYTES),
    )
    return ccr.Head(
        recording=name,
        started_at_ms=int(time() * 1_000),
        nonce_prefix=secrets.token_bytes(ccr.PREFIX_BYTES),
        sealed_key=sealed,
    )


def _signed(difference: int) -> int:
    """Read a difference of 32-bit timestamps around zero."""
    return ((difference + 0x80000000) & 0xFFFFFFFF) - 0x80000000


def path_below(folder: Path, name: str) -> Path:
    """Give the path of a file below a folder; Refused if the name leads out of it."""
    path = (folder / name).resolve()
    if not name or not path.is_relative_to(folder.resolve()) or path == folder.resolve():
        raise Refused("path leads out of the recordings folder")
    return path
