"""
The four transaction machines (RFC 3261 section 17 with the corrections of RFC 6026).

Laws of this file: a machine changes its state only in `_enter`, which also forgets every timer of
the state before unless it is told to keep some; a machine never reads a clock; what it wants done
it appends to `out`. Which message belongs to which machine is decided in `transaction`.

Refuses: to know what a call is.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, replace

from callfloor.wire.sip import message as messages
from callfloor.wire.sip.message import AnyMessage, Request, Response

Key = tuple[str, ...]
"""Names one transaction; made by `transaction`, opaque to everybody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """Seconds (RFC 3261 table 4)."""

    t1: float = 0.5
    """Estimate of a round trip."""
    t2: float = 4.0
    """Longest pause between two repetitions."""
    t4: float = 5.0
    """How long a message can stay in the network."""
    wait_d: float = 32.0
    """How long a client repeats its ACK of a refused INVITE."""
    trying_after: float = 0.2
    """When an INVITE that nobody has answered yet gets its 100."""

    @property
    def patience(self) -> float:
        """Give 64 T1: timers B, F, H, J, L and M."""
        return 64 * self.t1


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """The far end of a datagram or connection."""

    host: str
    """An address, IPv6 without brackets."""
    port: int
    """1 to 65,535."""
    transport: str = "UDP"
    """UDP, TCP, TLS, WS or WSS."""

    @property
    def is_reliable(self) -> bool:
        """Say whether the transport itself repeats what is lost."""
        return self.transport != "UDP"


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """Put these bytes on the wire."""

    data: bytes
    """The encoded message."""
    message: AnyMessage
    """The same, as a value."""
    remote: Remote
    """Where to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Up:
    """A message for whoever decides about calls."""

    message: AnyMessage
    """New request, ACK of a 2xx, or response."""
    remote: Remote
    """Where it came from."""
    key: Key
    """The transaction; for an ACK of a 2xx the key it would have."""
    request: Request | None = None
    """For a response: the request that it answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """The caller gave up an INVITE that has no final response: it is owed a 487."""

    request: Request
    """The INVITE."""
    key: Key
    """Its transaction."""
    cancel: Request
    """The CANCEL, which has been answered; its Reason header may say why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeout:
    """A request got no final response, or a refusal no ACK; the transaction is over."""

    request: Request
    """The request of the transaction."""
    key: Key
    """The transaction."""
    timer: str
    """B, F or H, C after a CANCEL without effect, X if the transport failed."""


Output = Send | Up | Cancelled | Timeout


class Wheel:
    """All timers of all machines, the next one first."""

    __slots__ = ("_count", "_heap")

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Machine, str]] = []
        self._count = 0  # Breaks ties, so that equal instants fire in the order they were armed.

    def arm(self, machine: Machine, name: str, at: float) -> None:
        """Set a timer of a machine, in place of one of the same name."""
        machine.timers[name] = at
        self._count += 1
        heapq.heappush(self._heap, (at, self._count, machine, name))

    def next(self) -> float | None:
        """Give the instant of the next timer that still counts."""
        while self._heap:
            at, _, machine, name = self._heap[0]
            if machine.timers.get(name) == at:
                return at
            heapq.heappop(self._heap)
        return None

    def pop(self) -> tuple[Machine, str]:
        """Take the next timer; only after `next` gave an instant."""
        _, _, machine, name = heapq.heappop(self._heap)
        del machine.timers[name]
        return machine, name


class Machine:
    """What the four have in common."""

    __slots__ = ("key", "out", "remote", "request", "state", "timers", "timings", "wheel")

    def __init__(
        self,
        *,
        key: Key,
        request: Request,
        remote: Remote,
        timings: Timings,
        wheel: Wheel,
        out: list[Output],
    ) -> None:
        self.key = key
        self.request = request
        self.remote = remote
        self.timings = timings
        self.wheel = wheel
        self.out = out
        self.state = "new"
        self.timers: dict[str, float] = {}

    @property
    def is_over(self) -> bool:
        """Say whether the transaction may be forgotten."""
        return self.state == "terminated"

    def start(self, now: float) -> None:
        """Begin; called once."""
        raise NotImplementedError

    def fire(self, timer: str, now: float) -> None:
        """Act on a timer that is due."""
        raise NotImplementedError

    def receive_request(self, request: Request, now: float) -> None:
        """Take a repetition of the request, or its ACK. Only servers are given any."""
        raise AssertionError("a client gets no requests")

    def receive_response(self, response: Response, now: float) -> None:
        """Take a response. Only clients are given any."""
        raise AssertionError("a server gets no responses")

    def respond(self, response: Response, now: float) -> None:
        """Send a response. Only servers are asked to."""
        raise AssertionError("a client sends no responses")

    def _enter(self, state: str, *, keep: Iterable[str] = ()) -> None:
        self.state = state
        self.timers = {name: at for name, at in self.timers.items() if name in keep}

    def _arm(self, timer: str, at: float) -> None:
        self.wheel.arm(self, timer, at)

    def _enter_and_linger(self, state: str, timer: str, seconds: float, now: float) -> None:
        # Timers D, I, J and K soak up repetitions, which a reliable transport does not make.
        if self.remote.is_reliable:
            self._enter("terminated")
            return
        self._enter(state)
        self._arm(timer, now + seconds)

    def _send(self, message: AnyMessage, data: bytes) -> None:
        self.out.append(Send(data=data, message=message, remote=self.remote))

    def _up(self, message: AnyMessage) -> None:
        request = self.request if isinstance(message, Response) else None
        self.out.append(Up(message=message, remote=self.remote, key=self.key, request=request))

    def _give_up(self, timer: str) -> None:
        self._enter("terminated")
        self.out.append(Timeout(request=self.request, key=self.key, timer=timer))


class ClientInvite(Machine):
    """RFC 3261 section 17.1.1, RFC 6026 section 7.2: calling, proceeding, completed, accepted."""

    __slots__ = ("_ack", "_data", "_pause", "cancel_reason", "cancel_wanted")

    def start(self, now: float) -> None:
        """Send the INVITE."""
        self._data = self.request.encode()
        self._ack: tuple[Request, bytes] | None = None
        self._pause = self.timings.t1
        self.cancel_wanted = False
        self.cancel_reason = ""
        self._enter("calling")
        self._arm("B", now + self.timings.patience)
        if not self.remote.is_reliable:
            self._arm("A", now + self._pause)
        self._send(self.request, self._data)

    def receive_response(self, response: Response, now: float) -> None:
        """Take a response of any class."""
        if response.status >= 300:
            self._refused(response, now)
        elif self.state in ("calling", "proceeding"):
            self._progress(response, now)
        elif self.state == "accepted" and response.status >= 200:
            self._up(response)  # A repetition, or another branch that also accepted.

    def give_up_after(self, now: float) -> None:
        """Wait no longer than 64 T1 for the final response (RFC 3261 section 9.1)."""
        self._arm("C", now + self.timings.patience)

    def fire(self, timer: str, now: float) -> None:
        """Act on A (repeat), B and C (give up), D and M (forget)."""
        if timer == "A":
            self._send(self.request, self._data)
            self._pause *= 2
            self._arm("A", now + self._pause)
        elif timer in ("B", "C"):
            self._give_up(timer)
        else:
            self._enter("terminated")

    def _progress(self, response: Response, now: float) -> None:
        if response.status < 200:
            self._enter("proceeding", keep=("C",))
        else:
            self._enter("accepted")
            self._arm("M", now + self.timings.patience)
        self._up(response)

    def _refused(self, response: Response, now: float) -> None:
        if self.state in ("calling", "proceeding"):
            ack = acknowledge(self.request, response)
            self._ack = (ack, ack.encode())
            self._send(*self._ack)
            self._enter_and_linger("completed", "D", self.timings.wait_d, now)
            self._up(response)
        elif self.state == "completed" and self._ack is not None:
            self._send(*self._ack)


class ClientOther(Machine):
    """RFC 3261 section 17.1.2: trying, proceeding, completed."""

    __slots__ = ("_data", "_pause")

    def start(self, now: float) -> None:
        """Send the request."""
        self._data = self.request.encode()
        self._pause = self.timings.t1
        self._enter("trying")
        self._arm("F", now + self.timings.patience)
        if not self.remote.is_reliable:
            self._arm("E", now + self._pause)
        self._send(self.request, self._data)

    def receive_response(self, response: Response, now: float) -> None:
        """Take a response of any class."""
        if self.state == "completed":
            return
        if response.status < 200:
            self._enter("proceeding", keep=("E", "F"))
        else:
            self._enter_and_linger("completed", "K", self.timings.t4, now)
        self._up(response)

    def fire(self, timer: str, now: float) -> None:
        """Act on E (repeat), F (give up), K (forget)."""
        if timer == "E":
            slow = self.state == "proceeding"
            self._pause = self.timings.t2 if slow else min(2 * self._pause, self.timings.t2)
            self._send(self.request, self._data)
            self._arm("E", now + self._pause)
        elif timer == "F":
            self._give_up("F")
        else:
            self._enter("terminated")


class ServerInvite(Machine):
    """RFC 3261 section 17.2.1, RFC 6026 section 7.1: proceeding, completed, confirmed, accepted."""

    __slots__ = ("_last", "_pause")

    def start(self, now: float) -> None:
        """Hand the INVITE up, and see to a 100 if that takes long."""
        self._last: tuple[Response, bytes] | None = None
        self._pause = self.timings.t1
        self._enter("proceeding")
        self._arm("100", now + self.timings.trying_after)
        self._up(self.request)

    @property
    def to_tag(self) -> str | None:
        """The tag that the last response carried."""
        return self._last[0].to.tag if self._last else None

    def respond(self, response: Response, now: float) -> None:
        """Send a response; in the accepted state only repetitions of the 2xx."""
        if self.state not in ("proceeding", "accepted"):
            return  # A final response has gone out: RFC 3261 section 17.2.1 allows no second.
        if self.state == "accepted" and not 200 <= response.status < 300:
            return
        self._last = (response, response.encode())
        self._send(*self._last)
        if self.state == "proceeding":
            self._answered(response.status, now)

    def receive_request(self, request: Request, now: float) -> None:
        """Take a repeated INVITE or the ACK."""
        if request.method == "ACK":
            self._acknowledged(request, now)
        elif self.state in ("proceeding", "completed") and self._last is not None:
            self._send(*self._last)

    def fire(self, timer: str, now: float) -> None:
        """Act on 100 (say so), G (repeat), H (give up), I and L (forget)."""
        if timer == "100":
            self.respond(messages.respond(self.request, 100), now)
        elif timer == "G":
            assert self._last is not None, "completed without a response"
            self._send(*self._last)
            self._pause = min(2 * self._pause, self.timings.t2)
            self._arm("G", now + self._pause)
        elif timer == "H":
            self._give_up("H")
        else:
            self._enter("terminated")

    def _answered(self, status: int, now: float) -> None:
        if status < 200:
            self._enter("proceeding")
        elif status < 300:
            self._enter("accepted")
            self._arm("L", now + self.timings.patience)
        else:
            self._enter("completed")
            self._arm("H", now + self.timings.patience)
            if not self.remote.is_reliable:
                self._arm("G", now + self._pause)

    def _acknowledged(self, ack: Request, now: float) -> None:
        if self.state == "completed":
            self._enter_and_linger("confirmed", "I", self.timings.t4, now)
        elif self.state == "accepted":
            self._up(ack)


class ServerOther(Machine):
    """RFC 3261 section 17.2.2: trying, proceeding, completed."""

    __slots__ = ("_last",)

    def start(self, now: float) -> None:
        """Hand the request up."""
        self._last: tuple[Response, bytes] | None = None
        self._enter("trying")
        self._up(self.request)

    def respond(self, response: Response, now: float) -> None:
        """Send a response; nothing may follow a final one."""
        if self.state == "completed":
            return
        self._last = (response, response.encode())
        self._send(*self._last)
        if response.status < 200:
            self._enter("proceeding")
        else:
            self._enter_and_linger("completed", "J", self.timings.patience, now)

    def receive_request(self, request: Request, now: float) -> None:
        """Take a repetition."""
        if self._last is not None:
            self._send(*self._last)

    def fire(self, timer: str, now: float) -> None:
        """Act on J (forget)."""
        self._enter("terminated")


def acknowledge(invite: Request, response: Response) -> Request:
    """Build the ACK of a response that is not 2xx (RFC 3261 section 17.1.1.3)."""
    return _companion(invite, "ACK", to=response.need("To"))


def cancellation(invite: Request, *, reason: str = "") -> Request:
    """Build the CANCEL of an INVITE (RFC 3261 section 9.1); `reason` as in RFC 3326."""
    cancel = _companion(invite, "CANCEL", to=invite.need("To"))
    if not reason:
        return cancel
    return replace(cancel, headers=(*cancel.headers, ("Reason", reason)))


def _companion(invite: Request, method: str, *, to: str) -> Request:
    return Request(
        method=method,
        uri=invite.uri,
        headers=(
            ("Via", invite.need("Via")),
            ("Max-Forwards", "70"),
            *[("Route", route) for route in invite.all("Route")],
            ("From", invite.need("From")),
            ("To", to),
            ("Call-ID", invite.call_id),
            ("CSeq", f"{invite.cseq.number} {method}"),
            ("Content-Length", "0"),
        ),
    )
