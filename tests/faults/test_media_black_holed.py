"""R38: a media worker that hangs must not hold up those whom it does not carry."""

import asyncio
import signal
import time

import pytest

from tests import phones, small_centre

pytestmark = pytest.mark.journey

ASKED = 150
PAUSE_SECONDS = 0.02
P99_SECONDS = 0.2  # TRUST.md, R38; and F16's bound for noticing.
NOTICED_SECONDS = 3.0


class Asker(asyncio.DatagramProtocol):
    """Another peer of the floor: asks by OPTIONS, and takes the time of each answer."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._sent: dict[bytes, float] = {}
        self.took: list[float] = []
        self._done = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._own = transport.get_extra_info("sockname")[1]

    def datagram_received(self, data: bytes, addr: object) -> None:
        call_id = next(line for line in data.split(b"\r\n") if line.startswith(b"Call-ID"))
        begun = self._sent.pop(call_id, None)
        if begun is not None:
            assert data.startswith(b"SIP/2.0 200")
            self.took.append(time.monotonic() - begun)
            if len(self.took) == ASKED:
                self._done.set()

    def ask(self, number: int) -> None:
        """Send one question."""
        call_id = f"Call-ID: {number}@asker".encode()
        self._sent[call_id] = time.monotonic()
        lines = (
            f"OPTIONS sip:127.0.0.1:{self._port} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{self._own};branch=z9hG4bKask{number}",
            "From: <sip:asker@127.0.0.1>;tag=a",
            "To: <sip:127.0.0.1>",
            call_id.decode(),
            "CSeq: 1 OPTIONS",
            "Max-Forwards: 70",
            "Content-Length: 0",
        )
        self._transport.sendto(
            ("\r\n".join(lines) + "\r\n\r\n").encode(), ("127.0.0.1", self._port)
        )

    async def ask_all(self) -> None:
        """Ask again and again, and wait for the answers."""
        for number in range(ASKED):
            self.ask(number)
            await asyncio.sleep(PAUSE_SECONDS)
        async with asyncio.timeout(60):
            await self._done.wait()

    def p99(self) -> float:
        """Give the time within which 99 of 100 answers came."""
        return sorted(self.took)[int(len(self.took) * 0.99)]


async def test_signaling_goes_on_while_the_media_hangs(tmp_path, program):
    """New calls are refused, everybody else is answered, and it is back by itself."""
    program("sipp")
    async with small_centre.running(tmp_path, small_centre.small_plan()) as centre:
        web = await centre.connect("web")
        loop = asyncio.get_running_loop()
        transport, asker = await loop.create_datagram_endpoint(
            lambda: Asker(centre.sip), local_addr=("127.0.0.1", 0)
        )
        media = centre.processes["media"]
        media.send_signal(signal.SIGSTOP)
        try:
            begun = time.monotonic()
            calls = phones.start(_call_in_vain(centre))
            asking = phones.start(asker.ask_all())
            await web.wait_for(lambda: web.health is not None and not web.health["media"]["up"])
            noticed = time.monotonic() - begun
            await asking
            await calls
        finally:
            media.send_signal(signal.SIGCONT)
        assert noticed < NOTICED_SECONDS + 1.0  # The health message comes once a second.
        assert len(asker.took) == ASKED
        assert asker.p99() < P99_SECONDS
        await web.wait_for(lambda: web.health is not None and web.health["media"]["up"])
        assert {fact["outcome"] for fact in web.facts("Closed")} == {"lost_by_system"}
        transport.close()
        await web.close()


async def _call_in_vain(centre):
    with pytest.raises(phones.SippFailed):
        await phones.run_sipp(centre, "-m", "20", "-r", "10", "-d", "100")
