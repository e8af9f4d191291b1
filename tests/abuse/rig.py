"""
What is measured while somebody floods: calls that are up, calls that begin, memory and processor.

A caller here is a real SIP peer on a real socket with its own RTP; it repeats an INVITE as RFC 3261
says, so that a lost datagram costs what it costs everybody.
"""

import asyncio
import contextlib
import dataclasses
import itertools
import json
import re
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from callfloor.core import plan
from tests import phones, small_centre
from tests.abuse import floods
from tests.phones import FRAME_BYTES, RtpPhone
from tests.small_centre import Centre, LinkPeer

T1_SECONDS = 0.5
SMALL_TRUNK_CALLS = 20
CALLS_PER_SECOND = 10.0
TRUNK_PASSWORDS = {"mobile": "a password that nobody guesses"}
KIB = 1024


def flooded_plan(*, agents: int) -> plan.FloorPlan:
    """Build the small centre's plan with a second trunk of few calls and one with a password."""
    small = small_centre.small_plan(agents=agents)
    more = (
        plan.TrunkPlan(key="small", addresses=(floods.SMALL_TRUNK,), calls_max=SMALL_TRUNK_CALLS),
        plan.TrunkPlan(key="mobile", digest_user="mobile"),
    )
    return dataclasses.replace(small, trunks=(*small.trunks, *more))


def write_passwords(data: Path) -> None:
    """Give the trunk with a password one, before the floor starts."""
    (data / "keys").mkdir(parents=True, exist_ok=True)
    (data / "keys" / "passwords.json").write_text(json.dumps(TRUNK_PASSWORDS))


def memory_bytes(pid: int) -> int:
    """Give the resident memory of a process."""
    text = Path(f"/proc/{pid}/status").read_text()
    match = re.search(r"VmRSS:\s+(\d+) kB", text)
    assert match is not None, "Linux says how much memory a process has"
    return int(match[1]) * KIB


def percentile(values: list[float], part: float) -> float:
    """Give the value that so many of a hundred do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part / 100))]


class StampedPhone(RtpPhone):
    """A telephone whose frames say when they were sent."""

    def __init__(self, mouth: int = 0xFF) -> None:
        super().__init__(mouth)
        self.delays: list[float] = []

    def datagram_received(self, data: bytes, addr: object) -> None:
        """Note how long a stamped frame was under way."""
        if data[20:24] == b"time":
            sent_at = int.from_bytes(data[12:20], "big") / 1e9
            self.delays.append(time.monotonic() - sent_at)

    async def _send_always(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        for number in itertools.count():
            head = b"\x80\x00" + (number % 65_536).to_bytes(2, "big")
            head += (number * FRAME_BYTES % 2**32).to_bytes(4, "big") + b"test"
            stamp = int(time.monotonic() * 1e9).to_bytes(8, "big") + b"time"
            self._transport.sendto(head + stamp.ljust(FRAME_BYTES, b"\xff"), self._target)
            due += phones.FRAME_SECONDS
            await asyncio.sleep(max(0.0, due - loop.time()))


@dataclass
class Call:
    """One call of ours."""

    call_id: str
    user: str
    answer: asyncio.Future[tuple[int, str, str]]
    """Status, To tag and SDP of the final response."""
    seconds: float = 0.0
    """From the first INVITE to the final response."""
    status: int = 0
    to_tag: str = ""
    sdp: str = ""
    tries: int = field(default=1)
    """How often the INVITE was sent."""


class Caller(asyncio.DatagramProtocol):
    """A SIP peer at an address, with any number of calls."""

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self._calls: dict[str, Call] = {}
        self._names = itertools.count(1)
        self._transport: asyncio.DatagramTransport
        self.seen: list[int] = []

    @classmethod
    async def open(cls, port: int, host: str = floods.TRUNK) -> "Caller":
        """Bind a socket."""
        loop = asyncio.get_running_loop()
        _, caller = await loop.create_datagram_endpoint(lambda: cls(port), local_addr=(host, 0))
        return caller

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the socket."""
        self._transport = transport
        self._host, self._port = transport.get_extra_info("sockname")

    def datagram_received(self, data: bytes, addr: object) -> None:
        """Take a response; answer a BYE."""
        text = data.decode("utf-8", "replace")
        if "SIP/2.0" not in text.partition("\r\n")[0]:
            return  # Sound for who had this port before.
        call_id = re.search(r"\r\nCall-ID: (\S+)", text)
        call = self._calls.get(call_id[1]) if call_id else None
        if not text.startswith("SIP/2.0 "):
            self._transport.sendto(self._ok(text), self._target)
        elif call is not None and "INVITE" in text.partition("CSeq")[2].partition("\r\n")[0]:
            status = int(text[8:11])
            self.seen.append(status)
            if status >= 200 and not call.answer.done():
                tag = re.search(r"\r\nTo: [^\r]*;tag=(\S+)", text)
                body = text.partition("\r\n\r\n")[2]
                call.answer.set_result((status, tag[1] if tag else "", body))
            if status >= 200:
                self._send(call, "ACK", 1)

    async def call(self, sdp: str, *, user: str = small_centre.NUMBER, patience: float = 8.0):
        """Call a number; give the call with its final status, 0 if there was none."""
        name = f"c{next(self._names)}-{self._port}@caller"
        call = Call(name, user, asyncio.get_running_loop().create_future())
        self._calls[name] = call
        began = time.monotonic()
        pause = T1_SECONDS
        self._send(call, "INVITE", 1, sdp)
        while not call.answer.done() and time.monotonic() - began < patience:
            await asyncio.wait([call.answer], timeout=pause)
            if not call.answer.done():
                call.tries += 1
                pause *= 2
                self._send(call, "INVITE", 1, sdp)
        call.seconds = time.monotonic() - began
        if call.answer.done():
            call.status, call.to_tag, call.sdp = call.answer.result()
        return call

    def send(self, data: bytes) -> None:
        """Send whatever it is."""
        self._transport.sendto(data, self._target)

    def hang_up(self, call: Call) -> None:
        """Say goodbye, once."""
        self._send(call, "BYE", 2)

    def close(self) -> None:
        """End everything."""
        self._transport.close()

    def _send(self, call: Call, method: str, cseq: int, body: str = "") -> None:
        tag = f";tag={call.to_tag or self._tag_of(call)}" if method != "INVITE" else ""
        kind = "Content-Type: application/sdp\r\n" if body else ""
        text = (
            f"{method} sip:{call.user}@127.0.0.1 SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {self._host}:{self._port};branch=z9hG4bK{call.call_id}{method}\r\n"
            f"From: <sip:+36301@{self._host}>;tag=caller\r\nTo: <sip:{call.user}@127.0.0.1>{tag}"
            f"\r\nCall-ID: {call.call_id}\r\nCSeq: {cseq} {method}\r\nMax-Forwards: 70\r\n"
            f"Contact: <sip:caller@{self._host}:{self._port}>\r\n{kind}"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        )
        self._transport.sendto(text.encode(), self._target)

    def _tag_of(self, call: Call) -> str:
        return call.answer.result()[1] if call.answer.done() else ""

    def _ok(self, request: str) -> bytes:
        kept = ("Via:", "From:", "To:", "Call-ID:", "CSeq:")
        lines = [line for line in request.split("\r\n") if line.startswith(kept)]
        return "\r\n".join(["SIP/2.0 200 OK", *lines, "Content-Length: 0", "", ""]).encode()


class Talks:
    """Calls that are up, each between a caller and an agent, with the delay of every frame."""

    def __init__(self, centre: Centre) -> None:
        self._centre = centre
        self._agents: list[phones.Agent] = []
        self._phones: list[StampedPhone] = []
        self._caller: Caller
        self.link: LinkPeer

    @classmethod
    @contextlib.asynccontextmanager
    async def up(cls, centre: Centre, count: int) -> "AsyncIterator[Talks]":
        """Hold so many calls up for a while."""
        talks = cls(centre)
        try:
            await talks._begin(count)
            yield talks
        finally:
            await talks._end()

    async def _begin(self, count: int) -> None:
        self.link = await self._centre.connect("web")
        self._caller = await Caller.open(self._centre.sip)
        for number in range(count):
            agent = await phones.Agent.sit_down(
                self._centre, f"agent-{number}", link=self.link, phone=await self._phone()
            )
            self._agents.append(agent)
        for _ in range(count):
            phone = await self._phone()
            call = await self._caller.call(phone.offer())
            assert call.status == 200, call
            phone.talk_to(call.sdp)
        await self.link.wait_for(lambda: len(self.link.facts("Bridged")) == count)

    async def _phone(self) -> StampedPhone:
        phone = await StampedPhone.open()
        self._phones.append(phone)
        return phone

    def delays(self) -> list[float]:
        """Take every delay since the last time."""
        taken = [delay for phone in self._phones for delay in phone.delays]
        for phone in self._phones:
            phone.delays = []
        return taken

    def lost_calls(self) -> int:
        """Count the talks that ended."""
        return len(self.link.facts("TalkEnded"))

    async def _end(self) -> None:
        for phone in self._phones:
            phone.close()
        self._caller.close()
        for agent in self._agents:
            await agent.stand_up()


@dataclass(frozen=True)
class Measured:
    """What one flood did."""

    kind: str
    sent: int
    memory_growth_bytes: int
    rtp_p90_seconds: float
    rtp_p99_seconds: float
    rtp_frames: int
    calls: int
    calls_failed: int
    call_p90_seconds: float
    call_p99_seconds: float
    cpu_share: float
    counts: dict[str, int]
    lag_ms: float

    def plain(self) -> dict[str, Any]:
        """Give the figures as a bench prints them."""
        return {
            "sent": self.sent,
            "rss_growth_mib": round(self.memory_growth_bytes / KIB**2, 1),
            "rtp_p99_ms": round(self.rtp_p99_seconds * 1000, 2),
            "rtp_frames": self.rtp_frames,
            "new_calls": self.calls,
            "new_calls_failed": self.calls_failed,
            "new_call_p99_ms": round(self.call_p99_seconds * 1000, 1),
            "floor_cpu": round(self.cpu_share, 2),
            "dropped": self.counts,
            "loop_lag_ms": self.lag_ms,
        }


async def new_calls(port: int, *, per_second: float, until: asyncio.Future[Any]) -> list[Call]:
    """Call from the trunk at a pace until something is done; hang up each at once."""
    caller = await Caller.open(port)
    jobs: list[asyncio.Task[Call]] = []

    async def one() -> Call:
        call = await caller.call(floods.SDP)
        if call.status == 200:
            caller.hang_up(call)
        return call

    while not until.done():
        jobs.append(asyncio.create_task(one()))
        await asyncio.sleep(1 / per_second)
    calls = [await job for job in jobs]
    caller.close()
    return calls


async def measure(
    centre: Centre, talks: Talks, kind: str, *, per_second: int, seconds: float
) -> Measured:
    """Flood a running centre and measure what its callers notice."""
    flood = floods.flood(kind, centre.sip, per_second=per_second, seconds=seconds)
    return await _measure_during(centre, talks, kind, flood, health_of=_next_health)


async def _measure_during(
    centre: Centre,
    talks: Talks,
    kind: str,
    flood: Coroutine[Any, Any, int],
    *,
    health_of: Callable[[LinkPeer], Awaitable[dict[str, Any]]],
) -> Measured:
    pid = centre.processes["floor"].pid
    memory, cpu = memory_bytes(pid), centre.cpu_seconds("floor")
    before = (await health_of(talks.link))["dropped"]
    talks.delays()
    flooding = asyncio.create_task(flood)
    began = time.monotonic()
    calls = await new_calls(centre.sip, per_second=CALLS_PER_SECOND, until=flooding)
    lasted = time.monotonic() - began
    delays = talks.delays()
    growth = memory_bytes(pid) - memory
    health = await health_of(talks.link)
    dropped = {name: n - before.get(name, 0) for name, n in health["dropped"].items()}
    return Measured(
        kind=kind,
        sent=flooding.result(),
        memory_growth_bytes=growth,
        rtp_p90_seconds=percentile(delays, 90),
        rtp_p99_seconds=percentile(delays, 99),
        rtp_frames=len(delays),
        calls=len(calls),
        calls_failed=sum(call.status != 200 for call in calls),
        call_p90_seconds=percentile([call.seconds for call in calls], 90),
        call_p99_seconds=percentile([call.seconds for call in calls], 99),
        cpu_share=(centre.cpu_seconds("floor") - cpu) / lasted,
        counts={name: count for name, count in dropped.items() if count},
        lag_ms=health["lag_ms"],
    )


async def measure_quiet(centre: Centre, talks: Talks, *, seconds: float) -> Measured:
    """Measure the same without a flood; what the floor tells once a second is not waited for."""
    waiting = asyncio.sleep(seconds, 0)
    return await _measure_during(centre, talks, "quiet", waiting, health_of=_last_health)


def journal_names(centre: Centre) -> list[str]:
    """Give the names of all rows of the journal."""
    uri = f"file:{centre.data / 'journal.db'}?mode=ro"
    with contextlib.closing(sqlite3.connect(uri, uri=True)) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM journal")]


async def _last_health(link: LinkPeer) -> dict[str, Any]:
    await link.wait_for(lambda: link.health is not None)
    assert link.health is not None
    return link.health


async def _next_health(link: LinkPeer) -> dict[str, Any]:
    known = link.health
    await link.wait_for(lambda: link.health is not known)
    assert link.health is not None
    return link.health
