"""
One connection to a mailbox (RFC 9051): UIDs only, waits by IDLE (RFC 2177).

Sequence numbers are never used: they move while mails leave, so that every second one is skipped
(R32). Refuses: to delete, move or mark anything but as seen.
"""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from typing import Protocol

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from callfloor.records.letters.rules import Account

CONNECT_SECONDS = 20.0
READ_SECONDS = 60.0  # A slow server's longest pause within an answer.
IDLE_SECONDS = 60.0  # RFC 2177 allows 29 minutes; what was said at its begin is seen at its end.
POLL_SECONDS = 30.0  # A server that cannot say when something comes is asked.
LOOK_SECONDS = 1.0  # How soon a wait hears that it should end.

FAULTS = (OSError, ssl.SSLError, IMAPClientError, socket.timeout)
"""What may go wrong between us and a server; the connection is over then."""


class Mailbox(Protocol):
    """A mailbox that is open."""

    @property
    def validity(self) -> int:
        """Its UIDVALIDITY."""
        ...

    def after(self, uid: int) -> list[int]:
        """Give the UIDs above one, in order."""
        ...

    def sizes(self, uids: list[int]) -> dict[int, int]:
        """Give the bytes of some mails; one that is gone is left out."""
        ...

    def fetch(self, uid: int, *, limit: int) -> bytes | None:
        """Give a mail, at most so many bytes of it; None if it is gone."""
        ...

    def seen(self, uids: list[int]) -> None:
        """Mark mails as seen, for people who look into the same mailbox."""
        ...

    def wait(self, *, stop: threading.Event) -> None:
        """Return when something may have come, after a while, or when it shall stop."""
        ...


class ImapMailbox:
    """A folder on a server."""

    def __init__(self, imap: IMAPClient, *, validity: int) -> None:
        self._imap = imap
        self.validity = validity

    def after(self, uid: int) -> list[int]:
        # `5:*` names the last mail even if its UID is below 5 (RFC 9051 9, seq-range).
        found = self._imap.search(["UID", f"{uid + 1}:*"])
        return sorted(each for each in found if each > uid)

    def sizes(self, uids: list[int]) -> dict[int, int]:
        found = self._imap.fetch(uids, ["RFC822.SIZE"])
        return {uid: int(row[b"RFC822.SIZE"]) for uid, row in found.items() if uid in uids}

    def fetch(self, uid: int, *, limit: int) -> bytes | None:
        row = self._imap.fetch([uid], [f"BODY.PEEK[]<0.{limit}>"]).get(uid)
        raw = row.get(b"BODY[]<0>", row.get(b"BODY[]")) if row else None
        return raw if isinstance(raw, bytes) else None

    def seen(self, uids: list[int]) -> None:
        self._imap.add_flags(uids, [b"\\Seen"], silent=True)

    def wait(self, *, stop: threading.Event) -> None:
        if not self._imap.has_capability("IDLE"):
            stop.wait(POLL_SECONDS)
            self._imap.noop()
            return
        self._imap.idle()
        waited = 0.0
        while waited < IDLE_SECONDS and not stop.is_set():
            if any(b"EXISTS" in said for said in self._imap.idle_check(timeout=LOOK_SECONDS)):
                break
            waited += LOOK_SECONDS
        self._imap.idle_done()


@contextlib.contextmanager
def opened(account: Account, *, password: str, context: ssl.SSLContext) -> Iterator[ImapMailbox]:
    """
    Open an account's mailbox and close it again.

    Raises one of FAULTS.
    """
    server = account.incoming
    assert server is not None, "an account that nothing is fetched from"
    imap = IMAPClient(
        server.host,
        port=server.port,
        use_uid=True,
        ssl=server.security == "tls",
        ssl_context=context if server.security == "tls" else None,
        timeout=_timeout(),
    )
    try:
        if server.security == "starttls":
            imap.starttls(ssl_context=context)
        if server.user:
            imap.login(server.user, password)
        found = imap.select_folder(account.folder)
        yield ImapMailbox(imap, validity=int(found[b"UIDVALIDITY"]))
        with contextlib.suppress(*FAULTS):
            imap.logout()
    finally:
        with contextlib.suppress(*FAULTS):
            imap.shutdown()


def _timeout() -> object:
    from imapclient import SocketTimeout

    return SocketTimeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
