"""The other ends: a floor that commands and hears events, and telephones that speak in tones."""

from __future__ import annotations

import asyncio
import itertools
import math
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np

from callfloor.media import sound
from callfloor.media.worker import Settings, Worker
from callfloor.wire import dtmf, ng, rtp, sdp

HOST = "127.0.0.1"
PATIENCE_SECONDS = 60.0  # For anything that must happen; nothing waits that long when all is well.
FULL = 1_000


class Floor(asyncio.DatagramProtocol):
    """Sends commands and collects events, as the floor's media client does."""

    def __init__(self) -> None:
        self.events: list[dict] = []
        self.deaf = False
        self._cookies = (f"c{number}" for number in itertools.count())
        self._waiting: dict[str, asyncio.Future[dict]] = {}
        self._changed = asyncio.Condition()
        self._tasks: set[asyncio.Task] = set()
        self.worker: tuple[str, int] = (HOST, 0)
        self.raw: list[bytes] = []

    def connection_made(self, transport):
        self.transport = transport

    @property
    def address(self) -> tuple[str, int]:
        """Where events go."""
        address: tuple[str, int] = self.transport.get_extra_info("sockname")
        return address

    def datagram_received(self, data, addr):
        cookie, body = ng.decode(data)
        self.raw.append(data)
        if body.get("command") != "event":
            future = self._waiting.pop(cookie, None)
            if future:
                future.set_result(body)
            return
        if not self.deaf:
            self.transport.sendto(ng.encode(cookie, {"result": "ok"}), addr)
        self.events.append(body)

    async def ask(self, command: str, **fields) -> dict:
        """Send a command and give the answer."""
        return await self.ask_as(next(self._cookies), command, **fields)

    async def ask_as(self, cookie: str, command: str, **fields) -> dict:
        body = {name.replace("_", "-"): value for name, value in fields.items()}
        future = self._waiting[cookie] = asyncio.get_running_loop().create_future()
        self.transport.sendto(ng.encode(cookie, {"command": command, **body}), self.worker)
        return await asyncio.wait_for(future, PATIENCE_SECONDS)

    async def ok(self, command: str, **fields) -> dict:
        """Send a command that must succeed."""
        answer = await self.ask(command, **fields)
        assert answer["result"] in ("ok", "pong"), answer
        return answer

    async def event(self, name: str, **fields) -> dict:
        """Wait for an event and take it out of the list."""
        wanted = {"event": name, **{key.replace("_", "-"): val for key, val in fields.items()}}

        def find() -> dict | None:
            return next((e for e in self.events if wanted.items() <= e.items()), None)

        found: dict = await until(find)
        self.events.remove(found)
        return found

    def count(self, name: str) -> int:
        return sum(event["event"] == name for event in self.events)


async def until(find: Callable, seconds: float = PATIENCE_SECONDS):
    """Look again at every turn of the loop's clock until there is something to see."""
    loop = asyncio.get_running_loop()
    limit = loop.time() + seconds
    while not (found := find()):
        assert loop.time() < limit, "it never happened"
        turn = loop.create_future()
        loop.call_later(0.005, turn.set_result, None)
        await turn
    return found


class Phone(asyncio.DatagramProtocol):
    """A telephone on one socket: it speaks when told to, and keeps what it hears."""

    def __init__(self, floor: Floor, call: str, name: str, *, codec: str = "PCMU") -> None:
        self.floor, self.call, self.name = floor, call, name
        self.codec = codec
        self.law = sound.PCMU if codec == "PCMU" else sound.PCMA
        self.packets: list[rtp.Packet] = []
        self.rtcp: list[bytes] = []
        self.ssrc, self.seq, self.ts = 0x1000 + len(name), 65_530, 2**32 - 480
        self.phase = 0
        self.answer: sdp.Session | None = None
        self._speaking: asyncio.TimerHandle | None = None

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        if rtp.kind(data) == "rtcp":
            self.rtcp.append(data)
        else:
            self.packets.append(rtp.parse(data))

    @property
    def port(self) -> int:
        port: int = self.transport.get_extra_info("sockname")[1]
        return port

    async def offer(self, **changes) -> dict:
        """Offer to the worker and remember where to send."""
        offered = sdp.offer(host=HOST, port=self.port, origin_id=1, codecs=[self.codec], **changes)
        answer = await self.floor.ok(
            "offer", call_id=self.call, from_tag=self.name, kind="rtp", sdp=sdp.encode(offered)
        )
        self.answer = _session(answer)
        return answer

    async def accept(self, offered: sdp.Session | None = None, **changes) -> dict:
        """Answer the worker's offer, which this telephone makes it give if there is none."""
        if offered is None:
            fields = {"call_id": self.call, "from_tag": self.name, "kind": "rtp"}
            offered = _session(await self.floor.ok("create", **fields))
        self.answer = offered
        text = sdp.encode(self.answered(offered, **changes)).decode()
        fields = {"call_id": self.call, "from_tag": self.name, "sdp": text}
        return await self.floor.ok("answer", **fields)

    def answered(self, offered: sdp.Session, *, host: str = HOST, **changes) -> sdp.Session:
        """Give this telephone's answer to an offer."""
        fields = {"origin_id": 2, "preferred": [self.codec], **changes}
        return sdp.answer(offered, host=host, port=self.port, **fields)

    @property
    def target(self) -> tuple[str, int]:
        assert self.answer is not None
        assert self.answer.audio is not None, "offer first"
        return self.answer.audio.host, self.answer.audio.port

    def send(self, payload: bytes, *, kind: int | None = None, marker: bool = False) -> None:
        """Send one packet of 20 ms."""
        packet = rtp.Packet(
            payload_type=self.law if kind is None else kind,
            sequence=self.seq,
            timestamp=self.ts,
            ssrc=self.ssrc,
            payload=payload,
            marker=marker,
        )
        self.transport.sendto(packet.encode(), self.target)
        self.seq = (self.seq + 1) % 2**16
        self.ts = (self.ts + sound.FRAME_SAMPLES) % 2**32

    def frame(self, hertz: float, amplitude: int = 12_000) -> bytes:
        """Give the next 20 ms of a tone."""
        at = (self.phase + np.arange(sound.FRAME_SAMPLES)) / sound.RATE
        self.phase += sound.FRAME_SAMPLES
        wave = (amplitude * np.sin(2 * np.pi * hertz * at)).astype(np.int16)
        return sound.encode(wave, self.law)

    def burst(self, hertz: float, frames: int) -> None:
        """Send frames at once: for a relay, which has no clock of its own."""
        for _ in range(frames):
            self.send(self.frame(hertz))

    def speak(self, hertz: float, amplitude: int = 12_000) -> None:
        """Send a tone in real time from now on."""
        self.hush()
        loop = asyncio.get_running_loop()

        def step(due: float) -> None:
            self.send(self.frame(hertz, amplitude))
            self._speaking = loop.call_at(due, step, due + 0.02)

        step(loop.time() + 0.02)

    def hush(self) -> None:
        if self._speaking:
            self._speaking.cancel()

    async def press(self, key: str, kind: int = 101, copies: int = 1) -> None:
        """Press a key, at once, each packet so many times."""
        start = self.ts
        for step in dtmf.press(key):
            for _ in range(copies):
                self.ts = start
                self.send(step.payload, kind=kind, marker=step.marker)
        self.ts = (start + 1_600) % 2**32

    async def heard(self, frames: int) -> None:
        """Wait until so many speech packets have come in all."""
        await until(lambda: len(self.speech()) >= frames)

    def speech(self) -> list[rtp.Packet]:
        return [packet for packet in self.packets if packet.payload_type in (0, 8)]

    def sound(self, last: int | None = None) -> np.ndarray:
        """Give what was heard, or the last so many packets of it."""
        packets = self.speech()[-last:] if last else self.speech()
        return np.concatenate([sound.decode(p.payload, p.payload_type) for p in packets])

    def level(self, hertz: float, last: int | None = None) -> float:
        """Tell how loud a tone is in what was heard, in dB below full scale."""
        return level(self.sound(last), hertz)


def level(samples: np.ndarray, hertz: float) -> float:
    """
    Give the power of one frequency in dBFS: Goertzel's sum, as a dot product.

    The window keeps what is loud elsewhere from leaking here. Tones of tests are prime numbers:
    the noise that G.711 adds to them is then spread and not gathered under another tone.
    """
    if not len(samples):
        return -math.inf
    window = np.hanning(len(samples))
    at = np.arange(len(samples)) / sound.RATE
    share = np.abs(np.dot(samples * window, np.exp(-2j * np.pi * hertz * at))) * 2 / window.sum()
    return 20 * math.log10(max(share, 1e-9) / 32_768)


class Scene:
    """A worker in this process with its floor and telephones."""

    def __init__(self, floor: Floor, worker: Worker, folder: Path) -> None:
        self.floor, self.worker, self.folder = floor, worker, folder
        self.phones: list[Phone] = []

    async def phone(self, name: str, *, call: str = "item-1", codec: str = "PCMU") -> Phone:
        """Bring up a telephone whose leg stands."""
        phone = await self.ringing(name, call=call, codec=codec)
        await phone.offer()
        return phone

    async def ringing(self, name: str, *, call: str = "item-1", codec: str = "PCMU") -> Phone:
        """Bring up a telephone that has not said anything yet."""
        phone = Phone(self.floor, call, name, codec=codec)
        await endpoint(phone)
        self.phones.append(phone)
        return phone

    async def mix(self, *rows: tuple[str, str, int], legs: list[str] | None = None) -> dict:
        """Say who hears whom among all telephones."""
        names = [phone.name for phone in self.phones] if legs is None else legs
        return await self.floor.ok("mix", legs=names, rows=[list(row) for row in rows])


def _session(answer: dict) -> sdp.Session:
    return sdp.parse(answer["sdp"].encode())


async def endpoint(protocol: asyncio.DatagramProtocol) -> None:
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(lambda: protocol, local_addr=(HOST, 0))


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((HOST, 0))
        port: int = sock.getsockname()[1]
        return port


@asynccontextmanager
async def scene(folder: Path) -> AsyncIterator[Scene]:
    """Bring up a worker with its floor, and take everything down."""
    floor = Floor()
    await endpoint(floor)
    (folder / "prompts").mkdir(exist_ok=True)
    settings = Settings(
        floor=floor.address, prompts=folder / "prompts", recordings=folder / "recordings"
    )
    worker = Worker(settings)
    floor.worker = (HOST, free_port())
    await worker.start(floor.worker)
    here = Scene(floor, worker, folder)
    try:
        yield here
    finally:
        for phone in here.phones:
            phone.hush()
            phone.transport.close()
        await worker.stop()
        floor.transport.close()
        await asyncio.sleep(0)  # Closed sockets leave the loop at its next turn.
