"""
A figure as a cell of a table, a tile, or a number of a file; each with what is behind it.

Refuses: formulas. The catalogue has them.
"""

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from callfloor.departments.analytics.pages import period
from callfloor.records.metrics import queries
from callfloor.records.metrics.queries import Metric, Sums
from callfloor.ui import formats

SHORT: dict[str, Any] = {
    "service_level": _("Service level"),
    "within_goal": _("Within the goal"),
    "short_abandoned": _("Short ones"),
    "first_contact_no_return": _("Nobody came back"),
    "first_contact_one_agent": _("One agent"),
    "first_contact_by_case": _("One contact of the case"),
}
"""What stands at the head of a column, where the whole name would be too long."""


@dataclass(frozen=True, kw_only=True)
class Where:
    """What a row of figures is about, as the list of interactions is asked for it."""

    begins_at: datetime
    ends_at: datetime
    client: str | None = None
    queue: str | None = None
    agent: str | None = None
    simulated: bool = False

    @property
    def tail(self) -> str:
        """The end of an address, ready to stand in HTML: a page has one for each of its rows."""
        keys = (("client", self.client), ("queue", self.queue), ("agent", self.agent))
        told = "".join(f"&amp;{name}={quote(key)}" for name, key in keys if key)
        days = f"&amp;from={_instant(self.begins_at)}&amp;to={_instant(self.ends_at)}"
        return f"{days}{told}&amp;simulated={int(self.simulated)}"


def metrics(keys: Iterable[str], *, day: date) -> list[Metric]:
    """Give the figures of a report as they were defined on its first day."""
    return [queries.metric(key, day=day) for key in keys]


def heads(columns: Iterable[Metric]) -> SafeString:
    """Write the heads of columns, each with its formula; as one text, as the cells are."""
    place = escape(reverse("definitions"))
    return SafeString(
        "".join(
            f'<th scope="col" class="num"><a class="define" href="{place}#m-{each.key}" '
            f'title="{escape(each.formula)}">{escape(SHORT.get(each.key, each.name))}</a></th>'
            for each in columns
        )
    )


def cells(
    sums: Sums, columns: Sequence[Metric], *, where: Where | None, closed: Sums | None = None
) -> SafeString:
    """
    Write the cells of a row, each with its interactions if there are any.

    `closed` are the sums as the day closed, if they were others: what reads differently now stands
    with both values. As one text: a template would take ten times as long for the thousand cells
    of a month.
    """
    tail = where.tail if where else None
    starts = {is_of_cases: _list(is_of_cases=is_of_cases) for is_of_cases in (False, True)}
    spoken = period.language()
    written = (
        _cell(each, sums, starts, tail, spoken, was=_was(each, sums, closed, spoken))
        for each in columns
    )
    return SafeString("".join(written))


def seconds(each: Iterable[float | None]) -> SafeString:
    """Write cells of times that no figure of the catalogue is asked for, as one text."""
    spoken = period.language()
    written = (f'<td class="num nowrap">{_shown(one, "seconds", spoken)}</td>' for one in each)
    return SafeString("".join(written))


def _was(metric: Metric, sums: Sums, closed: Sums | None, spoken: str) -> str:
    """Write what a figure was when the day closed; empty if it reads the same now."""
    if closed is None:
        return ""
    then = _shown(metric.compute(closed), metric.unit, spoken)
    return then if then != _shown(metric.compute(sums), metric.unit, spoken) else ""


@functools.cache
def _list(*, is_of_cases: bool) -> str:
    """Give the beginning of a list's address, ready to stand in HTML."""
    if is_of_cases:
        return f"{escape(reverse('cases'))}?state=&amp;behind="
    return f"{escape(reverse('interactions'))}?behind="


def _cell(
    metric: Metric,
    sums: Sums,
    starts: Mapping[bool, str],
    tail: str | None,
    spoken: str,
    *,
    was: str,
) -> str:
    value = metric.compute(sums)
    text = _shown(value, metric.unit, spoken)
    if tail is not None and value and metric.opens:
        text = f'<a href="{starts[metric.counts_cases]}{metric.key}{tail}">{text}</a>'
    if was:
        said = escape(gettext("was %(value)s") % {"value": was})
        text = f'{text}<span class="was">{said}</span>'
    return f'<td class="num nowrap">{text}</td>'


def tile(
    sums: Sums, metric: Metric, *, where: Where, more: str = "", closed: Sums | None = None
) -> dict[str, Any]:
    """Give what a tile shows."""
    value = metric.compute(sums)
    has_more = bool(value) and metric.opens
    start = _list(is_of_cases=metric.counts_cases)
    return {
        "key": metric.key,
        "label": SHORT.get(metric.key, metric.name),
        "formula": metric.formula,
        "text": shown(value, metric.unit),
        "url": SafeString(f"{start}{metric.key}{where.tail}") if has_more else "",
        "more": more,
        "was": _was(metric, sums, closed, period.language()),
    }


def shown(value: float | None, unit: str) -> str:
    """Write a figure for a reader; it holds nothing that HTML would take for more than text."""
    return _shown(value, unit, period.language())


def _shown(value: float | None, unit: str, spoken: str) -> str:
    if value is None:
        return "–"
    if unit == "share":
        return formats.percent(value, language=spoken, places=1)
    if unit == "seconds":
        return formats.duration(value, language=spoken)
    return formats.number(value, language=spoken, places=1 if unit == "per_hour" else 0)


def plain(value: float | None, unit: str) -> str:
    """Write a figure for a machine, the same in every language: a point, no groups, no sign."""
    if value is None:
        return ""
    if unit == "count":
        return str(int(value))
    return f"{value:.6f}" if unit == "share" else f"{value:.3f}"


def row_of(sums: Sums, columns: Iterable[Metric]) -> list[str]:
    """Give the figures of a row for a file."""
    return [plain(each.compute(sums), each.unit) for each in columns]


def changed(sums: Sums, closed: Sums, columns: Iterable[Metric]) -> list[Metric]:
    """Give the figures that a file tells otherwise than it would have when the day closed."""
    return [
        each
        for each in columns
        if plain(each.compute(sums), each.unit) != plain(each.compute(closed), each.unit)
    ]


def when_closed(sums: Sums, closed: Sums | None, columns: Iterable[Metric]) -> str:
    """Give what of a row was another figure when the day closed, for a file: `key=value;…`."""
    if closed is None:
        return ""
    found = changed(sums, closed, columns)
    return ";".join(f"{each.key}={plain(each.compute(closed), each.unit)}" for each in found)


def _instant(at: datetime) -> str:
    """Write an instant as it stands in an address."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H%%3A%MZ")


def iso(at: datetime | date) -> str:
    """Write an instant or a day for a file."""
    return at.isoformat(timespec="seconds") if isinstance(at, datetime) else at.isoformat()


def clock(at: datetime, scope: queries.Scope, spoken: str) -> str:
    """Write the local time of an instant."""
    return formats.time(at, language=spoken, zone=scope.zone)
