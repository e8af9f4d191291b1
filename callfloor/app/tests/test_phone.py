"""The demo's telephone and its sound, over real sockets."""

import asyncio
import random
import wave
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import pytest

from callfloor.app.demo import voice
from callfloor.app.demo.phone import Phone
from callfloor.wire import dtmf, g711, rtp, sdp
from callfloor.wire.sip import endpoint, machines, validate
from callfloor.wire.sip import headers as heads
from callfloor.wire.sip import message as messages
from callfloor.wire.sip.machines import Remote
from callfloor.wire.sip.message import Request

pytestmark = pytest.mark.wire

SECONDS_MAX = 60
OFFER = sdp.encode(sdp.offer(host="127.0.0.1", port=4000, origin_id=1)).decode()


class Exchange(asyncio.DatagramProtocol):
    """A far end that answers by the number dialed: 200, 486, never, or only to the CANCEL."""

    def __init__(self) -> None:
        policy = validate.Policy(methods=frozenset({"INVITE", "ACK", "CANCEL", "BYE"}))
        self._endpoint = endpoint.Endpoint(policy=policy, secret=b"x" * 16)
        self.asked: asyncio.Queue[Request] = asyncio.Queue()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the socket."""
        self.transport = cast(asyncio.DatagramTransport, transport)
        self.address = transport.get_extra_info("sockname")

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer."""
        remote = Remote(host=addr[0], port=addr[1])
        self._perform(self._endpoint.receive(data, remote, self._now()))

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _perform(self, outputs) -> None:
        for output in outputs:
            if isinstance(output, machines.Send):
                self.transport.sendto(output.data, (output.remote.host, output.remote.port))
            elif isinstance(output, machines.Up) and isinstance(output.message, Request):
                self.asked.put_nowait(output.message)
                self._answer(output.message)
            elif isinstance(output, machines.Cancelled):
                if output.request.target.user == "crossing":
                    self._respond(output.request, 200, body=OFFER.encode())
                else:
                    self._respond(output.request, 487)

    def _answer(self, request: Request) -> None:
        number = request.target.user
        if request.method == "BYE":
            self._respond(request, 200)
        elif request.method == "INVITE" and number == "900":
            self._respond(request, 200, body=OFFER.encode())
        elif request.method == "INVITE":
            self._respond(request, 486 if number == "busy" else 180)

    def _respond(self, request: Request, status: int, *, body: bytes = b"") -> None:
        contact = heads.Address(uri=request.target)
        response = messages.respond(
            request,
            status,
            tag=self._endpoint.tag_for(request),
            contact=contact if status < 300 else None,
            body=body,
            content_type="application/sdp" if body else "",
        )
        self._perform(self._endpoint.send(response, None, self._now()))


class FarLeg(voice.Leg):
    """A leg that keeps what it hears."""

    def __init__(self) -> None:
        super().__init__(ssrc=1)
        self.packets: asyncio.Queue[rtp.Packet] = asyncio.Queue()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Keep a packet."""
        self.packets.put_nowait(rtp.parse(data))


class Call:
    """One call with what became of it."""

    def __init__(self, phone: Phone, number: str) -> None:
        loop = asyncio.get_running_loop()
        self.answer: asyncio.Future[str] = loop.create_future()
        self.end: asyncio.Future[str] = loop.create_future()
        self.line = phone.dial(
            number,
            caller="+442079460001",
            name="A. Name",
            offer=OFFER,
            answered=self.answer.set_result,
            ended=self.end.set_result,
        )


@pytest.fixture
async def far_end() -> AsyncIterator[Exchange]:
    """Give a far end on a free port."""
    loop = asyncio.get_running_loop()
    transport, found = await loop.create_datagram_endpoint(Exchange, local_addr=("127.0.0.1", 0))
    yield found
    transport.close()
    await asyncio.sleep(0)


@pytest.fixture
async def phone(far_end: Exchange) -> AsyncIterator[Phone]:
    """Give a telephone that calls the far end."""
    found = Phone(server=far_end.address, draw=random.Random(1))
    await found.open("127.0.0.1")
    yield found
    found.close()
    await asyncio.sleep(0)


@pytest.fixture
async def far_leg() -> AsyncIterator[FarLeg]:
    """Give a leg that listens."""
    found = FarLeg()
    yield found
    found.close()
    await asyncio.sleep(0)  # A transport is closed in the loop's next round.


async def soon(waited):
    return await asyncio.wait_for(waited, SECONDS_MAX)


async def test_call_is_answered_acknowledged_and_hung_up(far_end: Exchange, phone: Phone):
    """INVITE, 200, ACK, BYE, with number and name of the caller in From."""
    call = Call(phone, "900")
    assert "m=audio 4000" in await soon(call.answer)
    invite, ack = await soon(far_end.asked.get()), await soon(far_end.asked.get())
    assert (invite.from_.uri.user, invite.from_.display) == ("+442079460001", "A. Name")
    assert (ack.method, ack.to.tag is not None) == ("ACK", True)
    call.line.hang_up()
    assert (await soon(far_end.asked.get())).method == "BYE"
    assert await soon(call.end) == "hung_up"


async def test_busy_number_ends_the_call(far_end: Exchange, phone: Phone):
    """A refusal is told with its status, once."""
    call = Call(phone, "busy")
    assert await soon(call.end) == "refused_486"
    assert not call.answer.done()
    call.line.hang_up()


async def test_caller_who_gives_up_cancels(far_end: Exchange, phone: Phone):
    """Hanging up before the answer takes the INVITE back."""
    call = Call(phone, "ringing")
    assert (await soon(far_end.asked.get())).method == "INVITE"
    call.line.hang_up()
    assert await soon(call.end) == "refused_487"


async def test_answer_that_crosses_the_cancel_is_ended(far_end: Exchange, phone: Phone):
    """Who has hung up acknowledges the late answer and says goodbye (RFC 3261 section 9.1)."""
    call = Call(phone, "crossing")
    assert (await soon(far_end.asked.get())).method == "INVITE"
    call.line.hang_up()
    asked = [(await soon(far_end.asked.get())).method for _ in range(2)]
    assert asked == ["ACK", "BYE"]
    assert await soon(call.end) == "hung_up"
    assert not call.answer.done()


async def test_leg_sends_speech_keys_and_silence(tmp_path: Path, far_leg: FarLeg):
    """Frames are mu-law of 20 ms, keys are RFC 4733 events, and between them is silence."""
    path = tmp_path / "tone.wav"
    samples = bytes(range(256)) * 2
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(samples)
    frames = voice.load(path)
    assert len(b"".join(frames)) == 2 * voice.FRAME_SAMPLES
    assert b"".join(frames).startswith(g711.linear_to_ulaw(samples))

    near, heard = voice.Leg(ssrc=2), far_leg.packets
    near.connect(await far_leg.open("127.0.0.1"))
    await near.open("127.0.0.1")
    near.say(frames[:1])
    near.tick()
    near.press("5")
    for _ in dtmf.press("5"):
        near.tick()
    near.tick()
    speech = await soon(heard.get())
    assert (speech.payload_type, speech.payload) == (0, frames[0])
    decoder = dtmf.Decoder()
    events = [await soon(heard.get()) for _ in dtmf.press("5")]
    keys = [decoder.feed(e.payload, timestamp=e.timestamp, ssrc=e.ssrc) for e in events]
    assert [key for key in keys if key] == ["5"]
    assert {event.payload_type for event in events} == {101}
    assert len({event.timestamp for event in events}) == 1
    silence = await soon(heard.get())
    assert silence.payload == voice.SILENCE
    packets = [speech, *events, silence]
    assert [p.sequence - speech.sequence & 0xFFFF for p in packets] == list(range(len(packets)))
    near.close()


async def test_idle_leg_only_shows_that_it_lives(far_leg: FarLeg):
    """An agent without a call sends twice a second, not fifty times."""
    near = voice.Leg(ssrc=2)
    near.connect(await far_leg.open("127.0.0.1"))
    await near.open("127.0.0.1")
    near.talks = False
    for _ in range(52):
        near.tick()
    near.press("1")
    near.tick()
    kinds = [(await soon(far_leg.packets.get())).payload_type for _ in range(3)]
    assert kinds == [0, 0, 101]
    near.close()
