"""
Which database a table lies in: subjects' keys in `keys`, everything else in `default`.

Refuses: relations between the two, which no database could keep.
"""

from typing import Any

KEYS = "keys"
KEY_MODELS = {("kernel", "subjectkey")}


class KeysRouter:
    """Keeps wrapped keys in a file of their own, that long backups leave out."""

    def db_for_read(self, model: type[Any], **hints: Any) -> str | None:
        """Say where a model is read."""
        return KEYS if _is_key(model) else None

    def db_for_write(self, model: type[Any], **hints: Any) -> str | None:
        """Say where a model is written."""
        return KEYS if _is_key(model) else None

    def allow_relation(self, first: Any, second: Any, **hints: Any) -> bool | None:
        """Refuse what would lead from one file into the other."""
        return _is_key(type(first)) == _is_key(type(second))

    def allow_migrate(
        self, db: str, app_label: str, model_name: str | None = None, **hints: Any
    ) -> bool | None:
        """Make each table only where it belongs."""
        return (db == KEYS) == ((app_label, model_name) in KEY_MODELS)


def _is_key(model: type[Any]) -> bool:
    return (model._meta.app_label, model._meta.model_name) in KEY_MODELS
