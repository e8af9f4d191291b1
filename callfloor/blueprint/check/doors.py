"""Where calls and writings come in: numbers, addresses, and the flows they lead to."""

import re
from collections.abc import Iterator

from callfloor.blueprint import schema, ways
from callfloor.blueprint.check.wording import unknown
from callfloor.blueprint.findings import Problem
from callfloor.blueprint.schema import Blueprint, Number
from callfloor.core import plan

Path = tuple[str, ...]
_NUMBER = re.compile(r"\+[1-9][0-9]{4,14}|[0-9]{2,6}")  # E.164, or a short number of our own.
_ADDRESS = re.compile(
    r"(chat|case):[a-z][a-z0-9_]{0,39}|[A-Za-z0-9._%-]{1,64}@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)+"
)
ADDRESS_MAX = 64  # As long as what a contact keeps of it.


def problems(blueprint: Blueprint) -> Iterator[Problem]:
    """Find what is wrong with numbers."""
    for number, entry in blueprint.numbers.items():
        path = ("numbers", number)
        if not _is_written_right(number):
            wrong = f"`{number}` is no number that can be called, nor an address to write to."
            hint = 'Write "+36123456789", a short number, "chat:shop", "case:shop" or an address.'
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
    channel = plan.channel_of(path[1])
    walk = ways.reached if channel == plan.CALL else ways.reached_by_writing
    reached = walk(flow, blueprint.queues)
    yield from _channel(blueprint, path, flow, reached)
    for name in (each for each in flow.steps if each in reached):
        step = flow.steps[name]
        if isinstance(step, schema.Speak):
            place = ("flows", entry.flow, "steps", name, "language")
            yield from _language(blueprint, entry.client, step.language, place)
        for language in step.ways if isinstance(step, schema.ByLanguage) else ():
            way = ("flows", entry.flow, "steps", name, "ways", language)
            yield from _language(blueprint, entry.client, language, way)
        queue = blueprint.queues.get(getattr(step, "queue", None) or "")
        if queue is not None and queue.client in set(blueprint.clients) - {entry.client}:
            yield _foreign(queue, (*path, "flow"), entry)


def _is_written_right(number: str) -> bool:
    if plan.channel_of(number) == plan.CALL:
        return _NUMBER.fullmatch(number) is not None
    return len(number) <= ADDRESS_MAX and _ADDRESS.fullmatch(number) is not None


def _channel(
    blueprint: Blueprint, path: Path, flow: schema.Flow, reached: set[str]
) -> Iterator[Problem]:
    """Find ways to a queue of another channel, and what is written and comes to nobody."""
    channel = plan.channel_of(path[1])
    for name in (each for each in flow.steps if each in reached):
        step = flow.steps[name]
        queue = blueprint.queues.get(getattr(step, "queue", None) or "")
        if isinstance(step, schema.Enqueue) and queue is not None and queue.channel != channel:
            wrong = f"A {channel} to `{path[1]}` would come to a queue of {queue.channel}s."
            hint = f"Lead it to a flow that ends in a queue with `channel: {channel}`."
            yield Problem(id="E120", path=(*path, "flow"), wrong=wrong, hint=hint)
        elif channel != plan.CALL and _forgets(step, channel):
            wrong = f"What is written to `{path[1]}` may end at `{name}`, where nobody answers it."
            hint = f"Lead every way to a queue with `channel: {channel}`."
            yield Problem(id="E121", path=(*path, "flow"), wrong=wrong, hint=hint)


def _forgets(step: schema.Step, channel: str) -> bool:
    """Say whether somebody who writes would be left without an answer that he may expect."""
    if isinstance(step, schema.Callback):
        return True  # Nobody knows his number.
    return channel in plan.DEFERRED and isinstance(step, schema.Message | schema.End)


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
