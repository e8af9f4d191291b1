"""
The dataclass of everything that is said: frozen for the type checker, cheap at run time.

A decision says four or five things, and `frozen=True` makes each of them 2.7 times as dear (every
field goes through object.__setattr__), which was a third of the cost of a decision. So events,
actions and facts take their decorator from here: mypy, strict in every room that makes or reads
them, sees the real one and refuses a write; at run time the same class is made without the guard.
"""

import dataclasses
from collections.abc import Callable
from typing import Any


def dataclass(*, frozen: bool, slots: bool, kw_only: bool) -> Callable[[type[Any]], type[Any]]:
    """Make a dataclass that compares and hashes by value, as a frozen one does."""
    assert frozen, "what is said is never changed"
    return dataclasses.dataclass(slots=slots, kw_only=kw_only, unsafe_hash=True)
