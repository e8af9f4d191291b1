"""
The callers' telephone: SIP over one UDP socket, as a plain client of the trunk.

Everything about messages, repetitions and dialogs is done by `wire.sip`. Refuses: to register, to
be called, and to know why somebody calls.
"""

import asyncio
import random
from collections.abc import Callable, Sequence

from callfloor.wire.errors import PeerError
from callfloor.wire.sip import dialog as dialogs
from callfloor.wire.sip import endpoint, machines, validate
from callfloor.wire.sip import headers as heads
from callfloor.wire.sip import message as messages
from callfloor.wire.sip.machines import Remote
from callfloor.wire.sip.message import Request, Response
from callfloor.wire.sip.uri import Uri

METHODS = frozenset({"INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "UPDATE"})


class Phone(asyncio.DatagramProtocol):
    """The socket and all its lines."""

    def __init__(self, *, server: tuple[str, int], draw: random.Random) -> None:
        self.server = Remote(host=server[0], port=server[1])
        self.address = ("", 0)
        self._draw = draw
        self._transport: asyncio.DatagramTransport | None = None
        self._endpoint = endpoint.Endpoint(
            policy=validate.Policy(methods=METHODS), secret=draw.randbytes(16)
        )
        self._lines: dict[str, Line] = {}
        self._timer: asyncio.TimerHandle | None = None

    async def open(self, host: str) -> None:
        """Take a port."""
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(host, 0))
        self.address = self._transport.get_extra_info("sockname")[:2]

    def close(self) -> None:
        """Give the port back; whoever still talks is cut off."""
        if self._timer is not None:
            self._timer.cancel()
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def dial(
        self,
        number: str,
        *,
        caller: str,
        name: str,
        offer: str,
        answered: Callable[[str], None],
        ended: Callable[[str], None],
    ) -> "Line":
        """
        Call a number.

        `answered` gets the answer's SDP, `ended` the reason; it is called exactly once.
        """
        line = Line(self, answered=answered, ended=ended)
        line.begin(number, caller=caller, name=name, offer=offer)
        self._lines[line.call_id] = line
        return line

    # --- for the lines ---

    def token(self) -> str:
        """Draw a token for tags, branches and Call-IDs."""
        return self._draw.randbytes(8).hex()

    def via(self) -> heads.Via:
        """Make the Via of a request."""
        params = {"branch": messages.branch(self.token()), "rport": None}
        return heads.Via(transport="UDP", host=self.address[0], port=self.address[1], params=params)

    def send(self, message: Request | Response) -> None:
        """Send a message."""
        self._perform(self._endpoint.send(message, self.server, self._now()))

    def cancel(self, invite: Request) -> None:
        """Take an INVITE back."""
        self._perform(self._endpoint.cancel(invite, self._now()))

    def tag_for(self, request: Request) -> str:
        """Give the tag of a response."""
        return self._endpoint.tag_for(request)

    def forget(self, line: "Line") -> None:
        """Know a line no more."""
        self._lines.pop(line.call_id, None)

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
            elif isinstance(output, machines.Up):
                self._take(output)
            elif isinstance(output, machines.Timeout):
                line = self._lines.get(output.request.call_id)
                if line is not None:
                    line.over("no_answer")
        self._arm()

    def _take(self, up: machines.Up) -> None:
        line = self._lines.get(up.message.call_id)
        if isinstance(up.message, Response):
            if line is not None:
                line.heard(up.message)
        elif line is not None:
            line.asked(up.message)
        elif up.message.method != "ACK":
            self.send(messages.respond(up.message, 481, tag=self.tag_for(up.message)))

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        due = self._endpoint.timer()
        if due is not None and self._transport is not None:
            self._timer = asyncio.get_running_loop().call_at(due, self._fire)

    def _fire(self) -> None:
        self._perform(self._endpoint.fire(self._now()))


class Line:
    """One call."""

    def __init__(
        self, phone: Phone, *, answered: Callable[[str], None], ended: Callable[[str], None]
    ) -> None:
        self.call_id = phone.token()
        self._phone = phone
        self._answered = answered
        self._ended = ended
        self._offer = b""
        self._invite: Request | None = None
        self._dialog: dialogs.Dialog | None = None
        self._ack: Request | None = None
        self._leaves = False
        self._is_over = False

    def begin(self, number: str, *, caller: str, name: str, offer: str) -> None:
        """Send the INVITE."""
        phone, server = self._phone, self._phone.server
        own = Uri(user=caller, host=phone.address[0], port=phone.address[1])
        called = Uri(user=number, host=server.host, port=server.port)
        self._offer = offer.encode()
        self._invite = messages.request(
            method="INVITE",
            uri=called,
            via=phone.via(),
            from_=heads.Address(uri=own, display=name, params={"tag": phone.token()}),
            to=heads.Address(uri=called),
            call_id=self.call_id,
            cseq=1,
            contact=heads.Address(uri=own),
            body=self._offer,
            content_type="application/sdp",
        )
        phone.send(self._invite)

    def hang_up(self) -> None:
        """End the call, whatever its state."""
        if self._is_over or self._invite is None:
            return
        if self._dialog is None:
            self._leaves = True
            self._phone.cancel(self._invite)  # Its 487 ends the line.
            return
        self._phone.send(self._dialog.request("BYE", via=self._phone.via()))
        self.over("hung_up")

    def over(self, reason: str) -> None:
        """Take note that the call has ended."""
        if not self._is_over:
            self._is_over = True
            self._phone.forget(self)
            self._ended(reason)

    def heard(self, response: Response) -> None:
        """Take a response."""
        if response.cseq.method != "INVITE" or response.status < 200:
            return
        if response.status >= 300:
            self.over(f"refused_{response.status}")
        elif self._ack is not None:
            self._phone.send(self._ack)  # The same 2xx again: our ACK was lost.
        else:
            self._accepted(response)

    def _accepted(self, response: Response) -> None:
        assert self._invite is not None
        try:
            self._dialog = dialogs.Dialog.of_caller(self._invite, response)
        except PeerError:
            self.over("unreadable")
            return
        self._ack = self._dialog.ack(response, via=self._phone.via())
        self._phone.send(self._ack)
        if self._leaves:  # The answer has crossed the CANCEL (RFC 3261 section 9.1).
            self.hang_up()
        else:
            self._answered(response.body.decode())

    def asked(self, request: Request) -> None:
        """Take a request of the other side."""
        if request.method == "ACK" or self._dialog is None:
            return
        status = self._dialog.request_received(request) or 200
        with_body = request.method == "INVITE" and status == 200
        response = messages.respond(
            request,
            status,
            tag=self._phone.tag_for(request),
            contact=self._dialog.contact if with_body else None,
            body=self._offer if with_body else b"",
            content_type="application/sdp" if with_body else "",
        )
        self._dialog.response_sent(response)
        self._phone.send(response)
        if request.method == "BYE":
            self.over("other_side")
