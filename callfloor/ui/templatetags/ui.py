"""
Filters and tags: icons, and numbers and times as the reader's language writes them.

Refuses: to fetch anything. What a page shows is given to its template.
"""

import datetime as dt
import functools
import html
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.http import RFC3986_SUBDELIMS
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from callfloor.ui import charts, formats

register = template.Library()
MARK = "~key~"  # Stands in an address for the key; nothing in it is ever quoted.
URL_SAFE = RFC3986_SUBDELIMS + "~:@"  # As `reverse` quotes, but for the slash: no key has one.

SPANS = {"h": 3600, "min": 60, "s": 1}
SPAN_TEXTS = {"h": _("{count} h"), "min": _("{count} min"), "s": _("{count} s")}
"""How long something may take; pages put a number in, in the browser too (`span` of format.js)."""


def _language() -> str:
    return (translation.get_language() or "en").partition("-")[0]


def _zone() -> ZoneInfo:
    # Django's name of it is the offset, where that never changes, and no zone has such a name.
    return ZoneInfo(str(timezone.get_current_timezone()))


def _instant(value: dt.datetime | float) -> dt.datetime:
    if isinstance(value, dt.datetime):
        return value
    return dt.datetime.fromtimestamp(value, tz=dt.UTC)


@register.filter
def digits(value: object) -> str:
    """Write a text with the digits of the language."""
    return formats.digits(value, language=_language())


@register.filter
def number(value: float | None, places: int = 0) -> str:
    """Write a number, a dash if there is none."""
    if value is None:
        return "–"
    return formats.number(value, language=_language(), places=places)


@register.filter
def listed(texts: Iterable[object]) -> str:
    """Write texts one after the other, with the comma of the language."""
    return formats.listed(texts, language=_language())


@register.filter
def decimal(value: str) -> str:
    """Write a number with one decimal."""
    return formats.number(float(value), language=_language(), places=1)


@register.filter
def percent(share: float | None, places: int = 0) -> str:
    """Write a share of 1 as a percentage."""
    return formats.percent(share, language=_language(), places=places)


@register.filter
def duration(seconds: float | dt.timedelta | None) -> str:
    """Write seconds as m:ss."""
    if isinstance(seconds, dt.timedelta):
        seconds = seconds.total_seconds()
    return formats.duration(seconds, language=_language())


@register.filter
def span(seconds: float) -> str:
    """Write how long something may take, in the largest unit of which it is a whole number."""
    whole = (unit for unit, length in SPANS.items() if seconds and seconds % length == 0)
    unit = next(whole, "s")
    value = seconds / SPANS[unit]
    places = 0 if value == int(value) else 1
    count = formats.number(value, language=_language(), places=places)
    return str(SPAN_TEXTS[unit]).format(count=count)


@register.filter
def clock(value: dt.datetime | float | None) -> str:
    """Write the time of day."""
    if value is None:
        return "–"
    return formats.time(_instant(value), language=_language(), zone=_zone())


@register.filter
def clock_seconds(value: dt.datetime | float) -> str:
    """Write the time of day to the second."""
    return formats.time(_instant(value), language=_language(), zone=_zone(), seconds=True)


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """Write a day with its year."""
    if value is None:
        return "–"
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value).date()
    return formats.day(value, language=_language(), year=True)


@register.filter
def long_day(value: dt.date) -> str:
    """Write a day with its weekday and year."""
    return formats.long_day(value, language=_language())


@register.simple_tag
def moment(value: dt.datetime | float | None, now: dt.datetime) -> str:
    """Write day and time, as short as `now` allows."""
    if value is None:
        return "–"
    return formats.moment(_instant(value), language=_language(), zone=_zone(), now=now)


@register.filter
def initials(name: str) -> str:
    """Write the letters of an avatar."""
    return formats.initials(name, language=_language())


@register.filter
def code(value: object) -> SafeString:
    """Write an identifier: Latin digits, from left to right, never broken."""
    return format_html('<bdi class="nowrap" dir="ltr" data-latin>{}</bdi>', value)


@register.filter
def phone(value: str | None) -> str:
    """Write a phone number in the digits of the language, from left to right, never broken."""
    if not value:
        return "–"
    text = formats.phone(value, language=_language())
    return format_html('<bdi class="nowrap" dir="ltr">{}</bdi>', text)


@register.filter
def isodate(value: dt.date) -> str:
    """Write a day for the value of a date field."""
    return value.isoformat()


@register.filter
def isoformat(value: dt.datetime | float) -> str:
    """Write an instant for the attribute `datetime`."""
    return _instant(value).isoformat(timespec="seconds")


@register.simple_tag
def icon(name: str, *flags: str) -> SafeString:
    """Draw an icon; `flip` turns it where people read from right to left."""
    return format_html(
        '<span class="icon i-{}" aria-hidden="true"></span>', " ".join((name, *flags))
    )


@register.simple_tag
def options(choices: Iterable[tuple[str, object]], chosen: str | None = None) -> SafeString:
    """Write the options of a choice, pairs of key and label; a loop took ten times as long."""
    return mark_safe(
        "".join(
            f'<option value="{html.escape(key)}"{" selected" if key == chosen else ""}>'
            f"{html.escape(str(label))}</option>"
            for key, label in choices
        )
    )


@register.simple_tag
def levels(skills: Iterable[Any]) -> SafeString:
    """Write skills with their levels as badges, a dash if there are none."""
    language = _language()
    made = (
        f'<span class="badge">{html.escape(each.name)} '
        f"{formats.number(each.level, language=language)}</span>"
        for each in skills
    )
    return mark_safe(" ".join(made) or "–")


@register.simple_tag
def to(name: str, key: object) -> str:
    """Write the address of a page of one thing; half a long list's time went into `url`."""
    before, after = _around(name)
    return f"{before}{quote(str(key), safe=URL_SAFE)}{after}"


@register.simple_tag
def rail(places: Iterable[Any], here: str) -> SafeString:
    """Write the links of the rail; which there are is decided anew for each request."""
    return mark_safe(
        "\n  ".join(_link(each.name, each.icon, each.url, each.key == here) for each in places)
    )


@functools.lru_cache(maxsize=512)  # Forty places in six languages, each open or not.
def _link(name: str, icon_name: str, url: str, is_here: bool) -> str:
    current = mark_safe(' aria-current="page"') if is_here else ""
    return format_html(
        '<a href="{0}" title="{1}"{2}>{3}<span>{1}</span></a>', url, name, current, icon(icon_name)
    )


@register.simple_tag
def shortcuts() -> SafeString:
    """Write the list of shortcuts, which is the same for everybody who reads one language."""
    return _shortcuts(_language())


@functools.lru_cache(maxsize=8)  # Six languages.
def _shortcuts(language: str) -> SafeString:
    return render_to_string("ui/shortcuts.html")


@functools.lru_cache(maxsize=64)  # As many pages of one thing as the house may have.
def _around(name: str) -> tuple[str, str]:
    before, _, after = reverse(name, args=[MARK]).partition(MARK)
    return before, after


@register.filter
def tone(level: str) -> str:
    """Turn a message's level into one of the four meanings."""
    return {"success": "good", "warning": "warn", "error": "bad"}.get(level, "neutral")


@register.filter
def words(text: str) -> list[str]:
    """Split a text, for pages that show samples."""
    return text.split()


@register.filter
def numbers(text: str) -> list[float]:
    """Split a text into numbers, for pages that show samples."""
    return [float(word) for word in text.split()]


@register.filter
def half_hours(text: str) -> charts.Bars:
    """Make a sample chart of numbers from eight o'clock on."""
    return charts.Bars(first_hour=8, values=tuple(numbers(text)))


@register.filter
def get(mapping: dict[Any, Any], key: object) -> object:
    """Look a key up in a mapping."""
    return mapping.get(key, "")


@register.inclusion_tag("ui/charts/bars.html")
def bars(series: charts.Bars, label: str) -> dict[str, object]:
    """Draw one bar for each half hour, with its hours beneath."""
    return {"chart": charts.bars(series), "label": label}


@register.inclusion_tag("ui/charts/spark.html")
def spark(values: list[float], goal: float | None = None) -> dict[str, object]:
    """Draw a small line without words, for beside a figure that says it."""
    return {"chart": charts.spark(values, goal=goal)}


@register.inclusion_tag("ui/charts/intervals.html")
def intervals(
    pair: list[charts.Interval | None], axis: charts.Scale, label: str
) -> dict[str, object]:
    """Draw intervals one below the other, as before and after; the label says them in words."""
    lanes = charts.intervals(pair, axis=axis)
    return {"lanes": lanes, "height": charts.LANE * len(lanes), "label": label}


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: object) -> str:
    """Return the present query string with some values changed; an empty value leaves."""
    given = context["request"].GET.copy()
    for key, value in changes.items():
        if value in (None, ""):
            given.pop(key, None)
        else:
            given[key] = str(value)
    return "?" + given.urlencode()
