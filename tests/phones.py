"""
Telephones for tests: an agent's RTP device, and sipp as many callers.

Both are real peers: RTP goes over a real socket, sipp speaks real SIP.
"""

import asyncio
import contextlib
import re
import resource
import shutil
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from typing import Any, cast

from callfloor.core import events
from tests import left_open
from tests.small_centre import Centre, LinkPeer

FRAME_SECONDS = 0.02
FRAME_BYTES = 160  # G.711: 8,000 bytes a second.

RTP_MEDIA_SCENARIO = Path(__file__).parent / "journeys" / "sipp"


class RtpPhone(asyncio.DatagramProtocol):
    """Sends one byte over and over as mu-law, and counts what comes."""

    def __init__(self, mouth: int) -> None:
        self._frame = bytes([mouth]) * FRAME_BYTES
        self._target: tuple[str, int] | None = None
        self._transport: asyncio.DatagramTransport
        self._task: asyncio.Task[None] | None = None
        self.heard: list[bytes] = []

    @classmethod
    async def open(cls, mouth: int = 0xFF) -> "RtpPhone":
        """Bind a socket on a free port."""
        loop = asyncio.get_running_loop()
        _, phone = await loop.create_datagram_endpoint(
            lambda: cls(mouth), local_addr=("127.0.0.1", 0)
        )
        left_open.note(phone, phone._end)
        return phone

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the socket."""
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: object) -> None:
        """Keep the payload of an RTP packet; RTCP (RFC 5761 section 4) is left out."""
        if not 64 <= data[1] & 0x7F <= 95:
            self.heard.append(data[12:])

    def offer(self) -> str:
        """Write the SDP of this phone."""
        port = self._transport.get_extra_info("sockname")[1]
        return (
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
            f"m=audio {port} RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\n"
            "a=rtpmap:101 telephone-event/8000\r\na=rtcp-mux\r\n"
        )

    def talk_to(self, answer: str) -> None:
        """Begin to send to the address in an answer."""
        port = re.search(r"m=audio (\d+)", answer)
        host = re.search(r"c=IN IP4 (\S+)", answer)
        assert port is not None
        assert host is not None
        self._target = (host[1], int(port[1]))
        self._task = asyncio.create_task(self._send_always())

    def frame(self, sequence: int) -> bytes:
        """Make the payload of a packet."""
        return self._frame

    def fall_silent(self) -> None:
        """Send no more."""
        if self._task is not None:
            self._task.cancel()

    def close(self) -> None:
        """End everything."""
        left_open.forget(self)
        self.fall_silent()
        self._transport.close()

    async def _end(self) -> None:
        self.close()

    async def _send_always(self) -> None:
        loop = asyncio.get_running_loop()
        due, sequence = loop.time(), 0
        while True:
            head = (
                b"\x80\x00"
                + (sequence % 65_536).to_bytes(2, "big")
                + (sequence * FRAME_BYTES).to_bytes(4, "big")
                + b"test"
            )
            self._transport.sendto(head + self.frame(sequence), self._target)
            sequence += 1
            due += FRAME_SECONDS
            await asyncio.sleep(max(0.0, due - loop.time()))


class Agent:
    """A person at a desk: takes what rings, talks for a while, hangs up or waits, finishes."""

    def __init__(self, link: LinkPeer, key: str, phone: RtpPhone, *, talk_seconds: float | None):
        self.key = key
        self.phone = phone
        self.talked: list[str] = []
        self.link = link
        self._talk_seconds = talk_seconds
        self._jobs: set[asyncio.Task[None]] = set()

    @classmethod
    async def sit_down(
        cls,
        centre: Centre,
        key: str,
        *,
        link: LinkPeer | None = None,
        mouth: int = 0xFF,
        phone: RtpPhone | None = None,
        talk_seconds: float | None = None,
    ) -> "Agent":
        """
        Connect a phone, sign in ready and begin to answer; `None` talks until the end.

        Many agents share a `link`, as browsers share a web process.
        """
        link = link or await centre.connect("web")
        phone = phone or await RtpPhone.open(mouth)
        agent = cls(link, key, phone, talk_seconds=talk_seconds)
        link.listeners.append(agent._hear)
        await agent.plug_in()
        done = await link.command(events.AgentSignedIn(agent=key, ready=True))
        assert done["type"] == "done", done
        return agent

    @classmethod
    async def sit_down_again(
        cls, centre: Centre, key: str, *, talk_seconds: float | None = None
    ) -> "Agent":
        """Come back with a new device to a seat that was never left."""
        link = await centre.connect("web")
        agent = cls(link, key, await RtpPhone.open(), talk_seconds=talk_seconds)
        link.listeners.append(agent._hear)
        await agent.plug_in()
        return agent

    async def plug_in(self) -> None:
        """Give the floor a new device and wait until it is heard."""
        count = len(self.link.facts("DeviceChanged"))
        answer = await self.link.ask("device", agent=self.key, kind="rtp", sdp=self.phone.offer())
        assert answer["type"] == "device", answer
        self.phone.talk_to(answer["sdp"])
        await self.link.wait_for(lambda: len(self.link.facts("DeviceChanged")) > count)

    async def stand_up(self) -> None:
        """Leave without a word."""
        for job in self._jobs:
            job.cancel()
        self.phone.close()
        await self.link.close()

    def _hear(self, fact: dict) -> None:
        if fact.get("agent") != self.key:
            return
        if fact["is"] == "Ringing":
            self._start(self._answer(fact["offer"], fact["item"]))
        elif fact["is"] == "TalkEnded":
            self.link.send(
                "command",
                by="test",
                event={
                    "is": "WorkFinished",
                    "agent": self.key,
                    "item": fact["item"],
                    "disposition": "done",
                },
            )

    def _start(self, job: object) -> None:
        task = asyncio.create_task(job)
        self._jobs.add(task)
        task.add_done_callback(self._jobs.discard)

    async def _answer(self, offer: str, item: str) -> None:
        answer = await self.link.command(events.OfferAnswered(agent=self.key, offer=offer))
        if answer["type"] != "done":
            return
        self.talked.append(item)
        if self._talk_seconds is not None:
            await asyncio.sleep(self._talk_seconds)
            await self.link.command(events.HangUpAsked(agent=self.key, item=item))


@contextlib.asynccontextmanager
async def callers_up(centre: Centre, count: int) -> AsyncIterator[LinkPeer]:
    """Hold some calls up, from the moment all have arrived; they are let go without a word."""
    program = shutil.which("sipp")
    assert program is not None, "the test asks for sipp first"
    watch = await centre.connect("web")
    process = await asyncio.create_subprocess_exec(
        program, "-sn", "uac", "-s", "900", f"127.0.0.1:{centre.sip}", "-i", "127.0.0.1",
        "-nostdin", "-m", str(count), "-r", "50", "-d", "600000", cwd=centre.data,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await watch.wait_for(lambda: len(watch.facts("Arrived")) == count)
        yield watch
    finally:
        with contextlib.suppress(ProcessLookupError):  # It may have had an end of its own.
            process.kill()
        await process.wait()
        await watch.close()


def start(job: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
    """Let something run beside the test; the test awaits it."""
    return asyncio.create_task(job)


class SippFailed(Exception):
    """sipp counted failed calls, or did not end."""


async def run_sipp_measured(centre: Centre, *arguments: str, **options: Any) -> float:
    """Run sipp, and give the processor seconds that it used."""
    before = child_seconds()
    await run_sipp(centre, *arguments, **options)
    return child_seconds() - before


def child_seconds() -> float:
    """Give the processor seconds of every child that has ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def run_sipp(
    centre: Centre,
    *arguments: str,
    scenario: Path | None = None,
    seconds_max: float = 60.0,
) -> None:
    """
    Run sipp against a centre.

    Raises SippFailed with what it wrote if a call failed.
    """
    program = shutil.which("sipp")
    assert program is not None, "the test asks for sipp first"
    which = ["-sf", str(scenario)] if scenario else ["-sn", "uac"]
    process = await asyncio.create_subprocess_exec(
        program, *which, "-s", "900", f"127.0.0.1:{centre.sip}", "-i", "127.0.0.1",
        "-nostdin", "-trace_err", *arguments, cwd=centre.data,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        out, _ = await asyncio.wait_for(process.communicate(), seconds_max)
    except TimeoutError:
        process.kill()
        await process.wait()
        raise SippFailed(f"sipp did not end within {seconds_max:g} s") from None
    if process.returncode != 0:
        errors = "".join(p.read_text()[-2000:] for p in centre.data.glob("*_errors.log"))
        raise SippFailed(f"exit {process.returncode}\n{out.decode()[-2500:]}\n{errors}")
