"""
Who saw, heard or took out something of one customer, as the audit chain has it.

Refuses: to leave lists out. Whoever had him in a list of customers or contacts has seen him too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from callfloor.kernel import access, audit
from callfloor.kernel.access import Someone
from callfloor.kernel.models import AuditEntry
from callfloor.records.customers import queries as customers
from callfloor.records.customers.models import Customer
from callfloor.records.interactions.models import Interaction, Recording
from callfloor.records.people import queries as people

LISTS = ("customers", "interactions")
"""What an entry of a list is about; the ids that were shown stand in its detail."""
LISTS_MAX = 20_000  # The latest lists that are looked through, a fifth of a second.
ROWS_MAX = 500  # More than this is read from an export of the audit log.
BATCH = 400  # Values of one question, below SQLite's limit of variables.


@dataclass(frozen=True, kw_only=True)
class SeenRow:
    """Somebody who saw something of a customer."""

    number: int
    at: datetime
    by: str
    by_name: str
    action: str
    about: str


def seen(*, person: Someone, customer_id: str, now: datetime) -> list[SeenRow]:
    """
    Give who saw what of a customer, latest first; that this was asked is noted too.

    Raises NotFound, Forbidden.
    """
    found = Customer.objects.filter(id=customer_id)
    customer = access.require(person, "audit.read", found)
    together = customers.together(customer_id=customer.id)
    contacts = set(
        Interaction.objects.filter(customer_id__in=together).values_list("id", flat=True)
    )
    rows = {row.number: row for row in _about(_subjects(together, contacts))}
    rows |= {row.number: row for row in _lists(contacts | set(together))}
    latest = sorted(rows.values(), key=lambda row: row.number, reverse=True)[:ROWS_MAX]
    names = people.names_of(keys={row.by for row in latest})
    audit.note(
        by=person.key, action="customer.access_read", about=f"customer:{customer.id}", now=now,
        client=customer.client_id,
    )  # fmt: skip
    return [
        SeenRow(
            number=row.number,
            at=row.at,
            by=row.by,
            by_name=names.get(row.by, row.by),
            action=row.action,
            about=row.about,
        )
        for row in latest
    ]


def _subjects(together: Iterable[str], contacts: set[str]) -> list[str]:
    """Name everything of a customer that an entry may be about."""
    sounds = Recording.objects.filter(interaction__customer_id__in=list(together))
    return [
        *(f"customer:{id_}" for id_ in together),
        *(f"interaction:{id_}" for id_ in sorted(contacts)),
        *(f"recording:{id_}" for id_ in sounds.values_list("id", flat=True)),
    ]


def _about(subjects: list[str]) -> Iterable[AuditEntry]:
    for start in range(0, len(subjects), BATCH):
        some = subjects[start : start + BATCH]
        yield from AuditEntry.objects.filter(about__in=some).order_by("-number")[:ROWS_MAX]


def _lists(wanted: set[str]) -> Iterable[AuditEntry]:
    entries = AuditEntry.objects.filter(about__in=LISTS).order_by("-number")[:LISTS_MAX]
    for entry in entries.iterator(chunk_size=1_000):
        if wanted.intersection(entry.detail.get("ids", ())):
            yield entry
