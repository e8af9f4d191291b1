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


@register.simple_tag
def outcome(row: Any) -> SafeString:
    """Draw the badge of how an interaction ended, or that it goes on."""
    if row.outcome is None:
        return _badge("accent", "phone", _("going on"))
    tone, icon = LOOKS.get(row.outcome, ("neutral", "neutral"))
    return _badge(tone, icon, row.outcome_label)


def _badge(tone: str, icon: str, text: str) -> SafeString:
    return format_html(
        '<span class="badge" data-tone="{}"><span class="icon i-{}" aria-hidden="true"></span>'
        "{}</span>",
        *(tone, icon, text),
    )
