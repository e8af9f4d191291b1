"""
A customer's whole thread: his contacts with what was written in them, whoever he was taken for.

Refuses: what hangs on a customer beside his contacts; the noun itself tells that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from callfloor.kernel import fields, quick
from callfloor.kernel.access import Someone
from callfloor.kernel.keys import ring
from callfloor.records.customers import queries as customers
from callfloor.records.customers.queries import CustomerDetail
from callfloor.records.interactions.models import Interaction, Message
from callfloor.records.interactions.queries import rows
from callfloor.records.interactions.queries.rows import InteractionRow

LINES_MAX = 3  # Of each contact; the rest is read on its own page.
LINE_CHARACTERS_MAX = 280


@dataclass(frozen=True, kw_only=True)
class Line:
    """One of the last messages of a contact."""

    direction: str
    """in, out, note."""
    at: datetime
    text: str


@dataclass(frozen=True, kw_only=True)
class Contact:
    """A contact in a thread."""

    row: InteractionRow
    note: str
    """What the agent wrote; empty if nothing, or if it cannot be read."""
    lines: tuple[Line, ...]
    """The last messages, the latest last; empty for a call."""
    written: int
    """How many messages it has."""


@dataclass(frozen=True, kw_only=True)
class Thread:
    """A customer, and his latest contacts."""

    customer: CustomerDetail
    contacts: tuple[Contact, ...]
    """Latest first."""
    total: int


def thread(*, person: Someone, customer_id: str, now: datetime, size: int = 25) -> Thread:
    """
    Give a customer and his latest contacts, whoever he was taken for then; the reading is noted.

    Raises NotFound, Forbidden.
    """
    customer = customers.detail(person=person, customer_id=customer_id, now=now)
    latest, total = rows.of_customers(customer.together, person=person, size=size)
    keys = ring.get(subjects={f"customer:{each.customer_id}" for each in latest})
    lines = _lines([each for each in latest if each.written], keys=keys)
    built = rows.build(latest, person=person)
    return Thread(
        customer=customer,
        contacts=tuple(
            Contact(
                row=row,
                note=fields.decrypt(each, "note", key=keys.get(f"customer:{each.customer_id}"))
                or "",
                lines=tuple(lines.get(each.id, ())),
                written=each.written,
            )
            for each, row in zip(latest, built, strict=True)
        ),
        total=total,
    )


def _lines(found: Sequence[Interaction], *, keys: Mapping[str, bytes]) -> dict[str, list[Line]]:
    """Give the last messages of contacts, all of them by one statement."""
    key_of = {each.id: keys.get(f"customer:{each.customer_id}") for each in found}
    wanted = [f"(interaction_id = %s AND number > {each.written - LINES_MAX})" for each in found]
    if not wanted:
        return {}
    tail = f"WHERE ({' OR '.join(wanted)}) ORDER BY interaction_id, number"
    lines: dict[str, list[Line]] = {}
    for row in _readable(quick.models(Message, tail, [each.id for each in found])):
        text = fields.decrypt(row, "body", key=key_of[row.interaction_id]) or ""
        line = Line(direction=row.direction, at=row.at, text=text[:LINE_CHARACTERS_MAX])
        lines.setdefault(row.interaction_id, []).append(line)
    return lines


def _readable(found: Iterable[Message]) -> list[Message]:
    return [row for row in found if row.kind == "text"]
