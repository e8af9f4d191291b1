"""
Plain values for what the core says: any event, action, fact or plan to JSON and back.

A dataclass becomes a dict with its class name under `is`, a tuple becomes a list; nothing else is
translated. What cannot be written and read again exactly is refused when it is written, so the
journal never holds a row that a later start cannot read.
"""

import dataclasses
import functools
import json
from typing import Any

from callfloor.core import actions, errors, events, facts, plan


@functools.cache
def _known() -> dict[str, type[Any]]:
    classes: dict[str, type[Any]] = {}
    for module in (plan, events, actions, facts):
        for name, value in vars(module).items():
            if dataclasses.is_dataclass(value) and value.__module__.startswith(module.__name__):
                assert name not in classes, f"two dataclasses are called {name}"
                classes[name] = value  # type: ignore[assignment]
    return classes


_FIELDS: dict[type[Any], tuple[tuple[str, bool], ...]] = {}


def _fields(cls: type[Any]) -> tuple[tuple[str, bool], ...]:
    """Give the names of the fields, and whether each may be left out if it is None."""
    names = _FIELDS.get(cls)
    if names is None:
        names = _FIELDS[cls] = tuple(
            (field.name, field.default is None) for field in dataclasses.fields(cls)
        )
    return names


def to_plain(value: Any) -> Any:
    """
    Turn a value of the core into dicts, lists, strings, numbers, booleans and None.

    A field that is None is left out where None is its default.
    """
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, tuple | list):
        return [to_plain(each) for each in value]
    if isinstance(value, dict):
        return {str(key): to_plain(each) for key, each in value.items()}
    cls = type(value)
    plain: dict[str, Any] = {"is": cls.__name__}
    for name, may_miss in _fields(cls):
        field = getattr(value, name)
        if field is not None or not may_miss:
            plain[name] = to_plain(field)
    return plain


def from_plain(plain: Any) -> Any:
    """
    Build the value again from what `to_plain` made.

    Raises errors.UnknownRecord if the class or a field is not known to this version of the code.
    """
    if isinstance(plain, list):
        return tuple(from_plain(each) for each in plain)
    if not isinstance(plain, dict):
        return plain
    if "is" not in plain:
        return {key: from_plain(each) for key, each in plain.items()}
    cls = _known().get(plain["is"])
    if cls is None:
        raise errors.UnknownRecord(f"no record is called {plain['is']!r} in this version")
    try:
        return cls(**{key: from_plain(each) for key, each in plain.items() if key != "is"})
    except TypeError as error:
        raise errors.UnknownRecord(f"{plain['is']}: {error}") from error


# One encoder for all: json.dumps makes a new one whenever an option is not its default.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def dumps(value: Any) -> str:
    """Write a value of the core as compact JSON, the same text for equal values."""
    return _encode(to_plain(value))


def write(plain: Any) -> str:
    """Write what `to_plain` made, as `dumps` would."""
    return _encode(plain)


def loads(text: str) -> Any:
    """
    Read what `dumps` wrote.

    Raises errors.UnknownRecord for a record of another version.
    """
    return from_plain(json.loads(text))
