"""
What customers have allowed: the last word of a purpose counts, from the moment it was kept.

Refuses: to remember an answer. Each question reads what stands now.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from callfloor.kernel import fields, quick
from callfloor.kernel.keys import ring
from callfloor.records.customers import rules
from callfloor.records.customers.models import Consent
from callfloor.records.customers.queries import merged

PURPOSE_RECORDING = "recording"
PURPOSES = ("marketing", "survey", PURPOSE_RECORDING, "analytics", "contact")
"""What customers are asked about; `contact` is to be written to or called of our own accord."""
CHANNELS = (rules.ANY_CHANNEL, "call", "chat", "mail", "message", "post")


@dataclass(frozen=True, kw_only=True)
class ConsentRow:
    """What a customer said once, with its evidence."""

    id: str
    customer: str
    purpose: str
    channel: str
    given: bool
    at: datetime
    evidence: str
    words: str
    """What was asked or said, in clear; empty if it was not written down or cannot be read."""
    kept_by: str | None
    """Who wrote it down; None for the customer himself or a process."""
    counts: bool
    """Whether it is the last word of its purpose and channel."""


def may(*, customer_id: str, purpose: str, channel: str) -> bool:
    """
    Say whether a customer allows something now; what he never spoke of he does not allow.

    Whatever was said by anybody whom people found to be him counts as said by him.
    """
    return _last(customer_id, purpose, channel) is True


def refused(*, customer_id: str, purpose: str, channel: str) -> bool:
    """Say whether a customer has forbidden something; what he never spoke of he has not."""
    return _last(customer_id, purpose, channel) is False


def consents_of(*, customer_ids: Iterable[str]) -> list[ConsentRow]:
    """Give what customers have said, latest first, for a record that has been checked already."""
    wanted = sorted(set(customer_ids))
    keys = ring.get(subjects=[f"customer:{id_}" for id_ in wanted])
    tail = f"WHERE customer_id IN {quick.marks(wanted)} ORDER BY at DESC, kept_at DESC, id DESC"
    rows = quick.models(Consent, tail, wanted)
    latest: dict[tuple[str, str], str] = {}
    for row in rows:
        latest.setdefault((row.purpose, row.channel), row.id)
    return [
        ConsentRow(
            id=row.id,
            customer=row.customer_id,
            purpose=row.purpose,
            channel=row.channel,
            given=row.given,
            at=row.at,
            evidence=row.evidence,
            words=fields.decrypt(row, "words", key=keys.get(f"customer:{row.customer_id}")) or "",
            kept_by=row.kept_by_id,
            counts=latest[row.purpose, row.channel] == row.id,
        )
        for row in rows
    ]


def _last(customer_id: str, purpose: str, channel: str) -> bool | None:
    together = merged.together(customer_id=customer_id)
    tail = f"WHERE customer_id IN {quick.marks(together)} AND purpose = %s"
    rows = quick.models(Consent, tail, [*together, purpose])
    words = [
        rules.Word(channel=row.channel, given=row.given, at=row.at, kept_at=row.kept_at)
        for row in rows
    ]
    return rules.last_word(words, channel=channel)
