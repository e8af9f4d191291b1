"""
The media worker as the floor sees it: legs, prompts, mixes, recordings (docs/reference/ng.md).

What concerns one call is asked in order, one request after the other, so that a prompt is never
played to a leg that is not there yet. A worker that is silent for 2 s, or comes back with another
epoch, has lost its legs; which ones it still knows is asked by `claim`.

Refuses: to decide who hears whom; to keep anything about an item but its legs.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from callfloor.floor import sockets
from callfloor.floor.ng_client import Answered, Body, NgClient
from callfloor.floor.quality import Quality
from callfloor.wire import ng

PING_SECONDS = 0.5  # ng.md.
LEGS_PER_CLAIM = 500  # Names of 60 bytes: half of the largest datagram.

Request = Mapping[str, ng.Sendable]
Offered = Callable[[str | None], None]
"""Called with our SDP, or None if the leg could not be made."""


class Listener(Protocol):
    """Who wants to hear what the media worker notices."""

    def on_key(self, leg: str, key: str) -> None:
        """One key was pressed."""

    def on_played(self, leg: str, play: str, *, failed: bool) -> None:
        """A list of prompts came to its end."""

    def on_up(self, leg: str) -> None:
        """Sound arrives, for the first time or again."""

    def on_lost(self, leg: str) -> None:
        """No sound arrives any more."""

    def on_said(self, recording: str, seconds: float) -> None:
        """A message ended by silence."""

    def on_recorded(self, recording: str, *, seconds: float, partial: bool) -> None:
        """A recording file is closed."""

    def on_media_lost(self, legs: Sequence[str]) -> None:
        """The worker that was is gone; these legs are not carried any more."""


class Media(Protocol):
    """What the floor asks of the media worker."""

    def offer(self, *, call: str, leg: str, kind: str, sdp: str, then: Offered) -> None:
        """Make or renew a leg from the far side's SDP."""

    def create(self, *, call: str, leg: str, then: Offered) -> None:
        """Make a leg that offers first, for a number that is dialed or a telephone that rings."""

    def answer(self, *, call: str, leg: str, sdp: str) -> None:
        """Take the far side's answer to the offer of `create`."""

    def delete(self, *, call: str, leg: str) -> None:
        """End a leg."""

    def play(self, *, call: str, leg: str, play: str, files: Sequence[str], loop: bool) -> None:
        """Play files to a leg."""

    def stop_play(self, *, call: str, leg: str) -> None:
        """Stop what is played."""

    def send_keys(self, *, call: str, leg: str, keys: str) -> None:
        """Send keys to the far side."""

    def mix(
        self, *, call: str, legs: Sequence[str], rows: Sequence[tuple[str, str, float]]
    ) -> None:
        """Say who (ear) hears whom (mouth) at which gain."""

    def start_recording(
        self,
        *,
        call: str,
        recording: str,
        customer: str,
        agent: str | None,
        path: str,
        refused: Callable[[], None],
    ) -> None:
        """Begin a recording; `refused` is called if that cannot be done."""

    def pause_recording(self, *, call: str, recording: str) -> None:
        """Keep nothing for a while."""

    def resume_recording(self, *, call: str, recording: str) -> None:
        """Keep what is said again."""

    def stop_recording(
        self, *, call: str, recording: str, then: Callable[[float | None], None]
    ) -> None:
        """End a recording; its length in seconds comes back, None if it is not known."""


class MediaClient:
    """One media worker, asked over the ng protocol."""

    def __init__(
        self,
        *,
        epoch: int,
        public_key: bytes,
        note: Callable[[str, str], None],
    ) -> None:
        self._epoch = epoch
        self._public_key = public_key
        self.listener: Listener
        """Who hears what the worker notices; set before `start`."""
        self._note = note
        self._client: NgClient | None = None
        self._legs: dict[str, str] = {}
        self._made: set[str] = set()
        """Of these, the ones that a worker has made; only they can be unknown to another one."""
        self._lanes: dict[str, deque[tuple[Request, Answered]]] = {}
        self._worker_epoch: str | None = None
        self._beat: asyncio.Task[None] | None = None
        # for the health message
        self.is_up = False
        self.leg_count = 0
        self.lag_ms = 0.0
        self.quality = Quality(now=time.monotonic)

    async def start(
        self, *, local: tuple[str, int], worker: tuple[str, int], token: Callable[[], str]
    ) -> None:
        """Open the socket and begin the heartbeat."""
        loop = asyncio.get_running_loop()
        _, self._client = await loop.create_datagram_endpoint(
            lambda: NgClient(worker=worker, token=token, on_event=self._hear, note=self._note),
            sock=sockets.datagram(local),
        )
        self._beat = loop.create_task(self._beat_always())

    async def close(self) -> None:
        """End the heartbeat and the socket."""
        if self._beat is not None:
            self._beat.cancel()
            await asyncio.gather(self._beat, return_exceptions=True)
        if self._client is not None:
            self._client.close()

    # --- what the floor asks ---

    def offer(self, *, call: str, leg: str, kind: str, sdp: str, then: Offered) -> None:
        """Make or renew a leg from the far side's SDP."""
        if not self.is_up:
            asyncio.get_running_loop().call_soon(then, None)
            return
        self._legs[leg] = call
        body = {"command": "offer", "call-id": call, "from-tag": leg, "kind": kind, "sdp": sdp}
        self._ask(call, body, lambda answer: self._offered(leg, answer, then))

    def create(self, *, call: str, leg: str, then: Offered) -> None:
        """Make a leg that offers first."""
        if not self.is_up:
            asyncio.get_running_loop().call_soon(then, None)
            return
        self._legs[leg] = call
        body = {"command": "create", "call-id": call, "from-tag": leg, "kind": "rtp"}
        self._ask(call, body, lambda answer: self._offered(leg, answer, then))

    def _offered(self, leg: str, answer: Body | None, then: Offered) -> None:
        if answer is not None and leg in self._legs:
            self._made.add(leg)
        then(_sdp_of(answer))

    def answer(self, *, call: str, leg: str, sdp: str) -> None:
        """Take the far side's answer to our offer; said again, the last one holds."""
        if leg in self._legs:
            self._ask(call, {"command": "answer", "call-id": call, "from-tag": leg, "sdp": sdp})

    def delete(self, *, call: str, leg: str) -> None:
        """End a leg."""
        self._made.discard(leg)
        if self._legs.pop(leg, None) is not None:
            self._ask(call, {"command": "delete", "call-id": call, "from-tag": leg})

    def play(self, *, call: str, leg: str, play: str, files: Sequence[str], loop: bool) -> None:
        """Play files below the prompt folder to a leg, once or for ever."""
        body: Request = {
            "command": "play media", "call-id": call, "from-tag": leg, "play": play,
            "files": list(files), "repeat": int(loop),
        }  # fmt: skip
        self._ask(call, body)

    def stop_play(self, *, call: str, leg: str) -> None:
        """Stop what is played to a leg."""
        self._ask(call, {"command": "stop media", "call-id": call, "from-tag": leg})

    def send_keys(self, *, call: str, leg: str, keys: str) -> None:
        """Send keys to the far side of a leg."""
        body = {"command": "play DTMF", "call-id": call, "from-tag": leg, "code": keys}
        self._ask(call, body)

    def mix(
        self, *, call: str, legs: Sequence[str], rows: Sequence[tuple[str, str, float]]
    ) -> None:
        """Say who (ear) hears whom (mouth) at which gain; what is not listed is silent."""
        thousandths: list[list[ng.Sendable]] = [
            [ear, mouth, round(gain * 1000)] for ear, mouth, gain in rows
        ]
        self._ask(call, {"command": "mix", "legs": list(legs), "rows": thousandths})

    def start_recording(
        self,
        *,
        call: str,
        recording: str,
        customer: str,
        agent: str | None,
        path: str,
        refused: Callable[[], None],
    ) -> None:
        """Begin a recording; without an agent it is a message."""
        body: Request = {
            "command": "start recording", "call-id": call, "recording": recording,
            "customer": customer, "agent": int(agent is not None), "path": path,
            "public-key": self._public_key,
        }  # fmt: skip
        self._ask(call, body, lambda answer: refused() if answer is None else None)

    def pause_recording(self, *, call: str, recording: str) -> None:
        """Keep nothing for a while; the gap is marked in the file."""
        self._ask(call, {"command": "pause recording", "recording": recording})

    def resume_recording(self, *, call: str, recording: str) -> None:
        """Keep what is said again."""
        self._ask(call, {"command": "resume recording", "recording": recording})

    def stop_recording(
        self, *, call: str, recording: str, then: Callable[[float | None], None]
    ) -> None:
        """End a recording; its length comes back, None if it is not known."""
        body = {"command": "stop recording", "recording": recording}
        self._ask(call, body, lambda answer: then(_seconds_of(answer)))

    # --- one request after the other ---

    def _ask(self, lane: str, body: Request, then: Answered | None = None) -> None:
        waiting = self._lanes.get(lane)
        if waiting is None:
            waiting = self._lanes[lane] = deque()
        waiting.append((body, then or _ignore))
        if len(waiting) == 1:
            self._send_next(lane, waiting)

    def _send_next(self, lane: str, waiting: deque[tuple[Request, Answered]]) -> None:
        body, then = waiting[0]

        def done(answer: Body | None) -> None:
            waiting.popleft()
            then(answer)
            if waiting:
                self._send_next(lane, waiting)
            elif self._lanes.get(lane) is waiting:
                del self._lanes[lane]

        assert self._client is not None, "start() came first"
        self._client.ask(body, done)

    # --- is it alive ---

    async def _beat_always(self) -> None:
        while True:
            self._ping()
            await asyncio.sleep(PING_SECONDS)

    def _ping(self) -> None:
        assert self._client is not None, "start() came first"
        asked_at = time.monotonic()
        body = {"command": "ping", "floor": str(self._epoch)}
        self._client.ask(body, lambda answer: self._pinged(answer, asked_at), patient=False)

    def _pinged(self, answer: Body | None, asked_at: float) -> None:
        if answer is None:
            assert self._client is not None, "start() came first"
            if self.is_up and self._client.heard_at < asked_at:
                self._die()
            return
        epoch = str(answer.get("epoch"))
        if self._worker_epoch is not None and epoch != self._worker_epoch:
            self.listener.on_media_lost(())  # What it was writing is cut, whoever is on the line.
            self._claim([leg for leg in self._legs if leg in self._made])
        self._worker_epoch = epoch
        self.leg_count = _int_of(answer, "legs")
        self.lag_ms = _int_of(answer, "lag-ms")
        if not self.is_up:
            self.is_up = True
            self._note("media_up", f"epoch {epoch}")

    def _die(self) -> None:
        self.is_up = False
        self._worker_epoch = None
        self._note("media_lost", f"{len(self._legs)} legs")
        legs, self._legs, self._made = list(self._legs), {}, set()
        self.listener.on_media_lost(legs)
        self._drop_lanes()

    def _drop_lanes(self) -> None:
        lanes, self._lanes = self._lanes, {}
        for waiting in lanes.values():
            # The head is under way and fails with the client; the rest was never sent.
            unsent = [waiting.pop() for _ in range(len(waiting) - 1)]
            for _, then in reversed(unsent):
                then(None)
        assert self._client is not None, "start() came first"
        self._client.fail_all()

    def _claim(self, legs: Sequence[str]) -> None:
        for start in range(0, len(legs), LEGS_PER_CLAIM):
            body: Request = {"command": "claim", "legs": list(legs[start : start + LEGS_PER_CLAIM])}
            self._ask("claim", body, self._claimed)

    def _claimed(self, answer: Body | None) -> None:
        unknown = answer.get("unknown") if answer is not None else None
        if isinstance(unknown, list):
            lost = [leg for leg in map(str, unknown) if self._legs.pop(leg, None) is not None]
            self._made.difference_update(lost)
            if lost:
                self._note("media_lost", f"{len(lost)} legs")
                self.listener.on_media_lost(lost)

    # --- what it says by itself ---

    def _hear(self, body: Body) -> None:
        name = str(body.get("event"))
        leg = str(body.get("from-tag", ""))
        if name in ("up", "lost", "found", "dtmf", "played") and leg not in self._legs:
            return  # The leg was ended while its last word was under way.
        if name == "dtmf":
            self.listener.on_key(leg, str(body.get("code")))
        elif name == "played":
            failed = bool(_int_of(body, "failed"))
            self.listener.on_played(leg, str(body.get("play")), failed=failed)
        elif name in ("up", "found"):
            self.listener.on_up(leg)
        elif name == "lost":
            self.listener.on_lost(leg)
        elif name == "quality":
            self.quality.take(body.get("legs"))
        else:
            self._hear_recorder(name, body)

    def _hear_recorder(self, name: str, body: Body) -> None:
        recording = str(body.get("recording"))
        seconds = _seconds_of(body) or 0.0
        if name == "said":
            self.listener.on_said(recording, seconds)
        elif name == "recorded":
            partial = bool(_int_of(body, "partial"))
            self.listener.on_recorded(recording, seconds=seconds, partial=partial)
        else:
            self._note("ng_unknown_event", name)


def _ignore(_answer: Body | None) -> None:
    """Nothing follows from the answer; a refusal was noted where it came in."""


def _sdp_of(answer: Body | None) -> str | None:
    sdp = answer.get("sdp") if answer is not None else None
    return sdp if isinstance(sdp, str) else None


def _seconds_of(body: Body | None) -> float | None:
    value = body.get("seconds") if body is not None else None
    if isinstance(value, list):  # Each channel; the longer one is the recording's length.
        value = max((each for each in value if isinstance(each, int)), default=0)
    return value / 1000 if isinstance(value, int) else None


def _int_of(body: Body, key: str) -> int:
    value = body.get(key)
    return value if isinstance(value, int) else 0
