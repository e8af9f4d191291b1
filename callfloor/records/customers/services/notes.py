"""
Notes and tags: what people write about a customer beside any contact.

Refuses: a tag with anything personal in it, as far as that can be seen: tags stand in clear.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callfloor.kernel import access, fields, ids
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.kernel.keys import ring
from callfloor.records.customers import rules
from callfloor.records.customers.models import Customer, CustomerNote, Tag
from callfloor.records.customers.queries import merged
from callfloor.records.customers.services import changes

CHARACTERS_MAX = 10_000  # Four pages, as for the note of a contact.
TAGS_MAX = 20  # More tags than this tell nobody anything.


class EmptyNote(Refusal):
    """There is nothing to keep."""

    code = "customers.note_empty"
    message = _("Write something first.")


class NoteTooLong(Refusal):
    """The note is longer than a note."""

    code = "customers.note_too_long"
    message = _("This note is too long to be kept.")


class NoTag(Refusal):
    """A tag is a short word, and there are not many of one customer."""

    code = "customers.no_tag"
    message = _("A tag has at most 40 letters, digits and hyphens, and a customer at most 20 tags.")


def add_note(*, person: Someone, customer_id: str, text: str, now: datetime, chance: bytes) -> str:
    """
    Keep a note about a customer and give its id.

    Raises NotFound, Forbidden, ErasedAlready, EmptyNote, NoteTooLong.
    """
    customer, key = _opened(person, customer_id)
    if not text.strip():
        raise EmptyNote
    if len(text) > CHARACTERS_MAX:
        raise NoteTooLong
    row = CustomerNote(
        id=ids.make(now=now.timestamp(), chance=chance),
        client_id=customer.client_id,
        customer=customer,
        at=now,
        author_id=person.key,
    )
    fields.encrypt(row, "text", text.strip(), key=key)
    with transaction.atomic():
        row.save(force_insert=True)
        changes.note(person, "customer.noted", customer, now=now, characters=len(text))
    return row.id


def remove_note(*, person: Someone, note_id: str, now: datetime) -> str:
    """
    Take a note of one's own away, or of others with the duty to change customers; give whose.

    That there was one is still to be seen. Raises NotFound, Forbidden.
    """
    found = CustomerNote.objects.filter(id=note_id, removed_at=None).select_related("customer")
    row = access.require(person, "customers.document", found)
    if row.author_id != person.key:
        access.check(person, "customers.write")
    with transaction.atomic():
        CustomerNote.objects.filter(id=row.id).update(text=None, removed_at=now)
        changes.note(person, "customer.note_removed", row.customer, now=now)
    return row.customer_id


def add_tag(*, person: Someone, customer_id: str, tag: str, now: datetime) -> None:
    """
    Put a customer under a tag; nothing if he stands there.

    Raises NotFound, Forbidden, ErasedAlready, NoTag.
    """
    customer, _key = _opened(person, customer_id)
    word = rules.tag(tag)
    together = merged.together(customer_id=customer.id)
    his = set(Tag.objects.filter(customer_id__in=together).values_list("tag", flat=True))
    if not word or len(his | {word}) > TAGS_MAX:
        raise NoTag
    with transaction.atomic():
        values = {"client_id": customer.client_id, "added_at": now, "added_by_id": person.key}
        _row, is_new = Tag.objects.get_or_create(customer=customer, tag=word, defaults=values)
        if is_new:
            changes.note(person, "customer.tagged", customer, now=now)


def remove_tag(*, person: Someone, customer_id: str, tag: str, now: datetime) -> None:
    """
    Take a customer out from under a tag, and whoever was found to be him.

    Raises NotFound, Forbidden.
    """
    found = Customer.objects.filter(id=customer_id)
    customer = access.require(person, "customers.document", found)
    with transaction.atomic():
        together = merged.together(customer_id=customer.id)
        if Tag.objects.filter(customer_id__in=together, tag=tag).delete()[0]:
            changes.note(person, "customer.untagged", customer, now=now)


def _opened(person: Someone, customer_id: str) -> tuple[Customer, bytes]:
    found = Customer.objects.filter(id=customer_id)
    customer = access.require(person, "customers.document", found)
    key = ring.get(subjects=[customer.subject]).get(customer.subject)
    if customer.erased_at is not None or key is None:
        raise changes.ErasedAlready
    return customer, key
