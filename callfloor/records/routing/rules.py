"""
Whose a queue, a calendar, a flow or a prompt of the plan is: the clients whose callers meet it.

Pure. What nobody meets is everybody's. None is given for what the plan does not have.
"""

from collections.abc import Iterator

from callfloor.core import plan as plans
from callfloor.core.plan import FloorPlan, FlowPlan

Clients = frozenset[str]


def clients_of_queue(plan: FloorPlan, key: str) -> Clients | None:
    """Give whose work waits in a queue."""
    return next((frozenset((each.client,)) for each in plan.queues if each.key == key), None)


def clients_of_flow(plan: FloorPlan, key: str) -> Clients | None:
    """Give whose numbers lead into a flow."""
    if all(flow.key != key for flow in plan.flows):
        return None
    return frozenset(n.client for n in plan.numbers if n.flow == key) or _everybody(plan)


def clients_of_calendar(plan: FloorPlan, key: str) -> Clients | None:
    """Give whose flows branch by a calendar."""
    if all(calendar.key != key for calendar in plan.calendars):
        return None
    return _of_flows(plan, [flow for flow in plan.flows if key in calendars_of(flow)])


def calendars_of(flow: FlowPlan) -> frozenset[str]:
    """Give the calendars by which a flow branches."""
    return frozenset(step.calendar for step in flow.steps if isinstance(step, plans.Hours))


def clients_of_prompt(plan: FloorPlan, key: str) -> Clients:
    """Give whose callers hear a prompt: in flows, in line, or while an emergency is on."""
    heard: set[str] = set()
    is_heard = False
    for flow in plan.flows:
        if key in prompts_of(plan, flow):
            is_heard, heard = True, heard | (clients_of_flow(plan, flow.key) or set())
    for queue in plan.queues:
        if key in (*queue.welcome, queue.music):
            is_heard, heard = True, heard | {queue.client}
    for each in plan.emergencies:
        if each.prompt == key:
            is_heard, heard = True, heard | (set(each.clients) or _everybody(plan))
    return frozenset(heard) if is_heard else _everybody(plan)


def prompts_of(plan: FloorPlan, flow: FlowPlan) -> tuple[str, ...]:
    """Give the prompts that a flow and the lines behind it say, in the order of its steps."""
    return tuple(dict.fromkeys(_said(plan, flow)))


def _said(plan: FloorPlan, flow: FlowPlan) -> Iterator[str]:
    queues = {queue.key: queue for queue in plan.queues}
    for step in flow.steps:
        if prompt := getattr(step, "prompt", None):
            yield prompt
        if isinstance(step, plans.Enqueue) and step.queue in queues:
            yield from queues[step.queue].welcome


def _of_flows(plan: FloorPlan, flows: list[FlowPlan]) -> Clients:
    found = [clients_of_flow(plan, flow.key) or frozenset() for flow in flows]
    return frozenset().union(*found) or _everybody(plan)


def _everybody(plan: FloorPlan) -> Clients:
    return frozenset(client.key for client in plan.clients)
