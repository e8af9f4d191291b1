"""
The list of what the seeds ask for, and who answers for each item: duty, role, measure, competence.

    python -m tests.architecture.seed_items     prints the list with its owners and what is planned
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from callfloor.app import manifests
from callfloor.kernel import department
from callfloor.kernel.competences import COMPETENCES
from callfloor.kernel.department import Department, Duty
from callfloor.kernel.kpis import KPIS
from tests.architecture import sources

LIST = sources.ROOT / "tests/architecture/seed_items.csv"


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing that the seeds ask for."""

    id: str
    kind: str
    text: str
    rows: tuple[str, ...]
    """Rows of the mission that build it."""


@dataclass(frozen=True, kw_only=True)
class Cover:
    """Something of the product that covers an item."""

    item: str
    kind: str
    """`department`, `duty`, `role`, `kpi` or `competence`."""
    key: str
    duties: tuple[str, ...]
    """The duties by which somebody answers for it."""
    planned: str | None = None


def items() -> list[Item]:
    """Return the list, in its order."""
    with LIST.open(encoding="utf-8", newline="") as file:
        return [
            Item(id=row["id"], kind=row["kind"], text=row["item"], rows=tuple(row["rows"].split()))
            for row in csv.DictReader(file)
        ]


def covers() -> Iterator[Cover]:
    """Yield what covers which item."""
    manifests.join()
    for place in department.departments():
        yield from _of_department(place)
    for role in department.roles():
        for item in role.seeds:
            yield Cover(item=item, kind="role", key=role.key, duties=role.duties)
    for kpi in KPIS.values():
        duties = _naming(lambda duty, key=kpi.key: key in duty.kpis)
        for item in kpi.seeds:
            yield Cover(item=item, kind="kpi", key=kpi.key, duties=duties, planned=kpi.planned)
    for each in COMPETENCES.values():
        duties = _naming(lambda duty, key=each.key: key in duty.skills)
        for item in each.seeds:
            yield Cover(item=item, kind="competence", key=each.key, duties=duties)


def _of_department(place: Department) -> Iterator[Cover]:
    keys = tuple(f"{place.key}.{duty.key}" for duty in place.duties)
    for item in place.seeds:
        yield Cover(item=item, kind="department", key=place.key, duties=keys)
    for key, duty in zip(keys, place.duties, strict=True):
        for item in duty.seeds:
            yield Cover(item=item, kind="duty", key=key, duties=(key,), planned=duty.planned)


def _naming(names) -> tuple[str, ...]:
    return tuple(key for key, (_, duty) in department.duties().items() if names(duty))


def has_screen(duty: Duty) -> bool:
    """Say whether a duty opens something, or says whose work will let it."""
    return bool(duty.may) if duty.is_built else duty.planned is not None


def faults(*, listed: list[Item], covering: list[Cover], held: frozenset[str]) -> Iterator[str]:
    """Yield what no duty covers, what nobody has, and what has no screen and no plan."""
    for item in listed:
        found = [cover for cover in covering if cover.item == item.id]
        duties = {duty for cover in found for duty in cover.duties}
        if not found:
            yield f"{item.id} {item.text!r}: nothing covers it"
        elif not duties & held:
            yield f"{item.id} {item.text!r}: nobody has {sorted(duties)}"
        elif not any(has_screen(department.duties()[duty][1]) for duty in duties & held):
            yield f"{item.id} {item.text!r}: no screen, and none is planned"


def _state(cover: Cover) -> str:
    if cover.planned is not None:
        return f"planned with {cover.planned}"
    duties = [department.duties()[key][1] for key in cover.duties]
    built = sum(duty.is_built for duty in duties)
    return "built" if built == len(duties) else f"{built} of {len(duties)} duties built"


def main() -> None:
    """Print each item with what covers it and the row of what is planned."""
    covering = list(covers())
    for item in items():
        found = [cover for cover in covering if cover.item == item.id]
        named = [f"{each.key} ({_state(each)})" for each in found]
        print(f"{item.id}  {item.text}\n     {', '.join(named) or 'NOTHING'}")


if __name__ == "__main__":
    main()
