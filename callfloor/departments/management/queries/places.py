"""
Where something of a customer stands: every table from which foreign keys lead to him.

Nobody has to remember a new table: it is in an export and in an erasure as soon as it points to
a customer or to something of his. A test looks for personal fields that no way leads to.
Refuses: to know a noun or a department by name, but for what has no way by its own nature.
"""

import functools
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from callfloor.kernel import fields
from callfloor.kernel.fields import EncryptedTextField
from callfloor.kernel.keys import crypt
from callfloor.records.customers.models import Customer

OTHERS = {
    "kernel.SubjectKey": "the keys themselves",
    "people.Person": "a colleague, under his own key",
    "customers.Import": "a file of many customers, under its own key, gone after a day",
    "people.Notice": "words between colleagues, under their keys",
    "people.NoticeCopy": "words between colleagues, under their keys",
    "imap.Spooled": "mail of whom nobody knows yet, under the centre's key",
    "kernel.OnceAnswer": "ids of what a request has made, under the centre's key, gone after a day",
    "people.ApiToken": "the digest of a program's token",
    "webhook.Hook": "a secret shared with another system",
    "webhook.Source": "a secret shared with another system",
}
"""Tables with sealed values that are no customer's, each with its reason."""
PREFERRED = "customer"
"""Of two ways to a customer the one of this name says whose the row is."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A table in which something of a customer stands."""

    model: type[models.Model]
    way: str
    """The lookup of the customer's id: `id`, `customer_id`, `interaction__customer_id` …"""
    sealed: tuple[str, ...]
    """Fields under the customer's key."""

    @property
    def label(self) -> str:
        """The table's name, as `interactions.Message`."""
        return str(self.model._meta.label)

    def rows(self, customer_ids: tuple[str, ...]) -> models.QuerySet[Any]:
        """Give the rows of customers, in a steady order."""
        found = self.model._default_manager.filter(**{f"{self.way}__in": customer_ids})
        return found.order_by("pk")


@functools.cache
def places() -> tuple[Place, ...]:
    """Give every place, the customer himself first, then by name."""
    ways: dict[type[models.Model], str] = {Customer: "id"}
    fresh = True
    while fresh:
        fresh = False
        for model in apps.get_models():
            if model._meta.label in OTHERS or model in ways:
                continue
            if way := _way(model, ways):
                ways[model] = way
                fresh = True
    found = [Place(model=model, way=way, sealed=sealed(model)) for model, way in ways.items()]
    return tuple(sorted(found, key=lambda each: (each.way != "id", each.label)))


def sealed(model: type[models.Model]) -> tuple[str, ...]:
    """Name the fields of a model that hold bytes which only a key opens."""
    return tuple(
        field.name for field in model._meta.concrete_fields if isinstance(field, models.BinaryField)
    )


def _way(model: type[models.Model], ways: dict[type[models.Model], str]) -> str:
    """Give the shortest way from a model to a customer; empty if it has none."""
    found = []
    for field in model._meta.concrete_fields:
        target = field.related_model
        if isinstance(field, models.ForeignKey) and target in ways and target is not model:
            assert isinstance(target, type)
            on = "" if target is Customer else f"__{ways[target]}"
            step = f"{field.name}_id" if target is Customer else f"{field.name}{on}"
            found.append((step.count("__"), field.name != PREFERRED, step))
    return min(found)[2] if found else ""


def value_of(row: models.Model, name: str, *, key: bytes | None) -> str | bytes | None:
    """
    Open a sealed field of a row: text, or the bytes of a file; None if there is nothing to read.

    What is no value but a key (of a recording) gives nothing: what it opens is told elsewhere.
    """
    value = getattr(row, name)
    if not value or key is None:
        return None
    if isinstance(row._meta.get_field(name), EncryptedTextField):
        return fields.decrypt(row, name, key=key)
    try:
        return crypt.decrypt(bytes(value), key=key, bound=fields.place(row, name))
    except crypt.Unreadable:
        return None
