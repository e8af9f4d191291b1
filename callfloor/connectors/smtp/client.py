"""
One connection by which mail is handed to a server (RFC 5321, RFC 6409).

The envelope comes first and alone, so that nothing is in doubt while a server refuses a sender or
a recipient. Refuses: to try anything twice.
"""

import contextlib
import smtplib
import socket
import ssl
from collections.abc import Iterator
from typing import Protocol

from callfloor.records.letters.rules import Account

SECONDS_MAX = 60.0  # RFC 5321 4.5.3.2 allows minutes; a thread of ours waits for nothing else.
PERMANENT = 500

FAULTS = (OSError, ssl.SSLError, smtplib.SMTPException)
"""What ends a connection without an answer to what was asked."""


class Refused(Exception):
    """The server has said no, so that nothing has left."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code

    @property
    def is_final(self) -> bool:
        """Whether it will say no again."""
        return self.code >= PERMANENT


class Link(Protocol):
    """An open connection."""

    def envelope(self, *, sender: str, to: str) -> None:
        """
        Name sender (empty for none) and recipient.

        Raises Refused, or one of FAULTS.
        """
        ...

    def content(self, raw: bytes) -> None:
        """
        Hand the mail over.

        Raises Refused if the server has said no; after one of FAULTS nobody knows.
        """
        ...


class SmtpLink:
    """A connection to a server."""

    def __init__(self, smtp: smtplib.SMTP) -> None:
        self._smtp = smtp

    def envelope(self, *, sender: str, to: str) -> None:
        """Name sender and recipient; what was named before is forgotten."""
        self._smtp.rset()
        self._ask(self._smtp.mail(sender))
        self._ask(self._smtp.rcpt(to))

    def content(self, raw: bytes) -> None:
        """Hand the mail over."""
        try:
            code, _said = self._smtp.data(raw)
        except smtplib.SMTPDataError as error:  # It did not even want to begin.
            raise Refused(error.smtp_code) from error
        self._ask((code, b""))

    def _ask(self, answer: tuple[int, bytes]) -> None:
        code, _said = answer
        if code == -1:
            raise smtplib.SMTPServerDisconnected
        if not 200 <= code < 300:
            raise Refused(code)


@contextlib.contextmanager
def opened(account: Account, *, password: str, context: ssl.SSLContext) -> Iterator[SmtpLink]:
    """
    Open a connection for an account and close it again.

    Raises one of FAULTS; SMTPAuthenticationError among them.
    """
    server = account.outgoing
    assert server is not None, "an account that sends nothing"
    name = account.addresses[0].rpartition("@")[2]
    host = name if name.isascii() else socket.gethostname()
    if server.security == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, local_hostname=host, timeout=SECONDS_MAX, context=context
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, local_hostname=host, timeout=SECONDS_MAX)
    try:
        if server.security == "starttls":
            smtp.starttls(context=context)
        smtp.ehlo_or_helo_if_needed()
        if server.user:
            smtp.login(server.user, password)
        yield SmtpLink(smtp)
        with contextlib.suppress(*FAULTS):
            smtp.quit()
    finally:
        smtp.close()
