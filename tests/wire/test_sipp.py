"""A real peer: sipp calls a callee built of this room's transactions, dialogs and SDP."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from callfloor.wire import sdp
from callfloor.wire.sip import acceptance, dialog, headers, message, uri, validate
from callfloor.wire.sip.acceptance import Acceptances, Repeat
from callfloor.wire.sip.endpoint import Dropped, Endpoint
from callfloor.wire.sip.message import Request
from callfloor.wire.sip.transaction import Output, Remote, Send, Up

pytestmark = [
    pytest.mark.wire,
    pytest.mark.skipif(shutil.which("sipp") is None, reason="apt install sip-tester"),
]

CALLS = 200
CALLS_PER_SECOND = 50


class Callee(asyncio.DatagramProtocol):
    """Answers every call with 180 and 200, and takes the BYE."""

    def __init__(self) -> None:
        self.endpoint = Endpoint(policy=validate.Policy(), secret=b"s" * 32)
        self.acceptances = Acceptances()
        self.dialogs: dict[dialog.DialogId, dialog.Dialog] = {}
        self.answered = self.acknowledged = self.ended = 0
        self.dropped: list[str] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.loop = asyncio.get_running_loop()
        host, port = transport.get_extra_info("sockname")
        self.contact = headers.Address(uri=uri.Uri(user="callee", host=host, port=port))
        self._tick()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        remote = Remote(host=addr[0], port=addr[1])
        self.perform(self.endpoint.receive(data, remote, self.loop.time()))

    def perform(self, outputs: list[Output | Dropped] | list[Output]) -> None:
        for output in outputs:
            if isinstance(output, Send):
                self.transport.sendto(output.data, (output.remote.host, output.remote.port))
            elif isinstance(output, Up) and isinstance(output.message, Request):
                self.handle(output.message)
            elif isinstance(output, Dropped):
                self.dropped.append(output.why)

    def handle(self, request: Request) -> None:
        known = dialog.id_of_request(request)
        if request.method == "INVITE":
            self.accept(request)
        elif request.method == "ACK" and known is not None:
            self.acknowledged += self.acceptances.acknowledged(known, request.cseq.number)
        elif request.method == "BYE" and known in self.dialogs:
            status = self.dialogs.pop(known).request_received(request) or 200
            self.ended += status == 200
            self.say(message.respond(request, status))

    def accept(self, invite: Request) -> None:
        tag = self.endpoint.tag_for(invite)
        call = dialog.Dialog.of_callee(invite, tag=tag, contact=self.contact)
        self.dialogs[call.id] = call
        offer = sdp.parse(invite.body)
        body = sdp.encode(sdp.answer(offer, host="127.0.0.1", port=40_000, origin_id=1))
        self.say(message.respond(invite, 180, tag=tag, contact=self.contact))
        response = message.respond(
            invite, 200, tag=tag, contact=self.contact, body=body, content_type="application/sdp"
        )
        self.say(response)
        call.response_sent(response)
        self.acceptances.add(call.id, response, self.loop.time())
        self.answered += 1

    def say(self, response: message.Response) -> None:
        self.perform(self.endpoint.send(response, None, self.loop.time()))

    def _tick(self) -> None:
        now = self.loop.time()
        self.perform(self.endpoint.fire(now))
        for due in self.acceptances.fire(now):
            if isinstance(due, Repeat):
                self.say(due.response)
            assert not isinstance(due, acceptance.Unacknowledged)
        self.loop.call_later(0.05, self._tick)


async def call(folder: Path) -> tuple[Callee, int]:
    loop = asyncio.get_running_loop()
    transport, callee = await loop.create_datagram_endpoint(
        Callee, local_addr=("127.0.0.1", 0), family=socket.AF_INET
    )
    port = transport.get_extra_info("sockname")[1]
    process = await asyncio.create_subprocess_exec(
        *("sipp", "-sn", "uac", f"127.0.0.1:{port}", "-i", "127.0.0.1", "-p", "0"),
        *("-m", str(CALLS), "-r", str(CALLS_PER_SECOND), "-d", "200", "-nostdin"),
        *("-timeout", "90", "-timeout_error", "-trace_err"),
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        code = await asyncio.wait_for(process.wait(), 120)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        transport.close()
    return callee, code


def test_sipp_completes_every_call(tmp_path):
    """sipp's own exit status is 0 only when no call failed."""
    callee, code = asyncio.run(call(tmp_path))
    assert code == 0
    assert (callee.answered, callee.acknowledged, callee.ended) == (CALLS, CALLS, CALLS)
    assert callee.dropped == []
    assert callee.dialogs == {}
