"""
Two customers are found to be one, and are two again when that was wrong.

Nothing is moved: a merge is a row and a pointer, so that taking it back leaves both as they were.
What comes in meanwhile stands under the one by whose number or address it came.
Refuses: to find out by itself. Each merge is a person's word, and it is in the audit log.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callfloor.kernel import access, ids
from callfloor.kernel import events as outbox
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.records.customers import events, rules
from callfloor.records.customers.models import Customer, Identity, Merge
from callfloor.records.customers.queries import merged
from callfloor.records.customers.services import changes

SAME = "same"
TOGETHER_MAX = 50  # One person with more customers than this is a fault of an import.


class AlreadyOne(Refusal):
    """Both are the same customer already."""

    code = "customers.already_one"
    message = _("These two are one customer already.")


class CannotBeOne(Refusal):
    """A simulated customer and a real one, an erased one, or far too many."""

    code = "customers.cannot_be_one"
    message = _("These two cannot be merged: one of them is simulated, erased, or of too many.")


class ExternalIdsDiffer(Refusal):
    """Another system says that these are two."""

    code = "customers.external_ids_differ"
    message = _(
        "Each of them has a number of its own in another system. If they are one nevertheless,"
        " say so once more."
    )


class KnownAlready(Refusal):
    """Of whom more is known than that he called, he is merged by those who may."""

    code = "customers.known_already"
    message = _("This customer is known already. Merging two customers is not among your duties.")


class NothingToUndo(Refusal):
    """The merge was taken back already."""

    code = "customers.nothing_to_undo"
    message = _("This has been taken back already.")


def attach(
    *, person: Someone, customer_id: str, kept_id: str, why: str, now: datetime, chance: bytes
) -> str:
    """
    Say that somebody of whom nothing was known is this customer; give the id of the merge.

    `why` is the contact in which that was seen, as `interaction:ID`. Raises NotFound, Forbidden,
    KnownAlready, AlreadyOne, CannotBeOne.
    """
    customer = _mine(person, "customers.document", customer_id)
    kept = _mine(person, "customers.document", kept_id)
    if not _is_unknown(customer) and not person.rights.may("customers.merge"):
        raise KnownAlready
    return _merge(person, kept, customer, why=why, sure=False, now=now, chance=chance)


def merge(
    *,
    person: Someone,
    customer_id: str,
    kept_id: str,
    now: datetime,
    chance: bytes,
    sure: bool = False,
) -> str:
    """
    Say that two customers are one, and give the id of the merge; `kept_id` shows both from now on.

    `sure` is the person's word for two whom another system tells apart. Raises NotFound,
    Forbidden, AlreadyOne, CannotBeOne, ExternalIdsDiffer.
    """
    customer = _mine(person, "customers.merge", customer_id)
    kept = _mine(person, "customers.merge", kept_id)
    return _merge(person, kept, customer, why=SAME, sure=sure, now=now, chance=chance)


def undo_merge(*, person: Someone, merge_id: str, now: datetime) -> str:
    """
    Take a merge back and give the customer who stands alone again.

    Raises NotFound, Forbidden, NothingToUndo.
    """
    found = Merge.objects.filter(id=merge_id)
    row = found.first()
    may = "customers.merge" if row is None or row.why == SAME else "customers.document"
    row = access.require(person, may, found)
    with transaction.atomic():
        Customer.objects.select_for_update().get(id=row.customer_id)
        open_one = Merge.objects.filter(id=row.id, undone_at=None)
        if not open_one.update(undone_at=now, undone_by_id=person.key):
            raise NothingToUndo
        Customer.objects.filter(id=row.customer_id).update(merged_into=None)
        event = events.MergeUndone(
            customer=row.customer_id, out_of=row.kept_id, client=row.client_id, undone_at=now
        )
        outbox.publish(event, subject=f"customer:{row.customer_id}", now=now)
        _note_both(person, "customer.unmerged", row, now=now)
    return row.customer_id


def _mine(person: Someone, permission: str, customer_id: str) -> Customer:
    return access.require(person, permission, Customer.objects.filter(id=customer_id))


def _is_unknown(customer: Customer) -> bool:
    """Say whether nobody has given somebody a name yet, here or in another system."""
    return customer.name is None and not _external((customer.id,))


def _merge(
    person: Someone,
    kept: Customer,
    customer: Customer,
    *,
    why: str,
    sure: bool,
    now: datetime,
    chance: bytes,
) -> str:
    with transaction.atomic():
        head, other = _held([kept.id, customer.id])
        _check(head, other, sure=sure)
        row = Merge(
            id=ids.make(now=now.timestamp(), chance=chance),
            client_id=head.client_id,
            kept=head,
            customer=other,
            why=why[:100],
            at=now,
            by_id=person.key,
        )
        row.save(force_insert=True)
        Customer.objects.filter(id=other.id).update(merged_into=head)
        event = events.CustomersMerged(
            customer=other.id, into=head.id, client=head.client_id, merged_at=now
        )
        outbox.publish(event, subject=f"customer:{other.id}", now=now)
        _note_both(person, "customer.merged", row, now=now)
    return row.id


def _held(customer_ids: list[str]) -> list[Customer]:
    """
    Give the customers who stand for these two, held until the transaction ends.

    Raises AlreadyOne, also if somebody else has merged them since they were looked at.
    """
    before = merged.heads(ids=customer_ids)
    rows = Customer.objects.select_for_update().filter(id__in=before.values()).order_by("id")
    found = {row.id: row for row in rows}
    after = merged.heads(ids=customer_ids)
    if len(found) < 2 or after != before:
        raise AlreadyOne
    return [found[after[id_]] for id_ in customer_ids]


def _check(head: Customer, other: Customer, *, sure: bool) -> None:
    together = merged.together(customer_id=head.id), merged.together(customer_id=other.id)
    is_fit = head.client_id == other.client_id and head.simulated == other.simulated
    is_erased = head.erased_at is not None or other.erased_at is not None
    if not is_fit or is_erased or sum(map(len, together)) > TOGETHER_MAX:
        raise CannotBeOne
    mine, his = (_external(ids_) for ids_ in together)
    if mine and his and not mine & his and not sure:
        raise ExternalIdsDiffer


def _external(customer_ids: tuple[str, ...]) -> set[str]:
    rows = Identity.objects.filter(customer_id__in=customer_ids, kind=rules.KIND_EXTERNAL)
    return set(rows.values_list("index", flat=True))


def _note_both(person: Someone, action: str, row: Merge, *, now: datetime) -> None:
    changes.note(person, action, row.kept, now=now, other=row.customer_id, merge=row.id)
    changes.note(person, action, row.customer, now=now, other=row.kept_id, merge=row.id)
