"""
What holds where a file says nothing: the value of the schema at a path.

A file in its canonical form leaves standards out, so whoever shows a value by its path asks here.
Refuses: to know a file.
"""

import types
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from callfloor.blueprint import schema


def standard_at(path: str) -> Any:
    """Return what holds at a path such as `rules.privacy.recordings_days`; None if nothing does."""
    kind: Any = schema.Blueprint
    value: Any = None
    for name in path.split("."):
        kind = _plain(kind)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            field = kind.model_fields.get(name)
            if field is None:
                return None
            kind, value = field.annotation, field.get_default(call_default_factory=True)
        else:
            inside = get_args(kind)
            kind, value = (inside[-1] if inside else None), None
    return None if value is PydanticUndefined else value


def _plain(kind: Any) -> Any:
    """Return a type without its limits and without None."""
    if get_origin(kind) is Annotated:
        return _plain(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        return _plain(next(each for each in get_args(kind) if each is not type(None)))
    return kind
