"""
What may be changed of a queue: its goal, its times, its limits, its tiers.

Refuses: to judge more than that a number is one; the file's own check judges the whole.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from callfloor.core.plan import QueuePlan
from callfloor.desk.shaping import reading
from callfloor.kernel.ports import Keys
from callfloor.ui import formats

Edits = dict[Keys, Any]
LEVELS = (1, 2, 3, 4, 5)
TIERS_MAX = 8  # More widening than this nobody follows; the file may have more.
NUMBER_CHARS_MAX = 20


@dataclass(frozen=True, kw_only=True)
class Field:
    """A number of a queue."""

    name: str
    """As the plan calls it."""
    path: tuple[str, ...]
    """Where the file has it, below the queue."""
    label: Any
    unit: str = "s"
    """s for seconds, % for a share, nothing for a number."""
    hint: Any = ""
    is_whole: bool = False
    may_be_empty: bool = False


STANDARD = {field.name: field.default for field in dataclasses.fields(QueuePlan)}
"""What holds where the file says nothing."""
FIELDS = (
    Field(name="goal_share", path=("goal", "share"), label=_("Goal, %"), unit="%"),
    Field(name="goal_seconds", path=("goal", "seconds"), label=_("Goal, seconds")),
    Field(
        name="ring_seconds",
        path=("ring_seconds",),
        label=_("Ringing, seconds"),
        hint=_("Then the next agent is asked"),
    ),
    Field(
        name="wrap_up_seconds",
        path=("wrap_up_seconds",),
        label=_("Wrap-up, seconds"),
        hint=_("For note and disposition"),
    ),
    Field(
        name="wrap_up_extra_seconds",
        path=("wrap_up_extra_seconds",),
        label=_("More wrap-up, seconds"),
        hint=_("What an agent may add, in all"),
    ),
    Field(
        name="short_abandon_seconds",
        path=("short_abandon_seconds",),
        label=_("Short abandonment, seconds"),
        hint=_("Who hangs up sooner is counted apart"),
    ),
    Field(
        name="length_max",
        path=("length_max",),
        label=_("Waiting at most"),
        unit="",
        hint=_("More are turned away"),
        is_whole=True,
    ),
    Field(
        name="wait_seconds_max",
        path=("wait_seconds_max",),
        label=_("Longest wait, seconds"),
        hint=_("Then the call leaves the line; empty for never"),
        may_be_empty=True,
    ),
    Field(
        name="priority_seconds",
        path=("priority_seconds",),
        label=_("Head start, seconds"),
        hint=_("As if every call had waited so long already"),
    ),
    Field(
        name="callback_tries",
        path=("callback_tries",),
        label=_("Callbacks are tried"),
        unit="",
        hint=_("So many times in all"),
        is_whole=True,
    ),
)
CHOOSE = {
    "longest_idle": _("who has been ready longest"),
    "least_occupied": _("who worked least today"),
    "best_skilled": _("the highest skill"),
}
WRONG = _("Write a number.")


@dataclass(frozen=True, kw_only=True)
class Tier:
    """Who may be given the queue's work from a moment on, as the form has it."""

    index: int
    after: str
    needs: tuple[tuple[str, int], ...]
    """Skill and lowest level; nothing for a tier that is to be filled."""


class Form:
    """The queue as it is, or as it was typed."""

    def __init__(self, queue: QueuePlan, typed: Mapping[str, Any] | None) -> None:
        self._queue = queue
        self._typed = typed
        self.wrong: dict[str, Any] = {}
        """Field to what is wrong with it."""
        self.edits: Edits = dict(self._edits()) if typed is not None else {}

    def rows(self) -> list[dict[str, Any]]:
        """Return the numbers with their labels and values."""
        return [
            {"field": each, "value": self._value(each), "wrong": self.wrong.get(each.name, "")}
            for each in FIELDS
        ]

    @property
    def choose(self) -> str:
        """How the agent is chosen."""
        return str((self._typed or {}).get("choose", self._queue.choose))

    def tiers(self) -> list[Tier]:
        """Return the tiers, and an empty one that may be filled."""
        if self._typed is None:
            found = [
                Tier(index=index, after=_written(tier.after_seconds), needs=tuple(tier.requires))
                for index, tier in enumerate(self._queue.tiers)
            ]
        else:
            found = [each for each in map(self._tier, range(TIERS_MAX)) if each.after]
        empty = Tier(index=len(found), after="", needs=())
        return [*found, *([empty] if len(found) < TIERS_MAX else [])]

    def _has(self, name: str) -> bool:
        return self._typed is not None and name in self._typed

    def _value(self, field: Field) -> str:
        if self._has(field.name):
            assert self._typed is not None
            return str(self._typed[field.name])[:NUMBER_CHARS_MAX]
        value = getattr(self._queue, field.name)
        if value is None:
            return ""
        return _written(round(value * 100, 6) if field.unit == "%" else value)

    def _edits(self) -> Iterator[tuple[Keys, Any]]:
        top = ("queues", self._queue.key)
        for field in FIELDS:
            if self._has(field.name):
                value = self._read(field)
                if field.name not in self.wrong and value != getattr(self._queue, field.name):
                    yield (*top, *field.path), value
        if self.choose != self._queue.choose and self.choose in CHOOSE:
            yield (*top, "choose"), self.choose
        if self._has("after.0"):
            tiers = list(self._tiers_typed())
            if tiers != _tiers(self._queue) and "tiers" not in self.wrong:
                yield (*top, "tiers"), tiers

    def _read(self, field: Field) -> float | None:
        assert self._typed is not None
        try:
            value = reading.number(str(self._typed[field.name])[:NUMBER_CHARS_MAX])
        except reading.Illegible:
            self.wrong[field.name] = WRONG
            return None
        if value is None:
            if not field.may_be_empty:
                self.wrong[field.name] = WRONG
            return None
        if field.is_whole:
            if value != int(value):
                self.wrong[field.name] = WRONG
            return int(value)
        return round(value / 100, 6) if field.unit == "%" else value

    def _tiers_typed(self) -> Iterator[dict[str, Any]]:
        """Yield the tiers that have a time; one without is taken out."""
        for index in range(TIERS_MAX):
            tier = self._tier(index)
            try:
                after = reading.number(tier.after)
            except reading.Illegible:
                self.wrong["tiers"] = WRONG
                continue
            if after is not None:
                yield _tier_of(after, tier.needs)

    def _tier(self, index: int) -> Tier:
        assert self._typed is not None
        head = f"need.{index}."
        needs = {
            name.removeprefix(head): int(value)
            for name, value in self._typed.items()
            if name.startswith(head) and str(value).isdecimal() and int(value) in LEVELS
        }
        after = str(self._typed.get(f"after.{index}", ""))[:NUMBER_CHARS_MAX].strip()
        return Tier(index=index, after=after, needs=tuple(sorted(needs.items())))


def _tiers(queue: QueuePlan) -> list[dict[str, Any]]:
    return [_tier_of(tier.after_seconds, tier.requires) for tier in queue.tiers]


def _tier_of(after: float, needs: Any) -> dict[str, Any]:
    """Write a tier as the file does, where what is zero is left out."""
    requires = {"requires": dict(sorted(needs))}
    return {"after_seconds": after, **requires} if after else requires


def _written(value: float) -> str:
    """Write a number into a field, in the digits of the language and so that it is read again."""
    text = f"{value:g}" if abs(value) < 1e6 else str(int(value))
    language = (get_language() or "en").partition("-")[0]
    return formats.digits(text.replace(".", "٫") if language == "fa" else text, language=language)
