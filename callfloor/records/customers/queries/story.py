"""
What people wrote about a customer beside his contacts: notes, memberships.

Refuses: rights. Whoever asks has checked the customer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from callfloor.kernel import fields, quick
from callfloor.kernel.keys import ring
from callfloor.records.customers.models import CustomerNote, Membership
from callfloor.records.customers.queries import labels

MEMBERS_MAX = 200  # A longer list of an organisation's people is found in the customers' list.


@dataclass(frozen=True, kw_only=True)
class NoteRow:
    """A note, or that there was one."""

    id: str
    customer: str
    at: datetime
    author: str
    text: str
    """Empty if it was removed or cannot be read."""
    removed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class MembershipRow:
    """That somebody belongs to an organisation or household."""

    id: str
    customer: str
    customer_label: str
    whole: str
    whole_label: str
    role: str


def notes_of(*, customer_ids: Iterable[str]) -> list[NoteRow]:
    """Give the notes about customers, latest first."""
    wanted = sorted(set(customer_ids))
    keys = ring.get(subjects=[f"customer:{id_}" for id_ in wanted])
    tail = f"WHERE customer_id IN {quick.marks(wanted)} ORDER BY at DESC, id DESC"
    rows = quick.models(CustomerNote, tail, wanted)
    return [
        NoteRow(
            id=row.id,
            customer=row.customer_id,
            at=row.at,
            author=row.author_id,
            text=fields.decrypt(row, "text", key=keys.get(f"customer:{row.customer_id}")) or "",
            removed_at=row.removed_at,
        )
        for row in rows
    ]


def memberships_of(*, customer_ids: Iterable[str]) -> list[MembershipRow]:
    """Give where customers belong, and who belongs to them."""
    wanted = sorted(set(customer_ids))
    either = f"customer_id IN {quick.marks(wanted)} OR whole_id IN {quick.marks(wanted)}"
    tail = f"WHERE {either} ORDER BY added_at, id LIMIT {MEMBERS_MAX}"
    rows = quick.models(Membership, tail, wanted + wanted)
    keys = ring.get(subjects=[f"customer:{row.customer_id}" for row in rows])
    called = labels.called(ids=[each for row in rows for each in (row.customer_id, row.whole_id)])
    return [
        MembershipRow(
            id=row.id,
            customer=row.customer_id,
            customer_label=called[row.customer_id].label,
            whole=row.whole_id,
            whole_label=called[row.whole_id].label,
            role=fields.decrypt(row, "role", key=keys.get(f"customer:{row.customer_id}")) or "",
        )
        for row in rows
    ]
