"""
One party's connection: what it says goes to whoever hears it, what it hears becomes one stream.

The hot path of the process is `receive` → `hear` of each ear → `transport.send`. A leg outlives
its transport: a browser that reloads its page offers anew and keeps its place in every mix.

Refuses: sockets, encryption, and any decision about who hears whom.
"""

from __future__ import annotations

import logging
import secrets
import struct
from collections.abc import Callable
from typing import Protocol

from callfloor.media import reports, sound, stream
from callfloor.wire import dtmf, fail, rtp, sdp
from callfloor.wire.errors import PeerError

log = logging.getLogger(__name__)

_HEAD = struct.Struct("!BBHII")
_HEAD_BYTES = 12
LOST_SECONDS = {"webrtc": 1.5, "rtp": 20.0}
"""A muted browser still sends; a telephone may send nothing while it is silent (RFC 3389)."""
KEEP_ALIVE_SECONDS = 1.0
"""Carriers end a call that hears nothing for 30 s; RFC 6263 keeps alive every 15 s at most."""
FORGOTTEN_SECONDS = 3_600.0  # No floor leaves a leg without a far side for so long on purpose.


class Transport(Protocol):
    """What carries a leg's packets."""

    def send(self, packet: bytes) -> None:
        """Send RTP to the far side, if it can be reached."""

    def send_rtcp(self, packet: bytes) -> None:
        """Send RTCP to the far side, if it can be reached."""

    def watch(self, now: float) -> None:
        """Notice what only the transport can; called a few times a second."""

    def close(self) -> None:
        """Give the socket back."""


class OwnSound(Protocol):
    """Something that makes what an ear hears, instead of a single mouth that is relayed."""

    def tick(self, now: float) -> None:
        """Send the next 20 ms."""


class Tap(Protocol):
    """Something that keeps what a mouth says, or what an ear is given to hear of others."""

    def take(self, payload: bytes, law: int, ts: int, source: object, now: float) -> None:
        """Take one payload as it came."""


class Feed(Protocol):
    """Something that collects what a mouth says until the next tick."""

    def push(self, payload: bytes, law: int) -> None:
        """Take one payload as it came."""


Tell = Callable[..., None]


class Leg:
    """See the module."""

    def __init__(self, *, call: str, name: str, kind: str, tell: Tell) -> None:
        self.call = call
        self.name = name
        self.kind = kind
        self._tell = tell
        self.transport: Transport | None = None
        self.incoming = stream.Incoming()
        self.outgoing = stream.Outgoing()
        # What was negotiated.
        self.origin = secrets.randbits(62)  # Of our descriptions; RFC 8866, section 5.2.
        self.version = 0
        self.law = sound.PCMU
        self.hears = True
        self._speech = 0
        self._events: int | None = None
        self._their_events: int | None = None
        self._laws: dict[int, int] = {}
        self._speaks = True
        # Who listens.
        self.ears: list[Leg] = []
        self.feeds: list[Feed] = []
        self.taps: list[Tap] = []
        self.ear_taps: list[Tap] = []
        # What is heard instead of a mouth, the strongest first.
        self.keys: OwnSound | None = None
        self.player: OwnSound | None = None
        self.mix: object | None = None
        self.own: object | None = None
        # Life.
        self._decoder = dtmf.Decoder()
        self._is_up = False
        self._is_lost = False
        self._heard_at: float | None = None
        self._awaited_at: float | None = None
        self.unknown = 0
        self.reports = reports.Reports()

    def negotiate(self, agreed: sdp.Media, *, events: int | None, now: float) -> None:
        """
        Take what was agreed, as our side would say it; the far side has its time from here.

        `events` is the number under which the far side sends keys; it may differ from ours.
        """
        speech = agreed.codecs[0]
        ours = agreed.codec(sdp.EVENT)
        self.law = sound.PCMA if speech.name == "PCMA" else sound.PCMU
        self._speech = speech.payload
        self._laws = {sound.PCMU: sound.PCMU, sound.PCMA: sound.PCMA, speech.payload: self.law}
        self._events = ours.payload if ours else None
        self._their_events = events
        self.hears = agreed.direction in ("sendrecv", "sendonly")
        self._speaks = agreed.direction in ("sendrecv", "recvonly")
        self._awaited_at = now

    @property
    def events(self) -> int | None:
        """The payload type of keys, if that is agreed."""
        return self._events

    def renew(self, now: float) -> None:
        """Begin a new life on a new transport: the far side has to show itself again."""
        self._is_up = self._is_lost = False
        self._heard_at = now
        self.incoming = stream.Incoming()
        self._decoder = dtmf.Decoder()

    @property
    def can_press(self) -> bool:
        """Say whether the far side understands keys."""
        return self._events is not None

    def choose(self) -> None:
        """Decide what is heard after something began or ended."""
        self.own = self.keys or self.player or self.mix

    # --- From the far side ------------------------------------------------------------------------

    def receive(self, data: bytes, now: float) -> None:
        """Take one RTP packet of the far side, in clear."""
        if len(data) < _HEAD_BYTES:
            return
        bits, kind, seq, ts, ssrc = _HEAD.unpack_from(data)
        if bits == 0x80:
            payload = data[_HEAD_BYTES:]
        else:
            try:
                start, end = rtp.payload_span(data)
            except PeerError:
                self.unknown += 1
                return
            payload = data[start:end]
        self.incoming.take(seq, ts, ssrc, now)
        self._heard_at = now
        if not self._is_up or self._is_lost:
            self._show_life(now)
        law = self._laws.get(kind & 0x7F)
        if law is None:
            self._take_other(kind & 0x7F, payload, ts, ssrc)
            return
        fail.point("media.between_packets")
        source = self.incoming.source
        for ear in self.ears:
            if ear.own is None:
                ear.hear(source, seq, ts, kind >= 0x80, payload, law, now)
        for feed in self.feeds:
            feed.push(payload, law)
        for tap in self.taps:
            tap.take(payload, law, ts, source, now)

    def receive_rtcp(self, data: bytes, now: float) -> None:
        """Take one RTCP packet of the far side, in clear."""
        try:
            self.reports.take(data, self.incoming, self.outgoing, now)
        except PeerError:
            self.unknown += 1
            return
        if self.kind == "rtp":
            self._heard_at = now  # A telephone that is silent may go on reporting.

    def _take_other(self, kind: int, payload: bytes, ts: int, ssrc: int) -> None:
        if kind not in (self._their_events, self._events):
            self.unknown += 1  # Comfort noise and the like: silence is silence.
            return
        try:
            key = self._decoder.feed(payload, timestamp=ts, ssrc=ssrc)
        except PeerError:
            self.unknown += 1
            return
        if key is not None:
            self._tell(event="dtmf", call_id=self.call, from_tag=self.name, code=key)

    # --- To the far side --------------------------------------------------------------------------

    def hear(
        self, source: object, seq: int, ts: int, marker: bool, payload: bytes, law: int, now: float
    ) -> None:
        """Send on what a mouth said."""
        if not self.hears or self.transport is None:
            return
        if law != self.law:
            payload = payload.translate(sound.TRANSLATE[law, self.law])
        packet = self.outgoing.relay(
            source=source,
            seq=seq,
            ts=ts,
            marker=marker,
            payload=payload,
            kind=self._speech,
            now=now,
        )
        self.transport.send(packet)
        for tap in self.ear_taps:
            tap.take(payload, self.law, ts, source, now)

    def say(self, source: object, payload: bytes, now: float) -> None:
        """Send 20 ms of our own making, if nothing stronger is heard."""
        if self.own is source and self.hears and self.transport is not None:
            packet = self.outgoing.own(source=source, payload=payload, kind=self._speech, now=now)
            self.transport.send(packet)
            if source is self.mix:  # A prompt or music is nobody's word.
                for tap in self.ear_taps:
                    tap.take(payload, self.law, self.outgoing.ts, source, now)

    def press(self, source: object, step: dtmf.Step, now: float) -> None:
        """Send one packet of a key."""
        if self._events is not None and self.transport is not None:
            packet = self.outgoing.key(
                source=source, payload=step.payload, kind=self._events, marker=step.marker, now=now
            )
            self.transport.send(packet)

    def report(self, *, now: float, utc: float) -> bool:
        """Send what RTCP owes; says whether there is a far side to report to."""
        if self.transport is None or self._heard_at is None:
            return False
        packet = self.reports.make(self.incoming, self.outgoing, now=now, utc=utc)
        self.transport.send_rtcp(packet)
        return True

    # --- Life -------------------------------------------------------------------------------------

    def connected(self, now: float) -> None:
        """Note that the far side has proved itself (webrtc: DTLS is done); its time begins."""
        if not self._is_up:
            self._is_up = True
            self._awaited_at = now
            self._tell(event="up", call_id=self.call, from_tag=self.name)

    def gone(self) -> None:
        """Note that the far side closed the connection."""
        if not self._is_lost:
            self._is_lost = True
            self._tell(event="lost", call_id=self.call, from_tag=self.name, silent_ms=0)

    def watch(self, now: float) -> None:
        """Notice silence of the far side; called a few times a second."""
        if self.transport is not None:
            self.transport.watch(now)
        if self._is_up:
            self._keep_alive(now)
        elif self.kind != "rtp":
            return  # Until DTLS is done a browser has nothing to say.
        if self._is_lost or not self._speaks or self._awaited_at is None:
            return
        silent = now - max(self._heard_at or 0.0, self._awaited_at)
        if silent >= LOST_SECONDS[self.kind]:
            self._is_lost = True
            silent_ms = int(silent * 1_000)
            self._tell(event="lost", call_id=self.call, from_tag=self.name, silent_ms=silent_ms)

    def _keep_alive(self, now: float) -> None:
        """Send a moment of silence where nobody is heard: a muted call must not look dead."""
        quiet = self.outgoing.quiet_seconds(now) >= KEEP_ALIVE_SECONDS
        if quiet and self.hears and self.transport is not None:
            payload = sound.SILENCE[self.law]
            packet = self.outgoing.own(source=self, payload=payload, kind=self._speech, now=now)
            self.transport.send(packet)

    def is_forgotten(self, now: float) -> bool:
        """Say whether the far side never came or went away, and nobody ended the leg."""
        is_there = self._is_up and not self._is_lost
        return not is_there and now - (self._heard_at or now) >= FORGOTTEN_SECONDS

    def silent_ms(self, now: float) -> int:
        """Tell how long nothing came; -1 if nothing ever did."""
        if not self.incoming.packets or self._heard_at is None:
            return -1
        return int((now - self._heard_at) * 1_000)

    def _show_life(self, now: float) -> None:
        if self._is_lost:
            self._is_lost = False
            self._tell(event="found", call_id=self.call, from_tag=self.name)
        self.connected(now)

    def close(self) -> None:
        """Give the socket back."""
        if self.transport is not None:
            self.transport.close()
            self.transport = None
