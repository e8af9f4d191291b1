"""
Real providers for trunks: kamailio as a registrar, sipp as who is called, a socket that is silent.

kamailio keeps registrations in memory, so that its restart forgets them as a provider's would.
"""

import asyncio
import contextlib
import shutil
import signal
import socket
from collections.abc import AsyncIterator
from pathlib import Path

from callfloor.floor.tests import certificates

USER, PASSWORD = "callfloor", "correct horse"
REALM = "provider.test"

CONFIG = """
debug=1
log_stderror=yes
fork=no
children=1
disable_tcp=no
listen=udp:127.0.0.1:{port}
listen=tcp:127.0.0.1:{port}
{tls}
loadmodule "sl.so"
loadmodule "tm.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
loadmodule "textops.so"
loadmodule "siputils.so"
modparam("auth", "algorithm", "{algorithm}")
modparam("usrloc", "db_mode", 0)
request_route {{
    if (is_method("OPTIONS")) {{
        sl_send_reply("200", "OK");
        exit;
    }}
    if (!is_method("REGISTER")) {{
        sl_send_reply("405", "Method Not Allowed");
        exit;
    }}
    if (!pv_www_authenticate("{realm}", "{password}", "0")) {{
        www_challenge("{realm}", "1");
        exit;
    }}
    save("location");
    exit;
}}
"""
TLS = """
enable_tls=yes
listen=tls:127.0.0.1:{tls_port}
loadmodule "tls.so"
modparam("tls", "certificate", "{certificate}")
modparam("tls", "private_key", "{key}")
modparam("tls", "tls_method", "TLSv1.2+")
"""


class Kamailio:
    """A provider's registrar, which can be restarted."""

    def __init__(self, folder: Path, *, port: int, tls_port: int, algorithm: str) -> None:
        self.certificate, key = certificates.make(folder)
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None
        tls = TLS.format(tls_port=tls_port, certificate=self.certificate, key=key)
        self._config = folder / "kamailio.cfg"
        self._config.write_text(
            CONFIG.format(port=port, tls=tls, algorithm=algorithm, realm=REALM, password=PASSWORD)
        )

    async def start(self) -> None:
        """Start it; whoever needs it waits until it answers."""
        program = shutil.which("kamailio")
        assert program is not None, "the test asks for kamailio first"
        log = (self._folder / "kamailio.log").open("ab")
        run = self._folder / "run"
        run.mkdir(exist_ok=True)
        self._process = await asyncio.create_subprocess_exec(
            program, "-DD", "-E", "-f", str(self._config), "-Y", str(run), "-m", "64", "-M", "8",
            stdout=log, stderr=log,
        )  # fmt: skip
        log.close()

    async def stop(self) -> None:
        """End it and all it remembers."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGTERM)
            await self._process.wait()
            self._process = None


@contextlib.asynccontextmanager
async def answering(port: int, *arguments: str, folder: Path) -> AsyncIterator[None]:
    """Let sipp answer every call to a port until the end of the block."""
    program = shutil.which("sipp")
    assert program is not None, "the test asks for sipp first"
    process = await asyncio.create_subprocess_exec(
        program, "-sn", "uas", "-i", "127.0.0.1", "-p", str(port), "-nostdin", *arguments,
        cwd=folder, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


@contextlib.contextmanager
def silent(port: int):
    """Hold a UDP port that never says anything, and give what it hears."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as held:
        held.bind(("127.0.0.1", port))
        held.setblocking(False)
        yield held


def heard(held: socket.socket) -> list[bytes]:
    """Read everything that came to a silent port."""
    found = []
    with contextlib.suppress(BlockingIOError):
        while True:
            found.append(held.recv(65_536))
    return found
