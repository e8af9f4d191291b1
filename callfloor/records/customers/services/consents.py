"""
Keeping what customers allow and forbid, each word with its time and its evidence.

Refuses: to change a word that was kept. A customer who thinks otherwise has a new one.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callfloor.kernel import access, fields, ids
from callfloor.kernel import events as outbox
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.kernel.keys import ring
from callfloor.records.customers import events
from callfloor.records.customers.models import Consent, Customer
from callfloor.records.customers.queries import consents
from callfloor.records.customers.services import changes

WORDS_CHARACTERS_MAX = 2_000


class NoConsent(Refusal):
    """A purpose or channel of which nobody is asked."""

    code = "customers.no_consent"
    message = _("Choose what it is for and on which channel.")


class WordsTooLong(Refusal):
    """What was said is longer than what is kept of it."""

    code = "customers.words_too_long"
    message = _("This is too long to be kept.")


def keep_consent(
    *,
    customer_id: str,
    purpose: str,
    channel: str,
    given: bool,
    at: datetime,
    evidence: str,
    now: datetime,
    words: str = "",
    by: str | None = None,
) -> str:
    """
    Keep what a customer said, and give its id; the same word twice is kept once.

    For a customer whom the caller has checked. Raises NoConsent, WordsTooLong, ErasedAlready.
    """
    if purpose not in consents.PURPOSES or channel not in consents.CHANNELS:
        raise NoConsent
    if len(words) > WORDS_CHARACTERS_MAX:
        raise WordsTooLong
    customer = Customer.objects.get(id=customer_id)
    key = ring.get(subjects=[customer.subject]).get(customer.subject)
    if key is None:
        raise changes.ErasedAlready
    source = f"{customer_id}:{purpose}:{channel}:{given}:{evidence}:{at.isoformat()}"
    row = Consent(
        id=ids.derive(kind="consent", source=source, at=at.timestamp()),
        client_id=customer.client_id,
        customer=customer,
        purpose=purpose,
        channel=channel,
        given=given,
        at=at,
        evidence=evidence[:100],
        kept_at=now,
        kept_by_id=by,
    )
    fields.encrypt(row, "words", words.strip(), key=key)
    with transaction.atomic():
        if not Consent.objects.filter(id=row.id).exists():
            row.save(force_insert=True)
            outbox.publish(_event(row), subject=f"customer:{customer_id}", now=now)
    return row.id


def write_consent(
    *,
    person: Someone,
    customer_id: str,
    purpose: str,
    channel: str,
    given: bool,
    now: datetime,
    words: str = "",
) -> None:
    """
    Write down what a customer has just told one of us.

    Raises NotFound, Forbidden, and what `keep_consent` raises.
    """
    found = Customer.objects.filter(id=customer_id)
    customer = access.require(person, "customers.document", found)
    with transaction.atomic():
        keep_consent(
            customer_id=customer.id,
            purpose=purpose,
            channel=channel,
            given=given,
            at=now,
            evidence=f"person:{person.key}",
            now=now,
            words=words,
            by=person.key,
        )
        changes.note(
            person, "customer.consent", customer, now=now,
            purpose=purpose, channel=channel, given=given,
        )  # fmt: skip


def _event(row: Consent) -> events.ConsentKept:
    return events.ConsentKept(
        customer=row.customer_id,
        client=row.client_id,
        purpose=row.purpose,
        channel=row.channel,
        given=row.given,
        at=row.at,
    )
