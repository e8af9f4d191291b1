"""
Asking the media worker and hearing from it: cookies, repeats, acknowledgments (ng.md).

Refuses: to know what a command means. That is `media_client`'s matter.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from callfloor.wire import ng
from callfloor.wire.errors import LocalError, PeerError

REPEAT_SECONDS = (0.1, 0.2, 0.4, 0.7)
"""
Waits after each sending; after the last a ping has failed. In sum 1.4 s, so that with a ping every
0.5 s a dead worker is known within 2 s.
"""
PATIENT_TIMES = 5
"""
How often more, at the last wait, anything else is repeated. A worker that is only busy, or whose
socket overflowed, must cost nobody his call; one that is dead is known by its pings, and then
everything fails at once.
"""
COOKIES_MAX = 1_000  # As many answers as the worker itself remembers (ng.md).

Body = dict[str, ng.Value]
Answered = Callable[[Body | None], None]
"""Called with the answer, or with None if there was none or it was an error."""


@dataclass(slots=True)
class _Asked:
    datagram: bytes
    then: Answered
    sent: int
    times: int
    timer: asyncio.TimerHandle


class NgClient(asyncio.DatagramProtocol):
    """One socket to one worker."""

    def __init__(
        self,
        *,
        worker: tuple[str, int],
        token: Callable[[], str],
        on_event: Callable[[Body], None],
        note: Callable[[str, str], None],
    ) -> None:
        self._worker = worker
        self._token = token
        self._on_event = on_event
        self._note = note
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.DatagramTransport | None = None
        self._asked: dict[str, _Asked] = {}
        self._seen: OrderedDict[str, None] = OrderedDict()
        self.heard_at = 0.0
        """Monotonic instant of the last word from the worker."""

    def ask(self, body: Mapping[str, ng.Sendable], then: Answered, *, patient: bool = True) -> None:
        """Send a request and repeat it until it is answered or has failed."""
        cookie = self._token()
        try:
            datagram = ng.encode(cookie, body)
        except LocalError as error:
            self._note("ng_too_long", f"{body.get('command')}: {error}")
            self._loop.call_soon(then, None)
            return
        timer = self._loop.call_later(REPEAT_SECONDS[0], self._repeat, cookie)
        times = len(REPEAT_SECONDS) + (PATIENT_TIMES if patient else 0)
        self._asked[cookie] = _Asked(datagram, then, 1, times, timer)
        self._send(datagram)

    def fail_all(self) -> None:
        """Give up on everything that is asked: the worker that was asked is gone."""
        asked, self._asked = self._asked, {}
        for each in asked.values():
            each.timer.cancel()
            each.then(None)

    # --- asyncio's side ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the socket."""
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Take an answer or an event; anything that is neither is noted and dropped."""
        if addr[:2] != self._worker:
            self._note("ng_stranger", "a datagram that is not from the worker")
            return
        try:
            cookie, body = ng.decode(data)
        except PeerError as error:
            self._note("ng_malformed", str(error))
            return
        self.heard_at = time.monotonic()
        if body.get("command") == "event":
            self._take_event(cookie, body)
        else:
            self._take_answer(cookie, body)

    def error_received(self, exc: Exception) -> None:
        """Ignore a refused port: the missing answers tell the same."""

    def close(self) -> None:
        """Close the socket."""
        self.fail_all()
        if self._transport is not None:
            self._transport.close()

    # --- inside ---

    def _send(self, datagram: bytes) -> None:
        assert self._transport is not None, "the socket is open"
        self._transport.sendto(datagram, self._worker)

    def _repeat(self, cookie: str) -> None:
        asked = self._asked[cookie]
        if asked.sent == asked.times:
            del self._asked[cookie]
            asked.then(None)
            return
        self._send(asked.datagram)
        wait = REPEAT_SECONDS[min(asked.sent, len(REPEAT_SECONDS) - 1)]
        asked.timer = self._loop.call_later(wait, self._repeat, cookie)
        asked.sent += 1

    def _take_answer(self, cookie: str, body: Body) -> None:
        asked = self._asked.pop(cookie, None)
        if asked is None:
            return  # The answer to a repeat of something that was answered already.
        asked.timer.cancel()
        if body.get("result") == "error":
            self._note("ng_refused", str(body.get("error-reason")))
            asked.then(None)
        else:
            asked.then(body)

    def _take_event(self, cookie: str, body: Body) -> None:
        self._send(ng.encode(cookie, {"result": "ok"}))
        if cookie in self._seen:
            return
        self._seen[cookie] = None
        if len(self._seen) > COOKIES_MAX:
            self._seen.popitem(last=False)
        self._on_event(body)
