"""Flows: every step leads on, every step can be come to, nobody is caught, nobody is lost."""

from collections.abc import Iterator, Mapping

from callfloor.blueprint import schema, ways
from callfloor.blueprint.check.wording import unknown
from callfloor.blueprint.findings import Problem
from callfloor.blueprint.schema import Blueprint, Flow, Step

Path = tuple[str, ...]


def problems(blueprint: Blueprint) -> Iterator[Problem]:
    """Find what is wrong with the flows."""
    for key, flow in blueprint.flows.items():
        path = ("flows", key)
        broken = [*_exits(flow, path), *_overflows(blueprint, flow, path)]
        yield from broken
        for name, step in flow.steps.items():
            yield from _names(blueprint, (*path, "steps", name), step)
            yield from _digits((*path, "steps", name), step)
        if not broken:  # A way that is missing would be told again in many forms.
            yield from _ways(blueprint, flow, path)


def _exits(flow: Flow, path: Path) -> Iterator[Problem]:
    known = flow.steps
    yield from unknown(
        fault="E014", kind="step", name=flow.first, known=known, path=(*path, "first")
    )
    for name, step in flow.steps.items():
        for each in ways.exits(step):
            place = (*path, "steps", name, *each.place)
            if each.to is None:
                wrong = f"Nothing follows `{name}`: `{each.place[-1]}` is missing."
                hint = f"Add `{each.place[-1]}:` with the step that follows."
                yield Problem(id="E020", path=place, wrong=wrong, hint=hint)
            yield from unknown(fault="E014", kind="step", name=each.to, known=known, path=place)


def _overflows(blueprint: Blueprint, flow: Flow, path: Path) -> Iterator[Problem]:
    for name, step in flow.steps.items():
        if not isinstance(step, schema.Enqueue) or step.queue not in blueprint.queues:
            continue
        overflow = blueprint.queues[step.queue].overflow
        if overflow is not None and overflow not in flow.steps:
            wrong = f"`{step.queue}` overflows to `{overflow}`, which this flow does not have."
            hint = f"Add a step `{overflow}` to this flow."
            yield Problem(id="E025", path=(*path, "steps", name, "queue"), wrong=wrong, hint=hint)


def _names(blueprint: Blueprint, path: Path, step: Step) -> Iterator[Problem]:
    match step:
        case schema.Hours():
            known: Mapping[str, object] = blueprint.calendars
            name, kind, fault, place = step.calendar, "calendar", "E012", "calendar"
        case schema.Enqueue() | schema.Callback() | schema.Message():
            known = blueprint.queues
            name, kind, fault, place = step.queue or "", "queue", "E011", "queue"
        case _:
            return
    yield from unknown(fault=fault, kind=kind, name=name or None, known=known, path=(*path, place))


def _digits(path: Path, step: Step) -> Iterator[Problem]:
    match step:
        case schema.Menu():
            place, choices = "choices", step.choices
        case schema.Enqueue():
            place, choices = "leave", step.leave
        case _:
            return
    seen: set[str] = set()
    for index, choice in enumerate(choices):
        if choice.key in seen:
            wrong = f"The key {choice.key} has two meanings here."
            hint = "Give each answer a key of its own."
            yield Problem(id="E024", path=(*path, place, str(index)), wrong=wrong, hint=hint)
        seen.add(choice.key)


def _ways(blueprint: Blueprint, flow: Flow, path: Path) -> Iterator[Problem]:
    reached = ways.reached(flow, blueprint.queues)
    for name in flow.steps:
        if name not in reached:
            wrong = f"No caller can come to `{name}`."
            hint = "Lead to it from another step, or remove it."
            yield Problem(id="E021", path=(*path, "steps", name), wrong=wrong, hint=hint)
    helpless = {name for name in flow.steps if name in reached and _is_helpless(flow, name)}
    for name in flow.steps:
        if name in helpless:
            wrong = f"After wrong answers `{name}` leads to no human and takes no message."
            hint = "Let `otherwise` lead to a queue, a message or a callback."
            yield Problem(
                id="E022", path=(*path, "steps", name, "otherwise"), wrong=wrong, hint=hint
            )
    yield from _circles(flow, [n for n in flow.steps if n in reached], helpless, path)


def _is_helpless(flow: Flow, name: str) -> bool:
    step = flow.steps[name]
    if not isinstance(step, schema.Menu):
        return False
    assert step.otherwise is not None
    walks = ways.silent_walks(flow, step.otherwise)
    return not any(ended and ways.helps(flow.steps[walk[-1]]) for walk, ended in walks)


def _circles(flow: Flow, reached: list[str], helpless: set[str], path: Path) -> Iterator[Problem]:
    told: set[str] = set(helpless)
    for start in reached:
        for walk, ended in ways.silent_walks(flow, start):
            if ended or told.intersection(walk):
                continue
            told.update(walk)
            wrong = f"A caller can go round for ever: {' → '.join(walk)} → …"
            hint = "Let one of these steps lead to a queue, a message or an end."
            yield Problem(id="E023", path=(*path, "steps", walk[0]), wrong=wrong, hint=hint)
