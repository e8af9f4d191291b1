"""
All transactions of one endpoint: which message belongs to which machine (RFC 3261 section 17).

What is handled here and never reaches whoever decides about calls: repetitions, the ACK of a
refusal, the answer to a CANCEL, and a request that came by two ways (482).

After calling `receive`, `send`, `cancel`, `fail` or `fire` you must perform the outputs in order
and ask `timer()` when to call `fire` next.

Refuses: a socket, a clock, a look-up, a decision about a call.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace

from callfloor.wire.errors import LocalError
from callfloor.wire.sip import machines
from callfloor.wire.sip import message as messages
from callfloor.wire.sip.machines import (
    Cancelled,
    ClientInvite,
    ClientOther,
    Key,
    Machine,
    Output,
    Remote,
    Send,
    ServerInvite,
    ServerOther,
    Timeout,
    Timings,
    Up,
    Wheel,
)
from callfloor.wire.sip.message import AnyMessage, Request, Response

__all__ = [
    "Cancelled",
    "Key",
    "Output",
    "Remote",
    "Send",
    "Timeout",
    "Timings",
    "Transactions",
    "Up",
    "client_key",
    "server_key",
]

# A transaction lives at most 64 T1 = 32 s; 300 calls/s with five transactions each make 48,000.
TRANSACTIONS_MAX = 100_000
RETRY_AFTER_SECONDS = 4  # Long enough that a storm's repetitions (T2) have passed.


class Transactions:
    """Holds and matches the transactions of one endpoint."""

    def __init__(self, *, secret: bytes, timings: Timings | None = None) -> None:
        """Begin empty; `secret` are random bytes from which To tags are derived."""
        self._secret = secret
        self._timings = timings or Timings()
        self._wheel = Wheel()
        self._out: list[Output] = []
        self._clients: dict[Key, Machine] = {}
        self._servers: dict[Key, Machine] = {}
        # Where a request without To tag came first, to find loops (RFC 3261 section 8.2.2.2).
        self._first: dict[Key, Key] = {}

    def __len__(self) -> int:
        """Count the transactions that live."""
        return len(self._clients) + len(self._servers)

    def receive(self, message: AnyMessage, remote: Remote, now: float) -> list[Output]:
        """
        Take a message that `validate` found nothing wrong with.

        Raises PeerError if a header that is needed for matching is malformed after all.
        """
        if isinstance(message, Request):
            self._receive_request(message, remote, now)
        else:
            self._receive_response(message, now)
        return self._taken()

    def send(self, message: AnyMessage, remote: Remote | None, now: float) -> list[Output]:
        """
        Send a request in a new transaction, or a response in the one it belongs to.

        A request needs `remote`; an ACK of a 2xx travels without a transaction. A response whose
        transaction is over goes nowhere: its peer has given up.
        """
        if isinstance(message, Response):
            self._send_response(message, now)
        elif remote is None:
            raise LocalError("a request needs somewhere to go")
        elif message.method == "ACK":
            self._out.append(Send(data=message.encode(), message=message, remote=remote))
        else:
            self._send_request(message, remote, now)
        return self._taken()

    def answer_once(self, response: Response) -> list[Output]:
        """
        Send a final response to a request outside every dialog, and keep nothing of it.

        A repetition of the request is then judged again, and the ACK of the response goes up as one
        that belongs to nobody: what strangers send must not fill a table for 32 s (RFC 3261 section
        8.2.7). If the transaction is over, the response goes nowhere.
        """
        machine = self._servers.get(server_key(response))
        if machine is not None:
            self._out.append(Send(data=response.encode(), message=response, remote=machine.remote))
            self._forget_server(machine)
        return self._taken()

    def cancel(self, invite: Request, now: float, *, reason: str = "") -> list[Output]:
        """
        Take back an INVITE that was sent and has no final response.

        The CANCEL waits for the first provisional response, as it must (RFC 3261 section 9.1).
        """
        machine = self._clients.get(client_key(invite))
        if isinstance(machine, ClientInvite) and machine.state in ("calling", "proceeding"):
            machine.cancel_wanted = True
            self._cancel_when_allowed(machine, reason, now)
        return self._taken()

    def fail(self, key: Key, now: float) -> list[Output]:
        """Give up a client transaction whose transport failed (RFC 3261 section 17.1.4)."""
        machine = self._clients.pop(key, None)
        if machine is not None:
            machine.timers.clear()
            self._out.append(Timeout(request=machine.request, key=key, timer="X"))
        return self._taken()

    def timer(self) -> float | None:
        """Say when `fire` must be called, None if there is nothing to wait for."""
        return self._wheel.next()

    def fire(self, now: float) -> list[Output]:
        """Act on every timer that is due, in order and each at its own instant."""
        while (at := self._wheel.next()) is not None and at <= now:
            machine, name = self._wheel.pop()
            machine.fire(name, at)
            self._forget_if_over(machine)
        return self._taken()

    def tag_for(self, request: Request) -> str:
        """
        Give the To tag of every response to this request, and to its CANCEL.

        Derived, so that a refusal without a transaction repeats it (RFC 3261 section 8.2.7), and
        from plain text, so that a malformed request gets one too.
        """
        number = (request.get("CSeq") or "").partition(" ")[0]
        text = f"{request.get('Call-ID')}\n{request.get('From')}\n{number}"
        raw = text.encode("utf-8", "surrogateescape")
        return hmac.new(self._secret, raw, hashlib.sha256).hexdigest()[:16]

    # ---- inbound --------------------------------------------------------------------------------

    def _receive_request(self, request: Request, remote: Remote, now: float) -> None:
        request = messages.received(request, remote.host, remote.port)
        key = server_key(request)
        known = self._servers.get(key)
        if known is not None:
            known.receive_request(request, now)
            self._forget_if_over(known)
        elif request.method == "ACK":
            self._out.append(Up(message=request, remote=remote, key=key))
        else:
            self._new_server(key, request, _answered_to(request, remote), now)

    def _new_server(self, key: Key, request: Request, remote: Remote, now: float) -> None:
        if len(self._servers) >= TRANSACTIONS_MAX:
            headers = (("Retry-After", str(RETRY_AFTER_SECONDS)),)
            self._refuse(request, 503, remote, headers)
        elif self._came_before(key, request):
            self._refuse(request, 482, remote)
        else:
            kind = ServerInvite if request.method == "INVITE" else ServerOther
            machine = self._servers[key] = self._make(kind, key, request, remote)
            machine.start(now)
            if request.method == "CANCEL":
                self._answer_cancel(machine, now)

    def _refuse(
        self,
        request: Request,
        status: int,
        remote: Remote,
        headers: tuple[messages.Header, ...] = (),
    ) -> None:
        # Without a transaction: repetitions are refused again (RFC 3261 section 8.2.7).
        response = messages.respond(request, status, tag=self.tag_for(request), headers=headers)
        self._out.append(Send(data=response.encode(), message=response, remote=remote))

    def _came_before(self, key: Key, request: Request) -> bool:
        if request.method == "CANCEL" or request.to.tag is not None:
            return False
        first = self._first.setdefault(_merge_key(request), key)
        return first != key

    def _answer_cancel(self, machine: Machine, now: float) -> None:
        cancel = machine.request
        self._out.pop()  # The CANCEL itself stays here.
        invite = self._servers.get((*machine.key[:-1], "INVITE"))
        if not isinstance(invite, ServerInvite):
            self._refuse(cancel, 481, machine.remote)
            self._forget_server(machine)
        else:
            tag = invite.to_tag or self.tag_for(invite.request)
            machine.respond(messages.respond(cancel, 200, tag=tag), now)
            if invite.state == "proceeding":
                self._out.append(Cancelled(request=invite.request, key=invite.key, cancel=cancel))
        self._forget_if_over(machine)

    def _receive_response(self, response: Response, now: float) -> None:
        machine = self._clients.get(client_key(response))
        if machine is None:
            return  # RFC 6026 section 7.3: nobody waits for it.
        machine.receive_response(response, now)
        if isinstance(machine, ClientInvite) and machine.cancel_wanted:
            self._cancel_when_allowed(machine, "", now)
        self._forget_if_over(machine)

    # ---- outbound -------------------------------------------------------------------------------

    def _send_request(self, request: Request, remote: Remote, now: float) -> None:
        key = client_key(request)
        assert key not in self._clients, "a branch is used once"
        kind = ClientInvite if request.method == "INVITE" else ClientOther
        machine = self._clients[key] = self._make(kind, key, request, remote)
        machine.start(now)

    def _send_response(self, response: Response, now: float) -> None:
        machine = self._servers.get(server_key(response))
        if machine is not None:
            machine.respond(response, now)
            self._forget_if_over(machine)

    def _cancel_when_allowed(self, machine: ClientInvite, reason: str, now: float) -> None:
        if machine.state == "calling":
            machine.cancel_reason = reason
            return
        machine.cancel_wanted = False
        if machine.state == "proceeding":
            cancel = machines.cancellation(machine.request, reason=reason or machine.cancel_reason)
            self._send_request(cancel, machine.remote, now)
            machine.give_up_after(now)

    def _make(self, kind: type[Machine], key: Key, request: Request, remote: Remote) -> Machine:
        return kind(
            key=key,
            request=request,
            remote=remote,
            timings=self._timings,
            wheel=self._wheel,
            out=self._out,
        )

    def _forget_if_over(self, machine: Machine) -> None:
        if not machine.is_over:
            return
        if self._clients.get(machine.key) is machine:
            del self._clients[machine.key]
        elif self._servers.get(machine.key) is machine:
            self._forget_server(machine)

    def _forget_server(self, machine: Machine) -> None:
        machine.timers.clear()
        del self._servers[machine.key]
        merge = _merge_key(machine.request)
        if self._first.get(merge) == machine.key:
            del self._first[merge]

    def _taken(self) -> list[Output]:
        taken = self._out[:]
        self._out.clear()
        return taken


def client_key(message: AnyMessage) -> Key:
    """Name the client transaction of a request that was sent or a response that came."""
    return (message.via.branch, message.cseq.method)


def server_key(message: AnyMessage) -> Key:
    """
    Name the server transaction of a request that came or of a response to it.

    A client older than RFC 3261 has no branch that could be trusted; then the fields that make its
    request unique take its place (RFC 3261 section 17.2.3).
    """
    via, cseq = message.via, message.cseq
    method = "INVITE" if cseq.method == "ACK" else cseq.method
    branch = via.branch
    if branch.startswith(messages.MAGIC_COOKIE) and len(branch) > len(messages.MAGIC_COOKIE):
        return (branch, via.sent_by, method)
    tag = message.from_.tag or ""
    return (branch, via.sent_by, message.call_id, tag, str(cseq.number), method)


def _merge_key(request: Request) -> Key:
    cseq = request.cseq
    return (request.call_id, request.from_.tag or "", str(cseq.number), cseq.method)


def _answered_to(request: Request, remote: Remote) -> Remote:
    if remote.is_reliable:
        return remote
    host, port = request.via.answered_to()
    return replace(remote, host=host, port=port)
