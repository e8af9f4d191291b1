"""
What a person must bring or learn to do a duty: skills that are no queue's skill.

Refuses: to know a person; `records.people` holds who has what.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, kw_only=True)
class Competence:
    """One of them."""

    key: str
    name: Any
    asked: Any
    """How it is asked for in an interview, as a question."""
    seeds: tuple[str, ...] = ()


_ALL = (
    Competence(
        key="listening",
        name=_("Listens and asks back until the matter is understood"),
        asked=_("Tell of a talk in which you first understood something wrong. What did you do?"),
        seeds=("Q10",),
    ),
)

COMPETENCES: dict[str, Competence] = {each.key: each for each in _ALL}
