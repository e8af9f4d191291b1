"""
What is kept for how long, and when what is over leaves. Pure.

Refuses: to choose between two duties. A legal hold wins, and whoever asks has looked for it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

NIGHT_FROM, NIGHT_TO = 1, 5
"""Local hours in which old data leave: few people are at work, and days are not yet counted."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """How many days each class is kept, as `rules.privacy` of the centre's file says."""

    recordings_days: int
    messages_days: int
    interactions_days: int
    notices_days: int


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What is older than this leaves."""

    recordings: datetime
    messages: datetime
    interactions: datetime
    notices: datetime


def limits(kept: Kept, *, now: datetime) -> Limits:
    """Give the instants before which each class is over."""
    return Limits(
        recordings=now - timedelta(days=kept.recordings_days),
        messages=now - timedelta(days=kept.messages_days),
        interactions=now - timedelta(days=kept.interactions_days),
        notices=now - timedelta(days=kept.notices_days),
    )


def is_night(local: datetime) -> bool:
    """Say whether it is the time of day for what nobody waits for."""
    return NIGHT_FROM <= local.hour < NIGHT_TO
