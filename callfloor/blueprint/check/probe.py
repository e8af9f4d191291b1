"""The caller that is no person: what it calls is there, and it disturbs nobody."""

from collections.abc import Iterator

from callfloor.blueprint import schema, ways
from callfloor.blueprint.check.wording import guess
from callfloor.blueprint.findings import Problem
from callfloor.blueprint.schema import Blueprint, Probe
from callfloor.core.plan import CALL, channel_of

Path = tuple[str, ...]


def problems(blueprint: Blueprint) -> Iterator[Problem]:
    """Find what is wrong with the probe."""
    if blueprint.probe is None:
        return
    entry = blueprint.numbers.get(blueprint.probe.number)
    if entry is None or channel_of(blueprint.probe.number) != CALL:
        wrong = f"`{blueprint.probe.number}` is no number of this centre."
        hint = guess(blueprint.probe.number, blueprint.numbers)
        yield Problem(id="E071", path=("probe", "number"), wrong=wrong, hint=hint)
        return
    flow = blueprint.flows.get(entry.flow)
    if flow is not None and flow.first in flow.steps:
        yield from _key(flow, blueprint.probe)


def _key(flow: schema.Flow, probe: Probe) -> Iterator[Problem]:
    menu = ways.first_menu(flow)
    known = [choice.key for choice in menu.choices] if menu else []
    if probe.key is not None and probe.key not in known:
        wrong = f"The first menu that the probe meets has no answer `{probe.key}`."
        yield Problem(id="E072", path=("probe", "key"), wrong=wrong, hint=guess(probe.key, known))
        return
    after = flow.first
    if menu is not None:
        after = next(c.next for c in menu.choices if probe.key in (None, c.key))
    if _reaches_agent(flow, after):
        wrong = "A test call would wait in a queue and ring at an agent."
        hint = "Lead the probe's key to a message or an end, in a flow of its own if need be."
        yield Problem(id="E073", path=("probe",), wrong=wrong, hint=hint)


def _reaches_agent(flow: schema.Flow, start: str) -> bool:
    if start not in flow.steps or ways.broken(flow):
        return False  # Told by the checks of flows.
    return any(
        isinstance(flow.steps[key], schema.Enqueue)
        for walk, _ in ways.silent_walks(flow, start)
        for key in walk
    )
