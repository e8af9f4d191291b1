"""
The other end of the floor's link: one connection of web, worker or demo (docs/reference/link.md).

Connects again for ever, pairs answers with requests, hands everything else to plain callables.
Refuses: to hold any truth, to look into a message beyond what pairs it, and to block its loop.
"""

import asyncio
import contextlib
import inspect
import itertools
from collections.abc import Awaitable, Callable
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, NoReturn

from django.utils.translation import gettext_lazy as _

from callfloor.core import codec
from callfloor.core.events import CallAsked, ConsultAsked, Event, KeysAsked
from callfloor.kernel.errors import Refusal
from callfloor.wire import link as framing
from callfloor.wire.errors import PeerError

BACKOFF_FIRST_SECONDS = 0.05  # A floor that restarts is back within some tens of milliseconds.
BACKOFF_MAX_SECONDS = 0.25  # A try costs 0.1 ms; nobody should wait for a floor that is back.
ANSWER_SECONDS = 5.0  # A command takes one commit; more means that the floor is in trouble.
READ_BYTES = 256 * 1024
WRITE_BYTES_MAX = 32 * 1024 * 1024  # Two plans; a floor that reads slower than this is away.

Message = dict[str, Any]
Handler = Callable[[Message], None]


class FloorAway(Refusal):
    """The floor did not answer."""

    code = "floor.away"
    message = _("The telephone system does not answer just now. Try again in a moment.")


class FloorRefused(Refusal):
    """The floor said no."""

    code = "floor.refused"
    message = _("The telephone system did not accept this.")
    messages: ClassVar[dict[str, Any]] = {
        "away": _("The telephone system does not answer just now. Try again in a moment."),
        "late": _("Too late: the call has moved on."),
        "busy": _("There is no free line just now."),
        "nothing_changes": _("It is so already."),
        "already_ready": _("It is so already."),
        "not_signed_in": _("This colleague is not there just now."),
        "unknown_agent": _("This colleague is not there just now."),
        "unknown_reason": _("This reason is not in use any more."),
        "ringing": _("It rings there just now. Try again in a moment."),
        "unknown_emergency": _("This is not prepared any more."),
    }

    def __init__(self, reason: str) -> None:
        """Keep the floor's own code under `floor.`, with a text if there is one for it."""
        super().__init__(reason)
        self.code = f"floor.{reason}"  # type: ignore[misc]
        self.message = self.messages.get(reason, type(self).message)  # type: ignore[misc]


@dataclass(frozen=True, kw_only=True)
class Handlers:
    """What is called with the floor's messages, on the loop."""

    welcome: Handler | None = None
    facts: Handler | None = None
    health: Handler | None = None
    wake: Handler | None = None
    ask: Callable[[Message], Message | Awaitable[Message] | None] | None = None
    """Its dict is sent back as it is, with `type` known and the `id` of the question."""
    lost: Callable[[], None] | None = None
    """Called when a connection that was welcomed has ended."""


class LinkClient:
    """One connection to the floor. Made anywhere, run on one loop, asked from any thread."""

    def __init__(self, *, path: Path, role: str, handlers: Handlers) -> None:
        self._path = path
        self._role = role
        self._handlers = handlers
        self._ids = itertools.count(1)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._welcomed = asyncio.Event()
        self._never = asyncio.Event()
        self._waiting: dict[str, asyncio.Future[Message]] = {}
        self._answers: set[asyncio.Task[None]] = set()

    @property
    def connected(self) -> bool:
        """Whether the floor has welcomed this connection."""
        return self._welcomed.is_set()

    async def run(self) -> NoReturn:
        """Keep the connection until cancelled."""
        self._loop = asyncio.get_running_loop()
        wait = BACKOFF_FIRST_SECONDS
        while True:
            try:
                with contextlib.suppress(OSError, PeerError):
                    await self._converse()
            finally:
                was_connected = self._end()
            wait = BACKOFF_FIRST_SECONDS if was_connected else min(wait * 2, BACKOFF_MAX_SECONDS)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._never.wait(), wait)

    async def wait_connected(self, timeout_seconds: float) -> None:
        """
        Wait until the floor has welcomed.

        Raises FloorAway if that takes too long.
        """
        try:
            await asyncio.wait_for(self._welcomed.wait(), timeout_seconds)
        except TimeoutError:
            raise FloorAway from None

    def send(self, message: Message) -> None:
        """
        Send what needs no answer; on the loop only.

        Raises FloorAway if there is no connection, or the floor no longer reads.
        """
        writer = self._writer
        if writer is None or not self.connected:
            raise FloorAway
        if writer.transport.get_write_buffer_size() > WRITE_BYTES_MAX:
            writer.transport.abort()
            raise FloorAway
        writer.write(framing.encode(message))

    async def request(
        self, message: Message, *, timeout_seconds: float = ANSWER_SECONDS
    ) -> Message:
        """
        Send a message and wait for its answer.

        Raises FloorAway without a connection or an answer in time, FloorRefused for a no.
        """
        key = f"{self._role}-{next(self._ids)}"
        answer: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._waiting[key] = answer
        try:
            self.send({**message, "id": key})
            reply = await asyncio.wait_for(answer, timeout_seconds)
        except TimeoutError:
            raise FloorAway from None
        finally:
            self._waiting.pop(key, None)
        if reply.get("type") == "refused":
            raise FloorRefused(str(reply.get("code", "refused")))
        return reply

    def call_from_thread(
        self, message: Message, *, timeout_seconds: float = ANSWER_SECONDS
    ) -> Message:
        """Do what `request` does for a thread that is not the loop's."""
        if self._loop is None or not self.connected:
            raise FloorAway
        request = self.request(message, timeout_seconds=timeout_seconds)
        future = asyncio.run_coroutine_threadsafe(request, self._loop)
        try:
            # The loop itself keeps the deadline; the second more is for a loop that is stuck.
            return future.result(timeout_seconds + 1.0)
        except FutureTimeoutError:
            future.cancel()
            raise FloorAway from None

    def send_from_thread(self, message: Message) -> None:
        """Do what `send` does for a thread that is not the loop's; raises FloorAway."""
        if self._loop is None or not self.connected:
            raise FloorAway
        self._loop.call_soon_threadsafe(self._send_quietly, message)

    async def _converse(self) -> None:
        reader, self._writer = await asyncio.open_unix_connection(str(self._path))
        self._writer.write(framing.encode({"type": "hello", "role": self._role}))
        decoder = framing.Decoder()
        while data := await reader.read(READ_BYTES):
            for message in decoder.feed(data):
                self._take(message)

    def _end(self) -> bool:
        """Put away what a connection leaves behind; say whether it had been welcomed."""
        was_connected = self.connected
        self._welcomed.clear()
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(FloorAway())
        if was_connected and self._handlers.lost is not None:
            self._handlers.lost()
        return was_connected

    def _take(self, message: Message) -> None:
        kind = message.get("type")
        if kind == "ask":
            self._answer(message)
        elif (answer := self._waiting.get(str(message.get("id")))) is not None:
            if not answer.done():
                answer.set_result(message)
        elif kind in ("welcome", "facts", "health", "wake"):
            if kind == "welcome":
                self._welcomed.set()
            handler: Handler | None = getattr(self._handlers, kind)
            if handler is not None:
                handler(message)
        # Anything else is the late answer to a request that was given up.

    def _answer(self, message: Message) -> None:
        if self._handlers.ask is None:
            return
        reply = self._handlers.ask(message)
        if inspect.isawaitable(reply):
            task = asyncio.ensure_future(self._answer_later(message, reply))
            self._answers.add(task)
            task.add_done_callback(self._answers.discard)
        elif reply is not None:
            self._send_quietly({**reply, "type": "known", "id": message.get("id")})

    async def _answer_later(self, message: Message, reply: Awaitable[Message]) -> None:
        self._send_quietly({**await reply, "type": "known", "id": message.get("id")})

    def _send_quietly(self, message: Message) -> None:
        # The floor asks again, or goes on without: an answer to nobody is no fault.
        with contextlib.suppress(FloorAway):
            self.send(message)


async def command(
    client: LinkClient,
    *,
    by: str,
    event: Event,
    keys: str | None = None,
    number: str | None = None,
) -> int:
    """
    Journal a person's command and give its number in the journal.

    `keys` are those of a KeysAsked in clear, `number` that of a CallAsked or a ConsultAsked: the
    floor seals them before it writes anything.
    Raises FloorAway, FloorRefused.
    """
    reply = await client.request(_command(by=by, event=event, keys=keys, number=number))
    return int(reply["seq"])


def _command(*, by: str, event: Event, keys: str | None, number: str | None = None) -> Message:
    assert isinstance(event, KeysAsked) == (keys is not None), "keys stand beside a KeysAsked"
    assert number is None or isinstance(event, CallAsked | ConsultAsked), "nobody else dials"
    message: Message = {"type": "command", "by": by, "event": codec.to_plain(event)}
    beside = {"keys": keys, "number": number}
    return message | {name: value for name, value in beside.items() if value is not None}


class LinkFloor:
    """The port `ports.Floor`, made of a link that runs on another thread's loop."""

    def __init__(self, *, client: LinkClient, board: Callable[[], dict[str, Any]]) -> None:
        self._client = client
        self._board = board

    def command(self, *, by: str, event: Event, keys: str | None = None) -> int:
        """Journal a person's command, with the keys of a KeysAsked; give its journal number."""
        message = _command(by=by, event=event, keys=keys)
        return int(self._client.call_from_thread(message)["seq"])

    def device(self, *, agent: str, kind: str, sdp: str) -> dict[str, Any]:
        """Offer an agent's audio."""
        message = {"type": "device", "agent": agent, "kind": kind, "sdp": sdp}
        return self._client.call_from_thread(message)

    def call(
        self, *, called: str, sdp: str, number: str | None = None, name: str | None = None
    ) -> dict[str, Any]:
        """Call the centre from a browser; the floor seals number and name."""
        message = {"type": "call", "called": called, "sdp": sdp, "number": number, "name": name}
        return self._client.call_from_thread(message)

    def key(self, *, item: str, digit: str) -> None:
        """Press a key on the browser caller's keypad."""
        self._client.call_from_thread({"type": "key", "item": item, "digit": digit})

    def hang_up(self, *, item: str) -> None:
        """End the browser caller's side."""
        self._client.call_from_thread({"type": "hang_up", "item": item})

    def board(self) -> dict[str, Any]:
        """Give the view state that this process keeps."""
        return self._board()
