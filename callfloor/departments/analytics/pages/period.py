"""
Which days a report is about: what was asked for, what else may be chosen, and a month as a sheet.

Refuses: figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from callfloor.departments.analytics import rules
from callfloor.records.metrics import queries
from callfloor.records.metrics.queries import DAYS_MAX
from callfloor.ui import formats
from callfloor.ui.requests import Request

HALVES_DAYS_MAX = 2
"""More days than these by half hours are a file and no page."""
STEPS = ("half", "day", "week")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a report is about."""

    days: rules.Days
    step: str
    client: str | None
    queue: str | None
    team: str | None
    simulated: bool


def asked(given: QueryDict, *, today: date) -> Asked:
    """Read an address; what cannot be read is left out, and a report is about today then."""
    first = rules.day_of(given.get("from", "")) or rules.day_of(given.get("to", "")) or today
    last = max(rules.day_of(given.get("to", "")) or first, first)
    last = min(last, first + timedelta(days=DAYS_MAX - 1))
    days = rules.Days(first=first, last=last)
    return Asked(
        days=days,
        step=_step(given.get("step", ""), days),
        client=given.get("client") or None,
        queue=given.get("queue") or None,
        team=given.get("team") or None,
        simulated=given.get("simulated") == "1",
    )


def language() -> str:
    """Give the reader's language."""
    return (get_language() or "en").partition("-")[0]


def _step(text: str, days: rules.Days) -> str:
    if days.count > HALVES_DAYS_MAX:
        return "week" if text == "week" else "day"
    return text if text in STEPS else "half"


def context(request: Request, found: Asked, *, today: date) -> dict[str, Any]:
    """Give what the template of the period needs."""
    rest, spoken = _rest(request.GET), language()
    rights = request.user.rights
    return {
        "asked": found,
        "title": title(found.days),
        "from_text": _typed(found.days.first, spoken),
        "to_text": _typed(found.days.last, spoken),
        "input_type": "text" if spoken == "fa" else "date",
        "choices": [
            (label, _address(rest, days), days == found.days)
            for label, days in _choices(today, spoken)
        ],
        "before": _address(rest, found.days.moved(-1)),
        "after": _address(rest, found.days.moved(1)),
        "sheet": _sheet(rest, found.days, today=today, spoken=spoken),
        "keep": _kept(found),
        "with_simulated": _with_simulated(request, found),
        "may_agents": rights.may("reports.agents"),
        "may_list": rights.may("interactions.read"),
    }


def _kept(found: Asked) -> str:
    """Give the end of another report's address about the same days."""
    told = {"from": found.days.first.isoformat(), "to": found.days.last.isoformat()}
    if found.simulated:
        told["simulated"] = "1"
    return "?" + urlencode(told)


def _with_simulated(request: Request, found: Asked) -> str:
    """Give the address with what the twin has made in these days; empty if it is there, or none."""
    days = found.days
    if found.simulated or not queries.has_simulated(
        person=request.user, day_from=days.first, day_to=days.end
    ):
        return ""
    changed = request.GET.copy()
    changed["simulated"] = "1"
    return "?" + changed.urlencode()


def title(days: rules.Days) -> str:
    """Write days as a heading."""
    spoken = language()
    if days.count == 1:
        return formats.long_day(days.first, language=spoken)
    first, last = (formats.day(day, language=spoken, year=True) for day in (days.first, days.last))
    return f"{first} – {last}"


def _typed(day: date, spoken: str) -> str:
    return formats.digits(rules.written(day, language=spoken), language=spoken)


def _choices(today: date, spoken: str) -> list[tuple[str, rules.Days]]:
    one, seven = timedelta(days=1), timedelta(days=7)
    return [
        (_("Today"), rules.Days(first=today, last=today)),
        (_("Yesterday"), rules.Days(first=today - one, last=today - one)),
        (_("This week"), rules.week(today, language=spoken)),
        (_("Last week"), rules.week(today - seven, language=spoken)),
        (_("This month"), rules.month(today, language=spoken)),
    ]


def _rest(given: QueryDict) -> str:
    """Give what an address says beside its days and page: the same for all fifty of a page."""
    said = given.copy()
    for name in ("from", "to", "page"):
        said.pop(name, None)
    return f"&{said.urlencode()}" if said else ""


def _address(rest: str, days: rules.Days) -> str:
    return f"?from={days.first.isoformat()}&to={days.last.isoformat()}{rest}"


def _sheet(rest: str, days: rules.Days, *, today: date, spoken: str) -> dict[str, Any]:
    """Give the month of the first day: heads, and weeks of days with their addresses."""
    shown = rules.month(days.first, language=spoken)
    weeks = list(rules.weeks(days.first, language=spoken))
    escaped = escape(rest)

    def row(week: Sequence[date]) -> str:
        told = {"days": days, "today": today, "spoken": spoken}
        cells = (
            _cell(escaped, day, is_in=shown.first <= day <= shown.last, **told)  # type: ignore[arg-type]
            for day in week
        )
        return f"<tr>{''.join(cells)}</tr>"

    return {
        "title": _month(shown.first, spoken),
        "heads": [
            (formats.weekday(day.weekday(), language=spoken), _short(day, spoken))
            for day in weeks[0]
        ],
        "before": _address(rest, rules.month(shown.first - timedelta(1), language=spoken)),
        "after": _address(rest, rules.month(shown.last + timedelta(1), language=spoken)),
        "rows": SafeString("".join(map(row, weeks))),
    }


def _cell(rest: str, day: date, *, days: rules.Days, is_in: bool, today: date, spoken: str) -> str:
    """Write a day of the sheet; as one text, for a template takes ten times as long for forty."""
    written = day.isoformat()
    address = f"?from={written}&amp;to={written}{rest}"
    words = (("out", not is_in), ("chosen", days.first <= day <= days.last))
    kind = " ".join(word for word, is_so in words if is_so)
    mark = ' aria-current="date"' if day == today else ""
    number = formats.digits(rules.number_in_month(day, language=spoken), language=spoken)
    name = escape(formats.long_day(day, language=spoken))
    return f'<td><a href="{address}" aria-label="{name}" class="{kind}"{mark}>{number}</a></td>'


def _month(first: date, spoken: str) -> str:
    """Name a month with its year: a day's text without the day."""
    return formats.month(first, language=spoken)


def _short(day: date, spoken: str) -> str:
    """Give the first letters of a weekday; in Persian the first one, as calendars have it."""
    name = formats.weekday(day.weekday(), language=spoken)
    return name[:1] if spoken == "fa" else name[:2]
