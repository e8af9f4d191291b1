"""Prompts: what is said is there, in every language in which it may be said."""

from collections.abc import Iterator

from callfloor.blueprint import schema, standard, ways
from callfloor.blueprint.check.wording import unknown
from callfloor.blueprint.findings import Problem
from callfloor.blueprint.schema import Blueprint, Flow, Number
from callfloor.core.plan import CALL, channel_of

Path = tuple[str, ...]


def problems(blueprint: Blueprint) -> Iterator[Problem]:
    """Find prompts that are missing, as a whole or in a language."""
    known = {*blueprint.prompts, *standard.PROMPTS, *standard.SOUNDS}
    for name, path in _used(blueprint):
        yield from unknown(fault="E015", kind="prompt", name=name, known=known, path=path)
    told: set[tuple[str, str]] = set()
    for number, entry in blueprint.numbers.items():
        if entry.flow not in blueprint.flows or entry.client not in blueprint.clients:
            continue
        if channel_of(number) != CALL:  # Nothing is said to who writes.
            continue
        for name, language in _missing(blueprint, entry):
            if (name, language) in told:
                continue
            told.add((name, language))
            yield _untold(name, language, number)


def _untold(name: str, language: str, number: str) -> Problem:
    wrong = f"`{name}` has no text in `{language}`, which callers of {number} may hear."
    return Problem(
        id="E030", path=("prompts", name), wrong=wrong, hint=f"Add `{language}:` with its text."
    )


def _used(blueprint: Blueprint) -> Iterator[tuple[str, Path]]:
    for key, flow in blueprint.flows.items():
        for name, step in flow.steps.items():
            if (prompt := getattr(step, "prompt", None)) is not None:
                yield prompt, ("flows", key, "steps", name, "prompt")
    for key, queue in blueprint.queues.items():
        for index, prompt in enumerate(queue.welcome):
            yield prompt, ("queues", key, "welcome", str(index))
        if queue.music is not None:
            yield queue.music, ("queues", key, "music")


def _missing(blueprint: Blueprint, entry: Number) -> Iterator[tuple[str, str]]:
    for name in _heard(blueprint, blueprint.flows[entry.flow]):
        if name not in blueprint.prompts:  # Unknown, or Callfloor's own in every language.
            continue
        for language in blueprint.clients[entry.client].languages:
            told = {*standard.PROMPTS.get(name, {}), *blueprint.prompts[name]}
            if language not in told:
                yield name, language


def _heard(blueprint: Blueprint, flow: Flow) -> Iterator[str]:
    for name in ways.reached(flow, blueprint.queues):
        step = flow.steps[name]
        if (prompt := getattr(step, "prompt", None)) is not None:
            yield prompt
        if isinstance(step, schema.Enqueue) and step.queue in blueprint.queues:
            yield from blueprint.queues[step.queue].welcome
