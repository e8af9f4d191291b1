"""
The link: a unix socket on which web, worker and demo hear what was decided and send what people do.

Every message is described in docs/reference/link.md. A client that reads too slowly is cut off; it
comes back and gets a fresh snapshot, so one slow browser's process never costs the floor memory.

Refuses: to hold any truth; to know what a request means (`requests` does).
"""

import asyncio
import base64
import binascii
import os
import socket
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from callfloor.wire import link, seal
from callfloor.wire.errors import PeerError

BACKLOG_BYTES_MAX = 1024 * 1024  # F12: at most 1 MiB per client beyond its welcome.
CLIENTS_MAX = 64  # A few web processes, one worker, one demo, and room for their restarts.
ROWS_PER_MESSAGE = 1_000  # About 400 KiB; far below the frame's limit.
ASK_SECONDS = 0.3  # DESIGN section 6: the call goes on without the answer.
KEY_SECONDS = 2.0  # An agent waits for the line; without the key nobody can be called.

Message = dict[str, Any]
Reply = Callable[[Message], None]
Handler = Callable[[Message, Reply], None]

ROLES: dict[str, frozenset[str]] = {
    "web": frozenset({"command", "device", "call", "key", "hang_up"}),
    "demo": frozenset({"command", "device"}),
    "worker": frozenset({"known", "plan", "forget", "fault", "texts", "left"}),
    "probe": frozenset({"fault"}),
    "apply": frozenset({"plan", "passwords"}),
}
"""What each role may send after its hello."""
FEED_ROLES = frozenset({"web", "demo", "probe"})
HEALTH_ROLES = frozenset({"web", "probe"})


class Link:
    """The server of the socket and all who are connected to it."""

    def __init__(
        self,
        *,
        welcome: Callable[[str], Message],
        handlers: Mapping[str, Handler],
        known: Callable[[str, Message], None],
        note: Callable[[str, str], None],
    ) -> None:
        self._welcome = welcome
        self._handlers = {**handlers, "known": self._take_known}
        self._known = known
        self._note = note
        self._clients: dict[Client, None] = {}
        self._asked: dict[str, tuple[Callable[[Message], None], asyncio.TimerHandle]] = {}
        self._server: asyncio.AbstractServer | None = None

    async def start(self, path: Path) -> None:
        """Listen; whatever socket an earlier floor left behind is replaced."""
        listening = _listen(path)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_unix_server(lambda: Client(self), sock=listening)

    def close(self) -> None:
        """Stop listening and cut everybody off."""
        if self._server is not None:
            self._server.close()
        for client in list(self._clients):
            client.cut()
        for _, timer in self._asked.values():
            timer.cancel()

    def feed(self, rows: Sequence[Message], seq: int) -> None:
        """Tell what was decided, after the commit; `seq` is the journal's last row."""
        watching = [client for client in self._clients if client.role in FEED_ROLES]
        for start in range(0, len(rows) if watching else 0, ROWS_PER_MESSAGE):
            part = rows[start : start + ROWS_PER_MESSAGE]
            self._send_to(watching, {"type": "facts", "rows": part})
        self._send_to(self._workers(), {"type": "wake", "seq": seq})

    def welcome_all(self) -> None:
        """Give everybody a fresh snapshot: the plan has changed."""
        for client in list(self._clients):
            if client.role is not None:
                client.send_welcome({"type": "welcome", **self._welcome(client.role)})

    def tell_health(self, message: Message) -> None:
        """Tell web and probe how the floor is."""
        watching = [client for client in self._clients if client.role in HEALTH_ROLES]
        self._send_to(watching, {"type": "health", **message})

    def ask_who(self, *, ask: str, item: str, caller: str) -> None:
        """Ask the worker who calls; the answer counts if it comes within the deadline."""
        workers = self._workers()[:1]
        if not workers:
            return
        timer = asyncio.get_running_loop().call_later(ASK_SECONDS, self._asked.pop, ask, None)
        self._asked[ask] = (lambda message: self._known(item, message), timer)
        self._send_to(workers, {"type": "ask", "id": ask, "item": item, "caller": caller})

    def ask_key(self, *, ask: str, item: str, then: Callable[[bytes | None], None]) -> None:
        """Ask the worker for the key of an open item of an earlier epoch; None if it has none."""

        def late() -> None:
            del self._asked[ask]
            then(None)

        timer = asyncio.get_running_loop().call_later(KEY_SECONDS, late)
        self._asked[ask] = (lambda message: then(_key_of(message)), timer)
        self._send_to(self._workers()[:1], {"type": "ask", "id": ask, "item": item, "want": "key"})

    # --- for the clients ---

    def joined(self, client: "Client") -> bool:
        """Take a new connection, if there is room."""
        if len(self._clients) >= CLIENTS_MAX:
            self._note("link_full", f"{CLIENTS_MAX} clients")
            return False
        self._clients[client] = None
        return True

    def left(self, client: "Client") -> None:
        """Forget a connection."""
        self._clients.pop(client, None)

    def take(self, client: "Client", message: Message) -> None:
        """Handle one message of a client."""
        kind = message.get("type")
        if client.role is None:
            self._greet(client, message)
        elif kind not in ROLES[client.role]:
            client.send({"type": "refused", "id": message.get("id"), "code": "not_for_this_role"})
        else:
            self._handlers[kind](message, client.send)

    def faulty(self, client: "Client", error: PeerError) -> None:
        """Cut off a client that cannot be understood."""
        self._note("link_malformed", str(error))
        client.cut()

    def slow(self, client: "Client") -> None:
        """Cut off a client that does not read."""
        self._note("link_slow", str(client.role))
        client.cut()

    # --- inside ---

    def _greet(self, client: "Client", message: Message) -> None:
        role = message.get("role")
        if message.get("type") != "hello" or role not in ROLES:
            self._note("link_no_hello", "cut off")
            client.cut()
            return
        client.role = role
        client.send_welcome({"type": "welcome", **self._welcome(role)})

    def _workers(self) -> list["Client"]:
        return [client for client in self._clients if client.role == "worker"]

    def _send_to(self, clients: Sequence["Client"], message: Message) -> None:
        if clients:
            raw = link.encode(message)
            for client in clients:
                client.send_raw(raw)

    def _take_known(self, message: Message, _reply: Reply) -> None:
        asked = self._asked.pop(str(message.get("id")), None)
        if asked is None:
            return  # It came too late; the call went on without it.
        then, timer = asked
        timer.cancel()
        then(message)


def _key_of(message: Message) -> bytes | None:
    try:
        key = base64.b64decode(str(message.get("key", "")), validate=True)
    except binascii.Error:
        return None
    return key if len(key) == seal.KEY_BYTES else None


def _listen(path: Path) -> socket.socket:
    path.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)  # Nobody else may connect, not even for a moment.
    try:
        listening.bind(str(path))
    finally:
        os.umask(before)
    return listening


class Client(asyncio.Protocol):
    """One connection."""

    def __init__(self, server: Link) -> None:
        self._server = server
        self._decoder = link.Decoder()
        self._transport: asyncio.Transport | None = None
        self._backlog_max = BACKLOG_BYTES_MAX
        self.role: str | None = None
        """What it said it is; None before its hello."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Join the server."""
        self._transport = cast(asyncio.Transport, transport)
        if not self._server.joined(self):
            self.cut()

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave the server."""
        self._transport = None
        self._server.left(self)

    def data_received(self, data: bytes) -> None:
        """Hand every complete message to the server."""
        try:
            messages = self._decoder.feed(data)
        except PeerError as error:
            self._server.faulty(self, error)
            return
        for message in messages:
            if self._transport is not None:
                self._server.take(self, message)

    def send(self, message: Message) -> None:
        """Send one message, unless the client is gone."""
        self.send_raw(link.encode(message))

    def send_welcome(self, message: Message) -> None:
        """Send the snapshot, which does not count as a backlog."""
        raw = link.encode(message)
        self._backlog_max += len(raw)
        self.send_raw(raw)

    def send_raw(self, raw: bytes) -> None:
        """Send one framed message; a client with too long a backlog is cut off."""
        if self._transport is None or self._transport.is_closing():
            return
        self._transport.write(raw)
        if self._transport.get_write_buffer_size() > self._backlog_max:
            self._server.slow(self)

    def cut(self) -> None:
        """End the connection at once, whatever was still to be sent."""
        if self._transport is not None:
            self._transport.abort()
