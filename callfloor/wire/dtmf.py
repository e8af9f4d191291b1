"""
Keys as RTP events (RFC 4733): the packets of one key press, and keys out of packets.

Refuses: to listen for tones in the sound.
"""

from __future__ import annotations

from dataclasses import dataclass

from callfloor.wire.errors import LocalError, PeerError

KEYS = "0123456789*#ABCD"  # The order is the event code (RFC 4733 section 3.2).
CLOCK = 8_000
STEP_SAMPLES = 160  # One packet each 20 ms, like speech.
END_PACKETS = 3  # RFC 4733 section 2.5.1.4: the end is told three times.
DURATION_MS_MAX = 8_000  # 65,535 samples; longer presses need segments, nobody sends those.
VOLUME_DB = 10  # Below the reference; what telephones use.
_EVENT_BYTES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The payload of one event packet."""

    code: int
    """Index in KEYS; other numbers are other events."""
    is_end: bool
    """Whether the key was released."""
    duration: int
    """Samples since the press, 0 to 65,535."""
    volume: int = VOLUME_DB
    """Decibels below the reference, 0 to 63."""

    def encode(self) -> bytes:
        """Write the payload."""
        flags = (self.is_end << 7) | self.volume
        return bytes((self.code, flags)) + self.duration.to_bytes(2, "big")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One packet to be sent for a press; all have the timestamp of the press."""

    payload: bytes
    """The event."""
    marker: bool
    """Set on the first packet only."""
    after_samples: int
    """When to send it, counted from the press."""


def press(key: str, *, duration_ms: int = 120) -> list[Step]:
    """
    Give the packets of one key press, in order.

    Raises LocalError if there is no such key or the press is too long.
    """
    if len(key) != 1 or key not in KEYS or not 0 < duration_ms <= DURATION_MS_MAX:
        raise LocalError(f"cannot press {key!r} for {duration_ms} ms")
    code = KEYS.index(key)
    total = duration_ms * CLOCK // 1_000
    running = range(STEP_SAMPLES, total, STEP_SAMPLES)
    events = [Event(code=code, is_end=False, duration=samples) for samples in running]
    events += [Event(code=code, is_end=True, duration=total)] * END_PACKETS
    return [
        Step(payload=event.encode(), marker=index == 0, after_samples=index * STEP_SAMPLES)
        for index, event in enumerate(events)
    ]


def parse(payload: bytes) -> Event:
    """Read an event payload; PeerError if it is too short."""
    if len(payload) < _EVENT_BYTES:
        raise PeerError("telephone event is too short")
    return Event(
        code=payload[0],
        is_end=payload[1] >= 0x80,
        volume=payload[1] & 0x3F,
        duration=int.from_bytes(payload[2:4], "big"),
    )


class Decoder:
    """
    Gives each key once, at the first packet of its press that arrives.

    A press is known by its timestamp, so lost ends, repeated ends and late packets change nothing.
    """

    __slots__ = ("_code", "_end", "_ssrc", "_timestamp")

    def __init__(self) -> None:
        self._ssrc: int | None = None
        self._timestamp: int | None = None
        self._code = -1
        self._end: int | None = None  # Where the next segment of a long press would begin.

    def feed(self, payload: bytes, *, timestamp: int, ssrc: int) -> str | None:
        """Take one event packet; give the key if this is the first of its press."""
        event = parse(payload)
        if ssrc != self._ssrc:
            self._ssrc, self._timestamp, self._end = ssrc, None, None
        if self._timestamp is not None and not _is_after(timestamp, self._timestamp):
            if timestamp == self._timestamp:
                self._note(event, timestamp)
            return None
        goes_on = timestamp == self._end and event.code == self._code
        self._timestamp = timestamp
        self._note(event, timestamp)
        return None if goes_on or event.code >= len(KEYS) else KEYS[event.code]

    def _note(self, event: Event, timestamp: int) -> None:
        # RFC 4733 section 2.5.1.3: a press longer than 65,535 samples goes on under a new timestamp
        # and is not a new press.
        self._code = event.code
        full = event.duration == 0xFFFF and not event.is_end
        self._end = (timestamp + event.duration) & 0xFFFFFFFF if full else None


def _is_after(timestamp: int, than: int) -> bool:
    return 0 < (timestamp - than) & 0xFFFFFFFF < 0x80000000
