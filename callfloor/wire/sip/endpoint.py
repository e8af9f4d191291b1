"""
Datagrams in, outputs out: parsing, judging and transactions in the one order that is safe.

A driver needs no other door: it hands every datagram to `receive`, everything it wants to say to
`send` or `cancel`, performs the outputs in order and calls `fire` when `timer` says so.

Refuses: a socket, a clock, a decision about a call.
"""

from __future__ import annotations

from dataclasses import dataclass

from callfloor.wire.errors import PeerError
from callfloor.wire.sip import message as messages
from callfloor.wire.sip import validate
from callfloor.wire.sip.message import AnyMessage, Request, Response
from callfloor.wire.sip.transaction import Key, Output, Remote, Send, Timings, Transactions
from callfloor.wire.sip.validate import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """Something came in that got no further; it has been answered if it could be."""

    why: str
    """For the log; never holds a personal value, but text of whoever sent it."""
    remote: Remote
    """Where it came from."""

    @property
    def reason(self) -> str:
        """Give what a counter may be named after: one of a handful, whatever comes in."""
        return self.why.partition(":")[0]


class Endpoint:
    """One SIP endpoint without its sockets."""

    def __init__(self, *, policy: Policy, secret: bytes, timings: Timings | None = None) -> None:
        """Begin empty; `secret` are random bytes from which To tags are derived."""
        self.policy = policy
        self.transactions = Transactions(secret=secret, timings=timings)

    def receive(self, data: bytes, remote: Remote, now: float) -> list[Output | Dropped]:
        """Take one datagram; whatever it holds, nothing is raised."""
        if messages.is_keep_alive(data):
            return []
        try:
            return self._receive(messages.parse(data), remote, now)
        except PeerError:
            return [Dropped(why="unreadable", remote=remote)]

    def send(self, message: AnyMessage, remote: Remote | None, now: float) -> list[Output]:
        """Send a request in a new transaction (or an ACK), or a response in its own."""
        return self.transactions.send(message, remote, now)

    def answer_once(self, response: Response) -> list[Output]:
        """Send a final response outside every dialog, and keep nothing of its transaction."""
        return self.transactions.answer_once(response)

    def cancel(self, invite: Request, now: float, *, reason: str = "") -> list[Output]:
        """Take back an INVITE that has no final response."""
        return self.transactions.cancel(invite, now, reason=reason)

    def fail(self, key: Key, now: float) -> list[Output]:
        """Give up a client transaction whose transport failed."""
        return self.transactions.fail(key, now)

    def timer(self) -> float | None:
        """Say when `fire` must be called, None if there is nothing to wait for."""
        return self.transactions.timer()

    def fire(self, now: float) -> list[Output]:
        """Act on every timer that is due."""
        return self.transactions.fire(now)

    def tag_for(self, request: Request) -> str:
        """Give the To tag of every response to this request."""
        return self.transactions.tag_for(request)

    def _receive(self, message: AnyMessage, remote: Remote, now: float) -> list[Output | Dropped]:
        if isinstance(message, Request):
            refusal = validate.request(message, self.policy)
            if refusal is not None:
                return self._refuse(message, refusal, remote)
        elif why := validate.response(message):
            return [Dropped(why=f"response: {why}", remote=remote)]
        outputs: list[Output | Dropped] = [*self.transactions.receive(message, remote, now)]
        if isinstance(message, Request) and message.method == "CANCEL" and _is_refusal(outputs):
            outputs.append(Dropped(why="481: nothing to cancel", remote=remote))
        return outputs

    def _refuse(
        self, request: Request, refusal: validate.Refusal, remote: Remote
    ) -> list[Output | Dropped]:
        # Answered without a transaction: a repetition is refused again (RFC 3261 section 8.2.7).
        dropped = Dropped(why=f"{refusal.status or 'silence'}: {refusal.why}", remote=remote)
        if refusal.status is None:
            return [dropped]
        stamped, target = _stamped(request, remote)
        response = refusal.answer(stamped, tag=self.tag_for(request))
        assert response is not None, "a status makes a response"
        return [Send(data=response.encode(), message=response, remote=target), dropped]


def _is_refusal(outputs: list[Output | Dropped]) -> bool:
    first = outputs[0] if outputs else None
    return (
        isinstance(first, Send)
        and isinstance(first.message, Response)
        and first.message.status == 481
    )


def _stamped(request: Request, remote: Remote) -> tuple[Request, Remote]:
    try:
        stamped = messages.received(request, remote.host, remote.port)
        host, port = stamped.via.answered_to()
    except PeerError:  # The Via itself is bad: the sender's address is all there is.
        return request, remote
    if remote.is_reliable:
        return stamped, remote
    return stamped, Remote(host=host, port=port, transport=remote.transport)
