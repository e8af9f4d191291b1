"""Who calls and when somebody sits there: names that there are, hours that part a day."""

from collections.abc import Iterator

from callfloor.blueprint import hours, schema
from callfloor.blueprint.check.wording import unknown
from callfloor.blueprint.findings import Problem
from callfloor.blueprint.schema import Blueprint
from callfloor.blueprint.schema.demand import Demand, NumberDemand

Path = tuple[str, ...]


def problems(blueprint: Blueprint) -> Iterator[Problem]:
    """Find what is wrong with the demand, but for its shifts."""
    if blueprint.demand is None:
        return
    for number, entry in blueprint.demand.numbers.items():
        path = ("demand", "numbers", number)
        known = blueprint.numbers
        yield from unknown(fault="E100", kind="number", name=number, known=known, path=path)
        yield from _days(entry, (*path, "weekdays"))
        yield from _hours(list(entry.hours), (*path, "hours"))
        if number in known and known[number].flow in blueprint.flows:
            yield from _choices(blueprint.flows[known[number].flow], entry, (*path, "choices"))
    yield from _works(blueprint, blueprint.demand)


def _works(blueprint: Blueprint, demand: Demand) -> Iterator[Problem]:
    for key in demand.queues:
        path = ("demand", "queues", key)
        known = blueprint.queues
        yield from unknown(fault="E011", kind="queue", name=key, known=known, path=path)
    queuing = [
        f"{flow}.{name}"
        for flow, entry in blueprint.flows.items()
        for name, step in entry.steps.items()
        if isinstance(step, schema.Enqueue)
    ]
    for key in demand.steps:
        yield from unknown(
            fault="E014",
            kind="step that queues",
            name=key,
            known=queuing,
            path=("demand", "steps", key),
        )
    for place, works in (("queues", demand.queues), ("steps", demand.steps)):
        for key, work in works.items():
            for index, skill in enumerate(work.skills):
                yield from unknown(
                    fault="E016",
                    kind="skill",
                    name=skill,
                    known=blueprint.skills,
                    path=("demand", place, key, "skills", str(index)),
                )


def _days(entry: NumberDemand, path: Path) -> Iterator[Problem]:
    seen: set[int] = set()
    for text in entry.weekdays:
        days = hours.weekdays(text)
        if days is None:
            hint = "Write `mon`, or `mon-fri` from an earlier to a later day."
            yield Problem(id="E051", path=(*path, text), wrong=f"`{text}` are no days.", hint=hint)
        elif seen.intersection(days):
            wrong = f"A day of `{text}` has a factor already."
            yield Problem(id="E111", path=(*path, text), wrong=wrong, hint="Name each day once.")
        seen.update(days or ())


def _hours(texts: list[str], path: Path) -> Iterator[Problem]:
    seen: list[tuple[int, int]] = []
    for text in texts:
        period = hours.period(text)
        if period is None:
            yield no_hours(text, (*path, text))
        elif hours.overlap([*seen, period]):
            wrong = f"`{text}` overlaps hours that stand above."
            hint = "Let one period end where the next begins."
            yield Problem(id="E052", path=(*path, text), wrong=wrong, hint=hint)
        seen += [period] if period is not None else []


def no_hours(text: str, path: Path) -> Problem:
    """Say that a text is no period of a day."""
    hint = "Write from and to as `08:00-12:30`, at most to 24:00."
    return Problem(id="E051", path=path, wrong=f"`{text}` are no hours.", hint=hint)


def _choices(flow: schema.Flow, entry: NumberDemand, path: Path) -> Iterator[Problem]:
    asking = {name: answers for name, step in flow.steps.items() if (answers := _answers(step))}
    for step, weights in entry.choices.items():
        place, kind = (*path, step), "step that asks"
        yield from unknown(fault="E014", kind=kind, name=step, known=asking, path=place)
        for name in weights if step in asking else ():
            known = asking[step]
            yield from unknown(
                fault="E101", kind="answer", name=name, known=known, path=(*place, name)
            )


def _answers(step: schema.Step) -> list[str]:
    match step:
        case schema.Menu():
            return [choice.name for choice in step.choices]
        case schema.Enqueue():
            return [choice.name for choice in step.leave]
    return []
