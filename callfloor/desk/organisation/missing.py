"""The page of gaps: which language of which client finds nobody, or is not said."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from callfloor.core.plan import FloorPlan
from callfloor.desk import centre
from callfloor.desk.organisation import gaps
from callfloor.kernel import access
from callfloor.kernel.access import Someone
from callfloor.kernel.names import pick
from callfloor.records.articles import queries as articles
from callfloor.records.people import queries as people
from callfloor.records.routing import queries as routing
from callfloor.ui import formats
from callfloor.ui.requests import Request

LEVELS = (1, 2, 3, 4, 5)
_Counted = tuple[list[gaps.Served], list[gaps.Unsaid], list[gaps.Skilled]]
KEPT_MAX = 16  # Each level of the latest versions.
_kept: dict[tuple[str, str, int], _Counted] = {}
SHORTENED_FROM = 3
"""So many days in a row are written from the first to the last."""


@login_required
def missing(request: Request) -> HttpResponse:
    """Show what is missing in the languages of the reader's clients."""
    access.check(request.user, "organisation.see")
    plan, level = centre.plan(), _level(request)
    context: dict[str, Any] = {"here": "organisation", "level": level, "levels": LEVELS}
    context["may_see_people"] = request.user.rights.may("people.read")
    if plan is not None:
        context |= _View(request, plan, level).context(request.user)
    return render(request, "desk/gaps.html", context)


def _level(request: Request) -> int:
    text = request.GET.get("level", "")
    return int(text) if text in {str(each) for each in LEVELS} else gaps.LEVEL


def _counted(plan: FloorPlan, shifts: list[Any], level: int) -> _Counted:
    """Count the gaps; of one plan and file they are always the same, and six hundred take long."""
    place = (plan.version, centre.version(), level)
    if place not in _kept:
        if len(_kept) >= KEPT_MAX:
            _kept.clear()
        _kept[place] = (
            gaps.served(plan, shifts=shifts, level=level),
            gaps.unsaid(plan, prompts=centre.section("prompts")),
            gaps.skilled(plan, level=level),
        )
    return _kept[place]


class _View:
    """The gaps as one reader may see them."""

    def __init__(self, request: Request, plan: FloorPlan, level: int) -> None:
        self._language = (get_language() or "en").partition("-")[0]
        self._clients = people.client_names(person=request.user)
        self._queues = routing.queue_names(person=request.user)
        self._shifts = centre.section("demand").get("shifts") or []
        served, unsaid, self._skilled = _counted(plan, self._shifts, level)
        self._served = [row for row in served if row.client in self._clients]
        self._unsaid = [row for row in unsaid if row.client in self._clients]

    def context(self, person: Someone) -> dict[str, Any]:
        """Return what the page shows."""
        order = formats.week(language=self._language)
        return {
            "days": [self._weekday(day) for day in order],
            "rows": [self._row(row, order) for row in self._served],
            "gaps": [*self._nobody(), *self._silent(), *self._unwritten(person)],
            "skills": self._skills(),
            "has_shifts": bool(self._shifts),
        }

    def _row(self, row: gaps.Served, order: list[int]) -> dict[str, Any]:
        return {
            "client": self._clients[row.client],
            "language": people.language_said(row.language),
            "code": row.language,
            "is_known": row.is_known,
            "cells": [row.days[day].fewest for day in order] if row.days else [],
        }

    def _nobody(self) -> list[str]:
        """Return a sentence for the days on which a language finds nobody at the same hours."""
        return [
            _("%(client)s: nobody for %(language)s (%(days)s; %(hours)s)")
            % {
                "client": self._clients[row.client],
                "language": people.language_said(row.language),
                "days": self._listed(self._run(run) for run in _runs(days)),
                "hours": self._listed(self._period(*period) for period in empty),
            }
            for row in self._served
            for empty, days in _alike(row.days).items()
        ]

    def _run(self, days: list[int]) -> str:
        first, last = self._weekday(days[0]), self._weekday(days[-1])
        if len(days) < SHORTENED_FROM:
            return self._listed(self._weekday(day) for day in days)
        return _("%(first)s to %(last)s") % {"first": first, "last": last}

    def _listed(self, texts: Iterable[str]) -> str:
        return formats.listed(texts, language=self._language)

    def _weekday(self, day: int) -> str:
        return formats.weekday(day, language=self._language)

    def _period(self, begin: int, end: int) -> str:
        text = "–".join(f"{at // 60}:{at % 60:02}" for at in (begin, end))
        return formats.digits(text, language=self._language)

    def _silent(self) -> list[str]:
        """Return a sentence for each prompt that does not exist in a language."""
        return [
            _("%(client)s: the prompt %(prompt)s of the flow %(flow)s is not said in %(language)s")
            % {
                "client": self._clients[row.client],
                "prompt": row.prompt,
                "flow": row.flow,
                "language": people.language_said(row.language),
            }
            for row in self._unsaid
        ]

    def _unwritten(self, person: Someone) -> list[str]:
        """Return a sentence for each article that customers or colleagues cannot read."""
        return [
            (
                _("The article %(article)s is outdated in %(language)s")
                if gap.is_stale
                else _("The article %(article)s does not exist in %(language)s")
            )
            % {"article": gap.name, "language": people.language_said(gap.language)}
            for gap in articles.gaps(person=person)
        ]

    def _skills(self) -> list[dict[str, Any]]:
        names = {key: each.get("name") for key, each in centre.section("skills").items()}
        return [
            {
                "name": _name(names.get(row.skill), row.skill),
                "queues": [self._queues[key] for key in row.queues if key in self._queues],
                "anybody": row.anybody,
                "enough": row.enough,
            }
            for row in self._skilled
        ]


def _name(text: Any, key: str) -> str:
    return pick(text, key=key) if isinstance(text, dict) else str(text or key)


def _alike(days: Iterable[gaps.Day]) -> dict[tuple[tuple[int, int], ...], list[int]]:
    """Return the weekdays by the hours at which there is nobody."""
    found: dict[tuple[tuple[int, int], ...], list[int]] = {}
    for day in days:
        if day.empty:
            found.setdefault(day.empty, []).append(day.weekday)
    return found


def _runs(days: list[int]) -> list[list[int]]:
    """Return days that follow one another together."""
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs
