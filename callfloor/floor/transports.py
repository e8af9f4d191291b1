"""
SIP over UDP, TCP and TLS: one listener of each kind, and the connections that are open.

A message is sent by its `Remote`: over UDP by the one socket, else over the connection to that
address, which is opened for a request if there is none. A response whose connection is gone goes
nowhere: its peer has given up. What could not be delivered is told, so that its transaction need
not wait for it (RFC 3261 section 18.4).

Refuses: to look up a name (see `names`), to know a call.
"""

import asyncio
import socket
import ssl
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from callfloor.floor import sockets
from callfloor.floor.connections import CLOSE_SECONDS, Connection
from callfloor.wire.sip.machines import Remote, Send
from callfloor.wire.sip.message import AnyMessage, Response

CONNECTIONS_MAX = 5_000  # A quarter of the process's files (main.FILES_MAX).
CONNECTIONS_PER_HOST = 200  # A proxy needs one, an office behind one address one per telephone.
HALF_OPEN_MAX = 500  # Not a message yet; the oldest of them makes room for the next.
WAITING_MAX = 200  # Messages for one connection that is not open yet.
CONNECT_SECONDS = 3.0  # F16: another trunk is tried within 4 s.
SWEEP_SECONDS = 5.0
ACCEPT_AGAIN_SECONDS = 0.1  # A connection that ends will give a file back.

Address = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Where SIP is listened for."""

    plain: Address
    """For UDP and TCP."""
    tls: Address | None = None
    """For TLS, if there is a certificate."""
    certificate: Path | None = None
    key: Path | None = None
    trusted: Path | None = None
    """Certificates to trust beside the system's when we connect."""


class Transports:
    """All sockets of the telephone."""

    def __init__(
        self,
        *,
        take: Callable[[bytes, Remote], None],
        failed: Callable[[AnyMessage], None],
        may_speak: Callable[[str], bool],
        name_of: Callable[[str], str],
        note: Callable[[str, str], None],
    ) -> None:
        """Begin with none; `name_of` gives the name under which an address was looked up."""
        self.closed: Callable[[Remote], None] = _ignore
        """Told of each connection that has closed."""
        self._take = take
        self._failed = failed
        self._may_speak = may_speak
        self._name_of = name_of
        self._note = note
        self._udp: asyncio.DatagramTransport | None = None
        self._servers: list[asyncio.AbstractServer] = []
        self._open: dict[Remote, Connection] = {}
        self._half_open: dict[Connection, None] = {}
        self._per_host: Counter[str] = Counter()
        self._waiting: dict[Remote, list[Send]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._client_tls: ssl.SSLContext | None = None
        self._shown: Shown | None = None
        self._sweep: asyncio.TimerHandle | None = None

    async def start(self, listening: Listening) -> None:
        """Listen."""
        loop = asyncio.get_running_loop()
        self._udp, _ = await loop.create_datagram_endpoint(
            lambda: _Udp(self._take), sock=sockets.datagram(listening.plain)
        )
        self._servers.append(
            await loop.create_server(
                lambda: Connection(self, transport="TCP"), *listening.plain, backlog=HALF_OPEN_MAX
            )
        )
        if listening.tls is not None:
            assert listening.certificate is not None, "TLS has a certificate"
            self._shown = Shown(listening.certificate, listening.key)
            listener = sockets.listener(listening.tls, backlog=HALF_OPEN_MAX)
            self._keep(self._accept(listener, self._shown.context))
        self._client_tls = client_context(listening.trusted)
        self._sweep_later()

    def close(self) -> None:
        """Send what is under way and let go of everything."""
        if self._sweep is not None:
            self._sweep.cancel()
        for server in self._servers:
            server.close()
        for task in self._tasks:
            task.cancel()
        for connection in [*self._open.values(), *self._half_open]:
            connection.cut()
        if self._udp is not None:
            self._udp.close()

    def send(self, output: Send) -> None:
        """Put one message on the wire, now or when its connection is open."""
        remote = output.remote
        if not remote.is_reliable:
            if self._udp is not None and not self._udp.is_closing():
                self._udp.sendto(output.data, (remote.host, remote.port))
            return
        connection = self._open.get(remote)
        if connection is not None and connection.is_open:
            connection.write(output.data)
        elif isinstance(output.message, Response):
            self._note("sip_unsent", "the connection is gone")
        else:
            self._wait(output)

    def is_open(self, remote: Remote) -> bool:
        """Say whether there is a connection to an address."""
        connection = self._open.get(remote)
        return connection is not None and connection.is_open

    def count(self) -> int:
        """Count the connections."""
        return len(self._open)

    # --- for the connections (connections.Owner) ---

    def joined(self, connection: Connection) -> bool:
        """Take a connection that was opened; False if there is no room or no welcome."""
        host = connection.remote.host
        if not connection.is_ours and not self._has_room(host):
            return False
        self._open[connection.remote] = connection
        self._per_host[host] += 1
        if not connection.is_ours:
            self._half_open[connection] = None
            if len(self._half_open) > HALF_OPEN_MAX:
                oldest = next(iter(self._half_open))
                self._half_open.pop(oldest)
                oldest.cut()
        return True

    def left(self, connection: Connection) -> None:
        """Forget a connection."""
        self._half_open.pop(connection, None)
        if self._open.get(connection.remote) is connection:
            del self._open[connection.remote]
            host = connection.remote.host
            self._per_host[host] -= 1
            if not self._per_host[host]:
                del self._per_host[host]
            self.closed(connection.remote)

    def heard(self, frame: bytes, connection: Connection) -> None:
        """Hand one whole message on."""
        self._half_open.pop(connection, None)
        self._take(frame, connection.remote)

    def faulty(self, connection: Connection, why: str) -> None:
        """Note why a connection was cut off."""
        self._note("sip_cut_off", f"{connection.kind}: {why}")

    # --- inside ---

    async def _accept(self, listener: socket.socket, tls: ssl.SSLContext) -> None:
        """
        Take connections that begin with a handshake.

        asyncio's own server shows a connection only after its handshake, and one that is begun by
        `start_tls` loses a peer's first words if they are there before it (uvloop reads at once).
        """
        loop = asyncio.get_running_loop()
        with listener:
            while True:
                try:
                    accepted, peer = await loop.sock_accept(listener)
                except OSError as error:  # The peer has gone again, or no file is left.
                    self._note("sip_not_accepted", f"TLS: {type(error).__name__}")
                    await asyncio.sleep(ACCEPT_AGAIN_SECONDS)
                    continue
                Connection(self, transport="TLS").accept(accepted, peer[:2], tls)

    def _has_room(self, host: str) -> bool:
        if not self._may_speak(host):
            return False
        if len(self._open) >= CONNECTIONS_MAX or self._per_host[host] >= CONNECTIONS_PER_HOST:
            self._note("sip_connections_full", f"{len(self._open)} open")
            return False
        return True

    def _wait(self, output: Send) -> None:
        waiting = self._waiting.get(output.remote)
        if waiting is None:
            self._waiting[output.remote] = [output]
            self._keep(self._connect(output.remote))
        elif len(waiting) < WAITING_MAX:
            waiting.append(output)
        else:
            asyncio.get_running_loop().call_soon(self._failed, output.message)

    def _keep(self, doing: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(doing)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect(self, remote: Remote) -> None:
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                connection = await self._opened(remote)
        except (OSError, TimeoutError) as error:  # ssl.SSLError is an OSError.
            self._note("sip_no_connection", f"{remote.transport}: {type(error).__name__}")
            for output in self._waiting.pop(remote):
                self._failed(output.message)
            return
        for output in self._waiting.pop(remote):
            connection.write(output.data)

    async def _opened(self, remote: Remote) -> Connection:
        secured: dict[str, Any] = {}
        if remote.transport == "TLS":
            name = self._name_of(remote.host)
            secured = {"ssl": self._client_tls, "server_hostname": name}
            secured |= {"ssl_shutdown_timeout": CLOSE_SECONDS}
        _, connection = await asyncio.get_running_loop().create_connection(
            lambda: Connection(self, transport=remote.transport, to=remote),
            remote.host,
            remote.port,
            **secured,
        )
        return connection

    def _sweep_later(self) -> None:
        loop = asyncio.get_running_loop()
        self._sweep = loop.call_later(SWEEP_SECONDS, self._sweep_now)

    def _sweep_now(self) -> None:
        now = time.monotonic()
        for connection in list(self._open.values()):
            connection.tire(now)
        if self._shown is not None and not self._shown.refresh():
            self._note("certificate_unreadable", "the old one is shown")
        self._sweep_later()


class _Udp(asyncio.DatagramProtocol):
    """The socket that trunks and telephones send to."""

    def __init__(self, take: Callable[[bytes, Remote], None]) -> None:
        self._take = take

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        """Hand a datagram on."""
        host, port = cast(Address, addr[:2])
        self._take(data, Remote(host=host, port=port))


class Shown:
    """The certificate that our TLS listener shows; a newer file takes its place by itself."""

    def __init__(self, certificate: Path, key: Path | None) -> None:
        """Read it; raises OSError (ssl.SSLError is one) if that cannot be done."""
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2  # TRUST.md section 4.
        self._certificate = certificate
        self._key = key
        self._read_at = 0
        self._read()

    def refresh(self) -> bool:
        """Take a newer file; False if there is one that cannot be read."""
        try:
            if self._certificate.stat().st_mtime_ns != self._read_at:
                self._read()
        except OSError:
            return False
        return True

    def _read(self) -> None:
        read_at = self._certificate.stat().st_mtime_ns
        self.context.load_cert_chain(self._certificate, self._key)
        self._read_at = read_at


def client_context(trusted: Path | None) -> ssl.SSLContext:
    """Make what we ask of a provider: a certificate of his name, of somebody who is trusted."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if trusted is not None:
        context.load_verify_locations(trusted)
    return context


def _ignore(_remote: Remote) -> None:
    """Nobody is told."""
