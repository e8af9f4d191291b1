"""
Personal values in the records: a field that takes only what is encrypted.

The value is bound to model, field and row, so that it cannot be copied to another. Whoever reads
fetches the subject's key himself (`keys.ring`), for many rows at once.
Refuses: text in clear (an assertion, before it reaches a statement), and reading by itself.
"""

from typing import Any

from django.db import models

from callfloor.kernel.keys import crypt


class EncryptedTextField(models.BinaryField):  # type: ignore[type-arg]
    """Text of a person, encrypted under the key of its subject; empty when there is none."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """Allow for emptiness: what was never said has no ciphertext."""
        options.setdefault("null", True)
        super().__init__(*args, **options)

    def get_prep_value(self, value: Any) -> Any:
        """Let pass only what `encrypt` has made."""
        prepared = super().get_prep_value(value)
        if prepared is not None:
            assert not isinstance(prepared, str), "personal text in clear"
            assert bytes(prepared[:1]) == crypt.VERSION, "personal text in clear"
        return prepared


def place(row: models.Model, field: str) -> str:
    """Name where a value stands: model, field, row."""
    return place_of(type(row), field, row.pk)


def place_of(model: type[models.Model], field: str, pk: object) -> str:
    """Name where a value stands, for whoever has no model of the row."""
    return f"{model._meta.label_lower}.{field}:{pk}"


def encrypt(row: models.Model, field: str, text: str | None, *, key: bytes) -> None:
    """Set an encrypted field of a row, which must have its id already."""
    assert row.pk is not None, "a value is bound to its row, so the row needs its id first"
    value = crypt.encrypt(text.encode(), key=key, bound=place(row, field)) if text else None
    setattr(row, field, value)


def decrypt(row: models.Model, field: str, *, key: bytes | None) -> str | None:
    """Read an encrypted field; None if it is empty, or its subject's key is destroyed."""
    return opened(getattr(row, field), place=place(row, field), key=key)


def opened(value: Any, *, place: str, key: bytes | None) -> str | None:
    """Read a value that came out of a statement instead of a model, and stands at a place."""
    if not value or key is None:
        return None
    return crypt.decrypt(bytes(value), key=key, bound=place).decode()
