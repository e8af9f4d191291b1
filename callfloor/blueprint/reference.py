"""
The reference of the blueprint, written from the schema and the list of faults.

Refuses: prose that is not in the code. `./run docs` writes it to docs/reference/blueprint.md.
"""

import inspect
import types
from collections.abc import Iterator
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from callfloor.blueprint import findings, schema

_NOTE = "<!-- Written by ./run docs from callfloor/blueprint/schema.py; edit that file. -->"
_OPENING = """\
A centre is one YAML file. `callfloor check FILE` tells everything that is wrong with it, with line
and column; a file with a finding is refused whole. Names (keys) have small letters, digits and `_`.
A text is one text for everybody, or one for each language: `{en: Billing, hu: Számlázás}`."""

_EXITS = frozenset(
    {"next", "open", "closed", "otherwise"}
)  # Optional to the schema: E020 is kinder.


def render() -> str:
    """Return the page as Markdown."""
    parts = ["# The blueprint", _NOTE, _OPENING]
    for model in _models():
        parts.append(f"## {_title(model)}")
        parts.append(" ".join((inspect.getdoc(model) or "").split()))
        hints = get_type_hints(model, include_extras=True)
        rows = [_row(name, hints[name], field) for name, field in model.model_fields.items()]
        parts.append("\n".join(["| key | holds | if left out | |", "|---|---|---|---|", *rows]))
    parts.append("## What may be wrong")
    faults = [f"| `blueprint.{fault}` | {text} |" for fault, text in findings.FAULTS.items()]
    parts.append("\n".join(["| id | means |", "|---|---|", *faults]))
    return "\n\n".join(parts) + "\n"


def _models() -> Iterator[type[BaseModel]]:
    yield schema.Blueprint
    for value in vars(schema).values():
        if not isinstance(value, type) or not issubclass(value, schema.Part):
            continue
        if value not in (schema.Part, schema.Blueprint):
            yield value


def _title(model: type[BaseModel]) -> str:
    do = model.model_fields.get("do")
    if do is None:
        return model.__name__ if model is not schema.Blueprint else "The file"
    return f"Step `do: {get_args(do.annotation)[0]}`"


def _row(name: str, kind: Any, field: FieldInfo) -> str:
    text = " ".join((field.description or "").split())
    return f"| `{name}` | {_holds(kind)} | {_default(name, field)} | {text} |"


def _default(name: str, field: FieldInfo) -> str:
    if field.is_required() or name in _EXITS:
        return "refused"
    match field.default:
        case None | [] | {} | "":
            return ""
        case BaseModel():
            return "as there"
        case bool():
            return f"`{str(field.default).lower()}`"
        case list():
            return f"`[{', '.join(field.default)}]`"
        case dict():
            return "`{" + ", ".join(f"{k}: {v}" for k, v in field.default.items()) + "}`"
    return f"`{field.default:g}`" if isinstance(field.default, float) else f"`{field.default}`"


def _holds(kind: Any) -> str:
    if kind == schema.Text:
        return "text"
    if kind == schema.Step:
        return "step"
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return ", ".join(f"`{each}`" for each in arguments)
    if origin in (Union, types.UnionType):
        return _union([each for each in arguments if each is not type(None)])
    if origin is list:
        return f"list of {_holds(arguments[0])}"
    if origin is dict:
        return f"{_holds(arguments[0])} → {_holds(arguments[1])}"
    if origin is not None:  # Annotated: the bounds stand in the sentence.
        return _special(kind) or _holds(arguments[0])
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return f"[{kind.__name__}](#{kind.__name__.lower()})"
    return {str: "text", int: "whole number", float: "number", bool: "`true`, `false`"}[kind]


def _union(members: list[Any]) -> str:
    if set(members) == {Literal[1], Literal["1"]}:
        return "`1`"
    if all(
        isinstance(each, type) and "do" in getattr(each, "model_fields", {}) for each in members
    ):
        return "step"
    return " or ".join(_holds(each) for each in members)


def _special(kind: Any) -> str | None:
    if kind == schema.Key:
        return "name"
    if kind == schema.Digit:
        return "a key of the telephone"
    if kind == schema.Level:
        return "1 to 5"
    return None
