"""
What was written in interactions, opened for whoever may read it.

Refuses: to note the reading of one message; whoever opens an interaction is noted with it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from callfloor.kernel import access, fields, quick
from callfloor.kernel.access import Someone
from callfloor.kernel.keys import ring
from callfloor.records.interactions.models import Interaction, Message

MESSAGES_MAX = 500  # Of one reading; the next begins after the last number.


@dataclass(frozen=True, kw_only=True)
class MessageRow:
    """One message."""

    id: str
    number: int
    direction: str
    author: str | None
    """The person's key; None for the customer and the centre itself."""
    at: datetime
    kind: str
    text: str
    """Empty if it cannot be read any more."""
    data: dict[str, Any]
    state: str


def messages(*, person: Someone, interaction_id: str, after: int = 0) -> list[MessageRow]:
    """
    Give the messages of an interaction after a number, in order.

    Raises NotFound for a foreign client's, Forbidden without the duty.
    """
    row = access.require_key(person, "interactions.read", Interaction, interaction_id)
    return _of(row, after=after)


def of_interaction(
    *, interaction_id: str, after: int = 0, for_customer: bool = False
) -> list[MessageRow]:
    """Give the messages of an interaction that the caller has checked; a customer sees no note."""
    row = quick.first(Interaction, "WHERE id = %s", [interaction_id])
    assert row is not None, "the caller has checked it"
    return _of(row, after=after, for_customer=for_customer)


def _of(interaction: Interaction, *, after: int, for_customer: bool = False) -> list[MessageRow]:
    notes = "AND direction <> 'note'" if for_customer else ""
    tail = f"WHERE interaction_id = %s AND number > %s {notes} ORDER BY number LIMIT {MESSAGES_MAX}"
    found = quick.models(Message, tail, [interaction.id, after])
    subject = f"customer:{interaction.customer_id}"
    key = ring.get(subjects=[subject]).get(subject) if found else None
    return [
        MessageRow(
            id=row.id,
            number=row.number,
            direction=row.direction,
            author=row.author_id,
            at=row.at,
            kind=row.kind,
            text=fields.decrypt(row, "body", key=key) or "",
            data=row.data,
            state=row.state,
        )
        for row in found
    ]
