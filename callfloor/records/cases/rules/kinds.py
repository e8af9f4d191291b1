"""
The kinds of case: which stages each goes through, what must be known of it, what is promised.

Refuses: words for people. Pages and messages name these keys in their reader's language.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PRIORITIES = ("low", "normal", "high", "urgent")
FACTORS = {"low": 2.0, "normal": 1.0, "high": 0.5, "urgent": 0.25}
"""What a priority makes of the seconds of a target, where the centre's file says nothing."""
Said = Mapping[Any, float | None]
"""Priority to seconds, as a file says it; its keys may be narrower than any text."""
HOUR = 3600.0
DAY = 8 * HOUR  # Of open time: a working day.


@dataclass(frozen=True, kw_only=True)
class Field:
    """Something that must be known of a case."""

    key: str
    needed: str
    """open (before it can be opened), close (before it can be closed)."""
    choices: tuple[str, ...] = ()
    """Keys to choose from; none for words."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of case."""

    key: str
    stages: tuple[str, ...]
    """In their order, from the first to the one in which it is closed."""
    fields: tuple[Field, ...]
    answer: float
    """Seconds of open time until the first answer at priority normal."""
    solve: float
    """Seconds of open time until it is solved at priority normal."""
    has_customer: bool = True

    @property
    def needed_to_open(self) -> tuple[Field, ...]:
        """What must be known before it can be opened."""
        return tuple(field for field in self.fields if field.needed == "open")

    @property
    def needed_to_close(self) -> tuple[Field, ...]:
        """What must be known before it can be closed."""
        return tuple(field for field in self.fields if field.needed == "close")


CAUSES = ("product", "service", "bill", "delivery", "information", "person", "other")
SOLUTION = Field(key="solution", needed="close")

_ALL = (
    Kind(
        key="query",
        stages=("new", "working", "answered", "closed"),
        fields=(SOLUTION,),
        answer=4 * HOUR,
        solve=DAY,
    ),
    Kind(
        key="request",
        stages=("new", "working", "ordered", "done", "closed"),
        fields=(Field(key="wish", needed="open"), SOLUTION),
        answer=4 * HOUR,
        solve=3 * DAY,
    ),
    Kind(
        # Acknowledged in writing, decided with a reason, and open to an appeal: what rules on
        # complaints in finance, telecoms and energy have in common (ISO 10002:2018, 7 and 8).
        key="complaint",
        stages=("new", "acknowledged", "examined", "decided", "appealed", "closed"),
        fields=(
            Field(key="wish", needed="open"),
            Field(key="cause", needed="close", choices=CAUSES),
        ),
        answer=DAY,
        solve=10 * DAY,
    ),
    Kind(
        key="technical_fault",
        stages=("new", "diagnosed", "repaired", "confirmed", "closed"),
        fields=(
            Field(key="product", needed="open"),
            Field(key="cause", needed="close", choices=CAUSES),
            SOLUTION,
        ),
        answer=2 * HOUR,
        solve=2 * DAY,
    ),
    Kind(
        key="incident",
        stages=("new", "confirmed", "contained", "repaired", "closed"),
        fields=(Field(key="cause", needed="close", choices=CAUSES), SOLUTION),
        answer=HOUR / 2,
        solve=4 * HOUR,
        has_customer=False,
    ),
    Kind(
        key="billing_dispute",
        stages=("new", "examined", "decided", "corrected", "closed"),
        fields=(
            Field(key="invoice", needed="open"),
            Field(key="amount", needed="open"),
            SOLUTION,
        ),
        answer=DAY,
        solve=5 * DAY,
    ),
    Kind(
        key="alert",
        stages=("new", "examined", "closed"),
        fields=(SOLUTION,),
        answer=HOUR / 4,
        solve=2 * HOUR,
        has_customer=False,
    ),
)

KINDS: Mapping[str, Kind] = {kind.key: kind for kind in _ALL}


def standard_target(*, kind: str, goal: str, priority: str) -> float:
    """Give the seconds of open time that hold where the centre's file says nothing."""
    base = KINDS[kind].answer if goal == "answer" else KINDS[kind].solve
    return base * FACTORS[priority]


def targets(*, kind: str, goal: str, said: Said) -> dict[str, float | None]:
    """
    Give the seconds of a goal by priority, where the centre's file says some of them.

    What it leaves out is the usual share of `normal`, whoever has said that.
    """
    normal = said.get("normal", standard_target(kind=kind, goal=goal, priority="normal"))
    return {
        priority: said.get(priority, normal * FACTORS[priority] if normal is not None else None)
        for priority in PRIORITIES
    }


def missing(*, kind: str, at: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """Name the fields that must be known before a case is opened (`open`) or closed (`close`)."""
    wanted = KINDS[kind].needed_to_open if at == "open" else KINDS[kind].fields
    return tuple(
        field.key
        for field in wanted
        if not known.get(field.key) or (field.choices and known[field.key] not in field.choices)
    )
