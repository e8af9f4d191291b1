"""
Sends what is to be sent, one mail after the other; a thread of its own.

Refuses: to hold a transaction while a server is waited for, and to send again what is in doubt.
"""

import contextlib
import logging
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime

from callfloor.connectors.smtp import client, outgoing
from callfloor.connectors.smtp.client import Link, Refused
from callfloor.connectors.smtp.outgoing import Composed
from callfloor.kernel.keys import ring
from callfloor.records.letters.rules import Account
from callfloor.records.letters.services import sending
from callfloor.records.letters.services.sending import Waiting
from callfloor.wire import fail
from callfloor.wire.errors import LocalError

log = logging.getLogger(__name__)

Alarm = Callable[[str, str], None]
Open = Callable[[Account], AbstractContextManager[Link]]


def opener(*, passwords: Mapping[str, str], context: ssl.SSLContext) -> Open:
    """Give what opens a connection for an account."""

    def opened(account: Account) -> AbstractContextManager[Link]:
        assert account.outgoing is not None, "an account that sends nothing"
        password = passwords.get(account.outgoing.user, "")
        return client.opened(account, password=password, context=context)

    return opened


class Sender:
    """Sends for all accounts; one of them in one worker."""

    def __init__(self, *, accounts: list[Account], opened: Open, alarm: Alarm) -> None:
        self._accounts = [each for each in accounts if each.outgoing is not None]
        self._opened = opened
        self._alarm = alarm

    def look_for_doubt(self, *, now: datetime) -> int:
        """Tell of mails of which nobody knows whether they left; once of each."""
        found = sending.note_doubt(now=now)
        if found:
            self._alarm("mail_in_doubt", str(found))
        return found

    def run(self, *, now: datetime) -> int:
        """Send one batch; give how many mails were looked at."""
        rows = sending.waiting(now=now)
        by_account: dict[str, list[Waiting]] = {}
        for row in rows:
            account = self._account_of(row)
            if row.is_simulated or account is None:
                fault = "simulated" if row.is_simulated else "no_account"
                sending.refuse(message_id=row.message_id, fault=fault, now=now)
            else:
                by_account.setdefault(account.key, []).append(row)
        for account in self._accounts:
            if account.key in by_account:
                self._send_all(by_account[account.key], account, now=now)
        return len(rows)

    def _account_of(self, row: Waiting) -> Account | None:
        """Give the account of the address that was written to; a chat's client has any."""
        theirs = [each for each in self._accounts if each.client == row.client]
        asked = next((each for each in theirs if each.own(row.called)), None)
        return asked or next(iter(theirs), None)

    def _send_all(self, rows: list[Waiting], account: Account, *, now: datetime) -> None:
        left = list(rows)
        try:
            with self._opened(account) as link:
                while left:
                    self._send(link, left[0], account, now=now)
                    left.pop(0)
        except client.FAULTS as error:
            log.warning(
                "mail.not_sent", extra={"account": account.key, "why": type(error).__name__}
            )
        for row in left:  # The first one may be in doubt; then this does not touch it.
            sending.postpone(message_id=row.message_id, fault="no_server", now=now)

    def _send(self, link: Link, row: Waiting, account: Account, *, now: datetime) -> None:
        try:
            mail = outgoing.compose(waiting=row, account=account, now=now, mark=_mark())
        except LocalError as error:
            log.warning("mail.not_written", extra={"mail": row.message_id})
            sending.refuse(message_id=row.message_id, fault=str(error), now=now)
            return
        with self._answers(row, now=now):
            _envelope(link, mail)
            fail.point("mail.before_doubt")
            if not sending.begin(
                message_id=row.message_id, raw=mail.raw, mail_id=mail.mail_id, now=now
            ):
                return
            fail.point("mail.in_doubt")
            self._hand_over(link, mail, now=now)
            fail.point("mail.submitted")
            sending.settle(message_id=row.message_id, now=now)
            fail.point("mail.sent")

    def _hand_over(self, link: Link, mail: Composed, *, now: datetime) -> None:
        try:
            link.content(mail.raw)
        except client.FAULTS:
            self.look_for_doubt(now=now)
            raise

    @contextlib.contextmanager
    def _answers(self, row: Waiting, *, now: datetime) -> Iterator[None]:
        """Note a server's no; nothing has left then."""
        try:
            yield
        except Refused as refused:
            fault = str(refused.code)
            if refused.is_final:
                sending.refuse(message_id=row.message_id, fault=fault, now=now)
            else:
                sending.postpone(message_id=row.message_id, fault=fault, now=now, was_refused=True)


def _envelope(link: Link, mail: Composed) -> None:
    try:
        link.envelope(sender=mail.envelope_from, to=mail.to)
    except Refused as refused:
        if mail.envelope_from or not refused.is_final:
            raise
        link.envelope(sender=mail.fallback_from, to=mail.to)


def _mark() -> str:
    return ring.blind_index(kind="mail-loop", value="centre")
