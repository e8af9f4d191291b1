"""
A result in rows: both variants in words and on one axis, the difference, and what it means.

Refuses: to decide what a reader may see (queries do).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from callfloor.departments.workforce.pages import words
from callfloor.departments.workforce.queries import Pair, Shown
from callfloor.departments.workforce.rules import SHARES, Estimate
from callfloor.ui import charts


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of a table."""

    pair: Pair
    now: str
    now_between: str
    then: str
    then_between: str
    drawn: list[charts.Interval | None]
    label: str
    """What the chart says, in words."""
    difference: str
    difference_between: str
    verdict: str
    tone: str
    icon: str


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows on one axis."""

    key: str
    name: str
    head: str
    """What stands over the names."""
    axis: charts.Scale
    low: str
    high: str
    lines: list[Line]


def tables(shown: Shown, *, measure: str, language: str) -> list[Table]:
    """Return the tables of queues, clients and languages, those that have rows."""
    found = (
        ("queues", _("Queues"), _("Queue"), shown.queues),
        ("clients", _("Clients"), _("Client"), shown.clients),
        ("languages", _("Languages"), _("Language"), shown.languages),
    )
    return [
        table(key, name, head, pairs, measure=measure, language=language)
        for key, name, head, pairs in found
        if any(pair.now or pair.then for pair in pairs)
    ]


def table(
    key: str, name: str, head: str, pairs: Sequence[Pair], *, measure: str, language: str
) -> Table:
    """Return pairs of one measure on a common axis."""
    lines = [line(pair, language=language) for pair in pairs]
    drawn = [each for one in lines for each in one.drawn if each is not None]
    axis = charts.common_scale(drawn, is_share=measure in SHARES)
    return Table(
        key=key,
        name=name,
        head=head,
        axis=axis,
        low=words.value(axis.low, measure=measure, language=language, places=0),
        high=words.value(axis.high, measure=measure, language=language, places=0),
        lines=lines,
    )


def line(pair: Pair, *, language: str) -> Line:
    """Return one pair in words and as marks."""
    now, now_between = _said(pair.now, pair.measure, language)
    then, then_between = _said(pair.then, pair.measure, language)
    verdict, tone, icon = words.VERDICTS.get(pair.verdict, ("", "", ""))
    label = _("%(name)s: now %(now)s (%(now_between)s), with the change %(then)s (%(between)s)")
    return Line(
        pair=pair,
        now=now,
        now_between=now_between,
        then=then,
        then_between=then_between,
        drawn=[_drawn(pair.now), _drawn(pair.then)],
        label=label
        % {
            "name": pair.name,
            "now": now,
            "now_between": now_between,
            "then": then,
            "between": then_between,
        },
        difference=_difference(pair, language),
        difference_between=_difference_between(pair, language),
        verdict=str(verdict),
        tone=tone,
        icon=icon,
    )


def _said(estimate: Estimate | None, measure: str, language: str) -> tuple[str, str]:
    if estimate is None:
        return "–", ""
    mean = words.value(estimate.mean, measure=measure, language=language)
    return mean, words.between(estimate, measure=measure, language=language)


def _difference(pair: Pair, language: str) -> str:
    if pair.difference is None:
        return "–"
    return words.difference(pair.difference.mean, measure=pair.measure, language=language)


def _difference_between(pair: Pair, language: str) -> str:
    if pair.difference is None:
        return ""
    low, high = (
        words.difference(amount, measure=pair.measure, language=language)
        for amount in (pair.difference.low, pair.difference.high)
    )
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def _drawn(estimate: Estimate | None) -> charts.Interval | None:
    if estimate is None:
        return None
    return charts.Interval(low=estimate.low, mean=estimate.mean, high=estimate.high)


def summary(found: Sequence[Table], *, of: str) -> dict[str, Any]:
    """Return what is clearly better, worse, more and less, in the table `of`."""
    lines = [one for each in found if each.key == of for one in each.lines]
    return {
        "any": any(one.pair.verdict not in ("", "unclear") for one in lines),
        "clear": [
            one
            for verdict in ("worse", "better", "more", "less")
            for one in lines
            if one.pair.verdict == verdict
        ],
    }
