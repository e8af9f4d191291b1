"""
Calls that never end for long: callers and agents who go on, whatever dies meanwhile.

The callers are one SIP telephone with many lines, the agents are RTP devices behind one link.
What a caller was told and what a screen was shown is kept, to be compared with the journal.
"""

import asyncio
import contextlib
import random
import time
from typing import Any

from callfloor.app.demo.phone import Line, Phone
from callfloor.core import events
from tests import phones
from tests.small_centre import Centre, LinkPeer

AGENT_TALKS_SECONDS = 0.5
RESTS_SECONDS = 0.05
REFUSED_SECONDS = 0.5  # Who is refused does not hammer.
PATIENCE_SECONDS = 2.5  # A caller whose call hears nothing hangs up and calls again.
PLUG_SECONDS = 20.0  # Long only on a machine that does much else.


class Seat:
    """An agent who takes whatever rings, talks for a moment, and finishes."""

    def __init__(
        self, key: str, phone: phones.RtpPhone, *, talks_seconds: float = AGENT_TALKS_SECONDS
    ) -> None:
        self.key = key
        self.talked = 0
        self._phone = phone
        self._talks_seconds = talks_seconds
        self._link: LinkPeer
        self._jobs: set[asyncio.Task[None]] = set()

    async def join(self, link: LinkPeer) -> None:
        """Take the seat on a new link: plug in, and sign in if nobody sits there."""
        self.leave()
        self._link = link
        link.listeners.append(self._hear)
        await self.plug_in()
        if link.welcome["board"]["agents"][self.key]["state"] == "signed_out":
            await link.command(events.AgentSignedIn(agent=self.key, ready=True))

    async def plug_in(self) -> None:
        """Give the floor a new device, and wait until it is heard."""
        ups = len(self._ups())
        async with asyncio.timeout(PLUG_SECONDS):
            while True:
                answer = await self._link.ask(
                    "device", agent=self.key, kind="rtp", sdp=self._phone.offer()
                )
                if answer["type"] == "device":
                    break
                await asyncio.sleep(0.05)  # The media is not back yet.
        self._phone.fall_silent()
        self._phone.talk_to(answer["sdp"])
        await self._link.wait_for(lambda: len(self._ups()) > ups, PLUG_SECONDS)

    def leave(self) -> None:
        """Stop whatever this seat was doing."""
        for job in self._jobs:
            job.cancel()

    def close(self) -> None:
        """Leave for good."""
        self.leave()
        self._phone.close()

    def _ups(self) -> list[dict[str, Any]]:
        changes = self._link.facts("DeviceChanged")
        return [fact for fact in changes if fact["agent"] == self.key and fact["up"]]

    def _hear(self, fact: dict[str, Any]) -> None:
        if fact.get("agent") != self.key:
            return
        if fact["is"] == "Ringing":
            self._do(self._answer(fact["offer"], fact["item"]))
        elif fact["is"] == "TalkEnded":
            self._do(self._finish(fact["item"]))

    def _do(self, work: Any) -> None:
        task = asyncio.create_task(self._while_linked(work))
        self._jobs.add(task)
        task.add_done_callback(self._jobs.discard)

    async def _while_linked(self, work: Any) -> None:
        with contextlib.suppress(TimeoutError, OSError):  # The floor may die before its answer.
            await work

    async def _answer(self, offer: str, item: str) -> None:
        answer = await self._link.command(events.OfferAnswered(agent=self.key, offer=offer))
        if answer["type"] == "done":
            self.talked += 1
            await asyncio.sleep(self._talks_seconds)
            await self._link.command(events.HangUpAsked(agent=self.key, item=item))

    async def _finish(self, item: str) -> None:
        finished = events.WorkFinished(agent=self.key, item=item, disposition="done")
        await self._link.command(finished)


class Call:
    """One call of a caller, from the INVITE to the end."""

    def __init__(self, load: "Load") -> None:
        self._load = load
        self._began = time.monotonic()
        self.answered = asyncio.Event()
        self.ended = asyncio.Event()

    def heard(self, _answer: str) -> None:
        """Take the 200."""
        self._load.answered.append(time.monotonic())
        self._load.set_up_seconds.append(time.monotonic() - self._began)
        self.answered.set()

    def over(self, _reason: str) -> None:
        """Take the end."""
        self.ended.set()


class Load:
    """Everybody who calls and everybody who answers."""

    def __init__(self, centre: Centre, *, agents: int, callers: int, draw: random.Random) -> None:
        self._centre = centre
        self._draw = draw
        self._phone = Phone(server=("127.0.0.1", centre.sip), draw=draw)
        self._ears: list[phones.RtpPhone] = []
        self._seats: list[Seat] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._counts = agents, callers
        self._may_call = asyncio.Event()
        self.link: LinkPeer
        self.answered: list[float] = []
        """When each call was answered, monotonic."""
        self.set_up_seconds: list[float] = []
        """How long each of them took from the INVITE to the 200."""

    async def start(self) -> None:
        """Sit everybody down and begin to call."""
        agents, callers = self._counts
        await self._phone.open("127.0.0.1")
        self.link = await self._centre.connect("web")
        for number in range(agents):
            seat = Seat(f"agent-{number}", await phones.RtpPhone.open())
            self._seats.append(seat)
            await seat.join(self.link)
        for _ in range(callers):
            ear = await phones.RtpPhone.open(mouth=0x80)
            self._ears.append(ear)
            self._tasks.append(asyncio.create_task(self._call_always(ear)))
        self.resume()

    async def stop(self) -> None:
        """End everything."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for seat in self._seats:
            seat.close()
        for ear in self._ears:
            ear.close()
        await self.link.close()
        self._phone.close()

    def pause(self) -> None:
        """Begin no more calls."""
        self._may_call.clear()

    def resume(self) -> None:
        """Call again."""
        self._may_call.set()

    @property
    def talked(self) -> int:
        """Count the calls that agents have answered."""
        return sum(seat.talked for seat in self._seats)

    async def relink(self) -> None:
        """Come back to a floor that was started again."""
        await self.link.close()
        self.link = await self._centre.connect("web")
        for seat in self._seats:
            await seat.join(self.link)

    async def plug_in_again(self) -> None:
        """Come back to a media worker that was started again."""
        for seat in self._seats:
            await seat.plug_in()

    def dial(self, ear: phones.RtpPhone | None = None) -> tuple[Call, Line]:
        """Send an INVITE."""
        call = Call(self)
        offer = (ear or self._ears[0]).offer()

        def answered(sdp: str) -> None:
            call.heard(sdp)
            if ear is not None:
                ear.fall_silent()
                ear.talk_to(sdp)

        line = self._phone.dial(
            "900",
            caller="+36301110001",
            name="Fault",
            offer=offer,
            answered=answered,
            ended=call.over,
        )
        return call, line

    async def _call_always(self, ear: phones.RtpPhone) -> None:
        while True:
            await self._may_call.wait()
            call, line = self.dial(ear)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(call.ended.wait(), PATIENCE_SECONDS)
            line.hang_up()
            ear.fall_silent()
            rests = RESTS_SECONDS if call.answered.is_set() else REFUSED_SECONDS
            await asyncio.sleep(rests * (1.0 + self._draw.random()))
