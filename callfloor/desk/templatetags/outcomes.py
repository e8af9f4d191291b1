"""
The badge of an outcome, which every row of every list has.

Refuses: to be a template; including one for each row took a quarter of a long page's time.
"""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()
LOOKS = {
    "answered": ("good", "good"),
    "self_served": ("good", "good"),
    "lost_by_system": ("bad", "bad"),
    "refused_no_capacity": ("bad", "bad"),
    "abandoned_in_queue": ("warn", "warn"),
}
"""Tone and icon of outcomes that are more than neutral."""
CHANNELS = {"chat": "chat", "mail": "mail", "case": "case"}
"""The icon of what is written; a call has that of its direction."""
DIRECTIONS = {"in": "in", "out": "out", "callback": "undo", "internal": "consult"}
"""The icon of each direction."""


@register.simple_tag
def outcome(row: Any) -> SafeString:
    """Draw the badge of how an interaction ended, or that it goes on."""
    if row.outcome is None:
        return _badge("accent", "phone", _("going on"))
    tone, icon = LOOKS.get(row.outcome, ("neutral", "neutral"))
    return _badge(tone, icon, row.outcome_label)


@register.simple_tag
def direction(row: Any) -> SafeString:
    """Draw whether a call came in, went out, answers a wish, or was between colleagues."""
    return format_html(
        '<span class="icon soft i-{}" role="img" aria-label="{}" title="{}"></span>',
        CHANNELS.get(row.channel) or DIRECTIONS.get(row.direction, "phone"),
        *(row.direction_label, row.direction_label),
    )


@register.simple_tag
def direction_icon(row: Any) -> SafeString:
    """Draw the direction where words beside it say it."""
    icon = CHANNELS.get(row.channel) or DIRECTIONS.get(row.direction, "phone")
    return format_html('<span class="icon i-{}" aria-hidden="true"></span>', icon)


def _badge(tone: str, icon: str, text: str) -> SafeString:
    return format_html(
        '<span class="badge" data-tone="{}"><span class="icon i-{}" aria-hidden="true"></span>'
        "{}</span>",
        *(tone, icon, text),
    )
