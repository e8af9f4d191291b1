"""
linphonec as an agent's telephone with two lines: holds one, calls with the other, joins them.

It reads commands from its terminal and tells what happens there.
"""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

from tests.journeys import tones
from tests.small_centre import free_ports

VOICE_SECONDS = 60.0  # It says its voice over and over.

CONFIG = """\
[sip]
sip_port={sip}
sip_tcp_port=0
sip_tls_port=0
use_ipv6=0
guess_hostname=0
media_encryption=none

[rtp]
audio_rtp_port={rtp}

[net]
mtu=1300

[proxy_0]
reg_proxy=<sip:{server};transport=udp>
reg_identity=sip:{user}@{server}
reg_expires=60
reg_sendregister=1
publish=0

[auth_info_0]
username={user}
passwd={password}
domain={server}
"""


class Linphone:
    """A running telephone."""

    def __init__(self, process: asyncio.subprocess.Process, server: str) -> None:
        self._process = process
        self._server = server
        self.told = ""
        """All that it has said on its terminal."""

    def tell(self, command: str) -> None:
        """Type a line."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{command}\n".encode())

    def call(self, number: str) -> None:
        """Call a number on another line, when the one before is on hold."""
        self.tell(f"call sip:{number}@{self._server}")

    def hold(self) -> None:
        """Put the far side on hold."""
        self.tell("pause")

    def join(self, first: int, second: int) -> None:
        """Connect the far sides of two lines with one another (REFER with Replaces)."""
        self.tell(f"transfer {first} --to-call {second}")

    async def listen(self) -> None:
        """Keep what it says."""
        assert self._process.stdout is not None
        while data := await self._process.stdout.read(4_096):
            self.told += data.decode(errors="replace")


@contextlib.asynccontextmanager
async def running(
    program: str, folder: Path, *, sip: int, hertz: float, account: tuple[str, str]
) -> AsyncIterator[Linphone]:
    """Run a telephone that registers with an account, user and password, and lifts itself."""
    own_sip, rtp = free_ports(2)
    (folder / ".local" / "share" / "linphone").mkdir(parents=True)  # It needs its database.
    voice = tones.write(folder / "voice.wav", tones.tone(hertz, seconds=VOICE_SECONDS))
    user, password = account
    server = f"127.0.0.1:{sip}"
    (folder / "rc").write_text(
        CONFIG.format(sip=own_sip, rtp=rtp, server=server, user=user, password=password)
    )
    process = await asyncio.create_subprocess_exec(
        program,
        *("-c", str(folder / "rc")),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "HOME": str(folder)},
    )
    phone = Linphone(process, server)
    listening = asyncio.create_task(phone.listen())
    try:
        phone.tell("soundcard use files")
        phone.tell(f"play {voice}")
        phone.tell("autoanswer enable")
        yield phone
    finally:
        phone.tell("quit")
        try:
            await asyncio.wait_for(process.wait(), 5)
        except TimeoutError:
            process.kill()
            await process.wait()
        await listening
        (folder / "out").write_text(phone.told)
