"""
The one way in which a blueprint is written: two files that say the same have the same text.

Keys stand in the schema's order, maps are sorted where order means nothing, defaults are left out;
what a preset or an included file says stands in it. Refuses: comments, which belong to an author's
own file, and `from_version`, unless it is asked for.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from callfloor.blueprint.schema import Blueprint

VERSION_LENGTH = 12  # 48 bits: a centre changes some thousand times, never a million.
COLUMNS = 100
INDENT = "  "
DEPTH_IN_LINE = 2  # A person with skills is read at a glance; a flow of steps is not.
RESOLVED = ("preset", "include", "from_version")
"""Keys of the file that say where it came from, and nothing of the centre."""

ORDERED = frozenset({"steps", "dispositions", "clients"})
"""Maps whose order is seen: steps as they are read, what an agent and a page list first."""

_PLAIN = re.compile("[^\\W\\d_](?:[\\w\u200c ./()'’-]*[\\w.)])?")
_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
"""What other readers of YAML take for something that is no text."""
_HIDDEN = re.compile("[\x7f-\x9f\u200b\u200d-\u200f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")


def text(blueprint: Blueprint, *, from_version: str | None = None) -> str:
    """Return the canonical YAML; with the version that it was exported from, if one is given."""
    values = _values(blueprint)
    values["blueprint"] = 1
    for key in RESOLVED:
        values.pop(key, None)
    if from_version is not None:
        opening = {"blueprint": values.pop("blueprint"), "from_version": from_version}
        values = {**opening, **values}
    return "\n".join(_mapping(values, indent="")) + "\n"


def version(text: str) -> str:
    """Return the short name of a canonical text: 12 hex digits of its SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:VERSION_LENGTH]


# --- What is said ---------------------------------------------------------------------------------


def _values(model: BaseModel) -> dict[str, Any]:
    """Give what differs from the defaults, in the order of the schema."""
    found: dict[str, Any] = {}
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if field.is_required() or value != field.default:
            found[name] = _plain(value, is_ordered=name in ORDERED)
    return found


def _plain(value: Any, *, is_ordered: bool = False) -> Any:
    if isinstance(value, BaseModel):
        return _values(value)
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        # A text by language keeps its order: where a language is missing, the first one is shown.
        is_text = all(isinstance(each, str) for each in value.values())
        items = value.items() if is_ordered or is_text else sorted(value.items())
        return {key: _plain(each) for key, each in items}
    return value


# --- How it is written ----------------------------------------------------------------------------


def _mapping(values: Mapping[str, Any], *, indent: str) -> Iterator[str]:
    for key, value in values.items():
        yield from _entry(f"{indent}{_scalar(key)}:", value, indent=indent)


def _entry(head: str, value: Any, *, indent: str) -> Iterator[str]:
    """Write a value behind its key, in the same line if it is small, else below."""
    flow = _flow(value) if indent or not isinstance(value, dict) else None
    if flow is not None and len(head) + 1 + len(flow) <= COLUMNS:
        yield f"{head} {flow}"
    elif isinstance(value, dict) and value:
        yield head
        yield from _mapping(value, indent=indent + INDENT)
    elif isinstance(value, list) and value:
        yield head
        for each in value:
            yield from _item(each, indent=indent + INDENT)
    else:
        yield f"{head} {flow if flow is not None else _any(value)}"


def _item(value: Any, *, indent: str) -> Iterator[str]:
    flow = _any(value)
    if not isinstance(value, dict) or len(indent) + 2 + len(flow) <= COLUMNS:
        yield f"{indent}- {flow}"
        return
    lines = list(_mapping(value, indent=indent + INDENT))
    yield f"{indent}- {lines[0].lstrip()}"
    yield from lines[1:]


def _flow(value: Any) -> str | None:
    """Give a value in one line, or None if what it holds is too deep to be read so."""
    if isinstance(value, list) and any(isinstance(each, dict | list) for each in value):
        return None
    return _any(value) if _depth(value) <= DEPTH_IN_LINE else None


def _depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    return 1 + max(map(_depth, value), default=0) if isinstance(value, list) else 0


def _any(value: Any) -> str:
    if isinstance(value, dict):
        inner = ", ".join(f"{_scalar(key)}: {_any(each)}" for key, each in value.items())
        return f"{{{inner}}}"
    if isinstance(value, list):
        return f"[{', '.join(_any(each) for each in value)}]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, int):
        return str(value)
    if _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return str(value)
    quoted = json.dumps(value, ensure_ascii=False)
    return _HIDDEN.sub(lambda hit: f"\\u{ord(hit[0]):04x}", quoted)
