"""
What is in hand while facts are written down: a course, one step of it, what a batch changes.

Refuses: to know what a fact means (`course`, `parts`), and the database (`record`).
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from callfloor.records.interactions.models import (
    AgentState,
    AgentWork,
    Explanation,
    Interaction,
    LineQuality,
    MissedOffer,
    QueueEntry,
    TimelineEntry,
)


@dataclass(kw_only=True)
class Course:
    """An interaction with what of it may still change."""

    interaction: Interaction
    entries: dict[int, QueueEntry] = field(default_factory=dict)
    work: list[AgentWork] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        """Whether nothing is expected to come any more."""
        ended = bool(self.interaction.outcome)
        return ended and all(part.finished_at is not None for part in self.work)


StateKey = tuple[date, str, str, str]
"""Day, agent, state, reason."""


@dataclass(kw_only=True)
class Seating:
    """What a batch changes; states by id, so each is written once."""

    states: dict[str, AgentState] = field(default_factory=dict)
    sums: dict[StateKey, int] = field(default_factory=dict)
    """Microseconds to be added."""

    @property
    def agents(self) -> set[str]:
        """Whose states they are."""
        return {state.agent_id for state in self.states.values()}

    @property
    def clients(self) -> set[str]:
        """Whose work was in hand."""
        return {state.client_id for state in self.states.values() if state.client_id}


@dataclass(kw_only=True)
class Changes:
    """What a batch of facts adds and changes; rows by their keys, so each is written once."""

    source: str
    interactions: dict[str, Interaction] = field(default_factory=dict)
    entries: dict[tuple[str, int], QueueEntry] = field(default_factory=dict)
    work: dict[tuple[str, int], AgentWork] = field(default_factory=dict)
    timeline: list[TimelineEntry] = field(default_factory=list)
    explanations: list[Explanation] = field(default_factory=list)
    lines: list[LineQuality] = field(default_factory=list)
    missed: list[MissedOffer] = field(default_factory=list)
    events: list[tuple[str, Any]] = field(default_factory=list)
    dues: dict[str, datetime] = field(default_factory=dict)
    """Interaction to the instant until which its queue promises an answer."""
    closed_texts: list[str] = field(default_factory=list)
    """What was written and is closed: its customer need not be let go any more."""
    languages: dict[str, str] = field(default_factory=dict)
    """Interaction to the language its caller has chosen."""
    seating: Seating = field(default_factory=Seating)


@dataclass(frozen=True, kw_only=True)
class Step:
    """A fact at its place, ready to be written down."""

    seq: int
    at: datetime
    fact: Any
    digits: str | None = None
    """What was typed, in clear."""
    key: bytes | None = None
    """The customer's key; None if he was erased."""
