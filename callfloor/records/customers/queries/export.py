"""
Customers with names and numbers as lines of a file; each file is noted with what was asked for.

Refuses: whoever may only see customers one at a time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from callfloor.kernel import access, audit
from callfloor.kernel.access import Someone
from callfloor.records.customers.models import Customer, Tag
from callfloor.records.customers.queries import labels

AT_ONCE = 200  # Customers opened at one time.


@dataclass(frozen=True, kw_only=True)
class ExportLine:
    """A customer as an import would read him."""

    id: str
    client: str
    name: str
    kind: str
    language: str
    tags: tuple[str, ...]
    identities: tuple[tuple[str, str], ...]
    """Kind and value."""
    first_seen_at: datetime
    last_seen_at: datetime


def export(
    *, person: Someone, now: datetime, client: str | None = None, limit: int
) -> Iterator[ExportLine]:
    """
    Give the customers of the person's clients, who was seen last first.

    Raises Forbidden without the duty, before anything is given.
    """
    clients = access.clients_of(person, "customers.export")
    wanted = [each for each in clients if client in (None, each)]
    found = Customer.objects.filter(
        client_id__in=wanted, simulated=False, erased_at=None, merged_into=None
    )
    keys = list(found.order_by("-last_seen_at", "-id").values_list("id", flat=True)[:limit])
    audit.note(
        by=person.key, action="customers.exported", about="customers", client=client, now=now,
        detail={"rows": len(keys)},
    )  # fmt: skip
    return _lines(keys)


def _lines(keys: list[str]) -> Iterator[ExportLine]:
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        found = Customer.objects.in_bulk(some)
        called = labels.called(ids=some)
        identities: dict[str, list[tuple[str, str]]] = {}
        for row in labels.identities_of(some):
            identities.setdefault(row.customer, []).append((row.kind, row.value))
        tags: dict[str, list[str]] = {}
        pairs = Tag.objects.filter(customer_id__in=some).order_by("tag")
        for id_, tag in pairs.values_list("customer_id", "tag"):
            tags.setdefault(id_, []).append(tag)
        for id_ in some:
            customer = found[id_]
            yield ExportLine(
                id=id_,
                client=customer.client_id,
                name=called[id_].name,
                kind=customer.kind,
                language=customer.language,
                tags=tuple(tags.get(id_, ())),
                identities=tuple(identities.get(id_, ())),
                first_seen_at=customer.first_seen_at,
                last_seen_at=customer.last_seen_at,
            )
