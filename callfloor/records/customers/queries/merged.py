"""
Who is one with whom: customers that people found to be the same person.

Rows stay with the customer under whom they came, and are read together. Refuses: rights; whoever
asks has checked one of them, and all of them are of one client.
"""

from collections.abc import Iterable

from callfloor.kernel import quick
from callfloor.records.customers.models import Customer


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
