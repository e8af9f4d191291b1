"""
A small centre of real processes, floor and media, on free ports and in a folder of its own.

For journeys, faults and benches that need no web and no records. What a plan or a prompt looks like
here is made for tests; a real centre is compiled from its blueprint.
"""

import asyncio
import contextlib
import math
import os
import random
import signal
import socket
import struct
import sys
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

from callfloor.core import codec, events, plan
from callfloor.kernel.keys import files as key_files
from callfloor.wire import link
from tests import left_open

ROOT = Path(__file__).resolve().parents[1]
READY_SECONDS = 120.0  # Two interpreters on two busy cores; a start takes about one second.
WAIT_SECONDS = 60.0
NUMBER = "900"
CLIENT = "acme"
QUEUE = "help"
TONE_HZ = 440
LOG_CHARS = 3_000  # Of each log, shown beside a failure.


def small_plan(
    *,
    agents: int = 1,
    wrap_up_seconds: float = 0.0,
    menu: bool = False,
) -> plan.FloorPlan:
    """Build a plan with one client, one number, one queue and some agents."""
    return plan.FloorPlan(
        version="test-1",
        centre="test",
        timezone="UTC",
        clients=(plan.ClientPlan(key=CLIENT, languages=("en",)),),
        agents=tuple(
            plan.AgentPlan(key=f"agent-{number}", clients=(CLIENT,), skills=(("help", 3),))
            for number in range(agents)
        ),
        queues=(
            plan.QueuePlan(
                key=QUEUE,
                client=CLIENT,
                channel="call",
                tiers=(plan.TierPlan(after_seconds=0.0, requires=(("help", 1),)),),
                wrap_up_seconds=wrap_up_seconds,
                position_every_seconds=None,
            ),
        ),
        flows=(plan.FlowPlan(key="main", version=1, first="hello", steps=_steps(menu=menu)),),
        numbers=(plan.NumberPlan(number=NUMBER, client=CLIENT, flow="main", language="en"),),
        calendars=(),
        trunks=(plan.TrunkPlan(key="local", addresses=("127.0.0.1",), calls_max=5_000),),
        away_reasons=(plan.AwayReason(key="lunch"),),
    )


def _steps(*, menu: bool) -> tuple[plan.Step, ...]:
    hello = plan.Say(key="hello", prompt="hello", next="choose" if menu else "notice")
    choose = plan.Menu(
        key="choose",
        prompt="choose",
        choices=(plan.Choice(digit="1", name="help", next="customer"),),
        otherwise="notice",
    )
    customer = plan.Ask(
        key="customer", prompt="customer", label="Customer number", next="notice", digits_max=6
    )
    notice = plan.Notice(key="notice", prompt="notice", next="wait")
    wait = plan.Enqueue(key="wait", queue=QUEUE)
    return (hello, choose, customer, notice, wait) if menu else (hello, notice, wait)


def write_tone(path: Path, *, seconds: float, hertz: float = TONE_HZ) -> None:
    """Write a prompt: 8 kHz, mono, 16-bit."""
    path.parent.mkdir(parents=True, exist_ok=True)
    count = int(8000 * seconds)
    samples = (int(8000 * math.sin(2 * math.pi * hertz * i / 8000)) for i in range(count))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))


# Below what systems give to connections of their own, and apart from the media's range.
PORTS = range(10_000, 20_000)
_LANE = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_LANES = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
_UNTRIED = random.sample(PORTS[_LANE::_LANES], len(PORTS) // _LANES)
"""
Each is given once: a port that is given and not bound yet would else be given again. Processes
that run tests side by side have ports of their own.
"""


def free_ports(count: int) -> list[int]:
    """Find ports that nobody uses just now, for UDP and for TCP, and that nobody was given."""
    return [_free_port() for _ in range(count)]


def _free_port() -> int:
    while _UNTRIED:
        port = _UNTRIED.pop()
        with contextlib.ExitStack() as held, contextlib.suppress(OSError):
            for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
                probe = held.enter_context(socket.socket(socket.AF_INET, kind))
                probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


class Centre:
    """Floor and media of one folder."""

    def __init__(self, data: Path, floor_plan: plan.FloorPlan, *, prompt_seconds: float = 0.2):
        self.data = data
        self.sip, self.control, self.ng = free_ports(3)
        self.processes: dict[str, asyncio.subprocess.Process] = {}
        self.environment: dict[str, dict[str, str]] = {}
        """What a process shall find in its environment beside ours, by its name."""
        self.floor_arguments: tuple[str, ...] = ()
        """What the floor is started with beside the usual."""
        key_files.create(data=data)
        (data / "plan.json").write_text(codec.dumps(floor_plan))
        for name in ("hello", "choose", "customer", "notice", "one_moment"):
            write_tone(data / "prompts" / "en" / f"{name}.wav", seconds=prompt_seconds)
        write_tone(data / "prompts" / "any" / "hold_music.wav", seconds=1.0)
        (data / "recordings").mkdir(exist_ok=True)

    async def start(self) -> None:
        """Start both processes and wait until a call can be taken."""
        await self.start_media()
        await self.start_floor()

    async def start_media(self) -> None:
        """Start the media process."""
        await self.spawn("media", "callfloor.media.main", *self.media_words())

    def media_words(self) -> tuple[str, ...]:
        """Give the command line of the media process."""
        return (
            "--control", f"127.0.0.1:{self.control}", "--floor", f"127.0.0.1:{self.ng}",
            "--prompts", str(self.data / "prompts"), "--recordings", str(self.data / "recordings"),
        )  # fmt: skip

    async def start_floor(self) -> None:
        """Start the floor process and wait until it has heard its media."""
        await self.spawn_floor()
        async with asyncio.timeout(READY_SECONDS):
            web = await self.connect("web")
            await self.media_up(web)
            await web.close()

    async def media_up(self, web: "LinkPeer") -> None:
        """Wait until the floor says by its health that it hears its media."""
        await web.wait_for(lambda: bool(web.health and web.health["media"]["up"]))

    async def spawn_floor(self) -> None:
        """Start the floor process."""
        await self.spawn("floor", "callfloor.floor.main", *self.floor_words())

    def floor_words(self) -> tuple[str, ...]:
        """Give the command line of the floor process."""
        return (
            "--data", str(self.data), "--sip", f"127.0.0.1:{self.sip}",
            "--media", f"127.0.0.1:{self.control}", "--ng", f"127.0.0.1:{self.ng}",
            *self.floor_arguments,
        )  # fmt: skip

    async def spawn(self, name: str, module: str, *arguments: str) -> None:
        """Start any process of the centre."""
        log = (self.data / f"{name}.log").open("ab")
        self.processes[name] = await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, *arguments,
            cwd=ROOT, stderr=log, stdout=log, env={**os.environ, **self.environment.get(name, {})},
        )  # fmt: skip
        log.close()

    async def kill(self, name: str) -> None:
        """End a process without a word."""
        process = self.processes.pop(name)
        process.kill()
        await process.wait()

    async def stop(self) -> None:
        """End both processes."""
        for process in self.processes.values():
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            try:
                await asyncio.wait_for(process.wait(), 5)
            except TimeoutError:
                process.kill()
                await process.wait()

    async def connect(self, role: str) -> "LinkPeer":
        """Connect to the link as soon as it listens."""
        while True:
            try:
                reader, writer = await asyncio.open_unix_connection(str(self.data / "floor.sock"))
            except (FileNotFoundError, ConnectionRefusedError):
                floor = self.processes["floor"]
                assert floor.returncode is None, (self.data / "floor.log").read_text()[-3000:]
                await asyncio.sleep(0.02)
                continue
            return await LinkPeer.greet(reader, writer, role)

    def cpu_seconds(self, name: str) -> float:
        """Give the processor time that a process has used."""
        stat = Path(f"/proc/{self.processes[name].pid}/stat").read_text().rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.asynccontextmanager
async def running(data: Path, floor_plan: plan.FloorPlan, **options: Any):
    """Run a centre for a while; its logs are shown if something goes wrong."""
    centre = Centre(data, floor_plan, **options)
    try:
        await centre.start()
        yield centre
    except BaseException:
        for name in ("floor", "media"):
            print((data / f"{name}.log").read_text()[-LOG_CHARS:], file=sys.stderr)
        raise
    finally:
        await centre.stop()


class LinkPeer:
    """One connection to the floor's link, with everything that came over it."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._changed = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._count = 0
        self.welcome: dict[str, Any] = {}
        self.health: dict[str, Any] | None = None
        self.rows: list[dict[str, Any]] = []
        self.answers: dict[str, dict[str, Any]] = {}
        self.other: list[dict[str, Any]] = []
        self.on_fact: Callable[[dict[str, Any]], None] | None = None
        """Called with each fact, as plain values."""
        self.listeners: list[Callable[[dict[str, Any]], None]] = []
        """Called likewise: many agents may share a connection."""
        self.is_lost = False

    @classmethod
    async def greet(
        cls, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, role: str
    ) -> "LinkPeer":
        """Say hello and wait for the welcome."""
        peer = cls(writer)
        left_open.note(peer, peer.close)
        writer.write(link.encode({"type": "hello", "role": role}))
        peer._tasks.append(asyncio.create_task(peer._read(reader)))
        try:
            await peer.wait_for(lambda: bool(peer.welcome) or peer.is_lost)
            if not peer.welcome:
                raise ConnectionResetError("the floor went before it said welcome")
        except BaseException:
            await peer.close()
            raise
        return peer

    async def ask(self, kind: str, /, **fields: Any) -> dict[str, Any]:
        """Send a request and give its answer."""
        name = self.send(kind, **fields)
        await self.wait_for(lambda: name in self.answers)
        return self.answers.pop(name)

    def send(self, kind: str, /, **fields: Any) -> str:
        """Send a request without waiting."""
        self._count += 1
        name = f"{id(self)}-{self._count}"
        self._writer.write(link.encode({"type": kind, "id": name, **fields}))
        return name

    async def command(self, event: events.Event) -> dict[str, Any]:
        """Send a person's command."""
        return await self.ask("command", by="test", event=codec.to_plain(event))

    def facts(self, name: str) -> list[dict[str, Any]]:
        """Give every fact of a class that came."""
        return [row["fact"] for row in self.rows if row["fact"]["is"] == name]

    async def wait_for(self, holds: Callable[[], bool], seconds: float = WAIT_SECONDS) -> None:
        """Wait until something holds of what came."""
        async with asyncio.timeout(seconds):
            while not holds():
                self._changed.clear()
                await self._changed.wait()

    async def close(self) -> None:
        """End the connection."""
        left_open.forget(self)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> None:
        decoder = link.Decoder()
        while data := await reader.read(65_536):
            for message in decoder.feed(data):
                self._take(message)
            self._changed.set()
        self.is_lost = True
        self._changed.set()

    def _take(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        if kind == "welcome":
            self.welcome = message
        elif kind == "health":
            self.health = message
        elif kind == "facts":
            self.rows.extend(message["rows"])
            hearing = [*self.listeners, *filter(None, [self.on_fact])]
            for row in message["rows"]:
                for hear in hearing:
                    hear(row["fact"])
        elif "id" in message and kind != "ask":
            self.answers[message["id"]] = message
        else:
            self.other.append(message)
