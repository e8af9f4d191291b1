"""What the tests of transactions and dialogs build their messages with."""

from __future__ import annotations

from callfloor.wire.sip import message
from callfloor.wire.sip.headers import Address, Via
from callfloor.wire.sip.message import Request, Response
from callfloor.wire.sip.transaction import Cancelled, Output, Remote, Send, Timeout, Up
from callfloor.wire.sip.uri import Uri

UDP = Remote(host="192.0.2.1", port=5060)
TCP = Remote(host="192.0.2.1", port=5060, transport="TCP")
ALICE = Address(uri=Uri(user="alice", host="example.com"), params={"tag": "a"})
BOB = Address(uri=Uri(user="bob", host="example.net"))
AT_ALICE = Address(uri=Uri(user="alice", host="192.0.2.1"))
AT_BOB = Address(uri=Uri(user="bob", host="192.0.2.2"))


def via(branch: str = "z9hG4bK1", transport: str = "UDP") -> Via:
    """Make the Via of somebody at 192.0.2.1."""
    return Via(transport=transport, host="192.0.2.1", params={"branch": branch})


def request(method: str = "INVITE", *, branch: str = "z9hG4bK1", cseq: int = 1, **more) -> Request:
    """Make a request from alice to bob."""
    values = {
        "uri": "sip:bob@example.net",
        "from_": ALICE,
        "to": BOB,
        "call_id": "call",
        "contact": AT_ALICE,
        **more,
    }
    return message.request(method=method, via=via(branch), cseq=cseq, **values)


def response(to: Request, status: int, tag: str = "b", **more) -> Response:
    """Make bob's response."""
    return message.respond(to, status, tag=tag, **more)


def ack(invite: Request, refusal: Response) -> Request:
    """Make the ACK of a refusal."""
    return request("ACK", branch=invite.via.branch, cseq=invite.cseq.number, to=refusal.to)


def told(outputs: list[Output]) -> list[str]:
    """Write outputs shortly: "send INVITE", "up 200", "timeout B", "cancelled"."""
    return [_word(output) for output in outputs]


def _word(output: Output) -> str:
    if isinstance(output, Timeout):
        return f"timeout {output.timer}"
    if isinstance(output, Cancelled):
        return "cancelled"
    what = output.message
    name = what.method if isinstance(what, Request) else str(what.status)
    assert isinstance(output, Send | Up)
    return f"{'send' if isinstance(output, Send) else 'up'} {name}"
