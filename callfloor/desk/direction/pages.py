"""The direction: down from the mission to everybody's targets, and up from a target to it."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from callfloor.desk import centre
from callfloor.desk.direction import figures, tree
from callfloor.desk.direction.words import Words
from callfloor.kernel import access
from callfloor.kernel.kpis import KPIS
from callfloor.kernel.names import pick
from callfloor.ui.requests import Request


@login_required
def direction(request: Request) -> HttpResponse:
    """Show the tree of a year, from the mission down."""
    access.check(request.user, "direction.see")
    found = tree.of(centre.section("direction"))
    year = _year(request, found)
    view = View(request, year)
    context = {
        **_frame(request, found, year),
        "objectives": view.objectives() if year else [],
        "orphans": view.orphans() if year else [],
        "values": [_value(each) for each in found.values],
        "slogans": len(found.slogans()),
    }
    return render(request, "desk/direction.html", context)


@login_required
def up(request: Request, kind: str, key: str) -> HttpResponse:
    """Show the targets of a role, a team, a person or a queue with the way up of each."""
    access.check(request.user, "direction.see")
    found = tree.of(centre.section("direction"))
    year = _year(request, found)
    view = View(request, year)
    targets = [
        each for each in (year.targets if year else ()) if (each.kind, each.key) == (kind, key)
    ]
    if not targets or not view.words.sees(targets[0]):
        raise access.NotFound
    name = view.words.name(targets[0])
    context = _frame(request, found, year) | {"name": name, "ways": view.ways(targets)}
    return render(request, "desk/targets.html", context)


@login_required
def mine(request: Request) -> HttpResponse:
    """Show the reader's own targets with the way up of each; nobody needs a duty for that."""
    found = tree.of(centre.section("direction"))
    year = _year(request, found)
    view = View(request, year)
    targets = [each for each in (year.targets if year else ()) if view.is_mine(each)]
    context = _frame(request, found, year) | {"name": "", "ways": view.ways(targets)}
    return render(request, "desk/targets.html", context)


def _year(request: Request, found: tree.Direction) -> tree.Year | None:
    return found.year(request.GET.get("year", ""), now=str(timezone.localdate().year))


def _frame(request: Request, found: tree.Direction, year: tree.Year | None) -> dict[str, Any]:
    """Return what every page of the direction shows."""
    return {
        "here": "direction",
        "mission": pick(found.mission, key=""),
        "vision": pick(found.vision, key=""),
        "year": year.year if year else "",
        "years": [each.year for each in found.years],
        "may_see_all": request.user.rights.may("direction.see"),
    }


def _value(value: tree.Value) -> dict[str, Any]:
    return {
        "name": pick(value.names, key=value.key),
        "is_slogan": value.is_slogan,
        "seen_in": {place: pick(names, key="") for place, names in value.seen_in.items()},
    }


class View:
    """One year's tree as one reader sees it."""

    def __init__(self, request: Request, year: tree.Year | None) -> None:
        self._request = request
        self._year = year or tree.Year(year="", objectives=(), drivers=(), targets=())
        self.words = Words(request.user, self._year.targets)
        measured = {kpi for driver in self._year.drivers for kpi in driver.kpis}
        measured |= {objective.kpi for objective in self._year.objectives}
        measured |= {target.kpi for target in self._year.targets}
        self._today = figures.today(request.user, kpis=measured, day=timezone.localdate())

    def objectives(self) -> list[dict[str, Any]]:
        """Return the objectives with all that hangs on them."""
        return [
            {
                **self._objective(each),
                "drivers": [self._driver(driver) for driver in self._year.drivers_of(each)],
            }
            for each in self._year.objectives
        ]

    def _objective(self, objective: tree.Objective) -> dict[str, Any]:
        return {
            "key": objective.key,
            "name": pick(objective.names, key=objective.key),
            **self._measure(
                objective.kpi,
                target=objective.target,
                figure=self._today.figure(objective.kpi),
            ),
        }

    def _driver(self, driver: tree.Driver) -> dict[str, Any]:
        return {
            "key": driver.key,
            "name": pick(driver.names, key=driver.key),
            "kpis": [self._leaf(kpi) for kpi in driver.kpis],
        }

    def _leaf(self, kpi: str) -> dict[str, Any]:
        targets = self._year.targets_of(kpi)
        seen = [target for target in targets if self.words.sees(target)]
        return {
            **self._measure(kpi),
            "targets": [self._target(target) for target in seen],
            "hidden": len(targets) - len(seen),
            "is_orphan": not targets,
        }

    def _measure(
        self, kpi: str, *, target: float | None = None, figure: float | None = None
    ) -> dict[str, Any]:
        """Return a measure: what it means, what is wanted, how it stands today."""
        known = KPIS.get(kpi)
        return {
            "kpi": kpi,
            "kpi_name": str(known.name) if known else kpi,
            "meaning": str(known.meaning) if known else "",
            "unit": known.unit if known else "count",
            "better": known.better if known else "higher",
            "planned": known.planned if known else None,
            "target": target,
            "figure": figure,
            "tone": "" if target is None else figures.tone(kpi, figure=figure, target=target),
        }

    def _target(self, target: tree.Target) -> dict[str, Any]:
        figure = self._today.of(target)
        return {
            **self._measure(target.kpi, target=target.value, figure=figure),
            "kind": target.kind,
            "key": target.key,
            "name": self.words.name(target),
        }

    def orphans(self) -> list[dict[str, Any]]:
        """Return what hangs on nothing; people of others are left out."""
        return [
            {"kind": each.kind, "name": self._orphan_name(each)}
            for each in self._year.orphans()
            if each.target is None or self.words.sees(each.target)
        ]

    def _orphan_name(self, orphan: tree.Orphan) -> str:
        if orphan.kind == "driver":
            names = {driver.key: driver.names for driver in self._year.drivers}
            return pick(names[orphan.key], key=orphan.key)
        name = str(KPIS[orphan.key].name) if orphan.key in KPIS else orphan.key
        return f"{name}, {self.words.name(orphan.target)}" if orphan.target else name

    def ways(self, targets: Iterable[tree.Target]) -> list[dict[str, Any]]:
        """Return targets, each with every way up to an objective."""
        return [
            {
                **self._target(target),
                "ways": [
                    {
                        "driver": pick(driver.names, key=driver.key),
                        "objective": self._objective(objective),
                    }
                    for driver, objective in self._year.ways_up(target.kpi)
                ],
            }
            for target in targets
        ]

    def is_mine(self, target: tree.Target) -> bool:
        """Say whether a target is the reader's: himself, his role, his team, or a queue of his."""
        user = self._request.user
        return (
            target.key
            in {
                "person": lambda: [user.key],
                "role": lambda: user.role_keys,
                "team": lambda: [user.team_id],
                "queue": self._own_queues,
            }[target.kind]()
        )

    def _own_queues(self) -> list[str]:
        """Give the queues whose work the reader may be given, by their tiers and his skills."""
        plan = centre.plan()
        return tree.queues_of(self._request.user.key, plan=plan) if plan else []
