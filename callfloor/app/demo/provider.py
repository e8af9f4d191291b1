"""
The demo's provider: it takes the centre's calls out, and the number decides what becomes of them.

A plain far side of SIP over UDP on 127.0.0.1: some numbers answer and talk, some are busy, some
ring for ever. Refuses: any other number (404), and anything that is not a call or a question
whether it is there.
"""

import asyncio
import contextlib
import random
from collections.abc import Sequence
from dataclasses import dataclass

from callfloor.app.demo import voice
from callfloor.wire import sdp
from callfloor.wire.errors import NothingInCommon, PeerError
from callfloor.wire.sip import dialog as dialogs
from callfloor.wire.sip import endpoint, machines, validate
from callfloor.wire.sip import headers as heads
from callfloor.wire.sip import message as messages
from callfloor.wire.sip.machines import Remote
from callfloor.wire.sip.message import Request, Response
from callfloor.wire.sip.uri import Uri

METHODS = frozenset({"INVITE", "ACK", "CANCEL", "BYE", "OPTIONS"})
RING_SECONDS = (2.0, 4.0)
PAUSE_SECONDS = (2.0, 5.0)
CALLS_MAX = 20  # At once; a demo has two seats.


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """What becomes of whom, without +."""

    answers: frozenset[str]
    busy: frozenset[str]
    silent: frozenset[str]


class Provider(asyncio.DatagramProtocol):
    """The socket and all calls."""

    def __init__(
        self,
        *,
        numbers: Numbers,
        ticker: voice.Ticker,
        said: Sequence[voice.Frames],
        draw: random.Random,
    ) -> None:
        self._numbers = numbers
        self._ticker = ticker
        self._said = said
        self._draw = draw
        self.address = ("", 0)
        """Where it listens."""
        self._transport: asyncio.DatagramTransport | None = None
        self._endpoint = endpoint.Endpoint(
            policy=validate.Policy(methods=METHODS), secret=draw.randbytes(16)
        )
        self._calls: dict[str, _Call] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self, address: tuple[str, int]) -> None:
        """Listen."""
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=address)
        self.address = self._transport.get_extra_info("sockname")[:2]

    def close(self) -> None:
        """Give the port back."""
        for call in list(self._calls.values()):
            self.forget(call)
        if self._timer is not None:
            self._timer.cancel()
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    # --- for the calls ---

    def answer(self, response: Response) -> None:
        """Send a response."""
        self._perform(self._endpoint.send(response, None, self._now()))

    def tag_for(self, request: Request) -> str:
        """Give the tag of a response."""
        return self._endpoint.tag_for(request)

    def contact(self, user: str) -> heads.Address:
        """Give where a call is reached."""
        return heads.Address(uri=Uri(user=user, host=self.address[0], port=self.address[1]))

    async def leg(self, offer: bytes) -> tuple[voice.Leg, bytes]:
        """
        Make a leg for an offer; give it with our answer.

        Raises PeerError if there is nothing in common.
        """
        leg = voice.Leg(ssrc=self._draw.getrandbits(32))
        own = sdp.parse((await leg.open(self.address[0])).encode())
        assert own.audio is not None, "a leg offers audio"
        try:
            answered = sdp.answer(
                sdp.parse(offer), host=self.address[0], port=own.audio.port, origin_id=1
            )
            leg.connect(offer.decode())
        except (PeerError, UnicodeDecodeError):
            leg.close()
            raise
        self._ticker.legs.add(leg)
        return leg, sdp.encode(answered)

    def speak(self, leg: voice.Leg) -> None:
        """Let somebody talk."""
        for frames in self._draw.sample(list(self._said), k=len(self._said)):
            leg.say(frames, after_seconds=self._draw.uniform(*PAUSE_SECONDS))

    def ring_seconds(self) -> float:
        """Draw how long it rings."""
        return self._draw.uniform(*RING_SECONDS)

    def forget(self, call: "_Call") -> None:
        """Know a call no more."""
        self._calls.pop(call.invite.call_id, None)
        if call.leg is not None:
            self._ticker.legs.discard(call.leg)
            call.leg.close()

    # --- the socket ---

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Take one datagram."""
        remote = Remote(host=addr[0], port=addr[1])
        self._perform(self._endpoint.receive(data, remote, self._now()))

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _perform(self, outputs: Sequence[machines.Output | endpoint.Dropped]) -> None:
        for output in outputs:
            if isinstance(output, machines.Send):
                if self._transport is not None:
                    self._transport.sendto(output.data, (output.remote.host, output.remote.port))
            elif isinstance(output, machines.Up) and isinstance(output.message, Request):
                self._take(output.message)
            elif isinstance(output, machines.Cancelled):
                call = self._calls.get(output.request.call_id)
                if call is not None:
                    call.cancelled()
        self._arm()

    def _take(self, request: Request) -> None:
        call = self._calls.get(request.call_id)
        if request.method == "INVITE" and call is None:
            self._begin(request)
        elif request.method == "OPTIONS":
            self.answer(messages.respond(request, 200, tag=self.tag_for(request)))
        elif call is not None:
            call.asked(request)
        elif request.method != "ACK":
            self.answer(messages.respond(request, 481, tag=self.tag_for(request)))

    def _begin(self, invite: Request) -> None:
        number = (invite.target.user or "").lstrip("+")
        status = self._refusal(number)
        if status is not None:
            self.answer(messages.respond(invite, status, tag=self.tag_for(invite)))
            return
        call = self._calls[invite.call_id] = _Call(self, invite)
        self.answer(messages.respond(invite, 180, tag=self.tag_for(invite)))
        if number in self._numbers.answers:
            task = asyncio.ensure_future(call.answer_later(self.ring_seconds()))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _refusal(self, number: str) -> int | None:
        if number in self._numbers.busy:
            return 486
        if number not in self._numbers.answers | self._numbers.silent:
            return 404
        return 503 if len(self._calls) >= CALLS_MAX else None

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        due = self._endpoint.timer()
        if due is not None and self._transport is not None:
            self._timer = asyncio.get_running_loop().call_at(due, self._fire)

    def _fire(self) -> None:
        self._perform(self._endpoint.fire(self._now()))


class _Call:
    """One call that came in."""

    def __init__(self, provider: Provider, invite: Request) -> None:
        self.invite = invite
        self.leg: voice.Leg | None = None
        self._provider = provider
        self._tag = provider.tag_for(invite)
        self._contact = provider.contact(invite.target.user or "")
        self._dialog: dialogs.Dialog | None = None
        self._body = b""
        self._is_over = False

    async def answer_later(self, seconds: float) -> None:
        """Ring for a while, then answer and talk."""
        await asyncio.sleep(seconds)
        if self._is_over:
            return
        try:
            self.leg, self._body = await self._provider.leg(self.invite.body)
        except (PeerError, NothingInCommon, UnicodeDecodeError):
            self._refuse(488)
            return
        self._dialog = dialogs.Dialog.of_callee(self.invite, tag=self._tag, contact=self._contact)
        self._send(self.invite, 200, with_body=True)
        self._provider.speak(self.leg)

    def asked(self, request: Request) -> None:
        """Take a request of the centre within the call."""
        match request.method:
            case "BYE":
                self._send(request, 200)
                self._end()
            case "INVITE" if self._dialog is not None:
                self._renew(request)
            case "ACK":
                pass
            case _:
                self._send(request, 200)

    def cancelled(self) -> None:
        """Ring no more; the CANCEL itself has been answered."""
        if self._dialog is None:
            self._refuse(487)

    def _renew(self, request: Request) -> None:
        if self.leg is not None:
            with contextlib.suppress(PeerError, UnicodeDecodeError):
                self.leg.connect(request.body.decode())
        self._send(request, 200, with_body=True)

    def _refuse(self, status: int) -> None:
        self._send(self.invite, status)
        self._end()

    def _end(self) -> None:
        self._is_over = True
        self._provider.forget(self)

    def _send(self, request: Request, status: int, *, with_body: bool = False) -> None:
        response = messages.respond(
            request,
            status,
            tag=self._tag,
            contact=self._contact if with_body else None,
            body=self._body if with_body else b"",
            content_type="application/sdp" if with_body else "",
        )
        self._provider.answer(response)
