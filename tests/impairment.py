"""
A bad line, made on purpose: UDP and TCP through a proxy that delays, loses, doubles, reorders.

What befalls each packet is drawn from a seed, so that a failure can be repeated; the kernel's own
tool (tc netem) is missing on many machines. Every packet's fate is kept: a test can say which one
was lost. Refuses: to look into what it carries.
"""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, cast

Address = tuple[str, int]

RECEIVE_BYTES = 65_536
REORDERED_SECONDS = 0.06  # Three packets of 20 ms overtake the one that is held back.


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """What a line does to its packets, one way."""

    delay_seconds: float = 0.0
    jitter_seconds: float = 0.0
    """Each packet takes up to this much less or more than the delay."""
    loss: float = 0.0
    """The share that never arrives, 0 to 1; so are the next two."""
    duplication: float = 0.0
    reordering: float = 0.0
    """The share that is held back until others have overtaken it."""

    def fate(self, draw: random.Random) -> tuple[float, ...]:
        """Draw after how many seconds the copies of a packet arrive; none if it is lost."""
        is_lost, is_twice, is_late = (draw.random() for _ in range(3))
        jitter = draw.uniform(-1.0, 1.0) * self.jitter_seconds
        if is_lost < self.loss:
            return ()
        seconds = max(0.0, self.delay_seconds + jitter)
        if is_late < self.reordering:
            seconds += REORDERED_SECONDS
        return (seconds, seconds) if is_twice < self.duplication else (seconds,)


CLEAR = Weather()


class UdpProxy(asyncio.DatagramProtocol):
    """A port that passes on to a target, and its answers back to whoever asked."""

    def __init__(self, target: Address, *, there: Weather, back: Weather, seed: int) -> None:
        self._target = target
        self._there, self._back = there, back
        # Each way has its own, so that what is answered changes no fate of what is asked.
        self._draw_there, self._draw_back = random.Random(seed), random.Random(seed + 1)
        self._transport: asyncio.DatagramTransport
        self._outlets: dict[Address, _Outlet] = {}
        self._timers: set[asyncio.TimerHandle] = set()
        self.is_black_hole = False
        """Whether nothing passes, either way."""
        self.lost: list[bytes] = []
        """What never arrived at the target."""
        self.passed = 0
        """How many packets for the target arrived there, copies counted."""

    @property
    def address(self) -> Address:
        """Give where to send instead of to the target."""
        return cast(Address, self._transport.get_extra_info("sockname")[:2])

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the socket."""
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """Pass a packet on, or not."""
        fate = () if self.is_black_hole else self._there.fate(self._draw_there)
        if not fate:
            self.lost.append(data)
        outlet = self._outlets.get(addr)
        if outlet is None:
            outlet = self._outlets[addr] = _Outlet(lambda data: self._answer(data, addr))
            self._later(0.0, lambda: outlet.open(self._target))
        for seconds in fate:
            self._later(seconds, lambda: self._pass(outlet, data))

    def close(self) -> None:
        """Pass nothing any more."""
        for timer in self._timers:
            timer.cancel()
        for outlet in self._outlets.values():
            outlet.close()
        self._transport.close()

    def _pass(self, outlet: "_Outlet", data: bytes) -> None:
        self.passed += 1
        outlet.send(data)

    def _answer(self, data: bytes, addr: Address) -> None:
        for seconds in () if self.is_black_hole else self._back.fate(self._draw_back):
            self._later(seconds, lambda: self._transport.sendto(data, addr))

    def _later(self, seconds: float, work: Callable[[], None]) -> None:
        def due() -> None:
            self._timers.discard(timer)
            if not self._transport.is_closing():
                work()

        timer = asyncio.get_running_loop().call_later(seconds, due)
        self._timers.add(timer)


class _Outlet(asyncio.DatagramProtocol):
    """The proxy's own port for one who sends through it."""

    def __init__(self, heard: Callable[[bytes], None]) -> None:
        self._heard = heard
        self._waiting: list[bytes] = []
        self._transport: asyncio.DatagramTransport | None = None
        self._opening: asyncio.Task[Any] | None = None

    def open(self, target: Address) -> None:
        """Take a port; what comes meanwhile waits."""
        loop = asyncio.get_running_loop()
        opening = loop.create_datagram_endpoint(lambda: self, remote_addr=target)
        self._opening = loop.create_task(opening)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send what has waited."""
        self._transport = cast(asyncio.DatagramTransport, transport)
        for data in self._waiting:
            self._transport.sendto(data)

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """Hand an answer back."""
        self._heard(data)

    def error_received(self, exc: Exception) -> None:
        """Leave a refused port to the silence that follows."""

    def send(self, data: bytes) -> None:
        """Send to the target."""
        if self._transport is None:
            self._waiting.append(data)
        elif not self._transport.is_closing():
            self._transport.sendto(data)

    def close(self) -> None:
        """Give the port back."""
        if self._opening is not None:
            self._opening.cancel()
        if self._transport is not None:
            self._transport.close()


@contextlib.asynccontextmanager
async def udp(
    target: Address, *, there: Weather = CLEAR, back: Weather = CLEAR, seed: int = 1
) -> AsyncIterator[UdpProxy]:
    """Run a proxy before a UDP port for a while."""
    loop = asyncio.get_running_loop()
    _, proxy = await loop.create_datagram_endpoint(
        lambda: UdpProxy(target, there=there, back=back, seed=seed), local_addr=("127.0.0.1", 0)
    )
    try:
        yield proxy
    finally:
        proxy.close()


class TcpProxy:
    """A port that passes connections on; what it does to them can be changed at any time."""

    def __init__(self, target: Address) -> None:
        self._target = target
        self._server: asyncio.Server
        self._pumps: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._open = asyncio.Event()
        self._open.set()
        self.latency_seconds = 0.0
        """How late each piece arrives."""
        self.bytes_per_second: float | None = None
        """How much passes, each way; None for as much as comes."""

    @property
    def address(self) -> Address:
        """Give where to connect instead of to the target."""
        return cast(Address, self._server.sockets[0].getsockname()[:2])

    async def start(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)

    def black_hole(self) -> None:
        """Take everything and pass nothing: the connection stands and is dead."""
        self._open.clear()

    def clear(self) -> None:
        """Pass on again, also what has waited."""
        self._open.set()

    def reset(self) -> None:
        """Cut every connection by RST."""
        for writer in self._writers:
            writer.transport.abort()

    async def close(self) -> None:
        """Cut everything and listen no more."""
        self._server.close()
        self.reset()
        for pump in self._pumps:
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)
        await self._server.wait_closed()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection(*self._target)
        except OSError:
            writer.transport.abort()
            return
        self._writers |= {writer, far_writer}
        for source, sink in ((reader, far_writer), (far_reader, writer)):
            pump = asyncio.create_task(self._pump(source, sink))
            self._pumps.add(pump)
            pump.add_done_callback(self._pumps.discard)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(RECEIVE_BYTES):
                await asyncio.sleep(self.latency_seconds)
                for piece in self._pieces(data):
                    await self._open.wait()
                    sink.write(piece)
                    await sink.drain()
                    if self.bytes_per_second is not None:
                        await asyncio.sleep(len(piece) / self.bytes_per_second)
        self._writers.discard(sink)
        sink.close()

    def _pieces(self, data: bytes) -> list[bytes]:
        if self.bytes_per_second is None:
            return [data]
        size = max(1, int(self.bytes_per_second / 20))  # Twenty steps a second look like a flow.
        return [data[at : at + size] for at in range(0, len(data), size)]


@contextlib.asynccontextmanager
async def tcp(target: Address) -> AsyncIterator[TcpProxy]:
    """Run a proxy before a TCP port for a while."""
    proxy = TcpProxy(target)
    await proxy.start()
    try:
        yield proxy
    finally:
        await proxy.close()
