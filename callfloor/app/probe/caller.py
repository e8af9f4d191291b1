"""
One test call: dial, listen, press, speak, and note what was seen.

The call goes over real SIP and RTP; what the centre made of it is learnt from the link's facts.
Refuses: to judge (`verdict`), and to call anybody but the number it was given.
"""

import asyncio
import contextlib
import math
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from callfloor.app.demo import voice
from callfloor.app.demo.phone import Line, Phone
from callfloor.app.probe.hearing import FRAME, RATE, Ear, Sound
from callfloor.app.probe.route import Route
from callfloor.app.probe.verdict import Seen
from callfloor.core import facts
from callfloor.core.plan import PROBE_TRUNK
from callfloor.wire import g711, rtp
from callfloor.wire.errors import PeerError

CALLER = "probe"
NAME = "Test call"
ANSWER_SECONDS = 5.0  # The centre answers at once; more is a fault.
MENU_SECONDS = 60.0  # Greeting and recording notice; each may last half a minute.
LISTENS_SECONDS = 1.0  # The prompt's first second is enough to know that it plays.
STEP_SECONDS = 5.0
MESSAGE_SECONDS = 30.0  # The words before the tone.
SAYS_SECONDS = 3.0
REPORT_SECONDS = 6.0  # The media worker tells of its legs every 5 s.
CLOSE_SECONDS = 5.0
TONE_HZ, TONE_LOUDNESS = 1004.0, 8000.0  # The test tone of telephony (ITU-T O.9), well audible.


class Leg(voice.Leg):
    """The test call's sound, with an ear."""

    def __init__(self, ssrc: int, now: Callable[[], float]) -> None:
        super().__init__(ssrc=ssrc)
        self.ear = Ear()
        self._now = now

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Listen to a packet of mu-law."""
        super().datagram_received(data, addr)
        with contextlib.suppress(PeerError):
            packet = rtp.parse(data)
            if packet.payload_type == 0 and len(packet.payload) == FRAME:
                self.ear.take(packet.payload, at=self._now())


class Watch:
    """What the centre says of our call."""

    def __init__(self) -> None:
        self.item: str | None = None
        self.seen: list[facts.Fact] = []
        self.was_heard = False
        self._changed = asyncio.Event()

    def begin(self) -> None:
        """Forget the call before."""
        self.item, self.was_heard = None, False
        self.seen.clear()

    def take(self, fact: facts.Fact) -> None:
        """Hear one fact."""
        if isinstance(fact, facts.Arrived) and fact.trunk == PROBE_TRUNK:
            self.item = fact.item
        if self.item is not None and getattr(fact, "item", None) == self.item:
            self.seen.append(fact)
            self._changed.set()

    def health(self, said: dict[str, Any]) -> None:
        """Take from the floor's health whether audio of ours arrives."""
        leg = f"c:{self.item}"
        if any(row[0] == leg and row[1] > 0 for row in said.get("legs", [])):
            self.was_heard = True
            self._changed.set()

    async def until(self, happened: Callable[[], bool], *, seconds: float) -> bool:
        """Wait until something is true; say whether it became so in time."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not happened():
                    self._changed.clear()
                    await self._changed.wait()
        return happened()

    def is_at(self, step: str) -> bool:
        """Say whether the call has come to a step."""
        return any(isinstance(f, facts.StepEntered) and f.step == step for f in self.seen)

    def has(self, kind: type[facts.Fact]) -> bool:
        """Say whether something of a kind has happened."""
        return any(isinstance(fact, kind) for fact in self.seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a test call needs."""

    number: str
    route: Route
    prompt: Sound
    """The prompt that is heard first, 8 kHz."""
    phone: Phone
    host: str
    """The address of our audio."""
    watch: Watch
    data: Path


async def call(around: Surroundings, leg: Leg) -> Seen:
    """Make one test call with this leg, which is closed then, and return what was seen."""
    around.watch.begin()
    ticker = voice.Ticker()
    ticking = asyncio.create_task(ticker.run())
    ticker.legs.add(leg)
    try:
        return await _Call(around, leg).run()
    finally:
        ticking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await ticking
        leg.close()


class _Call:
    def __init__(self, around: Surroundings, leg: Leg) -> None:
        self._around = around
        self._watch = around.watch
        self._leg = leg
        self._answered_at: float | None = None
        self._answered = asyncio.Event()
        self._over = asyncio.Event()

    async def run(self) -> Seen:
        """Go the whole way, as far as it can be gone."""
        route = self._around.route
        seen = Seen(needs_key=route.menu is not None, needs_recording=route.is_recorded)
        line = await self._dial()
        try:
            await self._go(seen, route)
        finally:
            line.hang_up()
        if seen.answered:
            await self._close(seen)
        return seen

    async def _dial(self) -> Line:
        offer = await self._leg.open(self._around.host)
        return self._around.phone.dial(
            self._around.number,
            caller=CALLER,
            name=NAME,
            offer=offer,
            answered=self._take_answer,
            ended=lambda reason: self._end(),
        )

    def _take_answer(self, answer: str) -> None:
        with contextlib.suppress(PeerError):
            self._leg.connect(answer)
            self._answered_at = asyncio.get_running_loop().time()
        self._answered.set()

    def _end(self) -> None:
        self._over.set()
        self._answered.set()

    async def _go(self, seen: Seen, route: Route) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._answered.wait(), ANSWER_SECONDS)
        seen.answered = self._answered_at is not None
        if not seen.answered:
            return
        if route.menu is not None:
            await self._press(seen, route)
        if seen.key_worked or route.menu is None:
            await self._speak(seen)
        if not seen.key_worked:
            heard = lambda: self._watch.was_heard  # noqa: E731
            seen.was_heard = await self._watch.until(heard, seconds=REPORT_SECONDS)

    async def _press(self, seen: Seen, route: Route) -> None:
        menu, following = route.menu, route.next
        assert menu is not None
        if not await self._watch.until(lambda: self._watch.is_at(menu), seconds=MENU_SECONDS):
            return
        await asyncio.sleep(LISTENS_SECONDS)
        self._leg.press(route.digit)
        moved = lambda: self._watch.is_at(following)  # noqa: E731
        seen.key_worked = await self._watch.until(moved, seconds=STEP_SECONDS)

    async def _speak(self, seen: Seen) -> None:
        """Leave a message of tone if one is asked for, else listen for a moment."""
        if not seen.needs_recording:
            await asyncio.sleep(LISTENS_SECONDS)
            return
        started = lambda: self._watch.has(facts.RecordingStarted)  # noqa: E731
        if await self._watch.until(started, seconds=MESSAGE_SECONDS):
            self._leg.say(tone(SAYS_SECONDS))
            await asyncio.sleep(SAYS_SECONDS)

    async def _close(self, seen: Seen) -> None:
        """Look at what is left when the call is over."""
        closed = lambda: self._watch.has(facts.Closed)  # noqa: E731
        await self._watch.until(closed, seconds=CLOSE_SECONDS)
        seen.was_heard = seen.was_heard or self._watch.was_heard
        ear = self._leg.ear
        seen.sound = not ear.is_silent
        heard = ear.find(self._around.prompt)
        if heard is not None and self._answered_at is not None:
            seen.likeness = heard.likeness
            seen.delay_seconds = max(0.0, heard.began_at - self._answered_at)
        if seen.needs_recording and self._watch.item is not None:
            seen.recorded_seconds = await self._recorded(self._watch.item)

    async def _recorded(self, item: str) -> float | None:
        """Wait a moment for the file to be closed; return its seconds, None if there is none."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + CLOSE_SECONDS
        while True:
            found = await asyncio.to_thread(recorded_seconds, self._around.data, item)
            if found is not None or loop.time() > deadline:
                return found
            await asyncio.sleep(0.2)


def recorded_seconds(data: Path, item: str) -> float | None:
    """Return how long the recording of a call is whose file is really there, None otherwise."""
    with (
        contextlib.suppress(sqlite3.Error),
        contextlib.closing(sqlite3.connect(f"file:{data}/journal.db?mode=ro", uri=True)) as found,
    ):
        asked = "SELECT path, seconds FROM recordings WHERE item = ? AND ended_at IS NOT NULL"
        for path, seconds in found.execute(asked, (item,)):
            file = data / "recordings" / path
            if seconds is not None and file.is_file():
                return min(float(seconds), file.stat().st_size / RATE)
    return None


def tone(seconds: float) -> voice.Frames:
    """Return the test tone as frames of mu-law."""
    count = round(seconds * RATE / FRAME)
    samples = (
        round(TONE_LOUDNESS * math.sin(2 * math.pi * TONE_HZ * at / RATE))
        for at in range(count * FRAME)
    )
    raw = b"".join(sample.to_bytes(2, "little", signed=True) for sample in samples)
    frames = g711.linear_to_ulaw(raw)
    return [frames[at : at + FRAME] for at in range(0, len(frames), FRAME)]
