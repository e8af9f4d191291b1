"""
A row of a customer in every table that something of him may stand in, with a canary in each value.

A new table needs nothing here unless a constraint of its own asks for more than plain values; the
planting then fails and says which. Used on a test's tables and on a centre's real files.
"""

from typing import Any

from django.db import models

from callfloor.departments.management.queries import places
from callfloor.departments.management.queries.places import Place
from callfloor.kernel import fields
from callfloor.kernel.fields import EncryptedTextField
from callfloor.kernel.keys import crypt, ring
from callfloor.records.customers import services
from callfloor.records.customers.models import Customer
from tests.records import scenes

MORE: dict[str, dict[str, Any]] = {
    "interactions.Interaction": {"outcome": "answered", "ended_at": scenes.NOW, "written": 1},
    "interactions.Recording": {"path": "", "ended_at": scenes.NOW},
    "customers.Consent": {"purpose": "survey", "channel": "call"},
    "outreach.Appointment": {"state": "cancelled"},  # Two open ones cannot have one place.
}
"""What a table asks for beyond plain values of the right kind."""
NO_TEXT = {"interactions.Recording.wrapped_key"}
"""Sealed fields that hold a key; what they open is told elsewhere."""


def canary(place: Place, field: str, mark: str) -> str:
    """Give the text that is planted in a field of somebody."""
    return f"canary-{place.label}-{field}-{mark}"


def customer(mark: str, *, number: str, chance: bytes) -> Customer:
    """Make a customer who is known by a number."""
    met = services.meet(
        client="acme", kind="number", value=number, evidence="call:x", language="en",
        now=scenes.NOW, chance=chance, name=canary(places.places()[0], "name", mark),
    )  # fmt: skip
    return Customer.objects.get(id=met.customer_id)


def plant(of: Customer, *, other: Customer, mark: str) -> dict[str, bytes]:
    """Plant a row in every place; give each canary's sealed bytes by the canary."""
    key = ring.get(subjects=[of.subject])[of.subject]
    planted: dict[str, bytes] = {}
    rows: dict[type[models.Model], models.Model] = {Customer: of}
    waiting = [place for place in places.places() if place.model is not Customer]
    while waiting:
        ready = [place for place in waiting if _is_ready(place, rows)]
        assert ready, f"no way to plant {[each.label for each in waiting]}"
        for place in ready:
            row = _row(place, rows, other=other, mark=mark)
            planted |= _seal(place, row, key=key, mark=mark)
            row.save(force_insert=True)
            rows[place.model] = row
            waiting.remove(place)
    return planted


def _is_ready(place: Place, rows: dict[type[models.Model], models.Model]) -> bool:
    """Say whether everything that a table must point to is there."""
    planted = {each.model for each in places.places()}
    return all(
        field.null or field.related_model not in planted or field.related_model in rows
        for field in place.model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
    )


def _row(
    place: Place, rows: dict[type[models.Model], models.Model], *, other: Customer, mark: str
) -> models.Model:
    more = MORE.get(place.label, {})
    values = {
        field.name: _value(field, rows, other=other, mark=mark)
        for field in place.model._meta.concrete_fields
        if not isinstance(field, models.BinaryField | models.AutoField) and field.name not in more
        if not (field.null and not isinstance(field, models.ForeignKey))
    }
    return place.model(**{name: v for name, v in values.items() if v is not None}, **more)


def _value(
    field: Any,
    rows: dict[type[models.Model], models.Model],
    *,
    other: Customer | None,
    mark: str,
) -> Any:
    if isinstance(field, models.ForeignKey):
        if field.related_model is Customer:
            return rows[Customer] if field.name == places.PREFERRED else other
        if field.null and field.related_model not in rows:
            return None
        return rows.get(field.related_model) or _somebody_elses(field.related_model, mark=mark)
    if field.has_default():
        return field.get_default()
    if isinstance(field, models.CharField | models.TextField):
        return f"{mark}{field.model.__name__}"[: field.max_length or 20]
    if isinstance(field, models.DateTimeField):
        return scenes.NOW
    if isinstance(field, models.DateField):
        return scenes.NOW.date()
    return False if isinstance(field, models.BooleanField) else 1


def _somebody_elses(model: Any, *, mark: str) -> models.Model:
    """Give a row of a table that is nobody's in particular, made if there is none."""
    found: models.Model | None = model.objects.first()
    if found is None:
        values = {
            field.name: _value(field, {}, other=None, mark=mark)
            for field in model._meta.concrete_fields
            if not isinstance(field, models.AutoField) and not field.null
        }
        found = model.objects.create(**values)
    assert found is not None
    return found


def _seal(place: Place, row: models.Model, *, key: bytes, mark: str) -> dict[str, bytes]:
    """Put a canary into each sealed field, as the noun itself would."""
    sealed: dict[str, bytes] = {}
    for name in place.sealed:
        text = canary(place, name, mark)
        if row.pk is None:
            continue
        if isinstance(row._meta.get_field(name), EncryptedTextField):
            fields.encrypt(row, name, text, key=key)
        else:
            value = crypt.encrypt(text.encode(), key=key, bound=fields.place(row, name))
            setattr(row, name, value)
        sealed[text] = bytes(getattr(row, name))
    return sealed
