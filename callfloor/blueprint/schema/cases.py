"""
Cases: which kinds there are, through which stages they go, and by when something is owed.
"""

from typing import Annotated, Literal

from pydantic import Field

from callfloor.blueprint.schema.parts import Key, Part

Kind = Literal[
    "query", "request", "complaint", "technical_fault", "incident", "billing_dispute", "alert"
]
Stage = Literal[
    "new", "working", "answered", "ordered", "done", "acknowledged", "examined", "decided",
    "appealed", "diagnosed", "repaired", "confirmed", "contained", "corrected", "closed",
]  # fmt: skip
Priority = Literal["low", "normal", "high", "urgent"]
Seconds = Annotated[float, Field(gt=0)]
Goal = Literal["answer", "solve"]


class CaseRule(Part):
    """One kind of case; what is left out is as it is in every centre."""

    stages: list[Stage] | None = None
    """In their order, from `new` to `closed`."""
    answer: dict[Priority, Seconds | None] = {}
    """By priority, seconds of open time until the first answer; `null` promises none. What is left
    out is twice `normal` for low, half of it for high, a quarter for urgent."""
    solve: dict[Priority, Seconds | None] = {}
    """By priority, seconds of open time until it is solved; `null` promises nothing."""
    warn_share: Annotated[float, Field(gt=0, lt=1)] = 0.8
    """When so much of a time is used, its owner and leader are warned."""
    escalates: list[Goal] = []
    """What brings it a level up by itself when it comes too late; a promise that the customer was
    told does so always."""


class Cases(Part):
    """What is promised to whoever has a matter with us."""

    calendar: Key | None = None
    """The calendar whose open time counts. Without it: the one called `cases`, else the only one,
    else every hour."""
    calendars: dict[Key, Key] = {}
    """By client, a calendar of its own."""
    kinds: dict[Kind, CaseRule] = {}
    """The kinds that are used here, with what is promised; all of them, as they are, if none is
    named. `incident` and `alert`, which no customer opens, are always there."""
