"""
What to call customers, and what they are known by, in clear.

Refuses: to say who may know it. Each record that is shown has been checked before.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from callfloor.kernel import fields, quick
from callfloor.kernel.keys import ring
from callfloor.records.customers import rules
from callfloor.records.customers.models import Customer, Identity
from callfloor.records.customers.queries import merged

SHOWN_KINDS = (rules.KIND_NUMBER, rules.KIND_ADDRESS, rules.KIND_HANDLE)
"""What a customer without a name is called by, the first that he has."""


@dataclass(frozen=True, kw_only=True)
class Called:
    """What to call a customer."""

    label: str
    """The name, else the number or address, else what is known of neither."""
    name: str
    """In clear; empty if it is not known."""
    numbers: tuple[str, ...]
    """Those that can be read, in clear."""


@dataclass(frozen=True, kw_only=True)
class IdentityRow:
    """What a customer is known by, and since when."""

    kind: str
    value: str
    """Empty if it cannot be read."""
    evidence: str
    added_at: datetime
    id: str = ""
    customer: str = ""
    """Under whom it stands; another than the one who is shown if the two were merged."""
    confidence: str = "seen"
    shared: bool = False


def called(*, ids: Iterable[str]) -> dict[str, Called]:
    """
    Give what to call customers who stand in a record that has been checked already.

    Whoever was merged into another is called as he is, if he has no name of his own.
    """
    found = _read(ids)
    if not found:
        return {}
    merged_ones = [id_ for id_, _name, _erased_at, into in found if into]
    heads = merged.heads(ids=merged_ones) if merged_ones else {}
    known = {id_ for id_, *_rest in found}
    found += _read(head for head in heads.values() if head not in known)
    opened_ones = opened([row[:3] for row in found])
    return {
        id_: _as_head(each, opened_ones.get(heads.get(id_, ""))) for id_, each in
        opened_ones.items()
    }  # fmt: skip


def opened(found: Sequence[tuple[Any, ...]]) -> dict[str, Called]:
    """Open what customers are called by; each comes as id, sealed name, moment of erasure."""
    keys = ring.get(subjects=[f"customer:{id_}" for id_, *_ in found])
    identities = _identities_of([id_ for id_, *_ in found], keys=keys)
    known = {}
    for id_, sealed, erased_at in found:
        place = fields.place_of(Customer, "name", id_)
        name = fields.opened(sealed, place=place, key=keys.get(f"customer:{id_}")) or ""
        his = identities.get(id_, {})
        known[id_] = Called(
            label=label(name=name, identities=his, is_erased=erased_at is not None),
            name=name,
            numbers=tuple(his.get(rules.KIND_NUMBER, ())),
        )
    return known


def label(*, name: str, identities: Mapping[str, Sequence[str]], is_erased: bool) -> str:
    """Give what to call somebody of whom this is known; identities stand by their kind."""
    if is_erased:
        return gettext("Erased")
    if name:
        return name
    for kind in SHOWN_KINDS:
        if identities.get(kind):
            first = identities[kind][0]
            return rules.shown(first) if kind == rules.KIND_NUMBER else first
    return gettext("Unknown caller")


def numbers_of(*, customer_id: str) -> list[str]:
    """Give a customer's numbers in clear, for a record that has been checked already."""
    return [row.value for row in identities_of([customer_id]) if row.kind == rules.KIND_NUMBER]


def name_of(*, customer_id: str) -> str:
    """Give a customer's name in clear, empty if unknown, for a record checked already."""
    found = called(ids=[customer_id]).get(customer_id)
    return found.name if found else ""


def identities_of(customer_ids: Iterable[str]) -> list[IdentityRow]:
    """
    Give what customers are known by and can be read: of the first customer first, and of each in
    the order in which it became known.
    """
    wanted = list(dict.fromkeys(customer_ids))
    keys = ring.get(subjects=[f"customer:{id_}" for id_ in wanted])
    tail = f"WHERE customer_id IN {quick.marks(wanted)} ORDER BY added_at, id"
    found = sorted(
        quick.models(Identity, tail, wanted), key=lambda row: wanted.index(row.customer_id)
    )
    rows = [_identity(row, key=keys.get(f"customer:{row.customer_id}")) for row in found]
    return [row for row in rows if row.value]


def _read(ids: Iterable[str]) -> list[tuple[Any, ...]]:
    wanted = sorted(set(ids))
    sql = f"SELECT id, name, erased_at, merged_into_id FROM {quick.table(Customer)} WHERE id IN "
    return quick.fetch(sql + quick.marks(wanted), wanted) if wanted else []


def _as_head(own: Called, head: Called | None) -> Called:
    if head is None or own.name or not head.name:
        return own
    return Called(label=head.label, name=head.name, numbers=own.numbers or head.numbers)


def _identities_of(ids: list[str], *, keys: Mapping[str, bytes]) -> dict[str, dict[str, list[str]]]:
    """Give customers' values that can be read by kind, in the order in which they became known."""
    sql = f"SELECT id, customer_id, kind, value FROM {quick.table(Identity)} WHERE kind IN "
    tail = f" AND customer_id IN {quick.marks(ids)} ORDER BY customer_id, added_at, id"
    found: dict[str, dict[str, list[str]]] = {}
    statement = sql + quick.marks(SHOWN_KINDS) + tail
    for id_, customer, kind, sealed in quick.fetch(statement, [*SHOWN_KINDS, *ids]):
        place = fields.place_of(Identity, "value", id_)
        value = fields.opened(sealed, place=place, key=keys.get(f"customer:{customer}"))
        if value:
            found.setdefault(customer, {}).setdefault(kind, []).append(value)
    return found


def _identity(row: Identity, *, key: bytes | None) -> IdentityRow:
    return IdentityRow(
        id=row.id,
        customer=row.customer_id,
        kind=row.kind,
        value=fields.decrypt(row, "value", key=key) or "",
        evidence=row.evidence,
        confidence=row.confidence,
        shared=row.shared,
        added_at=row.added_at,
    )
