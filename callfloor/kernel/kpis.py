"""
The measures there are: what each means, in which unit, and which way is better.

One road to a number: a page, a target or a job description names a measure by its key and says
nothing of its own about it. Refuses: to compute; `records.metrics` will.
"""

from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

Unit = Literal["seconds", "share", "count", "score", "money", "per_hour"]
Better = Literal["higher", "lower", "within"]


@dataclass(frozen=True, kw_only=True)
class Kpi:
    """One measure."""

    key: str
    name: Any
    meaning: Any
    """One sentence: what is counted, divided by what."""
    unit: Unit
    better: Better
    seeds: tuple[str, ...] = ()
    planned: str | None = None
    """The row of the mission with whose work it gets a figure; None if the records have it."""


_ALL = (
    Kpi(
        key="service_level",
        name=_("Service level"),
        meaning=_("Contacts answered within the queue's time, of all that were offered to it."),
        unit="share",
        better="higher",
        seeds=("M06",),
    ),
)

KPIS: dict[str, Kpi] = {kpi.key: kpi for kpi in _ALL}
