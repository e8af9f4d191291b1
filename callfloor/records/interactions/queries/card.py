"""
Who rings or talks now: what is known of a caller before the records have his call.

The values come sealed from the board; their key lies in the floor's journal until the records
have taken them over, and under the customer's key from then on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from callfloor.kernel import access, audit, fields, journal
from callfloor.kernel.access import Someone
from callfloor.kernel.keys import ring
from callfloor.records.customers import queries as customers
from callfloor.records.customers import rules
from callfloor.records.interactions.models import Interaction, TimelineEntry


@dataclass(frozen=True, kw_only=True)
class TypedRow:
    """Digits that the caller typed, and what they are."""

    label: str
    digits: str
    """Empty if they cannot be read."""


@dataclass(frozen=True, kw_only=True)
class Card:
    """What an agent needs to know of a caller at first sight."""

    number: str
    """In clear; empty if it was withheld."""
    name: str
    customer_id: str | None
    customer_label: str
    language: str
    """The customer's own choice of an earlier call; empty if none."""
    contacts_before: int
    typed: tuple[TypedRow, ...]


def card(
    *,
    person: Someone,
    item: str,
    client: str,
    now: datetime,
    sealed: str | None = None,
    typed: Sequence[tuple[str, str | None]] = (),
    token: str | None = None,
) -> Card:
    """
    Give what is known of a caller; the reading is noted.

    Raises NotFound for a foreign client, Forbidden without a duty for it.
    """
    access.check_any(person, "calls.take", "floor.see", client=client)
    about = f"interaction:{item}"
    audit.note(by=person.key, action="caller.read", about=about, client=client, now=now)
    key = _item_key(item)
    caller = _opened(sealed, key=key, item=item)
    caller = caller if isinstance(caller, dict) else {}
    digits = [(label, _opened(each, key=key, item=item)) for label, each in typed]
    record = Interaction.objects.filter(id=item, client_id=client).first()
    return _card(person, client, token, caller, digits, record)


def _card(
    person: Someone,
    client: str,
    token: str | None,
    caller: dict[str, Any],
    digits: list[tuple[str, Any]],
    record: Interaction | None,
) -> Card:
    known = customers.known_caller(client=client, token=token) if token else None
    customer_id = record.customer_id if record else known.customer if known else None
    theirs = Interaction.objects.filter(customer_id=customer_id)
    before = access.within(person, theirs) if customer_id else None
    if before is not None and record is not None:
        before = before.exclude(id=record.id)
    number = caller.get("number") or _number(customer_id)
    name = (customers.name_of(customer_id=customer_id) if customer_id else "") or caller.get("name")
    return Card(
        number=number,
        name=name or "",
        customer_id=customer_id,
        customer_label=name or (rules.shown(number) if number else ""),
        language=(known.language if known else None) or "",
        contacts_before=before.count() if before is not None else 0,
        typed=tuple(
            TypedRow(label=label, digits=value if isinstance(value, str) else kept)
            for (label, value), kept in zip(digits, _kept(record, len(digits)), strict=True)
        ),
    )


def _item_key(item: str) -> bytes | None:
    with journal.opened(Path(settings.DATA) / "journal.db") as opened:
        wrapped = opened.seals(items=[item]).get(item) if opened else None
    return ring.item_key(wrapped) if wrapped else None


def _opened(sealed: str | None, *, key: bytes | None, item: str) -> Any:
    return ring.item_value(sealed, key=key, item=item) if sealed and key else None


def _number(customer_id: str | None) -> str:
    numbers = customers.numbers_of(customer_id=customer_id) if customer_id else []
    return numbers[0] if numbers else ""


def _kept(record: Interaction | None, count: int) -> list[str]:
    """Give the digits that the records have, in the order in which they were typed."""
    values: list[str] = []
    if record is not None and count:
        subject = f"customer:{record.customer_id}"
        key = ring.get(subjects=[subject]).get(subject)
        entries = TimelineEntry.objects.filter(interaction=record, kind="Typed").order_by("seq")
        values = [fields.decrypt(entry, "value", key=key) or "" for entry in entries[:count]]
    return values + [""] * (count - len(values))
