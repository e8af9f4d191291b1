"""
What every line needs of SIP: answers sent, requests asked, a 2xx repeated, instants kept.

One object holds the endpoint (`wire.sip`) and drives it by the floor's clock. Whoever asks
something gives what to do with the answers; requests of others go to the one who listens.

Refuses: to know a call, a trunk or a telephone; a socket (it is a plain callable).
"""

import contextlib
import heapq
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from callfloor.wire.sip import acceptance, endpoint, machines, transaction, validate
from callfloor.wire.sip import headers as heads
from callfloor.wire.sip import message as messages
from callfloor.wire.sip.dialog import DialogId
from callfloor.wire.sip.machines import Remote, Send
from callfloor.wire.sip.message import AnyMessage, Header, Request, Response
from callfloor.wire.sip.uri import Uri

METHODS = frozenset({
    "INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "INFO", "UPDATE", "REGISTER", "REFER",
})  # fmt: skip
LINGER_SECONDS = 33.0  # A 2xx may be repeated for 64 T1 = 32 s, and each wants its ACK.
PORTS = {"UDP": 5060, "TCP": 5060, "TLS": 5061}
"""Where a URI without a port is reached (RFC 3261 section 19.1.2)."""

Answered = Callable[[Response | None], None]
"""Called with each response to a request, provisional ones too; None if there will be none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the world reaches the floor, which is not always where it listens."""

    host: str
    ports: Mapping[str, int]
    """UDP, TCP, TLS."""

    def via(self, transport: str, token: str) -> heads.Via:
        """Make the Via of a request of ours."""
        port = self.ports.get(transport, self.ports["UDP"])
        params = {"branch": messages.branch(token), "rport": None}
        return heads.Via(transport=transport, host=self.host, port=port, params=params)

    def contact(self, transport: str) -> heads.Address:
        """Give the address at which we are reached over a transport."""
        port = self.ports.get(transport, self.ports["UDP"])
        params = {} if transport == "UDP" else {"transport": transport.lower()}
        return heads.Address(uri=Uri(user="callfloor", host=self.host, port=port, params=params))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wires:
    """The sockets, as plain callables."""

    send: Callable[[Send], None]
    is_open: Callable[[Remote], bool]
    """Whether there is a connection to an address."""
    addresses: Callable[[str], tuple[str, ...]]
    """What is known of a host; never looks it up."""


class Listener(Protocol):
    """Who takes what nobody asked for (`telephone.Telephone`)."""

    def requested(self, request: Request, up: machines.Up, now: float) -> None:
        """Take a request, or the ACK of a 2xx."""

    def cancelled(self, output: machines.Cancelled, now: float) -> None:
        """Take an INVITE back that has no final response."""

    def unacknowledged(self, dialog_id: DialogId) -> None:
        """Hear that nobody acknowledged a 2xx."""

    def dropped(self, reason: str, remote: Remote, now: float) -> None:
        """Count what came and got no further."""


class Signals:
    """The SIP of the floor below its calls."""

    def __init__(
        self,
        *,
        place: Place,
        wires: Wires,
        secret: bytes,
        token: Callable[[], str],
        wake_at: Callable[[float | None], None],
        now: Callable[[], float],
    ) -> None:
        self.place = place
        self.token = token
        self.now = now
        self.listener: Listener
        """Who takes requests; set before the first message."""
        self._wires = wires
        self._wake_at = wake_at
        self._endpoint = endpoint.Endpoint(policy=validate.Policy(methods=METHODS), secret=secret)
        self._acceptances = acceptance.Acceptances()
        self._asked: dict[machines.Key, Answered] = {}
        self._instants: list[tuple[float, int, Callable[[], None]]] = []
        self._armed = 0
        self._is_busy = False

    # --- driven from outside ----------------------------------------------------------------------

    def receive(self, data: bytes, remote: Remote) -> None:
        """Take one message."""
        now = self.now()
        with self._rearmed():
            for output in self._endpoint.receive(data, remote, now):
                if isinstance(output, endpoint.Dropped):
                    self.listener.dropped(output.reason, remote, now)
                else:
                    self._perform(output, now)

    def transaction_count(self) -> int:
        """Count the transactions that live."""
        return len(self._endpoint.transactions)

    def fire(self) -> None:
        """Let the time pass."""
        with self._rearmed():
            self._fire(self.now())

    def _fire(self, now: float) -> None:
        for output in self._endpoint.fire(now):
            self._perform(output, now)
        for due in self._acceptances.fire(now):
            if isinstance(due, acceptance.Repeat):
                self._send(due.response, None, now)
            else:
                self.listener.unacknowledged(due.dialog_id)
        while self._instants and self._instants[0][0] <= now:
            _, _, due_now = heapq.heappop(self._instants)
            due_now()

    def unsent(self, message: AnyMessage) -> None:
        """Hear that a message could not be put on the wire."""
        if isinstance(message, Request) and message.method != "ACK":
            now = self.now()
            for output in self._endpoint.fail(transaction.client_key(message), now):
                self._perform(output, now)
            self.rearm()

    # --- for whoever speaks -----------------------------------------------------------------------

    def respond(self, response: Response) -> None:
        """Send a response in its transaction."""
        self._send(response, None, self.now())
        self.rearm()

    def answer_once(self, response: Response) -> None:
        """Send a final response outside every dialog, and keep nothing of its transaction."""
        now = self.now()
        for output in self._endpoint.answer_once(response):
            self._perform(output, now)
        self.rearm()

    def ask(self, request: Request, remote: Remote, then: Answered) -> None:
        """Send a request, and hear its responses; an ACK has none."""
        if request.method != "ACK":
            self._asked[transaction.client_key(request)] = then
        self._send(request, remote, self.now())
        self.rearm()

    def cancel(self, invite: Request, *, reason: str = "") -> None:
        """Take back an INVITE of ours that has no final response; `reason` as in RFC 3326."""
        now = self.now()
        for output in self._endpoint.cancel(invite, now, reason=reason):
            self._perform(output, now)
        self.rearm()

    def accept(self, dialog_id: DialogId, response: Response) -> None:
        """Send a 2xx to an INVITE until it is acknowledged."""
        now = self.now()
        self._send(response, None, now)
        self._acceptances.add(dialog_id, response, now)
        self.rearm()

    def acknowledged(self, dialog_id: DialogId, cseq: int) -> bool:
        """Note an ACK; say whether it was the one waited for."""
        return self._acceptances.acknowledged(dialog_id, cseq)

    def forget(self, dialog_id: DialogId) -> None:
        """Repeat no 2xx of a dialog any more."""
        self._acceptances.forget(dialog_id)

    def at(self, instant: float, due: Callable[[], None]) -> None:
        """Call this at an instant; whoever asks must know by then whether it still counts."""
        self._armed += 1
        heapq.heappush(self._instants, (instant, self._armed, due))
        self.rearm()

    def after(self, seconds: float, due: Callable[[], None]) -> None:
        """Call this after some seconds; see `at`."""
        self.at(self.now() + seconds, due)

    def tag_for(self, request: Request) -> str:
        """Give our tag for a request."""
        return self._endpoint.tag_for(request)

    def via(self, remote: Remote) -> heads.Via:
        """Make the Via of a request to an address."""
        return self.place.via(remote.transport, self.token())

    def allow(self) -> tuple[Header, ...]:
        """Write what is understood here."""
        return (self._endpoint.policy.allow(), self._endpoint.policy.supported())

    def remote_of(self, uri: Uri) -> Remote | None:
        """Say where a URI is reached; None for a name that is not known."""
        transport = (uri.params.get("transport") or "").upper()
        if uri.scheme == "sips":
            transport = "TLS"
        elif transport not in PORTS:
            transport = "UDP"
        addresses = self._wires.addresses(uri.host)
        if not addresses:
            return None
        return Remote(host=addresses[0], port=uri.port or PORTS[transport], transport=transport)

    def way_to(self, hop: Uri, source: Remote) -> Remote:
        """
        Say where a request of a dialog is sent.

        The connection that the dialog came by is used as long as it is open, as a peer behind a NAT
        has no other (RFC 5626); a name that was never looked up is where the dialog came from.
        """
        if source.is_reliable and self._wires.is_open(source):
            return source
        return self.remote_of(hop) or source

    # --- inside -----------------------------------------------------------------------------------

    def _perform(self, output: machines.Output, now: float) -> None:
        if isinstance(output, machines.Send):
            self._wires.send(output)
        elif isinstance(output, machines.Cancelled):
            self.listener.cancelled(output, now)
        elif isinstance(output, machines.Timeout):
            self._unanswered(output.key)
        elif isinstance(output.message, Request):
            self.listener.requested(output.message, output, now)
        else:
            self._answered(output.key, output.message, now)

    def _answered(self, key: machines.Key, response: Response, now: float) -> None:
        then = self._asked.get(key)
        if then is None:
            return
        if response.status >= 200:
            if response.cseq.method != "INVITE":
                del self._asked[key]
            else:
                self.at(now + LINGER_SECONDS, lambda: self._forget_asked(key))
        then(response)

    def _unanswered(self, key: machines.Key) -> None:
        then = self._asked.pop(key, None)
        if then is not None:
            then(None)

    def _forget_asked(self, key: machines.Key) -> None:
        self._asked.pop(key, None)

    def _send(self, message: AnyMessage, remote: Remote | None, now: float) -> None:
        for output in self._endpoint.send(message, remote, now):
            self._perform(output, now)

    @contextlib.contextmanager
    def _rearmed(self) -> Iterator[None]:
        """Ask once, at the end, however many things are said in between."""
        self._is_busy = True
        try:
            yield
        finally:
            self._is_busy = False
            self.rearm()

    def rearm(self) -> None:
        """Ask to be called when the next thing is due."""
        if self._is_busy:
            return
        instants = [self._endpoint.timer(), self._acceptances.timer()]
        if self._instants:
            instants.append(self._instants[0][0])
        self._wake_at(min((at for at in instants if at is not None), default=None))
