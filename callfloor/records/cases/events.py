"""What others may react to: a case is opened, changes, is closed."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class CaseOpened:
    """A matter has got its number."""

    case_id: str
    """The case; also the subject, so that its events come in order."""
    reference: str
    """As it is said: CF-2026-000123."""
    client: str
    """The client's key."""
    kind: str
    """query, request, complaint, technical_fault, incident, billing_dispute, alert."""
    customer: str | None
    """The customer's id; None for what the center itself has noticed."""
    origin: str | None
    """The interaction in which it was opened."""
    code: str
    """What it is about, as a disposition; empty if nobody said."""
    opened_at: datetime
    """When."""
    simulated: bool
    """Whether the twin made it; reactions leave those alone."""


@dataclass(frozen=True, kw_only=True)
class CaseChanged:
    """Something happened in a case."""

    case_id: str
    """The case; also the subject."""
    reference: str
    """As it is said: CF-2026-000123."""
    client: str
    """The client's key."""
    number: int
    """The event's place in the case, from 1."""
    change: str
    """The kind of event: assigned, paused, warned, breached, escalated …"""
    by: str | None
    """Who did it; None for the customer and for the center itself."""
    owner: str | None
    """Whose it is now."""
    team: str | None
    """Whose team's it is now."""
    due_at: datetime | None
    """When something is owed next; None while the clock rests."""
    changed_at: datetime
    """When."""
    simulated: bool
    """Whether the twin made it; reactions leave those alone."""


@dataclass(frozen=True, kw_only=True)
class CaseClosed:
    """A case is closed; it may be reopened."""

    case_id: str
    """The case; also the subject."""
    reference: str
    """As it is said: CF-2026-000123."""
    client: str
    """The client's key."""
    kind: str
    """query, request, complaint, technical_fault, incident, billing_dispute, alert."""
    customer: str | None
    """The customer's id."""
    owner: str | None
    """Whose it was."""
    answered_in_time: bool
    """Whether the first answer came within its target."""
    solved_in_time: bool
    """Whether it was closed within its target."""
    closed_at: datetime
    """When."""
    simulated: bool
    """Whether the twin made it; reactions leave those alone."""
