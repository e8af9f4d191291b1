"""
One page of a long table of several clients, in the order of an instant.

Each client's rows stand sorted in an index; the first of each are put together, so that a page
costs the same in a table of a hundred rows and of ten million.
Refuses: to know whose rows may be seen. The clients come from whoever has checked that.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

from callfloor.kernel import quick
from callfloor.kernel.pages import SIZE_MAX, Page

Row = TypeVar("Row")
Found = TypeVar("Found", bound=Model)


@dataclass
class Conditions:
    """What rows must fulfil, as text with placeholders and the values for them."""

    parts: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, text: str, *values: Any) -> None:
        """Ask for one thing more."""
        self.parts.append(text)
        self.values += values

    def and_(self, text: str, *values: Any) -> "Conditions":
        """Give others that ask for one thing more."""
        return Conditions([*self.parts, text], [*self.values, *values])

    def text(self) -> str:
        """Give the text that follows upon another condition."""
        return "".join(f" AND {part}" for part in self.parts)


@dataclass(frozen=True, kw_only=True)
class Order:
    """By which instant rows stand, and whether the latest comes first; ids decide a tie."""

    column: str
    falls: bool = True

    def text(self) -> str:
        """Give what follows upon ORDER BY."""
        way = "DESC" if self.falls else "ASC"
        return f"{self.column} {way}, id {way}"


def instant(value: Any) -> Any:
    """Give an instant as this database writes it."""
    return connection.ops.adapt_datetimefield_value(value)


def cut(
    model: type[Found],
    *,
    clients: Sequence[str],
    conditions: Conditions,
    order: Order,
    page: int,
    size: int,
    build: Callable[[list[Found]], list[Row]],
    without: Sequence[str] = (),
) -> Page[Row]:
    """
    Read one page and turn its models into rows, all of them at once.

    A page or size out of range is brought into it: a link that is too old still shows something.
    `without` names some few rows that are left out.
    """
    size = min(max(1, size), SIZE_MAX)
    total = _count(model, clients, conditions)
    if without:  # Counted apart: the index that counts all of them does not know their ids.
        left_out = f"id IN {quick.marks(without)}"
        total -= _count(model, clients, conditions.and_(left_out, *without))
        conditions = conditions.and_(f"NOT {left_out}", *without)
    page = min(max(1, page), max(1, -(-total // size)))
    ids = _ids(model, clients, conditions, order, (page - 1) * size, size) if total else []
    found = {row.pk: row for row in quick.models(model, f"WHERE id IN {quick.marks(ids)}", ids)}
    rows = build([found[id_] for id_ in ids if id_ in found])
    return Page(rows=tuple(rows), page=page, size=size, total=total)


def _count(model: type[Model], clients: Sequence[str], conditions: Conditions) -> int:
    sql = f"SELECT COUNT(*) FROM {quick.table(model)} WHERE client_id IN {quick.marks(clients)}"
    return int(quick.fetch(sql + conditions.text(), [*clients, *conditions.values])[0][0])


def _ids(
    model: type[Model],
    clients: Sequence[str],
    conditions: Conditions,
    order: Order,
    offset: int,
    size: int,
) -> list[str]:
    one = (
        f"SELECT id, {order.column} FROM {quick.table(model)} WHERE client_id = %s"
        f"{conditions.text()} ORDER BY {order.text()} LIMIT {offset + size}"
    )
    each = [f"SELECT id, {order.column} FROM ({one}) AS of_{n}" for n in range(len(clients))]
    values = [value for client in clients for value in (client, *conditions.values)]
    together = f"SELECT id FROM ({' UNION ALL '.join(each)}) AS found ORDER BY {order.text()}"
    return [id_ for (id_,) in quick.fetch(f"{together} LIMIT {size} OFFSET {offset}", values)]
