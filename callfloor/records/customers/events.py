"""What others may react to: two customers were found to be one, or were not, or one was erased."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class CustomersMerged:
    """Two customers were found to be the same; their rows stay apart and are read together."""

    customer: str
    """Who was merged; also the subject."""
    into: str
    """Whose page shows both from now on."""
    client: str
    """The client's key."""
    merged_at: datetime
    """When somebody said so."""


@dataclass(frozen=True, kw_only=True)
class MergeUndone:
    """Two customers who had been merged are two again."""

    customer: str
    """Who had been merged; also the subject."""
    out_of: str
    """Whose page showed both."""
    client: str
    """The client's key."""
    undone_at: datetime
    """When somebody said so."""


@dataclass(frozen=True, kw_only=True)
class ConsentKept:
    """A customer has allowed or forbidden something."""

    customer: str
    """The customer; also the subject."""
    client: str
    """The client's key."""
    purpose: str
    """As marketing, survey, recording, analytics."""
    channel: str
    """call, chat, mail, post, message, or any."""
    given: bool
    """False if it was withdrawn."""
    at: datetime
    """When the customer said so."""


@dataclass(frozen=True, kw_only=True)
class CustomerErased:
    """A customer's key is destroyed; whoever keeps something of his elsewhere drops it."""

    customer: str
    """The customer; also the subject."""
    client: str
    """The client's key."""
    erased_at: datetime
    """When."""
