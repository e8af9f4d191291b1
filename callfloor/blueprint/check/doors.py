"""Where calls come in: numbers and the flows they lead to."""

import re
from collections.abc import Iterator

from callfloor.blueprint import schema, ways
from callfloor.blueprint.check.wording import unknown
from callfloor.blueprint.findings import Problem
from callfloor.blueprint.schema import Blueprint, Number

Path = tuple[str, ...]
_NUMBER = re.compile(r"\+[1-9][0-9]{4,14}|[0-9]{2,6}")  # E.164, or a short number of our own.


def problems(blueprint: Blueprint) -> Iterator[Problem]:
    """Find what is wrong with numbers."""
    for number, entry in blueprint.numbers.items():
        path = ("numbers", number)
        if not _NUMBER.fullmatch(number):
            wrong = f"`{number}` is no number that can be called."
            hint = 'Write "+36123456789", or a short number of two to six digits.'
            yield Problem(id="E032", path=path, wrong=wrong, hint=hint)
        yield from _number(blueprint, path, entry)


def _number(blueprint: Blueprint, path: Path, entry: Number) -> Iterator[Problem]:
    yield from unknown(
        fault="E010",
        kind="client",
        name=entry.client,
        known=blueprint.clients,
        path=(*path, "client"),
    )
    yield from unknown(
        fault="E013", kind="flow", name=entry.flow, known=blueprint.flows, path=(*path, "flow")
    )
    if entry.client in blueprint.clients:
        yield from _language(blueprint, entry.client, entry.language, (*path, "language"))
    if entry.flow in blueprint.flows and entry.client in blueprint.clients:
        yield from _flow(blueprint, path, entry)


def _flow(blueprint: Blueprint, path: Path, entry: Number) -> Iterator[Problem]:
    flow = blueprint.flows[entry.flow]
    reached = ways.reached(flow, blueprint.queues)
    for name in (each for each in flow.steps if each in reached):
        step = flow.steps[name]
        if isinstance(step, schema.Speak):
            place = ("flows", entry.flow, "steps", name, "language")
            yield from _language(blueprint, entry.client, step.language, place)
        queue = blueprint.queues.get(getattr(step, "queue", None) or "")
        if queue is not None and queue.client in set(blueprint.clients) - {entry.client}:
            yield _foreign(queue, (*path, "flow"), entry)


def _foreign(queue: schema.Queue, path: Path, entry: Number) -> Problem:
    wrong = f"A caller of `{entry.client}` would come to a queue of `{queue.client}`."
    hint = f"Lead this number to a flow of `{entry.client}`."
    return Problem(id="E026", path=path, wrong=wrong, hint=hint)


def _language(blueprint: Blueprint, client: str, language: str, path: Path) -> Iterator[Problem]:
    spoken = blueprint.clients[client].languages
    if language not in spoken:
        wrong = f"`{client}` does not speak `{language}` with its customers."
        hint = f"Use one of {', '.join(spoken)}, or add it to the client's languages."
        yield Problem(id="E031", path=path, wrong=wrong, hint=hint)
