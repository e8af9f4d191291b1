"""
Fetches what is new in a mailbox and makes contacts of it, a little at a time.

Each mail is on the disk, with the place up to which was read, before the next one is asked for;
what was fetched becomes a contact later, so that a mail that cannot be read never stops the
fetching (R33). Refuses: to hold a transaction while a server is waited for.
"""

import logging
import os
import ssl
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from callfloor.connectors.imap import client, intake, spool
from callfloor.connectors.imap.client import Mailbox
from callfloor.connectors.imap.intake import Taken
from callfloor.connectors.imap.spool import Waiting
from callfloor.kernel import machine
from callfloor.records.letters.rules import Account
from callfloor.wire import fail

log = logging.getLogger(__name__)

MAIL_BYTES_MAX = 40 * 2**20  # Providers take 25 MB of files, which base64 makes 34.
CUT_BYTES = 2**20  # Of a mail that is larger: its text, without its files.
SIZES_AT_ONCE = 200
ALARM_AFTER = timedelta(minutes=4)  # R33: somebody knows within five.
RETRY_SECONDS = (2.0, 5.0, 15.0, 60.0)

Alarm = Callable[[str, str], None]


def fetch(mailbox: Mailbox, *, account: Account, now: datetime) -> int:
    """Keep all mails of a mailbox that are new; give how many there were."""
    place = spool.position(account=account.key, validity=mailbox.validity)
    found = 0
    uids = mailbox.after(place)
    for start in range(0, len(uids), SIZES_AT_ONCE):
        part = uids[start : start + SIZES_AT_ONCE]
        sizes = mailbox.sizes(part)
        for uid in part:
            found += _fetch_one(mailbox, uid, sizes.get(uid), account=account, now=now)
        mailbox.seen(part)
    spool.read_to_the_end(account=account.key, now=now)
    return found


def _fetch_one(
    mailbox: Mailbox, uid: int, size: int | None, *, account: Account, now: datetime
) -> bool:
    limit = CUT_BYTES if size is not None and size > MAIL_BYTES_MAX else MAIL_BYTES_MAX
    raw = mailbox.fetch(uid, limit=limit) if size is not None else None
    fail.point("mail.fetched")
    if raw is None:  # It was deleted meanwhile.
        spool.advance(account=account.key, uid=uid, validity=mailbox.validity)
        return False
    is_new = spool.keep(account=account, raw=raw, uid=uid, validity=mailbox.validity, now=now)
    fail.point("mail.kept")
    return is_new


class Intake:
    """Makes contacts of what was fetched; one thread of one worker does it."""

    def __init__(self, *, accounts: list[Account], alarm: Alarm) -> None:
        self._accounts = {each.key: each for each in accounts}
        self._ours = frozenset(address.lower() for each in accounts for address in each.addresses)
        self._alarm = alarm

    def run(self, *, now: datetime) -> list[Taken]:
        """Take one batch; give what became of each mail."""
        rows = spool.waiting(accounts=sorted(self._accounts))
        return [self._take(row, now=now) for row in rows]

    def _take(self, row: Waiting, *, now: datetime) -> Taken:
        account = self._accounts[row.account]
        try:
            taken = intake.take(
                waiting=row, account=account, ours=self._ours, now=now, chance=os.urandom(10)
            )
        except Exception as error:  # The others are good; this one is put aside after its tries.
            log.exception("mail.not_taken", extra={"mail": row.id})
            spool.postpone(id_=row.id, fault=type(error).__name__)
            return Taken(state="new", reason=type(error).__name__)
        if taken.state == "quarantined":
            self._alarm("mail_quarantined", account.key)
        return taken


class Fetcher:
    """Keeps one account's mailbox read; a thread of its own."""

    def __init__(
        self,
        *,
        account: Account,
        password: str,
        context: ssl.SSLContext,
        data: Path,
        alarm: Alarm,
        kept: Callable[[], None],
    ) -> None:
        self._account = account
        self._password = password
        self._context = context
        self._data = data
        self._alarm = alarm
        self._kept = kept
        self._alarmed = False

    def run(self, stop: threading.Event) -> None:
        """Fetch and wait until it is told to stop."""
        tries = 0
        while not stop.is_set():
            try:
                self.session(stop)
                tries = 0
            except client.FAULTS as error:
                self.failed(type(error).__name__, now=datetime.now(UTC))
                stop.wait(RETRY_SECONDS[min(tries, len(RETRY_SECONDS) - 1)])
                tries += 1

    def session(self, stop: threading.Event) -> None:
        """Read one connection for as long as it holds."""
        with client.opened(
            self._account, password=self._password, context=self._context
        ) as mailbox:
            while not stop.is_set():
                if self.look(mailbox, now=datetime.now(UTC)):
                    mailbox.wait(stop=stop)
                else:
                    stop.wait(RETRY_SECONDS[-1])

    def look(self, mailbox: Mailbox, *, now: datetime) -> bool:
        """Fetch what is there; False while the disk is nearly full."""
        if machine.disk(self._data).is_low:  # F3: what is on the server is safe there.
            self.failed("disk", now=now)
            return False
        if fetch(mailbox, account=self._account, now=now):
            self._kept()
        self._alarmed = False
        return True

    def failed(self, fault: str, *, now: datetime) -> None:
        """Note that nothing was fetched; tell it when that has lasted."""
        lasts = spool.failed(account=self._account.key, fault=fault, now=now)
        log.warning("mail.not_fetched", extra={"account": self._account.key, "fault": fault})
        if lasts >= ALARM_AFTER and not self._alarmed:
            self._alarmed = True
            self._alarm("mail_not_fetched", self._account.key)
