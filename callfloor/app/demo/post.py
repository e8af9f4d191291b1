"""
The demo's post office: mails of simulated customers come in, answers of all agents go out.

What it brings takes the road of every mail, from the raw text on; what it takes is delivered to
nobody. It also says what simulated agents write, into the records, as a desk does. All of it asks
the database, so it is called in a thread. Refuses: addresses that a real mailbox has.
"""

import contextlib
import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr

from django.db import close_old_connections

from callfloor.blueprint import texts
from callfloor.blueprint.schema import Blueprint
from callfloor.connectors.imap import spool
from callfloor.connectors.imap.connector import Intake
from callfloor.connectors.smtp.client import Link
from callfloor.connectors.smtp.connector import Sender
from callfloor.core.plan import MAIL, channel_of
from callfloor.kernel.errors import Refusal
from callfloor.records.cases.queries import contacts
from callfloor.records.cases.services import work
from callfloor.records.interactions.models import Message
from callfloor.records.letters.rules import Account, Server
from callfloor.records.people.models import Person
from callfloor.web.chat_desk import Answer

HERE = Server(host="demo", port=25, security="none")
"""Nothing connects to it: the link below takes everything."""


class Nowhere:
    """A link to a mail server that takes every mail and delivers none."""

    def envelope(self, *, sender: str, to: str) -> None:
        """Take sender and recipient."""

    def content(self, raw: bytes) -> None:
        """Take the mail."""


@contextlib.contextmanager
def _opened(account: Account) -> Iterator[Link]:
    yield Nowhere()


def _unheard(name: str, detail: str) -> None:
    """Hear an alarm: what is wrong with a made-up mail is nobody's business but the log's."""


class Post:
    """All addresses of a centre that no real mailbox has."""

    def __init__(self, accounts: list[Account]) -> None:
        self.accounts = accounts
        self._intake = Intake(accounts=accounts, alarm=_unheard)
        self._sender = Sender(accounts=accounts, opened=_opened, alarm=_unheard)

    def bring(self, *, account: Account, raw: bytes, now: datetime) -> list[str]:
        """Bring a mail, and give the interactions that were made or written in."""
        close_old_connections()
        uid = spool.position(account=account.key, validity=1) + 1
        spool.keep(account=account, raw=raw, uid=uid, validity=1, now=now)
        taken = [each.interaction_id for each in self._intake.run(now=now)]
        return [item for item in taken if item is not None]

    def take_out(self, *, now: datetime) -> int:
        """Take what agents have answered, and give how many mails that were."""
        close_old_connections()
        return self._sender.run(now=now)

    def say(self, *, item: str, agent: str, text: str, number: int) -> None:
        """Keep what a simulated agent answers."""
        close_old_connections()
        Answer(
            item=item,
            agent=agent,
            direction="out",
            text=text,
            file=None,
            external=f"desk:demo-{number}",
            customer_here=True,
        )()

    def settle(self, *, item: str, agent: str, said: str, now: datetime) -> None:
        """Close the case of a mail that a simulated agent has answered, if he may."""
        close_old_connections()
        case = contacts.case_of(interaction_id=item)
        if case is not None:
            person = Person.objects.get(key=agent)
            with contextlib.suppress(Refusal):
                work.answered(person=person, case_id=case.id, now=now)
                known = {"solution": said}
                work.close(person=person, case_id=case.id, now=now, known=known, at_once=True)

    def heard(self, *, item: str) -> int:
        """Give the number of the last thing that the customer has said, 0 for nothing."""
        close_old_connections()
        said = Message.objects.filter(interaction=item, direction="in", kind="text")
        return said.order_by("-number").values_list("number", flat=True).first() or 0


def accounts(blueprint: Blueprint) -> list[Account]:
    """Give a mailbox for each address of mail that has none in the file."""
    served = {address for box in blueprint.mail.values() for address in box.addresses}
    return [
        Account(
            key=f"demo-{hashlib.sha256(address.encode()).hexdigest()[:12]}",
            client=entry.client,
            addresses=(address,),
            name=_name(blueprint, entry.client, entry.language),
            language=entry.language,
            incoming=None,
            outgoing=HERE,
        )
        for address, entry in blueprint.numbers.items()
        if channel_of(address) == MAIL and address not in served
    ]


def _name(blueprint: Blueprint, client: str, language: str) -> str:
    known = texts.texts(blueprint.clients[client].name)
    return known.get(language) or known.get("en") or next(iter(known.values()))


def letter(
    *, account: Account, said: Sequence[str], sender: tuple[str, str], number: int, now: datetime
) -> bytes:
    """Write a mail of subject and text, as a customer's program sends it (RFC 5322)."""
    subject, text = said
    mail = EmailMessage()
    mail["From"] = formataddr(sender)
    mail["To"] = account.addresses[0]
    mail["Subject"] = subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<demo.{now.timestamp():.0f}.{number}@customer.example>"
    mail["Content-Language"] = account.language
    mail.set_content(text + "\n\n" + sender[0])
    return mail.as_bytes()
