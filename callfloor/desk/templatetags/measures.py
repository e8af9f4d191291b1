"""
A figure in the unit of its measure, and what is wanted of it, in the reader's language.

Refuses: to know the measures; unit and direction come in.
"""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from callfloor.ui.templatetags import ui

register = template.Library()
ICONS = {"good": "good", "warn": "warn", "bad": "bad"}


@register.simple_tag
def measure(value: float | None, unit: str) -> str:
    """Write a figure."""
    if value is None:
        return "–"
    if unit == "share":
        return ui.percent(value)
    if unit == "seconds":
        return ui.duration(value)
    if unit == "per_hour":
        return _("%(value)s an hour") % {"value": ui.number(value, 1)}
    return ui.number(value, 0 if float(value).is_integer() else 1)


@register.simple_tag
def wanted(row: dict[str, Any]) -> str:
    """Write what is to be reached: at least, at most, or about so much."""
    value = {"value": measure(row["target"], row["unit"])}
    if row["better"] == "higher":
        return _("at least %(value)s") % value
    if row["better"] == "lower":
        return _("at most %(value)s") % value
    return _("about %(value)s") % value


@register.simple_tag
def stands(row: dict[str, Any]) -> SafeString:
    """Write how a measure stands today, with its judgment as shape, word and shade."""
    if row["figure"] is None:
        return SafeString("")
    text = measure(row["figure"], row["unit"])
    if not row["tone"]:
        return format_html('<span class="badge nowrap">{}</span>', _("today %s") % text)
    words = {"good": _("reached"), "warn": _("nearly reached"), "bad": _("not reached")}
    return format_html(
        '<span class="badge nowrap" data-tone="{}"><span class="icon i-{}" aria-hidden="true">'
        '</span>{}<span class="sr">, {}</span></span>',
        *(row["tone"], ICONS[row["tone"]], _("today %s") % text, words[row["tone"]]),
    )
