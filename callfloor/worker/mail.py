"""
Mail, beside everything else that the worker does: a thread for each mailbox, and one for the rest.

The rest takes what was fetched, sends what is to be sent, and looks every few seconds whether the
centre's file names other mailboxes now. Nothing of it is waited for by the projection.
Refuses: to know what a mail is.
"""

import json
import logging
import ssl
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from django.db import close_old_connections, connections

from callfloor.connectors.imap import spool
from callfloor.connectors.imap.connector import Alarm, Fetcher, Intake
from callfloor.connectors.smtp.connector import Sender, opener
from callfloor.records.letters.rules import Account
from callfloor.records.letters.services import answering
from callfloor.records.routing import queries as routing

log = logging.getLogger(__name__)

IDLE_SECONDS = 1.0  # How soon an agent's answer leaves; what was fetched wakes the thread at once.
LOOK_SECONDS = 5.0  # How soon another mailbox of the file is read.
CLEAN_SECONDS = 3_600.0
AFTER_FAULT_SECONDS = 5.0
END_SECONDS = 10.0  # A server that does not answer is left alone then; nothing is lost by it.


class Mail:
    """All that this worker does with mail."""

    def __init__(self, *, data: Path, passwords: Path, alarm: Alarm) -> None:
        self._data = data
        self._passwords = passwords
        self._alarm = alarm
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._version: str | None = None
        self._desk: _Desk | None = None
        self._thread = threading.Thread(target=self._run, name="mail", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End between two mails."""
        self._stop.set()
        self._wake.set()
        self._thread.join(END_SECONDS)

    def _run(self) -> None:
        looked = cleaned = 0.0
        while not self._stop.is_set():
            now = datetime.now(UTC)
            try:
                close_old_connections()
                if now.timestamp() - looked >= LOOK_SECONDS:
                    looked = now.timestamp()
                    self._look()
                if now.timestamp() - cleaned >= CLEAN_SECONDS:
                    cleaned = now.timestamp()
                    spool.forget(now=now)
                    answering.forget(now=now)
                is_busy = self._desk is not None and self._desk.work(now)
            except Exception:
                log.exception("mail.failed")
                self._stop.wait(AFTER_FAULT_SECONDS)
                continue
            if not is_busy:
                self._wake.wait(IDLE_SECONDS)
                self._wake.clear()
        if self._desk is not None:
            self._desk.close()
        connections.close_all()

    def _look(self) -> None:
        """Take the mailboxes that the file names now."""
        version = routing.current_version()
        if version == self._version:
            return
        found = accounts()
        if self._desk is not None:
            self._desk.close()
        self._desk = None
        if found:
            log.info("mail.mailboxes", extra={"count": len(found)})
            self._desk = _Desk(
                accounts=found,
                passwords=passwords_of(self._passwords),
                data=self._data,
                alarm=self._alarm,
                wake=self._wake,
            )
        self._version = version


class _Desk:
    """What works as long as the mailboxes stay the same."""

    def __init__(
        self,
        *,
        accounts: list[Account],
        passwords: Mapping[str, str],
        data: Path,
        alarm: Alarm,
        wake: threading.Event,
    ) -> None:
        context = ssl.create_default_context()
        self._stop = threading.Event()
        self._intake = Intake(accounts=accounts, alarm=alarm)
        opened = opener(passwords=passwords, context=context)
        self._sender = Sender(accounts=accounts, opened=opened, alarm=alarm)
        self._has_looked = False
        fetchers = [
            Fetcher(
                account=account,
                password=passwords.get(account.incoming.user, ""),
                context=context,
                data=data,
                alarm=alarm,
                kept=wake.set,
            )
            for account in accounts
            if account.incoming is not None
        ]
        self._threads = [
            threading.Thread(target=_fetch, args=(each, self._stop), name="mailbox", daemon=True)
            for each in fetchers
        ]
        for thread in self._threads:
            thread.start()

    def work(self, now: datetime) -> bool:
        """Take and send one batch of each; say whether there is more at once."""
        if not self._has_looked:  # Whoever died left in doubt what he was sending.
            self._sender.look_for_doubt(now=now)
            self._has_looked = True
        taken = self._intake.run(now=now)
        sent = self._sender.run(now=now)
        return any(each.state != "new" for each in taken) or sent > 0

    def close(self) -> None:
        """Leave the mailboxes."""
        self._stop.set()
        for thread in self._threads:
            thread.join(END_SECONDS)


def _fetch(fetcher: Fetcher, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            close_old_connections()
            fetcher.run(stop)
        except Exception:  # The records are away or full: what is on the server is safe there.
            log.exception("mail.fetching_failed")
            stop.wait(AFTER_FAULT_SECONDS)
    connections.close_all()


def accounts() -> list[Account]:
    """Give the mailboxes of the centre's file that holds."""
    row = routing.current_file()
    if row is None or "\nmail:" not in row.body:
        return []
    # Reading a whole file takes libraries that a centre without mail does without.
    from callfloor.blueprint import export, mailboxes

    held = export.current()
    return mailboxes.accounts(held.blueprint) if held is not None else []


def passwords_of(path: Path) -> dict[str, str]:
    """Give passwords by user name (app/passwords.py says what stands in the file)."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        log.warning("mail.no_passwords")
        return {}
    return {
        name: kept if isinstance(kept, str) else str(kept.get("password", ""))
        for name, kept in found.items()
    }
