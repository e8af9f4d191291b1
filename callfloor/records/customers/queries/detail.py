"""
One customer whole, with whoever was found to be the same; each reading is noted.

Refuses: what happened with him. His contacts belong to the nouns above.
"""

from dataclasses import dataclass
from datetime import datetime

from callfloor.kernel import access, audit, fields, quick
from callfloor.kernel.access import Someone
from callfloor.kernel.keys import ring
from callfloor.records.customers.models import Customer, Tag
from callfloor.records.customers.queries import labels, merged
from callfloor.records.customers.queries.labels import IdentityRow
from callfloor.records.people import queries as people


@dataclass(frozen=True, kw_only=True)
class CustomerDetail:
    """A customer whole."""

    id: str
    """The one whose page shows everything; another than was asked for if the two were merged."""
    client: str
    client_name: str
    kind: str
    name: str
    """Empty if it is not known."""
    label: str
    language: str
    first_seen_at: datetime
    last_seen_at: datetime
    erased_at: datetime | None
    identities: tuple[IdentityRow, ...]
    tags: tuple[str, ...]
    priority_seconds: float
    preferred_agent: str | None
    held_at: datetime | None
    hold_reason: str
    simulated: bool
    together: tuple[str, ...]
    """Everybody who is this customer, himself first."""


def require(*, person: Someone, customer_id: str) -> str:
    """
    Give the client of a customer whom a person may know of, without reading anything of him.

    Raises NotFound for a customer of a foreign client, Forbidden without the duty.
    """
    return access.require_key(person, "customers.read", Customer, customer_id).client_id


def detail(*, person: Someone, customer_id: str, now: datetime) -> CustomerDetail:
    """
    Give a customer whole; the reading is noted.

    Raises NotFound for a customer of a foreign client, Forbidden without the duty.
    """
    access.require_key(person, "customers.read", Customer, customer_id)
    together = merged.together(customer_id=customer_id)
    rows = quick.models(Customer, f"WHERE id IN {quick.marks(together)}", together)
    found = {row.id: row for row in rows}
    customer = found[together[0]]
    about = f"customer:{customer.id}"
    audit.note(
        by=person.key, action="customer.read", about=about, client=customer.client_id, now=now
    )
    key = ring.get(subjects=[customer.subject]).get(customer.subject)
    called = labels.called(ids=together)
    name = next((called[id_].name for id_ in together if called[id_].name), "")
    identities = tuple(labels.identities_of(together))
    return CustomerDetail(
        id=customer.id,
        client=customer.client_id,
        client_name=people.client_names(person=person).get(customer.client_id, ""),
        kind=customer.kind,
        name=name,
        label=labels.label(
            name=name, identities=_by_kind(identities), is_erased=customer.erased_at is not None
        ),
        language=customer.language,
        first_seen_at=min(each.first_seen_at for each in found.values()),
        last_seen_at=max(each.last_seen_at for each in found.values()),
        erased_at=customer.erased_at,
        identities=identities,
        tags=tags_of(together),
        priority_seconds=customer.priority_seconds,
        preferred_agent=customer.preferred_agent_id,
        held_at=customer.held_at,
        hold_reason=fields.decrypt(customer, "hold_reason", key=key) or "",
        simulated=customer.simulated,
        together=together,
    )


def tags_of(customer_ids: tuple[str, ...]) -> tuple[str, ...]:
    """Give the tags of customers, each once, in order of the alphabet."""
    sql = f"SELECT DISTINCT tag FROM {quick.table(Tag)} WHERE customer_id IN "
    found = quick.fetch(sql + quick.marks(customer_ids), customer_ids)
    return tuple(sorted(tag for (tag,) in found))


def _by_kind(identities: tuple[IdentityRow, ...]) -> dict[str, list[str]]:
    kinds: dict[str, list[str]] = {}
    for row in identities:
        kinds.setdefault(row.kind, []).append(row.value)
    return kinds
