"""Mission to targets: every measure is known, every objective is driven, nothing hangs loose."""

from collections.abc import Iterator

from callfloor.blueprint import schema
from callfloor.blueprint.check.offices import unknown_role
from callfloor.blueprint.check.wording import unknown
from callfloor.blueprint.findings import Problem
from callfloor.blueprint.schema import Blueprint, direction
from callfloor.kernel.kpis import KPIS

Path = tuple[str, ...]
OWNERS = ("role", "team", "person", "queue")


def problems(blueprint: Blueprint) -> Iterator[Problem]:
    """Find what is wrong with the direction."""
    if blueprint.direction is None:
        return
    for key, value in blueprint.direction.values.items():
        if value.interview is None and value.quality is None and value.recognition is None:
            wrong = f"`{key}` is seen nowhere: it is a slogan."
            hint = "Say what is asked, listened for or thanked for: `interview:`, `quality:`, …"
            path = ("direction", "values", key)
            yield Problem(id="W095", path=path, wrong=wrong, hint=hint)
    for key, year in blueprint.direction.years.items():
        path = ("direction", "years", key)
        yield from _objectives(year, path)
        yield from _drivers(year, path)
        yield from _targets(blueprint, year, path)


def _measure(kpi: str, path: Path) -> Iterator[Problem]:
    yield from unknown(fault="E083", kind="measure", name=kpi, known=KPIS, path=path)


def _share(kpi: str, value: float, path: Path) -> Iterator[Problem]:
    if kpi in KPIS and KPIS[kpi].unit == "share" and not 0 <= value <= 1:
        wrong = f"`{kpi}` is a share, and {value:g} is none."
        hint = "Write 80 % as `0.8`."
        yield Problem(id="E094", path=path, wrong=wrong, hint=hint)


def _objectives(year: direction.Year, path: Path) -> Iterator[Problem]:
    for key, objective in year.objectives.items():
        place = (*path, "objectives", key)
        yield from _measure(objective.kpi, (*place, "kpi"))
        yield from _share(objective.kpi, objective.target, (*place, "target"))
        for index, driver in enumerate(objective.drivers):
            yield from unknown(
                fault="E091",
                kind="driver",
                name=driver,
                known=year.drivers,
                path=(*place, "drivers", str(index)),
            )
        drivers = [year.drivers[each] for each in objective.drivers if each in year.drivers]
        if drivers and not any(objective.kpi in driver.kpis for driver in drivers):
            wrong = f"No driver of `{key}` is seen in `{objective.kpi}`."
            hint = f"Add `{objective.kpi}` to the `kpis` of a driver that moves it."
            yield Problem(id="E090", path=(*place, "kpi"), wrong=wrong, hint=hint)


def _drivers(year: direction.Year, path: Path) -> Iterator[Problem]:
    aimed = {target.kpi for target in year.targets}
    for key, driver in year.drivers.items():
        place = (*path, "drivers", key)
        for index, kpi in enumerate(driver.kpis):
            yield from _measure(kpi, (*place, "kpis", str(index)))
        if not aimed.intersection(driver.kpis):
            wrong = f"Nobody has a target in what `{key}` is seen in, so nobody moves it."
            hint = f"Add a target in {', '.join(f'`{kpi}`' for kpi in driver.kpis)}."
            yield Problem(id="W096", path=place, wrong=wrong, hint=hint)


def _targets(blueprint: Blueprint, year: direction.Year, path: Path) -> Iterator[Problem]:
    driven = {kpi for driver in year.drivers.values() for kpi in driver.kpis}
    for index, target in enumerate(year.targets):
        place = (*path, "targets", str(index))
        yield from _measure(target.kpi, (*place, "kpi"))
        yield from _share(target.kpi, target.value, (*place, "value"))
        if target.kpi in KPIS and target.kpi not in driven:
            wrong = f"`{target.kpi}` is a measure of no driver, so this target moves nothing."
            hint = "Aim at a measure of a driver, or add it to one."
            yield Problem(id="E093", path=(*place, "kpi"), wrong=wrong, hint=hint)
        yield from _owner(blueprint, target, place)


def _owner(blueprint: Blueprint, target: direction.Target, path: Path) -> Iterator[Problem]:
    named = [name for name in OWNERS if getattr(target, name) is not None]
    if len(named) != 1:
        wrong = f"A target in `{target.kpi}` is {' and '.join(named) or 'nobody'}'s."
        hint = "Name exactly one of `role`, `team`, `person` and `queue`."
        yield Problem(id="E092", path=path, wrong=wrong, hint=hint)
    yield from unknown_role(blueprint, target.role, (*path, "role"))
    for fault, kind, known in (
        ("E017", "team", blueprint.teams),
        ("E019", "person", blueprint.people),
        ("E011", "queue", blueprint.queues),
    ):
        name = getattr(target, kind)
        yield from unknown(fault=fault, kind=kind, name=name, known=known, path=(*path, kind))


def objectives(blueprint: schema.Blueprint) -> set[str]:
    """Give the keys of all objectives, of any year."""
    years = blueprint.direction.years.values() if blueprint.direction is not None else ()
    return {key for year in years for key in year.objectives}
