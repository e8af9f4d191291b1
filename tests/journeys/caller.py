"""
A caller who measures: SIP by the demo's telephone, RTP by a socket that keeps when what came.

For journeys that need many callers, or one that calls again at once, without a program for each.
"""

import asyncio
import contextlib
import random
import socket
import struct
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from callfloor.app.demo.phone import Line, Phone
from callfloor.wire import dtmf, g711, rtp, sdp
from tests.journeys import tones

PLAYOUT_SECONDS = 0.06  # A telephone's usual jitter buffer.
BACK_OFF_SECONDS = 0.1  # Between two tries of a caller who is refused.
LEAVE_SECONDS = 1.0
REFUSED_SECONDS = 2.0  # An INVITE that nobody answers at all.
FRAME_SECONDS = 0.02
LOUD = 100.0
BUFFER_BYTES = 1024 * 1024
SO_TIMESTAMPNS = 35  # Linux; Python has no name for it.


@dataclass(frozen=True, slots=True)
class Heard:
    """One packet of sound."""

    at: float
    ssrc: int
    sequence: int
    timestamp: int
    payload: bytes


class Ear:
    """An RTP socket: sends silence and keys, keeps what comes."""

    def __init__(self) -> None:
        self.packets: list[Heard] = []
        self.sent_at: list[float] = []
        """When each packet of its own went out."""
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._remote: tuple[str, int] | None = None
        self._sequence = 0
        self._events = 101
        self._keys: list[dtmf.Step] = []
        self._task: asyncio.Task[None] | None = None
        self.mouth = g711.ULAW_SILENCE * tones.FRAME_SAMPLES

    def open(self) -> bytes:
        """Take a port and return the offer for it."""
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
        self._socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self._socket.bind(("127.0.0.1", 0))
        asyncio.get_running_loop().add_reader(self._socket, self._receive)
        port = self._socket.getsockname()[1]
        return sdp.encode(sdp.offer(host="127.0.0.1", port=port, origin_id=port))

    def _receive(self) -> None:
        """Keep sound with the instant at which the kernel had it; keys and RTCP are left out."""
        with contextlib.suppress(BlockingIOError):
            while True:
                data, extra, _, _ = self._socket.recvmsg(2048, 64)
                if data[1] & 0x7F != 0:
                    continue
                seconds, nanoseconds = struct.unpack("qq", extra[0][2])
                packet = rtp.parse(data)
                self.packets.append(
                    Heard(
                        at=seconds + nanoseconds / 1e9,
                        ssrc=packet.ssrc,
                        sequence=packet.sequence,
                        timestamp=packet.timestamp,
                        payload=packet.payload,
                    )
                )

    def connect(self, answer: str) -> None:
        """Send to where an answer says, from now on."""
        session = sdp.parse(answer.encode())
        assert session.audio is not None
        self._remote = (session.audio.host or session.host, session.audio.port)
        events = session.audio.codec(sdp.EVENT)
        self._events = events.payload if events else self._events
        self._task = asyncio.create_task(self._speak())

    def press(self, key: str) -> None:
        """Press a key (RFC 4733)."""
        self._keys = dtmf.press(key)

    def is_greeted(self) -> bool:
        """Say whether something louder than silence has come."""
        recent = b"".join(packet.payload for packet in self.packets[-10:])
        return tones.loudness(tones.linear(recent)) > LOUD

    def close(self) -> None:
        """Give the port back."""
        if self._task is not None:
            self._task.cancel()
        if self._socket.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._socket)
            self._socket.close()

    async def _speak(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            self._sequence += 1
            self._send()
            due = max(due + 0.02, loop.time() - 0.2)
            await asyncio.sleep(max(0.0, due - loop.time()))

    def _send(self) -> None:
        stamp = self._sequence * tones.FRAME_SAMPLES
        kind, payload, marker = 0, self.mouth, False
        if self._keys:
            step = self._keys.pop(0)
            kind, payload, marker = self._events, step.payload, step.marker
            stamp -= step.after_samples
        packet = rtp.Packet(
            payload_type=kind,
            sequence=self._sequence & 0xFFFF,
            timestamp=stamp & 0xFFFFFFFF,
            ssrc=id(self) & 0xFFFFFFFF,
            payload=payload,
            marker=marker,
        )
        with contextlib.suppress(ConnectionRefusedError, BlockingIOError):
            self._socket.sendto(packet.encode(), self._remote or ("", 0))
            self.sent_at.append(time.time())


def gap_share(packets: list[Heard]) -> float:
    """
    Return which part of the time a telephone had nothing to play.

    Its buffer begins to play a fixed time after the first packet and runs dry whenever the next
    one is not there at its turn; it then waits, and plays on from there. A lost packet is silence
    of its own length. Turns follow the sender's timestamps (RFC 3550 section 5.1).
    """
    if len(packets) < 2:
        return 1.0
    dry = lost = 0.0
    shift = packets[0].at + PLAYOUT_SECONDS  # When timestamp zero of this source is played.
    before = packets[0]
    for packet in packets[1:]:
        if packet.ssrc != before.ssrc:
            shift, before = packet.at + PLAYOUT_SECONDS - _time_of(packet, packets[0]), packet
            continue
        missing = ((packet.sequence - before.sequence) & 0xFFFF) - 1
        if missing < 0x8000:  # Else it has been overtaken, and was lost when its turn came.
            lost += missing * FRAME_SECONDS
            late = packet.at - (shift + _time_of(packet, packets[0]))
            dry += max(0.0, late)
            shift += max(0.0, late)
            before = packet
    whole = packets[-1].at - packets[0].at
    return min(1.0, (dry + lost) / whole)


def _time_of(packet: Heard, first: Heard) -> float:
    """Return the seconds of sound before a packet."""
    return ((packet.timestamp - first.timestamp) & 0xFFFFFFFF) / tones.RATE


class Caller:
    """One call."""

    def __init__(self, ear: Ear, phone: Phone) -> None:
        self.ear = ear
        self.answered = asyncio.Event()
        self.ended = asyncio.Event()
        self.reason = ""
        self._phone = phone
        self._line: Line | None = None

    def dial(self, number: str, *, caller: str) -> None:
        """Send the INVITE."""
        offer = self.ear.open().decode()
        self._line = self._phone.dial(
            number,
            caller=caller,
            name="Ear Listener",
            offer=offer,
            answered=self._answered,
            ended=self._ended,
        )

    def hang_up(self) -> None:
        """End the call."""
        if self._line is not None:
            self._line.hang_up()

    def _answered(self, answer: str) -> None:
        self.ear.connect(answer)
        self.answered.set()

    def _ended(self, reason: str) -> None:
        self.reason = reason
        self.ended.set()
        self.ear.close()


@asynccontextmanager
async def calling(
    sip: int, number: str = "900", *, caller: str = "+36301110001"
) -> AsyncIterator[Caller]:
    """Hold one call for a while."""
    phone = Phone(server=("127.0.0.1", sip), draw=random.Random())
    await phone.open("127.0.0.1")
    one = Caller(Ear(), phone)
    try:
        one.dial(number, caller=caller)
        yield one
    finally:
        one.hang_up()
        with contextlib.suppress(TimeoutError):  # An answer may yet come that must be refused.
            await asyncio.wait_for(one.ended.wait(), LEAVE_SECONDS)
        one.ear.close()
        await asyncio.sleep(BACK_OFF_SECONDS)  # The BYE's answer shall find somebody.
        phone.close()


async def seconds_until_greeted(sip: int, *, since: float) -> float:
    """Call again and again until a greeting is heard; return the seconds since an instant."""
    while True:
        async with calling(sip) as one:
            deadline = time.monotonic() + REFUSED_SECONDS
            while time.monotonic() < deadline and not one.ended.is_set():
                if one.ear.is_greeted():
                    return time.monotonic() - since
                await asyncio.sleep(0.02)
