"""
The states of agents and calls as people see them: a word, a meaning, an icon.

Refuses: to know how a state is reached; that is core/presence.py.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

AGENT_STATES: dict[str, tuple[Any, str, str]] = {
    "ready": (_("Ready"), "good", "good"),
    "ringing": (_("Ringing"), "accent", "ring"),
    "talking": (_("Talking"), "accent", "phone"),
    "writing": (_("Writing"), "accent", "mail"),
    "held": (_("On hold"), "warn", "pause"),
    "wrap_up": (_("Wrap-up"), "neutral", "note"),
    "away": (_("Away"), "neutral", "break"),
    "missed": (_("Missed"), "bad", "bad"),
    "reserved": (_("Reserved"), "neutral", "clock"),
    "busy": (_("Busy"), "neutral", "phone"),
    "signed_out": (_("Signed out"), "neutral", "neutral"),
}
"""For each state its name, its meaning and its icon."""


def texts() -> dict[str, Any]:
    """Return what a live page needs to write a state, and what it says of its own line."""
    return {
        "states": {
            key: {"label": str(label), "tone": tone, "icon": icon}
            for key, (label, tone, icon) in AGENT_STATES.items()
        },
        "live_live": str(_("Live")),
        "live_lost": str(_("Line lost, trying again")),
    }
