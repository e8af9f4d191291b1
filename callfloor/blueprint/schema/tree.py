"""
The parts of a blueprint, walked from the whole down: for its reference and for what checks tell.

Refuses: to know what a part means.
"""

from collections.abc import Iterator
from typing import Any, get_args

from callfloor.blueprint.schema.parts import Part


def parts(whole: type[Part]) -> list[type[Part]]:
    """Return a part and all parts within it, each once, in the order in which they are met."""
    found: dict[type[Part], None] = {}
    _walk(whole, found)
    return list(found)


def _walk(part: type[Part], found: dict[type[Part], None]) -> None:
    if part in found:
        return
    found[part] = None
    for field in part.model_fields.values():
        for inner in _parts_in(field.annotation):
            _walk(inner, found)


def _parts_in(kind: Any) -> Iterator[type[Part]]:
    if isinstance(kind, type) and issubclass(kind, Part):
        yield kind
    for argument in get_args(kind):
        yield from _parts_in(argument)
