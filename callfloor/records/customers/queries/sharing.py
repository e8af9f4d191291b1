"""
Who it may be: those who use an identity of which several people make use.

Refuses: to choose. A person does that, with one click that can be taken back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from callfloor.kernel import quick
from callfloor.records.customers.models import Customer, Identity
from callfloor.records.customers.queries import labels, merged

CANDIDATES_MAX = 20  # More than a person compares; the customers' list finds the others.


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Somebody whom a contact may be of."""

    id: str
    label: str
    last_seen_at: datetime


def sharing(*, client: str, kind: str, indexes: Sequence[str]) -> tuple[str, ...]:
    """
    Name those who use an identity, whoever came last first, each as the one that he is now.

    Somebody of whom nothing is known but that he once used it is nobody to be offered.
    """
    own = Identity.objects.filter(customer=OuterRef("pk"), shared=False)
    theirs = Identity.objects.filter(client_id=client, kind=kind, index__in=indexes)
    found = Customer.objects.filter(id__in=theirs.values("customer_id"), erased_at=None)
    found = found.filter(Q(name__isnull=False) | Q(Exists(own)) | Q(merged_into__isnull=False))
    ids = [row.id for row in found.order_by("-last_seen_at", "-id")[:CANDIDATES_MAX]]
    heads = merged.heads(ids=ids) if ids else {}
    return tuple(dict.fromkeys(heads[id_] for id_ in ids))


def candidates_of(*, customer_ids: Iterable[str], said: Iterable[str] = ()) -> list[Candidate]:
    """
    Give who a customer may be by what he shares, for a record that has been checked already.

    `said` are those of his own client whose number or address he says that he has.
    """
    mine = set(customer_ids)
    tail = f"WHERE customer_id IN {quick.marks(mine)} AND shared ORDER BY id"
    rows = quick.models(Identity, tail, sorted(mine))
    ids: dict[str, None] = {}
    for row in rows:
        found = sharing(client=row.client_id, kind=row.kind, indexes=[row.index])
        ids |= dict.fromkeys(id_ for id_ in found if id_ not in mine)
    others = [*said]
    if others:
        heads = merged.heads(ids=others)
        ids |= dict.fromkeys(id_ for each in others if (id_ := heads.get(each)) and id_ not in mine)
    if not ids:
        return []
    known = Customer.objects.filter(id__in=list(ids), erased_at=None)
    customers = {row.id: row for row in known}
    called = labels.called(ids=ids)
    return [
        Candidate(id=id_, label=called[id_].label, last_seen_at=customers[id_].last_seen_at)
        for id_ in ids
        if id_ in customers
    ][:CANDIDATES_MAX]
