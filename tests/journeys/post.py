"""
Mail outside of the centre: a provider that delivers, and a customer's own mail program.

The provider is an SMTP server that puts what it takes into mailboxes of dovecot; both run as long
as the centre does.
"""

import contextlib
import email
import email.policy
import shutil
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any

import imapclient

from tests.records import dovecot, smtp

HELP = "help@halden.example"


class Provider(smtp.Handler):
    """Brings what it takes into the mailbox of its recipient."""

    def __init__(self, imap: dovecot.Dovecot) -> None:
        super().__init__()
        self._imap = imap

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take a mail, and deliver it."""
        answer = await super().handle_DATA(server, session, envelope)
        for to in envelope.rcpt_tos:
            local = str(to).partition("@")[0].partition("+")[0]
            self._imap.deliver(envelope.content, user=local)
        return answer


@dataclass(frozen=True, kw_only=True)
class Post:
    """The two servers, by their ports."""

    imap: int
    smtp: int

    def add_to(self, plan: dict[str, Any]) -> None:
        """Give a centre's file a mailbox of them, and its agent room for one mail."""
        here = {"host": "127.0.0.1", "security": "none"}
        plan["mail"] = {
            "halden": {
                "addresses": [HELP],
                "incoming": {**here, "port": self.imap, "user": "help"},
                "outgoing": {**here, "port": self.smtp},
            }
        }
        plan["people"]["agent"]["capacity"]["mail"] = 1

    @property
    def passwords(self) -> dict[str, str]:
        """Passwords by user name, as the centre keeps them."""
        return {"help": dovecot.PASSWORD}


@contextlib.contextmanager
def running() -> Iterator[Post | None]:
    """Run both; None where there is no dovecot."""
    program = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")
    if program is None:
        yield None
        return
    with (
        dovecot.running(program) as imap,
        smtp.running(handler=Provider(imap)) as (port, _),
    ):
        yield Post(imap=imap.port, smtp=port)


@dataclass(frozen=True)
class Mail:
    """A customer's mail program."""

    post: Post
    address: str

    def send(self, *, subject: str, text: str) -> str:
        """Send a mail to the centre and return its id."""
        message = EmailMessage()
        message["From"], message["To"] = self.address, HELP
        message["Subject"] = subject
        message["Message-ID"] = make_msgid(domain=self.address.partition("@")[2])
        message.set_content(text)
        with smtplib.SMTP("127.0.0.1", self.post.smtp) as client:
            client.send_message(message)
        return str(message["Message-ID"])

    def inbox(self) -> list[EmailMessage]:
        """Return what has come."""
        with imapclient.IMAPClient("127.0.0.1", self.post.imap, ssl=False) as client:
            client.login(self.address.partition("@")[0], dovecot.PASSWORD)
            client.select_folder("INBOX", readonly=True)
            found = client.fetch(client.search(), ["BODY[]"])
        raws = [found[uid][b"BODY[]"] for uid in sorted(found)]
        return [email.message_from_bytes(raw, policy=email.policy.default) for raw in raws]
