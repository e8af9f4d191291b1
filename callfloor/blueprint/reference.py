"""
The reference of the blueprint, written from the schema and the list of faults.

Refuses: prose that is not in the code. `./run docs` writes it to docs/reference/blueprint.md, and
the JSON Schema, with which editors complete and underline, to docs/reference/blueprint.schema.json.
"""

import inspect
import json
import types
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from callfloor.blueprint import findings, schema
from callfloor.blueprint.schema import direction, parts, tree

_NOTE = "<!-- Written by ./run docs from callfloor/blueprint/schema; edit that package. -->"
_OPENING = """\
A centre is one YAML file. `callfloor check FILE` tells everything that is wrong with it, with line
and column; a file with an error is refused whole, one with warnings alone is taken. Names (keys)
have small letters, digits and `_`. `callfloor new` writes a file to begin with, and editors that
know JSON Schema complete it by [blueprint.schema.json](blueprint.schema.json). A text is one
text for everybody, or one for each language: `{en: Billing, hu: Számlázás}`."""

_EXITS = frozenset(
    {"next", "open", "closed", "otherwise"}
)  # Optional to the schema: E020 is kinder.


def render() -> str:
    """Return the page as Markdown."""
    page = ["# The blueprint", _NOTE, _OPENING]
    for model in tree.parts(schema.Blueprint):
        page.append(f"## {_title(model)}")
        page.append(" ".join((inspect.getdoc(model) or "").split()))
        hints = get_type_hints(model, include_extras=True)
        rows = [_row(name, hints[name], field) for name, field in model.model_fields.items()]
        page.append("\n".join(["| key | holds | if left out | |", "|---|---|---|---|", *rows]))
    page.append("## What may be wrong")
    faults = [f"| `blueprint.{fault}` | {text} |" for fault, text in findings.FAULTS.items()]
    page.append("\n".join(["| id | means |", "|---|---|", *faults]))
    return "\n\n".join(page) + "\n"


def json_schema() -> str:
    """Return the JSON Schema of a whole file; a file with a preset may leave out what that has."""
    found = schema.Blueprint.model_json_schema()
    needed = found.pop("required")
    found["anyOf"] = [{"required": names} for names in (needed, ["preset"], ["include"])]
    found = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A Callfloor blueprint",
        **{key: value for key, value in found.items() if key != "title"},
    }
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


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
    return next((words for known, words in _KINDS if kind == known), None)


_KINDS = (
    (schema.Key, "name"),
    (schema.Digit, "a key of the telephone"),
    (schema.Level, "1 to 5"),
    (parts.DutyKey, "`name.name`"),
    (parts.Share, "0 to 1"),
    (parts.Days, "days, as `mon-fri`"),
    (parts.Period, "hours, as `08:00-12:30`"),
    (parts.Date, "a day, as `2027-03-01`"),
    (parts.Money, "an amount, as `12.50`"),
    (direction.YearKey, "a year, as `2027`"),
)
"""Kinds of text and number that have a form of their own."""
