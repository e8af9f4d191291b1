"""Which customers were found to be one, by whom, and what was taken back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from callfloor.kernel import quick
from callfloor.records.customers.models import Merge


@dataclass(frozen=True, kw_only=True)
class MergeRow:
    """That two customers were found to be one."""

    id: str
    kept: str
    customer: str
    why: str
    """same, or the contact that was attached, as `interaction:ID`."""
    at: datetime
    by: str
    undone_at: datetime | None
    undone_by: str | None


def merges_of(*, customer_ids: Iterable[str]) -> list[MergeRow]:
    """Give the merges of customers, latest first, for a record that has been checked already."""
    wanted = sorted(set(customer_ids))
    either = f"kept_id IN {quick.marks(wanted)} OR customer_id IN {quick.marks(wanted)}"
    tail = f"WHERE {either} ORDER BY at DESC, id DESC"
    return [
        MergeRow(
            id=row.id,
            kept=row.kept_id,
            customer=row.customer_id,
            why=row.why,
            at=row.at,
            by=row.by_id,
            undone_at=row.undone_at,
            undone_by=row.undone_by_id,
        )
        for row in quick.models(Merge, tail, wanted + wanted)
    ]
