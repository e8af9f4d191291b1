"""
The dataclass of everything that is said: frozen for the type checker, cheap at run time.

A decision says four or five things, and `frozen=True` makes each of them 2.7 times as dear (every
field goes through object.__setattr__), which was a third of the cost of a decision. So events,
actions and facts take their decorator from here: mypy, strict in every room that makes or reads
them, sees the real one and refuses a write; at run time the same class is made without the guard.

Calling a class with keywords first builds a tuple and a dict of them; calling a function does not,
and is 2.3 times as fast. So what is said often is made by the function that `maker` gives.
"""

import dataclasses
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def dataclass(*, frozen: bool, slots: bool, kw_only: bool) -> Callable[[type[Any]], type[Any]]:
    """Make a dataclass that compares and hashes by value, as a frozen one does."""
    assert frozen, "what is said is never changed"
    return dataclasses.dataclass(slots=slots, kw_only=kw_only, unsafe_hash=True)


def maker(cls: Callable[P, T]) -> Callable[P, T]:
    """Give a function that makes what calling the dataclass makes, from the same arguments."""
    assert isinstance(cls, type), "a maker makes instances of a class"
    fields = dataclasses.fields(cls)
    names: dict[str, Any] = {"_cls": cls, "_new": object.__new__, "_missing": dataclasses.MISSING}
    lines = ["self = _new(_cls)"]
    for field in fields:
        value = field.name
        if field.default_factory is not dataclasses.MISSING:
            names[f"_make_{field.name}"] = field.default_factory
            value = f"_make_{field.name}() if {field.name} is _missing else {field.name}"
        elif field.default is not dataclasses.MISSING:
            names[f"_{field.name}"] = field.default
        lines.append(f"self.{field.name} = {value}")
    body = "\n    ".join([*lines, "return self"])
    exec(f"def make({_parameters(fields)}):\n    {body}\n", names)
    made: Callable[P, T] = names["make"]
    return made


def _parameters(fields: tuple[dataclasses.Field[Any], ...]) -> str:
    placed = [_parameter(field) for field in fields if not field.kw_only]
    named = [_parameter(field) for field in fields if field.kw_only]
    return ", ".join([*placed, *(["*", *named] if named else [])])


def _parameter(field: dataclasses.Field[Any]) -> str:
    if field.default_factory is not dataclasses.MISSING:
        return f"{field.name}=_missing"
    return field.name if field.default is dataclasses.MISSING else f"{field.name}=_{field.name}"
