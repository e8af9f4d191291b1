"""
Agents by the dozen for the load: one link and one socket for all of them.

Each has a device of its own at the floor; all devices send from one port, as if one telephone had
many lines. They answer at once, talk until the caller leaves, and finish.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import Any

from callfloor.core import codec, events
from callfloor.wire import g711, rtp, sdp
from tests.journeys import tones
from tests.journeys.stack import Stack
from tests.small_centre import LinkPeer

DISPOSITION = "solved"
QUIET_FRAMES = 25


class Answerers:
    """All of them."""

    def __init__(self, link: LinkPeer, keys: list[str]) -> None:
        self._link = link
        self._keys = set(keys)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind(("127.0.0.1", 0))
        self._targets: dict[str, tuple[str, int]] = {}
        self._talking: set[str] = set()
        self._ticking: asyncio.Task[None] | None = None
        self.answered = 0

    async def sit_down(self) -> None:
        """Connect every device and be ready."""
        self._ticking = asyncio.create_task(self._speak())
        self._link.on_fact = self._hear
        port = self._socket.getsockname()[1]
        offer = sdp.encode(sdp.offer(host="127.0.0.1", port=port, origin_id=port)).decode()
        for key in sorted(self._keys):
            told = await self._link.ask("device", agent=key, kind="rtp", sdp=offer)
            answer = sdp.parse(told["sdp"].encode())
            assert answer.audio is not None
            self._targets[key] = (answer.audio.host or answer.host, answer.audio.port)
            await self._link.command(events.AgentSignedIn(agent=key, ready=True))
        await self._link.wait_for(lambda: len(self._plugged()) == len(self._keys))

    def close(self) -> None:
        """Leave."""
        if self._ticking is not None:
            self._ticking.cancel()
        self._socket.close()

    def _plugged(self) -> set[str]:
        rows = self._link.facts("DeviceChanged")
        return {row["agent"] for row in rows if row["up"]} & self._keys

    def _hear(self, fact: dict[str, Any]) -> None:
        if fact.get("agent") not in self._keys:
            return
        if fact["is"] == "Ringing":
            self._do(events.OfferAnswered(agent=fact["agent"], offer=fact["offer"]))
        elif fact["is"] == "Bridged":
            self.answered += 1
            self._talking.add(fact["agent"])
        elif fact["is"] == "TalkEnded":
            self._talking.discard(fact["agent"])
            done = events.WorkFinished(
                agent=fact["agent"], item=fact["item"], disposition=DISPOSITION
            )
            self._do(done)

    def _do(self, event: events.Event) -> None:
        self._link.send("command", by="load", event=codec.to_plain(event))

    async def _speak(self) -> None:
        loop = asyncio.get_running_loop()
        due, sequence = loop.time(), 0
        while True:
            sequence += 1
            packet = rtp.Packet(
                payload_type=0,
                sequence=sequence & 0xFFFF,
                timestamp=sequence * tones.FRAME_SAMPLES & 0xFFFFFFFF,
                ssrc=0x4C4F4144,
                payload=g711.ULAW_SILENCE * tones.FRAME_SAMPLES,
            ).encode()
            # Whoever is in no call shows every half second that he lives, as telephones do.
            keys = self._targets if sequence % QUIET_FRAMES == 0 else self._talking
            for key in list(keys):
                with contextlib.suppress(BlockingIOError, ConnectionRefusedError):
                    self._socket.sendto(packet, self._targets[key])
            due = max(due + 0.02, loop.time() - 0.2)
            await asyncio.sleep(max(0.0, due - loop.time()))


@contextlib.asynccontextmanager
async def seated(stack: Stack, count: int) -> AsyncIterator[Answerers]:
    """Seat some of them for a while."""
    link = await stack.connect("web")
    all_of_them = Answerers(link, [f"served_{number}" for number in range(count)])
    try:
        await all_of_them.sit_down()
        yield all_of_them
    finally:
        all_of_them.close()
        await link.close()
