"""
A centre with mail for tests: its mailbox and its provider are made up, everything between is real.

The mailbox and the link stand at the connectors' ports (`client.Mailbox`, `client.Link`); a death
is an exception that nobody catches, at any failpoint, after which everything is made anew as a
fresh process has it.
"""

import contextlib
import itertools
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from callfloor.connectors.imap import connector as imap
from callfloor.connectors.imap.connector import Intake
from callfloor.connectors.smtp.client import Refused
from callfloor.connectors.smtp.connector import Sender
from callfloor.records.interactions.models import Message
from callfloor.records.letters.rules import Account
from callfloor.wire import fail
from callfloor.wire.mail import read
from tests.records import scenes
from tests.records.accounts import ACCOUNT, HELP

__all__ = ["ACCOUNT", "HELP", "Message"]

POINTS_IN = ("mail.fetched", "mail.kept", "mail.looked_at", "mail.before_taken", "mail.taken")
POINTS_OUT = ("mail.before_doubt", "mail.in_doubt", "mail.submitted", "mail.sent")


class Died(BaseException):
    """The process is gone."""


@dataclass
class Box:
    """A mailbox as a server keeps it."""

    validity: int = 1
    mails: dict[int, bytes] = field(default_factory=dict)
    next_uid: int = 1
    seen_uids: set[int] = field(default_factory=set)

    def deliver(self, raw: bytes) -> None:
        """Put a mail in."""
        self.mails[self.next_uid] = raw
        self.next_uid += 1

    def renumber(self) -> None:
        """Give every mail another UID, as a server does that was restored from a backup."""
        kept = list(self.mails.values())
        self.validity += 1
        self.mails, self.next_uid = {}, 1
        for raw in kept:
            self.deliver(raw)

    def after(self, uid: int) -> list[int]:
        """Give the UIDs above one."""
        return sorted(each for each in self.mails if each > uid)

    def sizes(self, uids: list[int]) -> dict[int, int]:
        """Give the bytes of some mails."""
        return {uid: len(self.mails[uid]) for uid in uids if uid in self.mails}

    def fetch(self, uid: int, *, limit: int) -> bytes | None:
        """Give a mail."""
        raw = self.mails.get(uid)
        return None if raw is None else raw[:limit]

    def seen(self, uids: list[int]) -> None:
        """Mark mails as seen."""
        self.seen_uids |= set(uids)

    def wait(self, *, stop: object) -> None:
        """Never asked here."""
        raise AssertionError


@dataclass
class Provider:
    """A server that takes mail, and what was handed to it."""

    taken: list[tuple[str, str, bytes]] = field(default_factory=list)
    """Sender and recipient of the envelope, and the mail."""
    refuses: dict[str, int] = field(default_factory=dict)
    """Recipients who are refused, with the code."""
    is_down: bool = False
    breaks_after: bool = False
    """Whether the line breaks after a mail was taken, before the answer."""

    @contextlib.contextmanager
    def opened(self, account: Account) -> Iterator["Provider"]:
        """Give a connection."""
        if self.is_down:
            raise ConnectionRefusedError
        yield self

    def envelope(self, *, sender: str, to: str) -> None:
        """Name sender and recipient."""
        if to in self.refuses:
            raise Refused(self.refuses[to])
        self._envelope = (sender, to)

    def content(self, raw: bytes) -> None:
        """Take a mail."""
        self.taken.append((*self._envelope, raw))
        if self.breaks_after:
            raise ConnectionResetError

    def to(self, address: str) -> list[bytes]:
        """Give the mails that somebody got."""
        return [raw for _sender, to, raw in self.taken if to == address]


class MailRoom:
    """A centre's mail, with a clock that is told."""

    def __init__(self, account: Account = ACCOUNT) -> None:
        self.account = account
        self.box, self.provider = Box(), Provider()
        self.alarms: list[tuple[str, str]] = []
        self.now = scenes.NOW
        self.outcomes: Counter[str] = Counter()
        self.deaths = 0

    def alarm(self, name: str, detail: str) -> None:
        """Take an alarm."""
        self.alarms.append((name, detail))

    def fetch(self) -> int:
        """Fetch as a fresh process does."""
        return imap.fetch(self.box, account=self.account, now=self.now)

    def take(self) -> list[imap.Taken]:
        """Take what was fetched until nothing is left but what waits for another try."""
        found: list[imap.Taken] = []
        intake = Intake(accounts=[self.account], alarm=self.alarm)
        while batch := intake.run(now=self.now):
            found += batch
            for each in batch:
                if each.state != "new":
                    self.outcomes[each.state] += 1
        return found

    def send(self) -> int:
        """Send what is to be sent, as a fresh process does."""
        sender = Sender(accounts=[self.account], opened=self.provider.opened, alarm=self.alarm)
        sender.look_for_doubt(now=self.now)
        sent = 0
        while looked_at := sender.run(now=self.now):
            sent += looked_at
        return sent

    def round(self) -> None:
        """Do everything once."""
        self.fetch()
        self.take()
        self.send()

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)

    def receive(self, *raws: bytes) -> None:
        """Let mails come and be done with."""
        for raw in raws:
            self.box.deliver(raw)
        self.round()

    def until_done(self) -> None:
        """Go on after each death as a supervisor does."""
        for _ in itertools.count():
            try:
                self.round()
                return
            except Died:
                self.deaths += 1


@contextlib.contextmanager
def dying(point: str, *, at: set[int]) -> Iterator[None]:
    """Die at some passages of a failpoint, counted from 1."""
    passed = itertools.count(1)

    def hook(name: str) -> None:
        if name == point and next(passed) in at:
            raise Died

    fail.install(hook)
    try:
        yield
    finally:
        fail.install(None)


@contextlib.contextmanager
def dying_anywhere(dice: random.Random, *, one_in: int) -> Iterator[None]:
    """Die at any point of mail, by a seeded die."""

    def hook(name: str) -> None:
        if name.startswith("mail.") and dice.randrange(one_in) == 0:
            raise Died

    fail.install(hook)
    try:
        yield
    finally:
        fail.install(None)


def reply_address(raw: bytes) -> str:
    """Give where an answer to a mail of ours goes."""
    mail = read.mail(raw)
    assert mail.answer_to is not None
    return mail.answer_to.address


def reference_of(raw: bytes) -> str:
    """Give the reference that a mail of ours names."""
    found = re.search(r"CF-\d{4}-\d{6}", read.mail(raw).text)
    assert found is not None
    return found[0]


def at(text: str) -> datetime:
    """Give an instant."""
    return datetime.fromisoformat(text)
