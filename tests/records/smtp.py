"""
A real SMTP server for a test (aiosmtpd), in a thread of its own: it keeps what it took.

What it does badly is asked for: refuse a recipient, end the line before or after the mail.
"""

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

USER, PASSWORD = "help", "secret"


@dataclass
class Taken:
    """A mail that the server has taken."""

    sender: str | None
    to: list[str]
    raw: bytes


@dataclass
class Handler:
    """What the server does."""

    taken: list[Taken] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    """Recipient or sender (`<>` for nobody) to answer."""
    ends_at: str = ""
    """`data` or `taken`: where the line ends, once."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    async def handle_MAIL(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Take a sender, or none."""
        if answer := self.refuses.get(address or "<>"):
            return answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Take a recipient."""
        if answer := self.refuses.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take a mail."""
        if answer := self.refuses.get("data"):
            return answer
        if self.ends_at == "data":
            self.ends_at = ""
            server.transport.abort()
            return "451 never heard"
        with self.lock:
            self.taken.append(
                Taken(sender=envelope.mail_from, to=envelope.rcpt_tos, raw=envelope.content)
            )
        if self.ends_at == "taken":
            self.ends_at = ""
            server.transport.abort()
        return "250 OK"


def _authenticate(_server: Any, _session: Any, _envelope: Any, _how: str, data: Any) -> AuthResult:
    assert isinstance(data, LoginPassword)
    known = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=True)


@contextlib.contextmanager
def running(*, asks: bool = False, handler: Handler | None = None) -> Iterator[tuple[int, Handler]]:
    """Run a server as long as the block lasts; give its port and what it does."""
    handler = handler or Handler()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    controller = Controller(
        handler,
        hostname="127.0.0.1",
        port=port,
        authenticator=_authenticate if asks else None,
        auth_required=asks,
        auth_require_tls=False,
    )
    controller.start()
    try:
        yield port, handler
    finally:
        controller.stop()
