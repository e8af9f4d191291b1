"""
A question through the form on the web: a customer, a case, a place in the line, a promise.

Refuses: to believe the address. Whoever writes one that is another's learns nothing of him: the
receipt shows this one case.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callfloor.kernel import access, ids, references
from callfloor.kernel.errors import Refusal
from callfloor.records.cases.queries import policy
from callfloor.records.cases.queries.rows import CaseRow
from callfloor.records.cases.rules import clock
from callfloor.records.cases.services import floor, telling
from callfloor.records.cases.services.change import changing
from callfloor.records.cases.services.held import said
from callfloor.records.cases.services.opening import open_case
from callfloor.records.customers import services as customers
from callfloor.records.people.models import Client

KINDS = ("query", "request", "complaint")
"""What can be asked without an agent who knows what else must be known."""
PROMISE_HOURS = 24
NAME_CHARACTERS_MAX = 200


class NoAddress(Refusal):
    """Nobody could be written to."""

    code = "cases.no_address"
    message = _("Write an e-mail address at which we can answer you.")


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What whoever asked is shown."""

    reference: str
    promised_at: datetime
    token: str
    """The last part of the link to his case."""


def ask(
    *,
    client: str,
    kind: str,
    name: str,
    address: str,
    subject: str,
    text: str,
    language: str,
    now: datetime,
    chance: bytes,
) -> Receipt:
    """
    Open a case of a form, promise an answer within 24 hours of open days, and bring it to the line.

    Raises NotFound for a client that there is not, NoAddress, NothingWritten, TextTooLong.
    """
    if kind not in kinds_asked() or not Client.objects.filter(key=client, is_active=True).exists():
        raise access.NotFound
    subject, text = said(subject), said(text)
    try:
        met = customers.meet(
            client=client,
            kind="address",
            value=address,
            evidence=f"form:{ids.make(now=now.timestamp(), chance=chance)}",
            language=language,
            now=now,
            chance=chance,
            name=name.strip()[:NAME_CHARACTERS_MAX],
        )
    except customers.NoIdentity as error:
        raise NoAddress from error
    row = take_in(
        client=client,
        kind=kind,
        customer_id=met.customer_id,
        subject=subject,
        text=text,
        language=language,
        now=now,
        chance=chance[::-1],
    )
    assert row.promised_at is not None
    until = now + timedelta(days=telling.LINK_DAYS)
    return Receipt(
        reference=row.reference,
        promised_at=row.promised_at,
        token=references.link_token(reference=row.reference, until=until),
    )


def kinds_asked() -> tuple[str, ...]:
    """Give the kinds that the form offers: those that this centre uses."""
    used = policy.used_kinds()
    return tuple(kind for kind in KINDS if kind in used)


def take_in(
    *,
    client: str,
    kind: str,
    customer_id: str,
    subject: str,
    text: str,
    language: str,
    now: datetime,
    chance: bytes,
) -> CaseRow:
    """
    Open a case of a customer who was met, with a promise, and bring it to the line.

    Raises NothingWritten, TextTooLong.
    """
    subject, text = said(subject), said(text)
    with transaction.atomic():
        row = open_case(
            client=client,
            kind=kind,
            customer_id=customer_id,
            subject=subject,
            origin=None,
            by=None,
            now=now,
            chance=chance,
            language=language,
            known={} if kind == "query" else {"wish": text},
            promised_at=promise(kind=kind, client=client, now=now),
        )
        with changing(case_id=row.id, by=None, now=now) as change:
            change.add("wrote", text=text)
            telling.tell(change, "opened", now=now)
            floor.bring(change, now=now, text=text)
    return row


def promise(*, kind: str, client: str, now: datetime) -> datetime:
    """Give the instant by which whoever asks now is promised an answer."""
    calendar = policy.promise_of(kind=kind, client=client).calendar
    at = clock.promised(calendar, now.timestamp(), hours=PROMISE_HOURS)
    return datetime.fromtimestamp(at, now.tzinfo)
