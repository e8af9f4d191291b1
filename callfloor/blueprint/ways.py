"""
The ways through a flow: what follows a step, and where a caller who says nothing ends.

Pure; used by the checks and by whoever draws a flow.
"""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from callfloor.blueprint import schema
from callfloor.blueprint.schema import Flow, Queue, Step

CALENDARS_MAX = 6  # Every mix of open and closed is walked: 2 ** 6 walks from each step.


@dataclass(frozen=True, slots=True)
class Exit:
    """One way out of a step."""

    place: tuple[str, ...]
    """Where it stands, below the step."""
    to: str | None
    """The step that follows; None if nothing is said."""


def exits(step: Step) -> Iterator[Exit]:
    """Return the ways out of a step that its author must name."""
    match step:
        case schema.Hours():
            yield Exit(("open",), step.open)
            yield Exit(("closed",), step.closed)
        case schema.ByLanguage():
            yield from (Exit(("ways", language), to) for language, to in step.ways.items())
            yield Exit(("otherwise",), step.otherwise)
        case schema.Menu():
            yield from _choices("choices", step.choices)
            yield Exit(("otherwise",), step.otherwise)
        case schema.Enqueue():
            yield from _choices("leave", step.leave)
        case schema.Say() | schema.Notice() | schema.Ask() | schema.Speak():
            yield Exit(("next",), step.next)


def _choices(place: str, choices: list[schema.Choice]) -> Iterator[Exit]:
    for index, choice in enumerate(choices):
        yield Exit((place, str(index), "next"), choice.next)


def ends(step: Step) -> bool:
    """Say whether a call may stay or end at this step."""
    return isinstance(step, schema.Enqueue | schema.Message | schema.Callback | schema.End)


def helps(step: Step) -> bool:
    """Say whether this step brings a caller to a human, now or later."""
    return isinstance(step, schema.Enqueue | schema.Message | schema.Callback)


def reached(flow: Flow, queues: Mapping[str, Queue]) -> set[str]:
    """Return the steps that some caller can come to."""
    seen: set[str] = set()
    todo = [flow.first]
    while todo:
        key = todo.pop()
        if key in seen or key not in flow.steps:
            continue
        seen.add(key)
        step = flow.steps[key]
        todo += [each.to for each in exits(step) if each.to is not None]
        if isinstance(step, schema.Enqueue) and step.queue in queues:
            overflow = queues[step.queue].overflow
            todo += [overflow] if overflow is not None else []
    return seen


def reached_by_writing(flow: Flow, queues: Mapping[str, Queue]) -> set[str]:
    """Return the steps to which what is written can come: it leaves each menu by `otherwise`."""
    seen: set[str] = set()
    todo = [flow.first]
    while todo:
        key = todo.pop()
        if key in seen or key not in flow.steps:
            continue
        seen.add(key)
        step = flow.steps[key]
        if isinstance(step, schema.Enqueue) and step.queue in queues:
            overflow = queues[step.queue].overflow
            todo += [overflow] if overflow is not None else []
        elif isinstance(step, schema.Menu):
            todo += [step.otherwise] if step.otherwise is not None else []
        elif not isinstance(step, schema.Enqueue):
            todo += [each.to for each in exits(step) if each.to is not None]
    return seen


def broken(flow: Flow) -> bool:
    """Say whether an exit is missing or leads nowhere; such a flow is not walked."""
    ways_out = (each.to for step in flow.steps.values() for each in exits(step))
    return any(to is None or to not in flow.steps for to in ways_out)


def first_menu(flow: Flow) -> schema.Menu | None:
    """Return the menu that a caller meets first, whatever the hour; None if there is none."""
    seen: set[str] = set()
    todo = [flow.first]
    while todo:
        key = todo.pop(0)
        step = flow.steps.get(key)
        if step is None or key in seen:
            continue
        if isinstance(step, schema.Menu):
            return step
        seen.add(key)
        todo += [each.to for each in exits(step) if each.to is not None]
    return None


def silent_walks(flow: Flow, start: str) -> Iterator[tuple[list[str], bool]]:
    """
    Walk from a step as a caller who never presses a key, for each mix of open and closed and for
    each language by which the flow branches, and one by which it does not.

    Gives the steps in order and whether the walk came to an end (else it went in a circle).
    """
    names = sorted({s.calendar for s in flow.steps.values() if isinstance(s, schema.Hours)})
    free = names[:CALENDARS_MAX]
    for spoken in (*_tongues(flow), None):
        for opened in itertools.product((True, False), repeat=len(free)):
            yield _walk(flow, start, spoken, dict(zip(free, opened, strict=True)))


def _tongues(flow: Flow) -> list[str]:
    """Give the languages by which a flow branches, each once."""
    sorting = (step for step in flow.steps.values() if isinstance(step, schema.ByLanguage))
    return list(dict.fromkeys(language for step in sorting for language in step.ways))


def _walk(
    flow: Flow, start: str, spoken: str | None, is_open: Mapping[str, bool]
) -> tuple[list[str], bool]:
    # A caller may come to a step twice without going in a circle: in another language.
    seen: list[tuple[str, str | None]] = []
    key = start
    while (key, spoken) not in seen:
        seen.append((key, spoken))
        step = flow.steps[key]
        if ends(step):
            return [each for each, _ in seen], True
        if isinstance(step, schema.Speak):
            spoken = step.language
        key = _silent_next(step, spoken, is_open)
    return [each for each, _ in seen], False


def _silent_next(step: Step, spoken: str | None, is_open: Mapping[str, bool]) -> str:
    match step:
        case schema.ByLanguage():
            named = (to for language, to in step.ways.items() if language == spoken)
            following = next(named, step.otherwise)
        case schema.Hours():
            following = step.open if is_open.get(step.calendar, True) else step.closed
        case schema.Menu():
            following = step.otherwise
        case schema.Say() | schema.Notice() | schema.Ask() | schema.Speak():
            following = step.next
        case _:
            raise AssertionError(f"{step.do} ends")
    assert following is not None, "only flows whose exits are all there are walked"
    return following
