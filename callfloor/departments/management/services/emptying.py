"""
The bytes of the erased are removed as well: sealed values, sound, files.

Without its key no value can be read; with the bytes gone there is nothing left to try.
Refuses: to touch a number that somebody counts. Only sealed fields are emptied.
"""

import contextlib
from datetime import datetime
from typing import Any

from django.db import OperationalError, connection, models, transaction

from callfloor.departments.management.queries import places
from callfloor.departments.management.queries.places import Place
from callfloor.kernel.keys import ring
from callfloor.records.customers.models import Customer
from callfloor.records.interactions.models import Interaction
from callfloor.records.interactions.services import attachments, recordings

CUSTOMERS_MAX = 20  # Of one round; an erasure that somebody waits for is one of them.
ROWS_MAX = 200  # Emptied by one statement, some 10 ms.


def empty_erased(*, now: datetime) -> int:
    """Remove the bytes of some customers who were erased; give how many customers."""
    found = Customer.objects.exclude(erased_at=None).filter(emptied_at=None)
    ids = list(found.order_by("erased_at").values_list("id", flat=True)[:CUSTOMERS_MAX])
    for id_ in ids:
        empty(id_, now=now)
    if ids:
        clean()
    return len(ids)


def empty(customer_id: str, *, now: datetime) -> None:
    """Remove the bytes of one customer whose key is destroyed."""
    recordings.remove_files(customer_id=customer_id)
    contacts = Interaction.objects.filter(customer_id=customer_id).order_by("id")
    attachments.delete_files(interaction_ids=list(contacts.values_list("id", flat=True)))
    for place in places.places():
        if place.sealed:
            empty_rows(place, place.rows((customer_id,)))
    Customer.objects.filter(id=customer_id).update(emptied_at=now)


def empty_rows(place: Place, rows: models.QuerySet[Any], *, limit: int | None = None) -> int:
    """Empty the sealed fields of rows, a few at a time; give how many rows had something."""
    nothing = {name: _nothing(place, name) for name in place.sealed}
    full = models.Q()
    for name, value in nothing.items():
        full |= ~models.Q(**{name: value}) if value is not None else models.Q(
            **{f"{name}__isnull": False}
        )  # fmt: skip
    done = 0
    while limit is None or done < limit:
        some = rows.filter(full).values_list("pk", flat=True)
        keys = list(some[: min(ROWS_MAX, (limit or ROWS_MAX))])
        if not keys:
            break
        with transaction.atomic():
            place.model._default_manager.filter(pk__in=keys).update(**nothing)
        done += len(keys)
    return done


def clean() -> None:
    """Empty the logs in which removed bytes may still stand; PostgreSQL does so by itself."""
    ring.clean()
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor, contextlib.suppress(OperationalError):
        # A reader may be in the way; the worker's job comes by again.
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _nothing(place: Place, name: str) -> bytes | None:
    return None if place.model._meta.get_field(name).null else b""
