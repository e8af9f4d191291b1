"""
Mails between the server and the records: each once, encrypted, until it is a contact.

Refuses: to look into a mail.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from callfloor.connectors.imap.models import Mailbox, Spooled
from callfloor.kernel import fields
from callfloor.kernel.keys import crypt, ring
from callfloor.records.letters.rules import Account
from callfloor.wire.mail import read

PURPOSE = "mail spool"
TRIES_MAX = 3  # A mail that was begun so often and is still new is put aside for a person (R33).
BATCH = 50
KEPT = timedelta(days=30)
"""How long a mail that became no contact can be looked at; what was taken lies with its contact."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A mail that is to become a contact."""

    id: int
    account: str
    client: str
    fetched_at: datetime
    tries: int


def keep(*, account: Account, raw: bytes, uid: int, validity: int, now: datetime) -> bool:
    """
    Keep a mail, and that its mailbox was read up to it; False if it is here already.

    Both lie in one transaction: a mail of which the server is not told yet comes again, and is
    known.
    """
    index = ring.blind_index(kind="mail-fingerprint", value=read.fingerprint(raw))
    with transaction.atomic():
        row, is_new = Spooled.objects.get_or_create(
            account=account.key,
            fingerprint=index,
            defaults={"client_id": account.client, "fetched_at": now},
        )
        if is_new:
            row.body = crypt.encrypt(raw, key=_key(), bound=_place(row.pk))
            row.save(update_fields=["body"])
        advance(account=account.key, uid=uid, validity=validity)
    return is_new


def position(*, account: str, validity: int) -> int:
    """Give the UID up to which a mailbox was read; 0 if its UIDs mean other mails now."""
    box, _is_new = Mailbox.objects.get_or_create(account=account)
    return box.uid if box.validity == validity else 0


def advance(*, account: str, uid: int, validity: int) -> None:
    """Note that a mailbox was read up to a UID."""
    Mailbox.objects.update_or_create(account=account, defaults={"uid": uid, "validity": validity})


def read_to_the_end(*, account: str, now: datetime) -> None:
    """Note that nothing is left to fetch."""
    fresh = {"read_at": now, "failing_since": None, "fault": ""}
    Mailbox.objects.update_or_create(account=account, defaults=fresh)


def failed(*, account: str, fault: str, now: datetime) -> timedelta:
    """Note that a mailbox could not be read; give for how long that has been so."""
    box, _is_new = Mailbox.objects.get_or_create(account=account)
    box.failing_since = box.failing_since or now
    box.fault = fault[:64]
    box.save(update_fields=["failing_since", "fault"])
    return now - box.failing_since


def waiting(*, accounts: list[str]) -> list[Waiting]:
    """Give mails that are to become contacts, in the order in which they were fetched."""
    rows = Spooled.objects.filter(state="new", account__in=accounts).order_by("id")[:BATCH]
    return [
        Waiting(
            id=row.pk,
            account=row.account,
            client=row.client_id,
            fetched_at=row.fetched_at,
            tries=row.tries,
        )
        for row in rows.defer("body")
    ]


def begin(*, id_: int) -> bytes:
    """Note that a mail is looked at now, and give it."""
    row = Spooled.objects.get(pk=id_)
    Spooled.objects.filter(pk=id_).update(tries=row.tries + 1)
    return crypt.decrypt(bytes(row.body or b""), key=_key(), bound=_place(row.pk))


def postpone(*, id_: int, fault: str) -> None:
    """Note why a mail could not be taken this time."""
    Spooled.objects.filter(pk=id_).update(reason=fault[:40])


def taken(*, id_: int, interaction_id: str, state: str = "taken") -> bool:
    """Note that a mail is a contact now; False if it was already. Call it in its transaction."""
    left = Spooled.objects.filter(pk=id_, state="new")
    return bool(left.update(state=state, interaction_id=interaction_id, body=None))


def set_aside(*, id_: int, reason: str) -> bool:
    """Note that a mail is no contact, and why; it can be looked at for a while."""
    left = Spooled.objects.filter(pk=id_, state="new")
    return bool(left.update(state="set_aside", reason=reason[:40]))


def set_aside_mail(*, id_: int) -> bytes | None:
    """Give a mail that was set aside; None when its time is over."""
    row = Spooled.objects.filter(pk=id_, state="set_aside").first()
    if row is None or not row.body:
        return None
    return crypt.decrypt(bytes(row.body), key=_key(), bound=_place(row.pk))


def forget(*, now: datetime) -> int:
    """Empty what was set aside long ago; the fingerprint stays, so that it does not come again."""
    old = Spooled.objects.filter(state="set_aside", fetched_at__lt=now - KEPT)
    return old.exclude(body=None).update(body=None)


def counts() -> dict[str, int]:
    """Count mails by state."""
    return {
        state: Spooled.objects.filter(state=state).count()
        for state in ("new", "taken", "quarantined", "set_aside")
    }


def _key() -> bytes:
    return crypt.derive(ring.centre().private, purpose=PURPOSE)


def _place(id_: int) -> str:
    return fields.place_of(Spooled, "body", id_)
