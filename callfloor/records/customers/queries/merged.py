"""
Who is one with whom: customers that people found to be the same person.

Rows stay with the customer under whom they came, and are read together. Refuses: rights; whoever
asks has checked one of them, and all of them are of one client.
"""

from collections.abc import Iterable

from callfloor.kernel import quick
from callfloor.records.customers.models import Customer

_TABLE = quick.table(Customer)
SAME = (
    "WITH RECURSIVE up(id, head) AS ("
    f"SELECT id, merged_into_id FROM {_TABLE} WHERE merged_into_id IS NOT NULL "
    f"UNION SELECT up.id, c.merged_into_id FROM up JOIN {_TABLE} c ON c.id = up.head "
    "WHERE c.merged_into_id IS NOT NULL), "
    "whole(id, head) AS ("
    f"SELECT up.id, up.head FROM up JOIN {_TABLE} c ON c.id = up.head "
    "WHERE c.merged_into_id IS NULL), "
    "same(id, head) AS (SELECT id, head FROM whole UNION SELECT head, head FROM whole)"
)
"""The beginning of a statement: `same` has everybody who was merged, with whom he is one."""


def together(*, customer_id: str) -> tuple[str, ...]:
    """
    Give the ids of everybody who is this customer, first the one whose page shows all of it.

    One id for a customer who was never merged, none for one who is not there.
    """
    table = quick.table(Customer)
    sql = (
        f"WITH RECURSIVE up(id, into_id) AS ("
        f"SELECT id, merged_into_id FROM {table} WHERE id = %s "
        f"UNION SELECT c.id, c.merged_into_id FROM {table} c JOIN up ON c.id = up.into_id), "
        f"down(id, depth) AS (SELECT id, 0 FROM up WHERE into_id IS NULL "
        f"UNION SELECT c.id, depth + 1 FROM {table} c JOIN down ON c.merged_into_id = down.id) "
        f"SELECT id FROM down ORDER BY depth, id"
    )
    return tuple(id_ for (id_,) in quick.fetch(sql, [customer_id]))


def heads(*, ids: Iterable[str]) -> dict[str, str]:
    """Give for each customer the one whose page shows him; himself if he was never merged."""
    wanted = sorted(set(ids))
    table = quick.table(Customer)
    sql = (
        f"WITH RECURSIVE up(start, id, into_id) AS ("
        f"SELECT id, id, merged_into_id FROM {table} WHERE id IN {quick.marks(wanted)} "
        f"UNION SELECT up.start, c.id, c.merged_into_id "
        f"FROM {table} c JOIN up ON c.id = up.into_id) "
        f"SELECT start, id FROM up WHERE into_id IS NULL"
    )
    return dict(quick.fetch(sql, wanted))
