"""
baresip as the caller's telephone: dials, presses keys, says a tone, and keeps what it heard.

It is told what to do by netstrings of JSON on its control port. Every telephone has a folder, ports
and a voice of its own.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from tests.journeys import tones
from tests.journeys.waiting import WAIT_SECONDS, until
from tests.small_centre import free_ports

NUMBER, NAME = "+36309876501", "Nora Quillfeather"
VOICE_SECONDS = 240.0  # It hangs up when its voice ends, so the voice outlasts every journey.
QUIET_SECONDS = 0.25
MODULES = Path("/usr/lib/baresip/modules")

CONFIG = """\
poll_method epoll
sip_listen 127.0.0.1:{sip}
net_interface 127.0.0.1
audio_player aubridge,nowhere
audio_source aufile,{voice}
audio_alert aubridge,nowhere
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
module_path {modules}
module g711.so
module aubridge.so
module aufile.so
module sndfile.so
module_app account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{control}
snd_path {sound}
"""


class Baresip:
    """A running telephone."""

    def __init__(self, folder: Path, writer: asyncio.StreamWriter, server: str) -> None:
        self._folder = folder
        self._writer = writer
        self._server = server
        self.events: list[dict[str, Any]] = []
        self._grown = (0, 0.0)

    async def dial(self, number: str) -> None:
        """Call a number and wait until somebody, or something, has answered."""
        self._tell("dial", f"sip:{number}@{self._server}")
        await self.wait_for(lambda: "CALL_ESTABLISHED" in self.told())

    def press(self, keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self._tell("sndcode", key)

    def hold(self) -> None:
        """Put the far side on hold."""
        self._tell("hold", "")

    def resume(self) -> None:
        """Come back to the far side."""
        self._tell("resume", "")

    def transfer(self, number: str) -> None:
        """Move the far side to somebody else, without asking him (REFER)."""
        self._tell("transfer", f"sip:{number}@{self._server}")

    def hang_up(self) -> None:
        """End the call."""
        self._tell("hangup", "")

    async def ended(self) -> None:
        """Wait until the call is over."""
        await self.wait_for(lambda: "CALL_CLOSED" in self.told())

    def told(self) -> list[str]:
        """List what happened, by the kind of event."""
        return [event["type"] for event in self.events if "type" in event]

    def heard(self, *, last_seconds: float | None = None) -> tones.Samples:
        """Return what came to the ear, all of it or its end."""
        return self._sound("dec", last_seconds)

    def said(self, *, last_seconds: float | None = None) -> tones.Samples:
        """Return what went from the mouth."""
        return self._sound("enc", last_seconds)

    async def hears(self, hertz: float, *, seconds: float = WAIT_SECONDS) -> None:
        """Wait until a tone rules what it hears."""
        await self.wait_for(lambda: self.hears_now(hertz), seconds=seconds)

    def hears_now(self, hertz: float) -> bool:
        """Say whether a tone rules the last quarter of a second, and sound still comes."""
        heard, now = self.heard(), time.monotonic()
        if len(heard) != self._grown[0]:
            self._grown = (len(heard), now)
        if now - self._grown[1] > QUIET_SECONDS:
            return False
        return tones.share(heard[-int(tones.RATE * QUIET_SECONDS) :], hertz) > 0.5

    async def wait_for(self, holds: Callable[[], bool], *, seconds: float = WAIT_SECONDS) -> None:
        """Wait until something holds."""
        await until(holds, seconds)

    def _sound(self, which: str, last_seconds: float | None) -> tones.Samples:
        files = sorted((self._folder / "sound").glob(f"*-{which}.wav"))
        found = tones.channels(files[-1].read_bytes()) if files else []
        samples = found[0] if found else tones.tone(0, seconds=0)
        return samples if last_seconds is None else samples[-int(tones.RATE * last_seconds) :]

    def _tell(self, command: str, params: str) -> None:
        body = json.dumps({"command": command, "params": params}).encode()
        self._writer.write(b"%d:%s," % (len(body), body))

    async def listen(self, reader: asyncio.StreamReader) -> None:
        """Keep what it tells."""
        with contextlib.suppress(asyncio.IncompleteReadError):
            while True:
                length = int((await reader.readuntil(b":"))[:-1])
                self.events.append(json.loads(await reader.readexactly(length)))
                await reader.readexactly(1)


@contextlib.asynccontextmanager
async def running(
    program: str,
    folder: Path,
    *,
    sip: int,
    hertz: float = tones.CALLER_HZ,
    number: str = NUMBER,
    account: tuple[str, str] | None = None,
    transport: str = "udp",
) -> AsyncIterator[Baresip]:
    """
    Run a telephone for a while.

    With an `account`, user and password, it is an agent's: it registers over a transport (udp, tcp
    or tls) and lifts itself.
    """
    own_sip, control = free_ports(2)
    (folder / "sound").mkdir(parents=True)
    voice = tones.write(folder / "voice.wav", tones.tone(hertz, seconds=VOICE_SECONDS))
    server = f"127.0.0.1:{sip}"
    (folder / "config").write_text(
        CONFIG.format(
            sip=own_sip, control=control, voice=voice, sound=folder / "sound", modules=MODULES
        )
    )
    who = f'"{NAME}" <sip:{number}@{server}>;regint=0'
    if account is not None:
        user, password = account
        who = f"<sip:{user}@{server};transport={transport}>"
        who += f";auth_pass={password};answermode=auto;regint=60"
    (folder / "accounts").write_text(f"{who};audio_codecs=pcmu;dtmfmode=rtpevent\n")
    (folder / "contacts").write_text("\n")
    with (folder / "out").open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            program, "-f", str(folder), stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=out
        )
    try:
        async with _connected(folder, control, f"{server};transport={transport}") as phone:
            yield phone
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 5)
        except TimeoutError:
            process.kill()
            await process.wait()


async def _reached(control: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
    """Return the line to its control port, None while it still starts."""
    with contextlib.suppress(ConnectionRefusedError):
        return await asyncio.open_connection("127.0.0.1", control)
    return None


@contextlib.asynccontextmanager
async def _connected(folder: Path, control: int, server: str) -> AsyncIterator[Baresip]:
    reader, writer = await until(lambda: _reached(control))
    phone = Baresip(folder, writer, server)
    listening = asyncio.create_task(phone.listen(reader))
    try:
        yield phone
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
