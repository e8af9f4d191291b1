"""
The two halves of a leg's RTP: what comes in is counted, what goes out is one unbroken stream.

Refuses: a socket, and to know who is heard.
"""

from __future__ import annotations

import math
import secrets
import struct
from dataclasses import dataclass

from callfloor.media.sound import FRAME_SAMPLES, RATE
from callfloor.wire import rtp

_HEAD = struct.Struct("!BBHII")
_GAP_SAMPLES_MAX = RATE * 60 * 60  # A pause longer than an hour needs no exact length.
PAUSE_SECONDS = 0.2  # A ticker that stood still for less catches up; more was silence.
_JUMP_MAX = 3_000  # Packets: MAX_DROPOUT of RFC 3550, appendix A.1; a minute of sound.


class Outgoing:
    """
    What one ear hears, as one stream.

    Sources may change at any packet; sequence numbers stay continuous, timestamps follow the
    clock, and the first packet of a new source carries the marker (RFC 3551, section 4.1).
    """

    __slots__ = (
        "_sent_at", "_seq_offset", "_source", "_ts_offset",
        "octets", "packets", "seq", "ssrc", "ts",
    )  # fmt: skip

    def __init__(self) -> None:
        self.ssrc = secrets.randbits(32)
        self.seq = secrets.randbits(15)  # Half the range, so that SRTP's roll-over is not at once.
        self.ts = secrets.randbits(32)
        self.packets = 0
        self.octets = 0
        self._source: object = None
        self._sent_at: float | None = None
        self._seq_offset = 0
        self._ts_offset = 0

    def quiet_seconds(self, now: float) -> float:
        """Tell how long nothing was sent; for ever if nothing ever was."""
        return math.inf if self._sent_at is None else now - self._sent_at

    def relay(
        self,
        *,
        source: object,
        seq: int,
        ts: int,
        marker: bool,
        payload: bytes,
        kind: int,
        now: float,
    ) -> bytes:
        """Give the packet that carries a payload of somebody else; its gaps and order stay."""
        if source is not self._source:
            self._switch(source, seq, ts, now)
            marker = True
        out_seq = (seq + self._seq_offset) & 0xFFFF
        out_ts = (ts + self._ts_offset) & 0xFFFFFFFF
        if (out_seq - self.seq) & 0xFFFF < 0x8000:
            self.seq, self.ts = out_seq, out_ts
        self._sent_at = now
        return self._pack(out_seq, out_ts, marker, kind, payload)

    def own(self, *, source: object, payload: bytes, kind: int, now: float) -> bytes:
        """Give the packet that carries 20 ms of our own making."""
        marker = source is not self._source or now - (self._sent_at or now) > PAUSE_SECONDS
        if marker:
            self._source = source
            self.ts = (self.ts + self._gap(now)) & 0xFFFFFFFF
        else:
            self.ts = (self.ts + FRAME_SAMPLES) & 0xFFFFFFFF
        self.seq = (self.seq + 1) & 0xFFFF
        self._sent_at = now
        return self._pack(self.seq, self.ts, marker, kind, payload)

    def key(self, *, source: object, payload: bytes, kind: int, marker: bool, now: float) -> bytes:
        """Give a packet of a key; all of one press bear the timestamp of its marker (RFC 4733)."""
        self._source = source
        if marker:
            self.ts = (self.ts + self._gap(now)) & 0xFFFFFFFF
            self._sent_at = now  # The next source counts from the press on.
        self.seq = (self.seq + 1) & 0xFFFF
        return self._pack(self.seq, self.ts, marker, kind, payload)

    def _pack(self, seq: int, ts: int, marker: bool, kind: int, payload: bytes) -> bytes:
        self.packets += 1
        self.octets += len(payload)
        return _HEAD.pack(0x80, kind | 0x80 if marker else kind, seq, ts, self.ssrc) + payload

    def _switch(self, source: object, seq: int, ts: int, now: float) -> None:
        self._source = source
        self._seq_offset = self.seq + 1 - seq
        self._ts_offset = self.ts + self._gap(now) - ts

    def _gap(self, now: float) -> int:
        if self._sent_at is None:
            return 0
        passed = int((now - self._sent_at) * RATE)
        return max(FRAME_SAMPLES, min(passed, _GAP_SAMPLES_MAX))


@dataclass(frozen=True, slots=True)
class Interval:
    """What came since the interval before."""

    packets: int
    lost: int


class Incoming:
    """Counts what the far side sends (RFC 3550, appendix A.3 and A.8)."""

    __slots__ = (
        "_base",
        "_expected_before",
        "_jitter",
        "_max",
        "_packets_before",
        "_received_before",
        "_transit",
        "interval",
        "packets",
        "received",
        "source",
        "sr_at",
        "sr_ntp",
        "ssrc",
    )  # fmt: skip

    def __init__(self) -> None:
        self.packets = 0  # Of the leg; `received` is of the present stream.
        self.ssrc: int | None = None
        self.source = object()  # Stands for the stream; another SSRC is another source.
        self.received = 0
        self.interval = Interval(0, 0)
        self._packets_before = 0
        self._start(0)

    def _start(self, seq: int) -> None:
        self.source = object()
        self.received = 0
        self._base = self._max = seq
        self._expected_before = self._received_before = 0
        self._jitter = 0.0
        self._transit: float | None = None
        self.sr_ntp, self.sr_at = 0, 0.0

    def take(self, seq: int, ts: int, ssrc: int, now: float) -> None:
        """Count one packet."""
        step = (seq - self._max) & 0xFFFF
        if ssrc != self.ssrc or _JUMP_MAX < step < 0x10000 - _JUMP_MAX:
            self.ssrc = ssrc
            self._start(seq)
        elif step < 0x8000:
            self._max += step  # Kept without wrapping: cycles stand in the upper bits.
        self.packets += 1
        self.received += 1
        transit = now * RATE - ts
        if self._transit is not None:
            change = abs(transit - self._transit)
            if change < RATE:  # A wrapped timestamp or a pause is no jitter.
                self._jitter += (change - self._jitter) / 16
        self._transit = transit

    @property
    def lost(self) -> int:
        """How many packets of the present stream never came; never negative."""
        return max(0, self._expected() - self.received)

    @property
    def jitter_us(self) -> int:
        """The interarrival jitter in microseconds."""
        return int(self._jitter * 1_000_000 / RATE)

    def _expected(self) -> int:
        return self._max - self._base + 1 if self.received else 0

    def report(self, now: float) -> rtp.Report | None:
        """Give the report about this stream; each call begins a new `interval`."""
        if self.ssrc is None:
            return None
        expected = self._expected() - self._expected_before
        lost = max(0, expected - (self.received - self._received_before))
        self._expected_before, self._received_before = self._expected(), self.received
        self.interval = Interval(self.packets - self._packets_before, lost)
        self._packets_before = self.packets
        return rtp.Report(
            ssrc=self.ssrc,
            lost_fraction=lost / expected if expected > 0 else 0.0,
            lost_total=self.lost,
            highest_sequence=self._max & 0xFFFFFFFF,
            jitter=int(self._jitter),
            last_sender_report=self.sr_ntp,
            delay_since_last=int((now - self.sr_at) * 65_536) if self.sr_ntp else 0,
        )

    def note_report(self, ntp: int, now: float) -> None:
        """Remember when the far side's sender report came, for its round-trip time."""
        self.sr_ntp, self.sr_at = ntp >> 16 & 0xFFFFFFFF, now
