"""
What is said over RTP: WAV files as mu-law frames, and legs that send one every 20 ms.

Refuses: to decide who says what, and to play what is heard; it is counted.
"""

import asyncio
import wave
from collections import deque
from collections.abc import Iterable
from pathlib import Path

from callfloor.wire import dtmf, g711, rtp, sdp
from callfloor.wire.errors import PeerError

FRAME_SAMPLES = 160
FRAME_SECONDS = 0.02
SILENCE = g711.ULAW_SILENCE * FRAME_SAMPLES
QUIET_FRAMES = 25  # A leg that is in no call shows every half second that it lives.
LATE_FRAMES_MAX = 10  # After a pause of the machine what was missed is not caught up.
WRAP_16, WRAP_32 = 0xFFFF, 0xFFFFFFFF

Frames = list[bytes]


def load(path: Path) -> Frames:
    """Return a WAV of 8 kHz, mono, 16 bit as frames of mu-law."""
    with wave.open(str(path), "rb") as file:
        raw = g711.linear_to_ulaw(file.readframes(file.getnframes()))
    cut = range(0, len(raw), FRAME_SAMPLES)
    return [raw[at : at + FRAME_SAMPLES].ljust(FRAME_SAMPLES, g711.ULAW_SILENCE) for at in cut]


class Leg(asyncio.DatagramProtocol):
    """One party's sound: what is to be sent lies in a queue, silence is sent without it."""

    def __init__(self, *, ssrc: int) -> None:
        self.heard = 0
        """Packets that came in."""
        self.talks = True
        """Whether silence is sent too; an idle leg only shows that it lives."""
        self._ssrc = ssrc
        self._sequence = ssrc & WRAP_16
        self._timestamp = ssrc
        self._events = 101
        self._remote: tuple[str, int] | None = None
        self._transport: asyncio.DatagramTransport | None = None
        self._frames: deque[bytes] = deque()
        self._keys: deque[list[dtmf.Step]] = deque()
        self._idle = 0

    async def open(self, host: str) -> str:
        """Take a port and return the offer for it."""
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(host, 0))
        port = self._transport.get_extra_info("sockname")[1]
        session = sdp.offer(host=host, port=port, origin_id=self._ssrc)
        return sdp.encode(session).decode()

    def connect(self, answer: str) -> None:
        """
        Send from now on to where the answer says.

        Raises PeerError if there is no audio in it.
        """
        session = sdp.parse(answer.encode())
        audio = session.audio
        if audio is None or audio.port == 0:
            raise PeerError("an answer without audio")
        self._remote = (audio.host or session.host, audio.port)
        events = audio.codec(sdp.EVENT)
        if events is not None:
            self._events = events.payload

    def say(self, frames: Iterable[bytes], *, after_seconds: float = 0.0) -> None:
        """Say something when what is said now is over."""
        self._frames.extend([SILENCE] * round(after_seconds / FRAME_SECONDS))
        self._frames.extend(frames)

    def hush(self) -> None:
        """Say nothing more."""
        self._frames.clear()

    def press(self, key: str) -> None:
        """Press a key of the telephone."""
        self._keys.append(dtmf.press(key))

    def close(self) -> None:
        """Give the port back."""
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Count what is heard."""
        self.heard += 1

    def tick(self) -> None:
        """Send what belongs into these 20 ms."""
        self._timestamp = (self._timestamp + FRAME_SAMPLES) & WRAP_32
        if self._transport is None or self._remote is None:
            return
        if self._keys:
            self._send_key(self._keys[0])
        elif self._frames:
            self._send(0, self._frames.popleft())
        elif self.talks or self._idle >= QUIET_FRAMES:
            self._idle = 0
            self._send(0, SILENCE)
        else:
            self._idle += 1

    def _send_key(self, steps: list[dtmf.Step]) -> None:
        step = steps.pop(0)
        pressed_at = (self._timestamp - step.after_samples) & WRAP_32
        self._send(self._events, step.payload, marker=step.marker, timestamp=pressed_at)
        if not steps:
            self._keys.popleft()

    def _send(
        self, kind: int, payload: bytes, *, marker: bool = False, timestamp: int | None = None
    ) -> None:
        assert self._transport is not None
        self._sequence = (self._sequence + 1) & WRAP_16
        packet = rtp.Packet(
            payload_type=kind,
            sequence=self._sequence,
            timestamp=self._timestamp if timestamp is None else timestamp,
            ssrc=self._ssrc,
            payload=payload,
            marker=marker,
        )
        self._transport.sendto(packet.encode(), self._remote)


class Ticker:
    """One clock of 20 ms for all legs."""

    def __init__(self) -> None:
        self.legs: set[Leg] = set()

    async def run(self) -> None:
        """Tick until cancelled."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            due = max(due + FRAME_SECONDS, loop.time() - LATE_FRAMES_MAX * FRAME_SECONDS)
            await asyncio.sleep(max(0.0, due - loop.time()))
            for leg in list(self.legs):
                leg.tick()
