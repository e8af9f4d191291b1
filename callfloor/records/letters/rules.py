"""
An account of mail, and when a mail may be tried or answered again. Pure.

Refuses: passwords; who connects is given one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

AUTOMATIC_EVERY = timedelta(hours=24)
"""One automatic answer per address and case in this time (R29)."""
AUTOMATIC_DAY_MAX = 5
"""
Automatic answers to one address in 24 hours, whatever they are about: a machine that hides that it
is one makes a new matter of each answer. A person who writes more often in a day is answered by
people.
"""
RETRY_SECONDS = (60, 300, 900, 3_600, 7_200, 14_400)
"""RFC 5321 4.5.4.1 asks for half an hour between tries and four days; the first ones come sooner,
because the usual cause is a server that restarts."""
TRIES_MAX = 24  # The last pause for the rest: three days and a half.


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where a connector connects to."""

    host: str
    port: int
    security: str = "tls"
    """tls from the first byte, starttls, or none, which only this machine's own server should."""
    user: str = ""
    """Empty for a server that asks for none."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """A mailbox of the centre, with the addresses whose mail lies in it."""

    key: str
    client: str
    addresses: tuple[str, ...]
    """As in the plan's numbers; the first one writes."""
    name: str
    """What stands before the address in what goes out."""
    language: str
    """Of whoever has said none."""
    incoming: Server | None
    outgoing: Server | None
    folder: str = "INBOX"
    trusts: str = ""
    """The name by which our own server signs its checks of SPF and DKIM."""
    acknowledges: bool = True
    """Whether whoever brings a new matter is told its reference."""
    has_tags: bool = True
    """Whether `name+tag@domain` reaches the mailbox."""
    kind: str = "query"
    """The kind of case that a new matter is."""

    def own(self, address: str) -> str | None:
        """Give the address of ours that this is, with or without a tag; None if it is none."""
        local, _, domain = address.lower().rpartition("@")
        bare = f"{local.partition('+')[0]}@{domain}"
        return next((each for each in self.addresses if each.lower() in (address, bare)), None)

    def tagged(self, address: str, *, tag: str) -> str:
        """Give the address with a tag."""
        local, _, domain = address.rpartition("@")
        return f"{local}+{tag}@{domain}"


def again_at(*, tries: int, now: datetime) -> datetime | None:
    """Give when to try again after so many tries; None if it was tried long enough."""
    if tries >= TRIES_MAX:
        return None
    place = min(tries, len(RETRY_SECONDS)) - 1
    return now + timedelta(seconds=RETRY_SECONDS[max(0, place)])


def reply_subject(*, subject: str, reference: str) -> str:
    """Give the subject of an answer: one Re:, and the reference once."""
    bare = " ".join(subject.split())
    while bare[:3].lower() == "re:":
        bare = bare[3:].lstrip()
    tag = f"[{reference}]" if reference and reference not in bare else ""
    return " ".join(part for part in ("Re:", bare, tag) if part)
