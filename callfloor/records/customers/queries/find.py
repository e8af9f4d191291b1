"""
Customers of a person's clients in a list: by number, address, name, tag, or all of them.

Every row that is shown was decrypted, so every list is noted in the audit log.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from callfloor.kernel import access, audit, lists, quick
from callfloor.kernel.access import Someone
from callfloor.kernel.keys import ring
from callfloor.kernel.lists import Order
from callfloor.kernel.pages import Page
from callfloor.records.customers import rules
from callfloor.records.customers.models import Customer, Identity, NameWord, Tag
from callfloor.records.customers.queries import labels, merged
from callfloor.records.people import queries as people

ORDERS = {
    "last": Order(column="last_seen_at"),
    "longest_ago": Order(column="last_seen_at", falls=False),
    "newest": Order(column="first_seen_at"),
    "oldest": Order(column="first_seen_at", falls=False),
}
"""How a list may stand: by the last contact or by the first, from either end."""
TAGS_MAX = 200  # A longer list to choose from is no help.
FOUND_MAX = 500  # Customers who have all words of a name; more words make it fewer.


@dataclass(frozen=True, kw_only=True)
class CustomerRow:
    """A customer in a list."""

    id: str
    client: str
    client_name: str
    kind: str
    label: str
    """The name, else the number or address, else what is known of neither."""
    language: str
    first_seen_at: datetime
    last_seen_at: datetime
    erased_at: datetime | None
    simulated: bool


def find(
    *,
    person: Someone,
    now: datetime,
    number: str | None = None,
    text: str | None = None,
    tag: str | None = None,
    kind: str | None = None,
    client: str | None = None,
    include_simulated: bool = False,
    order: str = "last",
    page: int = 1,
    size: int = 50,
) -> Page[CustomerRow]:
    """
    Give the customers of the person's clients in one of ORDERS, who called last first.

    `text` is a whole number, a whole address, or whole words of a name; `number` only the first.
    Customers who were merged stand as the one that they are. Raises Forbidden without the duty.
    """
    clients = access.clients_of(person, "customers.read")
    conditions = _conditions(number=number, text=text, tag=tag, kind=kind)
    if not include_simulated:
        conditions.add("simulated = %s", False)
    named = people.client_names(person=person)
    result = lists.cut(
        Customer,
        clients=[each for each in clients if client in (None, each)],
        conditions=conditions,
        order=ORDERS.get(order, ORDERS["last"]),
        page=page,
        size=size,
        build=lambda rows: _rows(rows, client_names=named),
    )
    _note_list(person, result.rows, by_number=bool(number or text), now=now)
    return result


def tags(*, person: Someone) -> list[str]:
    """Give the tags of the person's clients, in order of the alphabet. Raises Forbidden."""
    clients = access.clients_of(person, "customers.read")
    sql = f"SELECT DISTINCT tag FROM {quick.table(Tag)} WHERE client_id IN {quick.marks(clients)}"
    return [tag for (tag,) in quick.fetch(f"{sql} ORDER BY tag LIMIT {TAGS_MAX}", clients)]


def having_number(number: str, *, column: str) -> tuple[str, ...]:
    """Give the condition that a column names a customer who has a number, and its values."""
    return _having(rules.KIND_NUMBER, rules.spellings(number), column=column)


def _conditions(
    *, number: str | None, text: str | None, tag: str | None, kind: str | None
) -> lists.Conditions:
    conditions = lists.Conditions()
    sought = [_having(rules.KIND_NUMBER, rules.spellings(number), column="id")] if number else []
    if text and text.strip():
        sought.append(_sought(text.strip()))
    for sql, *values in sought:
        found = _matching(sql, values)
        conditions.add(f"id IN {quick.marks(found)}", *found)
    if tag:
        theirs = f"SELECT customer_id FROM {quick.table(Tag)} WHERE tag = %s"
        conditions.add(f"id IN ({theirs})", tag)
    if kind:
        conditions.add("kind = %s", kind)
    conditions.add("merged_into_id IS NULL")
    return conditions


def _sought(text: str) -> tuple[str, ...]:
    """Take what somebody typed for an address, a number or a name."""
    if "@" in text:
        return _having(rules.KIND_ADDRESS, (text.casefold(),), column="id")
    if any(each.isdecimal() for each in text) and not any(each.isalpha() for each in text):
        return _having(rules.KIND_NUMBER, rules.spellings(text), column="id")
    words = rules.name_words(text)
    indexes = [ring.blind_index(kind="name", value=word) for word in words]
    theirs = f'SELECT customer_id FROM {quick.table(NameWord)} WHERE "index" IN '
    tail = f" GROUP BY customer_id HAVING COUNT(*) = {len(indexes)}"
    return (f"id IN ({theirs}{quick.marks(indexes)}{tail})", *indexes)


def _having(kind: str, forms: Sequence[str], *, column: str) -> tuple[str, ...]:
    indexes = [ring.blind_index(kind=kind, value=form) for form in forms]
    theirs = f'SELECT customer_id FROM {quick.table(Identity)} WHERE kind = %s AND "index" IN '
    return (f"{column} IN ({theirs}{quick.marks(indexes)})", kind, *indexes)


def _matching(sql: str, values: Sequence[str]) -> list[str]:
    """Give those whom a condition finds, each as the one that he is now."""
    table = quick.table(Customer)
    found = quick.fetch(f"SELECT id FROM {table} WHERE {sql} LIMIT {FOUND_MAX}", values)
    return sorted(set(merged.heads(ids=[id_ for (id_,) in found]).values())) if found else []


def _rows(customers: list[Customer], *, client_names: dict[str, str]) -> list[CustomerRow]:
    known = labels.opened([(each.id, each.name, each.erased_at) for each in customers])
    return [
        CustomerRow(
            id=customer.id,
            client=customer.client_id,
            client_name=client_names.get(customer.client_id, ""),
            kind=customer.kind,
            label=known[customer.id].label,
            language=customer.language,
            first_seen_at=customer.first_seen_at,
            last_seen_at=customer.last_seen_at,
            erased_at=customer.erased_at,
            simulated=customer.simulated,
        )
        for customer in customers
    ]


def _note_list(
    person: Someone, rows: Sequence[CustomerRow], *, by_number: bool, now: datetime
) -> None:
    if rows:
        detail = {"ids": [row.id for row in rows], "by_number": by_number}
        audit.note(
            by=person.key, action="customer.listed", about="customers", now=now, detail=detail
        )
